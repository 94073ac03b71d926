package simulate

import (
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// The planted truths hold in the files, seen by formulas written for this test, for the sample and for other seeds.
func TestPlantedTruthsHold(t *testing.T) {
	for _, seed := range []uint64{DefaultSeed, 1, 77} {
		if testing.Short() && seed != DefaultSeed {
			continue
		}
		t.Run(strconv.FormatUint(seed, 10), func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			if _, err := Generate(Dir(dir), Options{Seed: seed}); err != nil {
				t.Fatal(err)
			}
			checkTruths(t, dir)
		})
	}
}

func checkTruths(t *testing.T, dir string) {
	sheet, err := ReadTruths(filepath.Join(dir, TruthFile))
	if err != nil {
		t.Fatal(err)
	}
	if len(sheet.Truths) == 0 {
		t.Fatal("no truths")
	}
	o := observe(readCity(t, dir))
	for _, truth := range sheet.Truths {
		for _, e := range truth.Expect {
			if complaint := o.check(e); complaint != "" {
				t.Errorf("%s: %s of %s: %s", truth.ID, e.Indicator, e.Department, complaint)
			}
		}
	}
}

// check returns what contradicts the expectation, or "".
func (o *observer) check(e Expectation) string {
	if e.Set != "" {
		return o.checkSet(e)
	}
	compute := indicators[e.Indicator]
	if compute == nil {
		return "no such indicator in the test"
	}
	if step := e.StepUpIn + e.StepDownIn; step != "" {
		return o.checkStep(compute, e, step)
	}
	if e.Pooled {
		return o.checkFigure(e, o.pool(compute, e.Department, e.From, e.To), e.From+".."+e.To)
	}
	for m := e.From; m <= e.To; m = next(m) {
		if complaint := o.checkFigure(e, compute(o, e.Department, m), m); complaint != "" {
			return complaint
		}
	}
	if e.Rank != "" {
		return o.checkRank(compute, e)
	}
	return ""
}

func next(m string) string {
	_, to := bounds(m)
	return to.Format("2006-01")
}

func (o *observer) pool(compute indicator, department, from, to string) (f figure) {
	for m := from; m <= to; m = next(m) {
		f = f.plus(compute(o, department, m))
	}
	return f
}

func (o *observer) checkFigure(e Expectation, f figure, when string) string {
	wrong := func(what string, limit *Exact, got float64, holds func(got, limit float64) bool) string {
		if limit == nil {
			return ""
		}
		want, err := strconv.ParseFloat(string(*limit), 64)
		if err != nil || !holds(got, want) {
			return fmt.Sprintf("%s: %v/%v gives %s %v, want %s", when, f.numerator, f.denominator, what, got, *limit)
		}
		return ""
	}
	if f.denominator == 0 {
		return when + ": nothing to count"
	}
	equal := func(a, b float64) bool { return math.Abs(a-b) < 1e-6 }
	return strings.Join(slices.DeleteFunc([]string{
		wrong("numerator", e.Numerator, f.numerator, equal),
		wrong("denominator", e.Denominator, f.denominator, equal),
		wrong("value", e.Value, f.value(), equal),
		wrong("above", e.Above, f.value(), func(a, b float64) bool { return a > b }),
		wrong("below", e.Below, f.value(), func(a, b float64) bool { return a < b }),
	}, func(s string) bool { return s == "" }), "; ")
}

// checkRank compares with all departments that still exist and have a denominator of at least 5.
func (o *observer) checkRank(compute indicator, e Expectation) string {
	own := o.pool(compute, e.Department, e.From, e.To)
	for _, d := range o.files["department"] {
		f := o.pool(compute, d["department_id"], e.From, e.To)
		if f.denominator < 5 || d["valid_to"] != "" {
			continue
		}
		if e.Rank == "lowest" && f.value() < own.value()-1e-9 || e.Rank == "highest" && f.value() > own.value()+1e-9 {
			return fmt.Sprintf("%v is not the %s: %s has %v", own.value(), e.Rank, d["department_id"], f.value())
		}
	}
	return ""
}

func (o *observer) checkStep(compute indicator, e Expectation, step string) string {
	begin, _ := bounds(step)
	month := func(n int) string { return begin.AddDate(0, n, 0).Format("2006-01") }
	before, after := o.pool(compute, e.Department, month(-3), month(-1)), o.pool(compute, e.Department, month(0), month(2))
	rise := after.value() - before.value()
	if e.StepDownIn != "" {
		rise = -rise
	}
	by, err := strconv.ParseFloat(string(*e.By), 64)
	if err != nil || !(rise >= by) {
		return fmt.Sprintf("from %v to %v, want a step of %s", before.value(), after.value(), *e.By)
	}
	return ""
}

func (o *observer) checkSet(e Expectation) string {
	members := sets[e.Set]
	if members == nil {
		return "no such set: " + e.Set
	}
	got, want := slices.Sorted(slices.Values(members(o, e))), slices.Sorted(slices.Values(e.Members))
	if !slices.Equal(got, want) {
		return fmt.Sprintf("got %v, want %v", got, want)
	}
	return ""
}
