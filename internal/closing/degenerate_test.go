package closing

import (
	"context"
	"encoding/json"
	"math"
	"testing"

	"weir/internal/evaluate"
	"weir/internal/store"
	"weir/metrics"
	"weir/metrics/scoring"
	"weir/queries/page"
)

// Cities at the edge close to a defined answer: no crash, no NaN, no infinity, in figures or in what is made of them.
func TestCitiesAtTheEdge(t *testing.T) {
	department := func(id string) string {
		return "INSERT INTO department (department_id, name, line_code, load_id, source_line) VALUES ('" + id + "', '" + id + "', 'CITY', 1, 1)"
	}
	request := func(id, from, to string) string {
		return "INSERT INTO request (request_id, requester_id, provider_id, share_attribute, submitted_at, replied_at, decision, load_id, source_line) VALUES ('" +
			id + "', '" + from + "', '" + to + "', 'U', TIMESTAMP '2026-10-08 02:00:00', TIMESTAMP '2026-10-08 03:00:00', 'agreed', 1, 1)"
	}
	budget := func(id string, amount string) string {
		return "INSERT INTO budget (budget_id, department_id, project_id, fiscal_year, annual_amount, load_id, source_line) VALUES ('" + id + "', '" + id + "', '" + id + "', 2026, " + amount + ", 1, 1)"
	}
	for name, rows := range map[string][]string{
		"no data at all":          nil,
		"one department":          {department("A")},
		"one case":                {department("A"), department("B"), request("1", "A", "B")},
		"all equal":               {department("A"), department("B"), department("C"), request("1", "A", "B"), request("2", "B", "C"), request("3", "C", "A")},
		"budget of nothing":       {department("A"), budget("A", "0")},
		"departments not known":   {request("1", "X", "Y"), budget("Z", "5")},
		"the largest amounts":     {department("A"), budget("A", "9999999999999999")},
		"a resource without data": {department("A"), "INSERT INTO resource (resource_id, department_id, load_id, source_line) VALUES ('R', 'A', 1, 1)"},
	} {
		t.Run(name, func(t *testing.T) {
			s, err := store.Open(context.Background(), "", store.Options{})
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			exec(t, s, rows...)
			m := closeMonths(t, s, cityRules(), "2026-10")[0]
			sound(t, m)
			comparisons, err := metrics.CompareMedian(m)
			if err != nil {
				t.Error(err)
			}
			same, err := metrics.Compare(m, m)
			if err != nil {
				t.Error(err)
			}
			for _, c := range append(comparisons, same...) {
				if c.Difference != 0 && c.Against == metrics.AgainstMonth || !(c.P >= 0 && c.P <= 1) || !(c.Q >= 0 && c.Q <= 1) {
					t.Errorf("%+v", c)
				}
			}
			if _, err := metrics.Decompose(m, m); err != nil {
				t.Error(err)
			}
			if m.Scheme == nil {
				t.Fatal("no scheme")
			}
			for _, r := range m.Scores {
				if !r.Total.Scored {
					continue
				}
				m.Scheme.Improvements(r)
				if _, err := m.Scheme.Swings(m.Observed(), r.Department, .25); err != nil {
					t.Error(err)
				}
			}
		})
	}
}

// sound fails where a closed month holds what no reader could take: JSON knows neither NaN nor infinities.
func sound(t *testing.T, m *metrics.Month) {
	t.Helper()
	if _, err := json.Marshal(m); err != nil {
		t.Error(err)
	}
	for _, v := range m.Values {
		if v.Value != nil && (math.IsNaN(*v.Value) || math.IsInf(*v.Value, 0)) {
			t.Errorf("%s of %s is %v", v.Indicator, v.Department, *v.Value)
		}
		if v.State == scoring.NotMeasured && v.Value != nil {
			t.Errorf("%s of %s is not measured and %v", v.Indicator, v.Department, *v.Value)
		}
	}
	for _, r := range m.Scores {
		if r.Total.Scored && !(r.Total.Score >= 0 && r.Total.Score <= 100) {
			t.Errorf("%s scores %v", r.Department, r.Total.Score)
		}
	}
}

// Cases at the edge of each formula: an interval or a refusal.
func TestIntervalsAtTheEdge(t *testing.T) {
	quotient := func(pairs ...[2]float64) []evaluate.Case {
		var list []evaluate.Case
		for _, p := range pairs {
			list = append(list, evaluate.Case{Value: p[0], Denominator: p[1], Value2: p[0], Denominator2: p[1], Stratum: "s"})
		}
		return list
	}
	for name, list := range map[string][]evaluate.Case{
		"none": nil, "one": quotient([2]float64{1, 2}), "alike": quotient([2]float64{1, 2}, [2]float64{1, 2}),
		"nothing below": quotient([2]float64{1, 0}, [2]float64{2, 0}), "two": quotient([2]float64{1, 2}, [2]float64{2, 2}),
		"huge": quotient([2]float64{1e300, 1}, [2]float64{1e308, 1e-300}),
	} {
		for _, form := range []evaluate.CaseForm{evaluate.ValueCases, evaluate.QuotientCases, evaluate.StratumCases, evaluate.ProductCases, evaluate.DurationCases} {
			for _, kind := range []page.Kind{page.Mean, page.Median, page.Count} {
				i, err := fromCases(&page.Indicator{Kind: kind, Unit: "%"}, form, list)
				if err == nil && (!(i.low <= i.high) || math.IsNaN(i.se) || math.IsInf(i.se, 0) || math.IsInf(i.low, 0)) {
					t.Errorf("%s, %s of %s: %+v", name, form, kind, i)
				}
			}
		}
	}
}

// A mean of ratios over strata and a product of ratios, by hand: ratios 1/2 and 3/4 over two cases each.
func TestIntervalsOfSeveralRatiosByHand(t *testing.T) {
	cases := []evaluate.Case{
		{Stratum: "a", Value: 0, Denominator: 1}, {Stratum: "a", Value: 1, Denominator: 1},
		{Stratum: "b", Value: 1, Denominator: 2}, {Stratum: "b", Value: 2, Denominator: 2},
	}
	i, err := fromStrata(cases, 1)
	if err != nil {
		t.Fatal(err)
	}
	// a: residuals ∓1/2 over Σx = 2, variance 2·(1/4+1/4)/4 = 1/4; b: residuals ∓1/2 over 4, variance 2·(1/2)/16 = 1/16.
	if want := math.Sqrt(.25+1.0/16) / 2; math.Abs(i.estimate-.625) > 1e-12 || math.Abs(i.se-want) > 1e-12 {
		t.Errorf("mean of ratios %v ± %v, want 0.625 ± %v", i.estimate, i.se, want)
	}
	product := []evaluate.Case{{Value: 0, Denominator: 1, Value2: 1, Denominator2: 2}, {Value: 1, Denominator: 1, Value2: 2, Denominator2: 2}}
	i, err = fromProducts(product, 1)
	if err != nil {
		t.Fatal(err)
	}
	// Residuals of a case: ¾·(∓½)/2 + ½·(∓½)/4 = ∓¼; variance 2·(1/16+1/16) = 1/4.
	if math.Abs(i.estimate-.375) > 1e-12 || math.Abs(i.se-.5) > 1e-12 {
		t.Errorf("product of ratios %v ± %v, want 0.375 ± 0.5", i.estimate, i.se)
	}
}
