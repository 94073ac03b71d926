package monthly

import (
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
)

func ptr[T any](v T) *T { return &v }

// rate is a proportion as a closed month holds it.
func rate(department string, numerator, denominator float64) metrics.Value {
	value := 100 * numerator / denominator
	return metrics.Value{Indicator: "reply_on_time_rate", Version: 1, Department: department, State: scoring.HasValue, Method: metrics.Wilson,
		Numerator: &numerator, Denominator: &denominator, Value: &value, N: ptr(int64(denominator)), Target: ptr(100.0), Unit: "%"}
}

func month(name string, values ...metrics.Value) *metrics.Month {
	return &metrics.Month{Month: name, Revision: 1, AsOf: time.Date(2026, 10, 31, 16, 0, 0, 0, time.UTC), Stamp: strings.Repeat("ab", 32), Values: values,
		Departments: []metrics.Department{
			{ID: "GA", Name: lang.T("市公安局", "Public Security")}, {ID: "MZ", Name: lang.T("市民政局", "Civil Affairs")}},
		Flows:   []metrics.Flow{{Provider: "GA", Consumer: "MZ", Exchanges: 12}},
		Sources: []metrics.Source{{Table: "request", Loads: 1, Rows: 90, Quarantined: 2}},
	}
}

func input(t *testing.T, this *metrics.Month, earlier ...*metrics.Month) reading.Input {
	t.Helper()
	scheme := &scoring.Scheme{
		Indicators: []scoring.Indicator{{ID: "reply_on_time_rate", Rule: scoring.Rule{Kind: scoring.Positive, Target: 100}, MinimumN: 5}},
		Total:      scoring.Node{ID: "total", Children: []scoring.Node{{Indicator: "reply_on_time_rate", Weight: 10}}},
	}
	for _, m := range append(earlier, this) {
		var departments []scoring.Department
		for _, d := range m.Departments {
			o := scoring.Observation{State: scoring.NotApplicable}
			if v, ok := m.Find("reply_on_time_rate", d.ID); ok {
				o = scoring.Observation{State: v.State, N: *v.N}
				if v.Value != nil {
					o.Value = *v.Value
				}
			}
			department := scoring.Department{ID: d.ID, Observations: map[string]scoring.Observation{"reply_on_time_rate": o}}
			for _, c := range m.Caps {
				if c.Department == d.ID {
					department.GradeCap, department.CapReason = c.Grade, c.Reason
				}
			}
			departments = append(departments, department)
		}
		results, err := scheme.ScoreAll(departments)
		if err != nil {
			t.Fatal(err)
		}
		m.Scores, m.Scheme = results, scheme
	}
	return reading.Input{Name: lang.T("某市", "a city"), Organisation: lang.T("大数据局", "data bureau"), Month: this, Earlier: earlier,
		Indicators: []*page.Indicator{{ID: "reply_on_time_rate", Name: lang.T("申请答复及时率", "reply on time"), Unit: "%", Decimals: 1, Status: page.Active,
			Direction: page.Higher, Kind: page.Proportion, Dimension: "timeliness", Sources: []string{"request"}, Scoring: &page.Scoring{Weight: 10}}},
		Bands: scoring.DefaultBands(), Zone: time.FixedZone("CST", 8*3600)}
}

// text is all that the section says in words and tables.
func text(s document.Section) string {
	var b strings.Builder
	spans := func(p document.Paragraph) {
		for _, span := range p.Spans {
			b.WriteString(span.Text)
		}
		b.WriteString("\n")
	}
	b.WriteString(s.Title + "\n")
	for _, block := range s.Blocks {
		switch block := block.(type) {
		case *document.Paragraph:
			spans(*block)
		case *document.List:
			for _, p := range block.Items {
				spans(p)
			}
		case *document.Note:
			b.WriteString(block.Title + "\n")
			for _, p := range block.Body {
				spans(p)
			}
		case *document.KeyFigures:
			for _, k := range block.Items {
				b.WriteString(k.Label + " " + document.FormatNumber(k.Value.Number, k.Decimals) + k.Value.State.Word(lang.Zh) + " " + k.Note + "\n")
			}
		case *document.Figure:
			b.WriteString(block.Title + "\n")
		case *document.Table:
			b.WriteString(block.Title + "\n")
			for _, row := range block.Rows {
				for i, c := range row.Cells {
					b.WriteString(block.Columns[i].Print(c, func(s document.State) string { return s.Word(lang.Zh) }) + " ")
				}
				b.WriteString("\n")
			}
		}
	}
	for _, sub := range s.Sections {
		b.WriteString(text(sub))
	}
	return b.String()
}

func section(t *testing.T, d *document.Document, id string) document.Section {
	t.Helper()
	for _, s := range d.Sections {
		if s.ID == id {
			return s
		}
	}
	t.Fatalf("no section %s", id)
	return document.Section{}
}

