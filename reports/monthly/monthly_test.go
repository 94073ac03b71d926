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
)

func ptr[T any](v T) *T { return &v }

// rate is a proportion as a closed month holds it.
func rate(department string, numerator, denominator float64) metrics.Value {
	value := 100 * numerator / denominator
	return metrics.Value{Indicator: "reply_on_time_rate", Version: 1, Department: department, State: scoring.HasValue,
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

func input(t *testing.T, this *metrics.Month, earlier ...*metrics.Month) Input {
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
			departments = append(departments, scoring.Department{ID: d.ID, Observations: map[string]scoring.Observation{"reply_on_time_rate": o}})
		}
		results, err := scheme.ScoreAll(departments)
		if err != nil {
			t.Fatal(err)
		}
		m.Scores = results
	}
	return Input{Name: lang.T("某市", "a city"), Organisation: lang.T("大数据局", "data bureau"), Month: this, Earlier: earlier,
		Indicators: []*page.Indicator{{ID: "reply_on_time_rate", Name: lang.T("申请答复及时率", "reply on time"), Unit: "%", Decimals: 1,
			Direction: page.Higher, Kind: page.Proportion, Dimension: "timeliness", Sources: []string{"request"}}},
		Bands: scoring.DefaultBands(), Zone: time.FixedZone("CST", 8*3600)}
}

// text is all that the section says in words and tables.
func text(s document.Section) string {
	var b strings.Builder
	var walk func(s document.Section)
	spans := func(p document.Paragraph) {
		for _, span := range p.Spans {
			b.WriteString(span.Text)
		}
		b.WriteString("\n")
	}
	walk = func(s document.Section) {
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
				for _, p := range block.Body {
					spans(p)
				}
			case *document.Figure:
				b.WriteString(block.Title + "\n")
			case *document.Table:
				for _, row := range block.Rows {
					for _, c := range row.Cells {
						b.WriteString(c.Text + c.Value.State.Word(lang.Zh) + " ")
					}
				}
			}
		}
		for _, sub := range s.Sections {
			walk(sub)
		}
	}
	walk(s)
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

func TestOnlySignificantChangesAreFindings(t *testing.T) {
	before := month("2026-09", rate("GA", 40, 60), rate("MZ", 30, 60))
	this := month("2026-10", rate("GA", 42, 60), rate("MZ", 57, 60))
	d, err := Build(input(t, this, before), lang.Zh)
	if err != nil {
		t.Fatal(err)
	}
	overview := text(section(t, d, "overview"))
	if !strings.Contains(overview, "市民政局的申请答复及时率显著提高（好转），由 50.0% 变为 95.0%（57/60") {
		t.Errorf("the rise from 30 to 57 of 60 is missing:\n%s", overview)
	}
	if strings.Contains(overview, "市公安局的申请答复及时率") {
		t.Errorf("40 against 42 of 60 is noise:\n%s", overview)
	}
}

func TestNothingHappened(t *testing.T) {
	before := month("2026-09", rate("GA", 40, 60), rate("MZ", 30, 60))
	this := month("2026-10", rate("GA", 41, 60), rate("MZ", 31, 60))
	d, err := Build(input(t, this, before), lang.Zh)
	if err != nil {
		t.Fatal(err)
	}
	if overview := text(section(t, d, "overview")); !strings.Contains(overview, "无显著变化") {
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
		d, err := Build(input(t, this), l)
		if err != nil {
			t.Fatal(err)
		}
		completeness := text(section(t, d, "completeness"))
		if !strings.Contains(completeness, l.Pick("申请答复及时率（缺 request）", "reply on time (needs request)")) {
			t.Error(completeness)
		}
		for _, s := range d.Sections {
			if s.ID == "departments" && l == lang.Zh && !strings.Contains(text(s), "未测") {
				t.Error(text(s))
			}
		}
		for _, e := range d.Explanations {
			if e.Value.Ok() {
				t.Errorf("explanation %s has the figure %v", e.ID, e.Value.Number)
			}
		}
	}
}

func TestTheMonthBeforeMustBeTheMonthBefore(t *testing.T) {
	d, err := Build(input(t, month("2026-10", rate("GA", 58, 60)), month("2026-08", rate("GA", 10, 60))), lang.Zh)
	if err != nil {
		t.Fatal(err)
	}
	if overview := text(section(t, d, "overview")); strings.Contains(overview, "显著提高") || !strings.Contains(overview, "上月未结算") {
		t.Error(overview)
	}
}
