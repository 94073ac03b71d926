package codebook

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"weir/internal/lang"
	"weir/queries/indicators"
	"weir/reports/html"
	"weir/reports/xlsx"
)

func TestCodebookHoldsEveryIndicatorInBothLanguages(t *testing.T) {
	pages := indicators.BuiltIn().AllOn(time.Date(2026, 10, 31, 0, 0, 0, 0, time.UTC))
	for l, want := range map[lang.Lang][]string{
		lang.Zh: {"## 时效性", "### 申请答复及时率", "**目标** ≥ 100.0%（已核对原文）", "《政务数据共享条例》第二十一条第一款", "第75百分位", "效益·约束，1.50分；达到80.0%时为零分", "只作诊断，不计分"},
		lang.En: {"## Timeliness", "### Reply on time", "**Target** ≥ 100.0% (text read)", "upper quartile", "**Does not measure**"},
	} {
		text := Markdown(pages, l)
		for _, p := range pages {
			if !strings.Contains(text, p.ID) || !strings.Contains(text, "### "+p.Name.In(l)+"\n") {
				t.Errorf("%s: %s is missing", l, p.ID)
			}
		}
		for _, w := range want {
			if !strings.Contains(text, w) {
				t.Errorf("%s: no %q", l, w)
			}
		}
		d := Document(pages, l, "大数据局")
		if err := d.Validate(); err != nil {
			t.Fatal(err)
		}
		var page, book bytes.Buffer
		if err := html.Render(&page, d, nil, html.Options{Static: true}); err != nil {
			t.Error(err)
		}
		if err := xlsx.Render(&book, d); err != nil {
			t.Error(err)
		}
		if !strings.Contains(page.String(), "indicator-dea_efficiency") || book.Len() < 10_000 {
			t.Errorf("%s: page of %d bytes, workbook of %d", l, page.Len(), book.Len())
		}
	}
}

// Who reads Chinese finds no English words in a formula, only signs, short names of variables and those of methods;
// who reads English finds no Chinese.
func TestFormulasHoldWordsOfTheReadersLanguageOnly(t *testing.T) {
	word, han := regexp.MustCompile(`[A-Za-z]{3,}`), regexp.MustCompile(`\p{Han}`)
	terms := []string{"max", "min", "Kaplan", "Meier"}
	for _, p := range indicators.BuiltIn().AllOn(time.Date(2026, 10, 31, 0, 0, 0, 0, time.UTC)) {
		for _, w := range word.FindAllString(p.FormulaText().In(lang.Zh), -1) {
			if !slices.Contains(terms, w) {
				t.Errorf("%s: %q in %q: write formula_zh", p.ID, w, p.FormulaText().In(lang.Zh))
			}
		}
		if p.FormulaText().In(lang.En) != p.Formula || han.MatchString(p.Formula) {
			t.Errorf("%s: the English formula is %q of %q", p.ID, p.FormulaText().In(lang.En), p.Formula)
		}
	}
}
