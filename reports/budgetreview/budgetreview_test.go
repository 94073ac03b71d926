package budgetreview

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"weir/internal/lang"
	"weir/metrics"
	"weir/metrics/scoring"
	"weir/reports/document"
	"weir/reports/dossier"
	"weir/reports/reading"
)

func ptr[T any](v T) *T { return &v }

// city has n departments with a score each and a budget; the first spends slowly.
func city(t *testing.T, n int) reading.Input {
	t.Helper()
	m := &metrics.Month{Month: "2026-10", Revision: 1, AsOf: time.Date(2026, 10, 31, 16, 0, 0, 0, time.UTC), Stamp: strings.Repeat("ab", 32)}
	x := &dossier.Dossier{Connected: map[string]bool{}, FiscalYear: 2026, FiscalMonth: 10}
	var scored []scoring.Department
	for i := range n {
		id := fmt.Sprintf("D%02d", i+1)
		m.Departments = append(m.Departments, metrics.Department{ID: id, Name: lang.Same("局" + id)})
		scored = append(scored, scoring.Department{ID: id, Observations: map[string]scoring.Observation{"a": {State: scoring.HasValue, Value: float64(95 - 12*i)}}})
		x.Projects = append(x.Projects, dossier.Project{Department: id, ID: "P1", Title: "</script><script>平台", Annual: 1234567890123, CarriedOver: ptr(100.0), Spent: 1234567890123 * (0.5 + 0.4*float64(min(i, 1)))})
		x.Payments = append(x.Payments, dossier.Payment{Department: id, Project: "P1", FiscalYear: 2026, Category: "hardware", Month: "2026-03", Amount: 1000})
		x.Units = append(x.Units, dossier.Unit{Department: id, Spend: 100 + float64(i), Staff: 2 + i%3, Pairs: 10 + i, Matters: 5 + i%4})
	}
	x.Targets = []dossier.Target{
		{Department: "D01", Project: "P1", ID: "K1", Level1: "产出指标", Level2: "数量指标", Title: "调用量", Rule: "positive", Unit: "万次", Target: ptr(100.0), Weight: 55, Actual: ptr(80.0)},
		{Department: "D01", Project: "P1", ID: "K2", Level1: "效益指标", Level2: "社会效益", Title: "=cmd|办件", Rule: "positive", Unit: "件", Target: ptr(100.0), Weight: 35, Actual: nil},
	}
	m.Scheme = &scoring.Scheme{Indicators: []scoring.Indicator{{ID: "a", Rule: scoring.Rule{Kind: scoring.Positive, Target: 100}}},
		Total: scoring.Node{ID: "total", Children: []scoring.Node{{ID: "output", Children: []scoring.Node{{Indicator: "a", Weight: 50}}}}}}
	var err error
	if m.Scores, err = m.Scheme.ScoreAll(scored); err != nil {
		t.Fatal(err)
	}
	return reading.Input{Name: lang.T("某市", "a city"), Organisation: lang.T("数据局", "bureau"), Month: m, Bands: scoring.DefaultBands(), Zone: time.FixedZone("CST", 8*3600), Dossier: x}
}

func words(d *document.Document) string {
	var b strings.Builder
	spans := func(list []document.Span) {
		for _, s := range list {
			b.WriteString(s.Text)
		}
		b.WriteString("\n")
	}
	d.Blocks(func(s *document.Section, block document.Block) {
		b.WriteString("# " + s.Title + "\n")
		switch x := block.(type) {
		case *document.Table:
			b.WriteString(x.Title + "\n")
			for _, r := range x.Rows {
				for i, c := range r.Cells {
					b.WriteString(x.Columns[i].Print(c, func(s document.State) string { return s.Word(d.Lang) }) + "|")
				}
				b.WriteString("\n")
			}
		case *document.RuledForm:
			b.WriteString(x.Title + "\n" + x.Note + "\n")
			for _, r := range x.Rows {
				for _, c := range r.Cells {
					b.WriteString(c.Print(d.Lang) + "|")
				}
				b.WriteString("\n")
			}
		case *document.Figure:
			b.WriteString(x.Title + "\n")
		case *document.Paragraph:
			spans(x.Spans)
		case *document.List:
			for _, p := range x.Items {
				spans(p.Spans)
			}
		case *document.Note:
			for _, p := range x.Body {
				spans(p.Spans)
			}
		}
	})
	return b.String()
}

