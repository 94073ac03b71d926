package scorecard

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"weir/internal/lang"
	"weir/metrics"
	"weir/metrics/scoring"
	"weir/queries/page"
	"weir/reports/document"
	"weir/reports/dossier"
	"weir/reports/reading"
	"weir/reports/reporttest"
)

// city is 40 departments with long and hostile names; the last has no data.
func city(t *testing.T) reading.Input {
	t.Helper()
	labels := reporttest.Departments()
	m := &metrics.Month{Month: "2026-10", Revision: 1, AsOf: time.Date(2026, 10, 31, 16, 0, 0, 0, time.UTC), Stamp: strings.Repeat("ab", 32)}
	var scored []scoring.Department
	for i, l := range labels {
		m.Departments = append(m.Departments, metrics.Department{ID: l.ID, Name: lang.Same(l.Name), Class: "同类"})
		v := metrics.Value{Indicator: "reply_on_time_rate", Version: 1, Department: l.ID, State: scoring.NotApplicable, Unit: "%"}
		o := scoring.Observation{State: scoring.NotApplicable}
		if i < len(labels)-1 {
			numerator, denominator := 1234567890000.0+float64(i), 1234567890123.0
			value, target, n := 100*numerator/denominator, 100.0, int64(denominator)
			v.State, v.Value, v.Target, v.Numerator, v.Denominator, v.N = scoring.HasValue, &value, &target, &numerator, &denominator, &n
			o = scoring.Observation{State: scoring.HasValue, Value: value, N: n}
		}
		m.Values = append(m.Values, v)
		scored = append(scored, scoring.Department{ID: l.ID, Observations: map[string]scoring.Observation{"reply_on_time_rate": o}})
	}
	m.Scheme = &scoring.Scheme{Indicators: []scoring.Indicator{{ID: "reply_on_time_rate", Rule: scoring.Rule{Kind: scoring.Positive, Target: 110}}},
		Total: scoring.Node{ID: "total", Children: []scoring.Node{{ID: "output", Children: []scoring.Node{{Indicator: "reply_on_time_rate", Weight: 50}}}}}}
	var err error
	if m.Scores, err = m.Scheme.ScoreAll(scored); err != nil {
		t.Fatal(err)
	}
	return reading.Input{Name: lang.T("某市", "a city"), Organisation: lang.T("数据局", "bureau"), Month: m, Bands: scoring.DefaultBands(), Zone: time.FixedZone("CST", 8*3600),
		Indicators: []*page.Indicator{{ID: "reply_on_time_rate", Name: lang.T("申请答复及时率", "reply on time"), Unit: "%", Decimals: 1, Status: page.Active, Direction: page.Higher,
			Kind: page.Proportion, Dimension: "timeliness", Scoring: &page.Scoring{Weight: 50},
			Basis: []page.Basis{{Source: lang.T("政务数据共享条例", "Regulations"), Article: "21¶1", Mark: page.TextRead}}}},
		Dossier: &dossier.Dossier{Connected: map[string]bool{}, FiscalYear: 2026, FiscalMonth: 10,
			Rules:   []dossier.Rule{{ID: "reply_conditional", Name: lang.T("申请答复", "Reply"), Source: lang.T("《政务数据共享条例》第二十一条", "article 21"), Limit: lang.T("10 个工作日", "10 working days"), IsLaw: true}},
			Overdue: []dossier.Overdue{{Rule: "reply_conditional", Department: labels[0].ID, Case: "SQ-1", Counterpart: labels[1].ID, Subject: "=cmd|x", Due: time.Date(2026, 10, 9, 0, 0, 0, 0, time.UTC), DaysLate: 3}}}}
}

// words joins all texts of the document.
func words(d *document.Document) string {
	var b strings.Builder
	d.Blocks(func(s *document.Section, block document.Block) {
		b.WriteString(s.Title + "\n")
		switch x := block.(type) {
		case *document.Table:
			b.WriteString(x.Title + "\n")
			for _, r := range x.Rows {
				for i, c := range r.Cells {
					b.WriteString(x.Columns[i].Print(c, func(s document.State) string { return s.Word(d.Lang) }) + "|")
				}
				b.WriteString("\n")
			}
		case *document.Paragraph:
			for _, s := range x.Spans {
				b.WriteString(s.Text)
			}
		case *document.List:
			for _, p := range x.Items {
				for _, s := range p.Spans {
					b.WriteString(s.Text)
				}
			}
		case *document.Note:
			for _, p := range x.Body {
				for _, s := range p.Spans {
					b.WriteString(s.Text)
				}
			}
		}
		b.WriteString("\n")
	})
	return b.String()
}