func build(t *testing.T, in reading.Input, l lang.Lang) *document.Document {
	t.Helper()
	d, err := Build(in, l)
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Validate(); err != nil {
		t.Fatal(err)
	}
	return d
}

func TestOnlySignificantChangesAreFindings(t *testing.T) {
	before := month("2026-09", rate("GA", 40, 60), rate("MZ", 30, 60))
	this := month("2026-10", rate("GA", 42, 60), rate("MZ", 57, 60))
	overview := text(section(t, build(t, input(t, this, before), lang.Zh), "overview"))
	if !strings.Contains(overview, "市民政局的申请答复及时率显著提高（好转），由 50.0% 变为 95.0%（57/60，校正后 p < 0.001）") {
		t.Errorf("the rise from 30 to 57 of 60 is missing:\n%s", overview)
	}
	if strings.Contains(overview, "市公安局的申请答复及时率") {
		t.Errorf("40 against 42 of 60 is noise:\n%s", overview)
	}
}

func TestNothingHappened(t *testing.T) {
	before := month("2026-09", rate("GA", 40, 60), rate("MZ", 30, 60))
	this := month("2026-10", rate("GA", 41, 60), rate("MZ", 31, 60))
	if overview := text(section(t, build(t, input(t, this, before), lang.Zh), "overview")); !strings.Contains(overview, "无显著变化") {
		t.Error(overview)
	}
}

func TestAMonthWithoutDataNeverShowsZero(t *testing.T) {
	none := func(department string) metrics.Value {
		return metrics.Value{Indicator: "reply_on_time_rate", Department: department, State: scoring.NotMeasured, N: ptr(int64(0)), Unit: "%"}
	}
	this := month("2026-10", none(metrics.City), none("GA"), none("MZ"))
	this.Flows, this.Sources = nil, nil
	for _, l := range []lang.Lang{lang.Zh, lang.En} {
		d := build(t, input(t, this), l)
		completeness := text(section(t, d, "completeness"))
		if !strings.Contains(completeness, l.Pick("申请答复及时率 时效性 共享申请", "reply on time Timeliness requests for shared data")) {
			t.Error(completeness)
		}
		for _, e := range d.Explanations {
			if e.Value.Ok() {
				t.Errorf("explanation %s has the figure %v", e.ID, e.Value.Number)
			}
		}
		overview := text(section(t, d, "overview"))
		if want := l.Pick("部门间有效交换 0未测", "Effective exchanges 0未测"); !strings.Contains(overview, want) {
			t.Errorf("no log is connected, so exchanges are not measured:\n%s", overview)
		}
		if flows := text(section(t, d, "flows")); !strings.Contains(flows, l.Pick("未测", "not measured")) {
			t.Error(flows)
		}
	}
}

func TestAMonthWithoutEventsSaysSo(t *testing.T) {
	this := month("2026-10", rate("GA", 42, 60))
	this.Flows = nil
	in := input(t, this)
	in.Dossier = &dossier.Dossier{Connected: map[string]bool{"usage_event": true}}
	d := build(t, in, lang.Zh)
	if flows := text(section(t, d, "flows")); !strings.Contains(flows, "本月没有部门间的有效交换记录") {
		t.Error(flows)
	}
	if overview := text(section(t, d, "overview")); !strings.Contains(overview, "部门间有效交换 0 ") {
		t.Errorf("a connected log without exchanges is a measured 0:\n%s", overview)
	}
}

func TestTheMonthBeforeMustBeTheMonthBefore(t *testing.T) {
	overview := text(section(t, build(t, input(t, month("2026-10", rate("GA", 58, 60)), month("2026-08", rate("GA", 10, 60))), lang.Zh), "overview"))
	if strings.Contains(overview, "显著提高") || !strings.Contains(overview, "上月未结算") {
		t.Error(overview)
	}
}

func TestALoweredGradeIsSaidInTheRanking(t *testing.T) {
	this := month("2026-10", rate("GA", 58, 60), rate("MZ", 40, 60))
	this.Caps = []metrics.Cap{{Department: "GA", Grade: "中", Reason: "数据泄露于 2026-06-05 确认 / data leak confirmed on 2026-06-05"}}
	for l, want := range map[lang.Lang]string{
		lang.Zh: "市公安局得分 96.70：按得分应为“优”，因数据泄露于 2026-06-05 确认，等级降为“中”。",
		lang.En: "Public Security: score 96.70. By its score the grade would be “excellent”; it was lowered to “fair” because of a data leak confirmed on 2026-06-05.",
	} {
		d := build(t, input(t, this), l)
		if got := text(section(t, d, "ranking")); !strings.Contains(got, want) {
			t.Errorf("ranking:\n%s", got)
		}
		if got := text(section(t, d, "overview")); !strings.Contains(got, "2026-06-05") {
			t.Errorf("findings:\n%s", got)
		}
	}
}