func build(t *testing.T, in reading.Input, l lang.Lang) string {
	t.Helper()
	d, err := Build(in, Options{}, l)
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Validate(); err != nil {
		t.Fatal(err)
	}
	return words(d)
}

func TestFormsThresholdsAndProposals(t *testing.T) {
	text := build(t, city(t, 4), lang.Zh)
	for _, want := range []string{
		"局D01|50.0|80.0|80.0|30.0|1|2|执行偏慢、进度偏差|",                                                           // execution 50 %, progress 80 % of what was reported
		"年度资金总额|缺数|123,456,789.01|61,728,394.51|10.00|5.00|50.00|",                                          // half the budget spent: 5 of 10 points
		"产出指标|数量指标|调用量|≥100万次|80万次|55.00|44.00|待部门说明|",                                                      // 80 of 100: 44 of 55 points
		"效益指标|社会效益|=cmd|办件|≥100件|缺数|35.00|缺数|未报送|",                                                          // not reported is missing, never 0
		"报送的分值（产出指标 55、效益指标 35）与执行 10、产出 50、效益 30、满意度 10 的通行安排不同",                                           // weights are taken as they are
		"局D01：建议优先保障。得分 95.00", "局D02：建议保障。得分 83.00", "局D03：建议压缩。得分 71.00", "局D04：建议取消。得分 59.00", "均须核实后决定", // proposals with grounds
		"可比部门 4 个，少于 2 项投入、2 项产出所需的 12 个", // efficiency refused with its reason
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing:\n%s", want, text)
		}
	}
}

func TestEfficiencyNamesPeersWhereUnitsSuffice(t *testing.T) {
	text := build(t, city(t, 14), lang.Zh)
	if !strings.Contains(text, "14 个可比部门中") || strings.Contains(text, "未作效率比较") {
		t.Error(text)
	}
}

func TestAnUnsureGradeNamesBothProposals(t *testing.T) {
	in := city(t, 2)
	in.Month.Standings = []metrics.Standing{{Department: "D01", Data: scoring.Simulated{Department: "D01", Scored: true, Score: scoring.Range{Low: 88, High: 97}, Rank: scoring.Range{Low: 1, High: 2},
		Grades: []scoring.GradeProbability{{Grade: "优", Probability: .6}, {Grade: "良", Probability: .4}}}}}
	if text := build(t, in, lang.Zh); !strings.Contains(text, "局D01：建议在“优先保障”与“保障”之间由人工复核确定。等级“优”的可能性 60%，“良” 40%。得分 95.00（95% 区间 88.0–97.0）") {
		t.Error(text)
	}
}

func TestWithoutBudgetsNothingIsZero(t *testing.T) {
	in := city(t, 3)
	in.Dossier = nil
	for _, l := range []lang.Lang{lang.Zh, lang.En} {
		text := build(t, in, l)
		if want := l.Pick("预算数据未接入", "No budgets are connected"); !strings.Contains(text, want) || strings.Contains(text, "|0.00|") {
			t.Errorf("%s", text)
		}
	}
}

// In the official form the sources of the money add up to the total: 1361250 and 13750 yuan are 136.125 and 1.375 of
// the unit, which rounded apart would be 136.13 and 1.38 under a total of 137.50.
func TestThePartsOfTheMoneyAddUpAsPrinted(t *testing.T) {
	in := city(t, 1)
	p := &in.Dossier.Projects[0]
	p.Annual, p.CarriedOver, p.Spent = 1375000, ptr(13750.0), 1000000
	text := build(t, in, lang.Zh)
	for _, want := range []string{"年度资金总额|缺数|137.50|", "其中：当年财政拨款|未测|136.12|", "上年结转资金|未测|1.38|"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing:\n%s", want, text)
		}
	}
}