func TestEveryDepartmentOfFortyGetsAWholeScorecard(t *testing.T) {
	in := city(t)
	for _, l := range []lang.Lang{lang.Zh, lang.En} {
		for _, d := range in.Month.Departments {
			doc, err := Build(in, d.ID, Terms{Days: 10}, l)
			if err != nil {
				t.Fatal(err)
			}
			if err := doc.Validate(); err != nil {
				t.Errorf("%s: %v", d.ID, err)
			}
			if doc.Subtitle != in.Month.Departments[0].Name.In(l) && d.ID == in.Month.Departments[0].ID {
				t.Errorf("subtitle %q", doc.Subtitle)
			}
		}
	}
	if _, err := Build(in, "nobody", Terms{}, lang.Zh); err == nil {
		t.Error("a department that is not of the month was taken")
	}
}

func TestTheCasesBehindTheFiguresAreListed(t *testing.T) {
	in := city(t)
	doc, err := Build(in, in.Month.Departments[0].ID, Terms{Days: 10, Deadline: time.Date(2026, 11, 16, 0, 0, 0, 0, time.UTC)}, lang.Zh)
	if err != nil {
		t.Fatal(err)
	}
	text := words(doc)
	for _, want := range []string{"申请答复|SQ-1|=cmd|x|", "未办结|3|", "逾期 1 件，其中 1 件仍未办结", "1,234,567,890,000|1,234,567,890,123|", "至 2026-11-16", "2026-10.1/D01/update_on_time_rate"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing:\n%s", want, text)
		}
	}
}

// A department defends a figure with its parts and the article that it rests on.
func TestThePartsOfAFigureLeadToItsArticle(t *testing.T) {
	in := city(t)
	doc, err := Build(in, in.Month.Departments[0].ID, Terms{Days: 10}, lang.Zh)
	if err != nil {
		t.Fatal(err)
	}
	definitions := map[string]document.Definition{}
	for _, d := range doc.Definitions {
		definitions[d.ID] = d
	}
	found := 0
	doc.Blocks(func(_ *document.Section, block document.Block) {
		table, ok := block.(*document.Table)
		if !ok || table.ID != "details-made" {
			return
		}
		for _, row := range table.Rows {
			if row.Strong {
				continue // a dimension
			}
			d := definitions[row.Cells[0].Explain]
			if len(d.Basis) == 0 || d.Basis[0].Text == "" {
				t.Errorf("%s leads to no article: %+v", row.Cells[0].Text, d)
			}
			found++
		}
	})
	if found == 0 || !strings.Contains(definitions[reading.DefinitionID("reply_on_time_rate")].Basis[0].Text, "《政务数据共享条例》第二十一条第一款") {
		t.Errorf("%d rows, definitions %+v", found, definitions)
	}
}

// A mean of ratios has a numerator that is no count: printed as a whole number, 95.33 % would be 1 of 1.
func TestNumeratorsThatAreNoCountsKeepTheirDecimals(t *testing.T) {
	in := city(t)
	numerator, denominator, value := 12.393, 13.0, 95.33
	for i := range in.Month.Values {
		if v := &in.Month.Values[i]; v.Department == in.Month.Departments[0].ID {
			v.Numerator, v.Denominator, v.Value = &numerator, &denominator, &value
		}
	}
	doc, err := Build(in, in.Month.Departments[0].ID, Terms{Days: 10}, lang.En)
	if err != nil {
		t.Fatal(err)
	}
	doc.Blocks(func(_ *document.Section, block document.Block) {
		table, ok := block.(*document.Table)
		if !ok || table.ID != "details-made" {
			return
		}
		row := table.Rows[len(table.Rows)-1]
		var printed []string
		for i, c := range table.Columns {
			printed = append(printed, c.Print(row.Cells[i], func(document.State) string { return "" }))
		}
		if got := strings.Join(printed, "|"); !strings.HasPrefix(got, "reply on time|95.33|12.39|13") {
			t.Error(got)
		}
	})
}

func TestADepartmentWithoutDataHasNoZero(t *testing.T) {
	in := city(t)
	last := in.Month.Departments[len(in.Month.Departments)-1].ID
	doc, err := Build(in, last, Terms{Days: 10}, lang.Zh)
	if err != nil {
		t.Fatal(err)
	}
	text := words(doc)
	if !strings.Contains(text, "不评分、不排名") || !strings.Contains(text, "不适用") || strings.Contains(text, "|0.00|") {
		t.Error(text)
	}
}

func TestNoOtherDepartmentIsNamedInTheFigures(t *testing.T) {
	in := city(t)
	in.Dossier.Overdue = nil
	doc, err := Build(in, in.Month.Departments[0].ID, Terms{Days: 10}, lang.Zh)
	if err != nil {
		t.Fatal(err)
	}
	text := words(doc) + fmt.Sprint(doc.Explanations)
	for _, d := range in.Month.Departments[1:] {
		if name := d.Name.Zh; len([]rune(name)) > 4 && strings.Contains(text, name) {
			t.Errorf("%s is named", name)
		}
	}
}