func TestNamesakesAreToldApart(t *testing.T) {
	this := month("2026-10", rate("GA", 58, 60), rate("MZ", 40, 60))
	this.Departments = []metrics.Department{{ID: "GA", Name: lang.T("行政审批局", "Approvals")}, {ID: "MZ", Name: lang.T("行政审批局", "Approvals")}, {ID: "X1", Name: lang.T("行政审批局", "Approvals")}}
	in := input(t, this)
	in.Dossier = &dossier.Dossier{Connected: map[string]bool{}, Districts: map[string]string{"GA": "望澜区", "MZ": "云栖区"}}
	got := text(section(t, build(t, in, lang.Zh), "departments"))
	for _, want := range []string{"行政审批局（望澜区）", "行政审批局（云栖区）", "行政审批局（X1）"} {
		if !strings.Contains(got, want) {
			t.Errorf("%s is missing:\n%s", want, got)
		}
	}
}

func TestBreachesStandByArticle(t *testing.T) {
	in := input(t, month("2026-10", rate("GA", 58, 60)))
	in.Dossier = &dossier.Dossier{Connected: map[string]bool{}, Rules: []dossier.Rule{
		{ID: "delivery", Name: lang.T("数据提供", "Delivery"), Source: lang.T("《政务数据共享条例》第二十二条", "article 22"), Limit: lang.T("20 个工作日", "20 working days"), IsLaw: true},
		{ID: "backflow", Name: lang.T("数据回流", "Return"), Source: lang.T("比照第22条", "by analogy"), Limit: lang.T("20 个工作日", "20 working days")},
	}, Duties: []dossier.Duty{{Rule: "delivery", Department: "GA", Due: 8, Late: 3}, {Rule: "delivery", Department: "MZ", Due: 2}, {Rule: "backflow", Department: "GA", Due: 5, Late: 5}}}
	d := build(t, in, lang.Zh)
	limits := text(section(t, d, "limits"))
	if !strings.Contains(limits, "本月有 3 件超过法定时限") || !strings.Contains(limits, "数据提供 《政务数据共享条例》第二十二条 20 个工作日 法定 10 3 30.0 市公安局 3") {
		t.Error(limits)
	}
	overview := text(section(t, d, "overview"))
	if !strings.Contains(overview, "数据提供（《政务数据共享条例》第二十二条，20 个工作日）：10 件到期，3 件逾期（30.0%），均在市公安局（8 件到期，3 件逾期）。") {
		t.Error(overview)
	}
	if strings.Contains(overview, "数据回流（") {
		t.Errorf("a management standard is no legal limit:\n%s", overview)
	}
}

// Who has the most late cases is named only where one has more than every other: two of 22 cases are not most of them.
func TestBreachesNameWhoHasTheMost(t *testing.T) {
	for want, late := range map[string][2]int{"3 late (50.0%), all at Public Security (2 due, 3 late).": {3, 0}, "5 late (83.3%), the most at Public Security (2 due, 3 late).": {3, 2}, "4 late (66.7%), at 2 departments.": {2, 2}} {
		in := input(t, month("2026-10", rate("GA", 58, 60)))
		in.Dossier = &dossier.Dossier{Connected: map[string]bool{}, Rules: []dossier.Rule{{ID: "delivery", Name: lang.T("数据提供", "Delivery"), Source: lang.T("第二十二条", "article 22"), Limit: lang.T("20 个工作日", "20 working days"), IsLaw: true}},
			Duties: []dossier.Duty{{Rule: "delivery", Department: "MZ", Due: 4, Late: late[1]}, {Rule: "delivery", Department: "GA", Due: 2, Late: late[0]}}}
		if overview := text(section(t, build(t, in, lang.En), "overview")); !strings.Contains(overview, want) {
			t.Errorf("%q is missing:\n%s", want, overview)
		}
	}
}

func TestTimelinessStandsByKindOfData(t *testing.T) {
	a, b := rate("GA", 8, 10), rate("MZ", 1, 10)
	a.DataKind, b.DataKind = "证照", "证照"
	c := rate("MZ", 5, 5)
	c.DataKind = "时空"
	in := input(t, month("2026-10", rate("GA", 8, 10), rate("MZ", 6, 15), a, b, c))
	in.Indicators[0].Total = page.TotalSum
	if got := text(section(t, build(t, in, lang.Zh), "kinds")); !strings.Contains(got, "证照 45.0") || !strings.Contains(got, "时空 100.0") {
		t.Errorf("9 of 20 are 45 %%, 5 of 5 are 100 %%:\n%s", got)
	}
}