// Targets of one level stand together, whatever was handed in between them, and figures keep the decimals they have.
func TestTargetsOfOneLevelStandTogether(t *testing.T) {
	in := city(t, 1)
	target := func(id, one, two, title string, want, got float64, reason string) dossier.Target {
		return dossier.Target{Department: "D01", Project: "P1", ID: id, Level1: one, Level2: two, Title: title, Rule: "positive", Unit: "次", Target: ptr(want), Weight: 10, Actual: ptr(got), Reason: reason}
	}
	in.Dossier.Targets = []dossier.Target{
		target("A", "效益指标", "社会效益指标", "甲", 6, 6, ""), target("B", "产出指标", "数量指标", "乙", 57.25, 9.5, "系统停机"),
		target("C", "效益指标", "可持续影响指标", "丙", 8, 4, ""), target("D", "效益指标", "社会效益指标", "丁", 1200, 1200, ""),
	}
	text := build(t, in, lang.Zh)
	if want := "部门共说明 1 项偏差原因。另有 1 项未达年度指标值而未说明原因"; !strings.Contains(text, want) {
		t.Errorf("%q is missing", want)
	}
	want := "效益指标|社会效益指标|甲|≥6次|6次|10.00|10.00||\n丁|≥1,200次|1,200次|10.00|10.00||\n可持续影响指标|丙|≥8次|4次|10.00|5.00|待部门说明|\n产出指标|数量指标|乙|≥57.25次|9.5次|10.00|1.66|系统停机|\n"
	if !strings.Contains(text, want) {
		t.Errorf("the form is not\n%s\nbut\n%s", want, text)
	}
}

// A target that is missed by less than a cent of a point costs nothing, but who reads 94.9 under 95.0 wants to know why.
func TestAMissedTargetAsksForAReasonEvenWithAllPoints(t *testing.T) {
	b := &builder{Reading: &reading.Reading{Lang: lang.Zh}}
	line := scoring.Line{Weight: 5, Points: 5, Fraction: 0.9995}
	if got := b.deviation(line, true); got != "待部门说明" {
		t.Errorf("figures that differ: %q", got)
	}
	if got := b.deviation(line, false); got != "" {
		t.Errorf("figures that print alike: %q", got)
	}
	line.Fraction = 1
	if got := b.deviation(line, true); got != "" {
		t.Errorf("target more than reached: %q", got)
	}
}

// Units that use no more than others on the whole, and yet more of one input, reach 100 % without being on the frontier:
// the title counts both, as the rows do.
func TestTheTitleOfTheFrontierCountsWhatTheChartShows(t *testing.T) {
	in := city(t, 14)
	for i := range in.Dossier.Units {
		u := &in.Dossier.Units[i]
		u.Spend, u.Staff, u.Pairs, u.Matters = 100+10*float64(i), 2, 10, 5 // all as lean in staff, one in spending
	}
	if text := build(t, in, lang.Zh); !strings.Contains(text, "14 个可比部门中 14 个达到 100%，其中 1 个处于效率前沿") {
		t.Error(text)
	}
}

// Where nothing was measured the score is not uncertain: it has no interval of no width.
func TestNoIntervalWithoutWidth(t *testing.T) {
	in := city(t, 2)
	in.Month.Standings = []metrics.Standing{{Department: "D01", Data: scoring.Simulated{Department: "D01", Scored: true, Score: scoring.Range{Low: 95, High: 95}, Rank: scoring.Range{Low: 1, High: 1},
		Grades: []scoring.GradeProbability{{Grade: "优", Probability: 1}}}}}
	if text := build(t, in, lang.Zh); !strings.Contains(text, "得分 95.00，名次 1") {
		t.Error(text)
	}
}
