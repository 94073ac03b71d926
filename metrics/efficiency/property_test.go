package efficiency

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"weir/metrics/efficiency/simplex"
)

// randomTable draws n units, with zeros and repeated values among them. Columns
// differ in size; within a column the largest value is up to spread times the
// smallest.
func randomTable(rng *rand.Rand, n, m, s int, spread float64) Table {
	t := Table{}
	for i := range m {
		t.InputNames = append(t.InputNames, fmt.Sprint("in", i))
	}
	for r := range s {
		t.OutputNames = append(t.OutputNames, fmt.Sprint("out", r))
	}
	draw := func(k int) []float64 {
		xs := make([]float64, k)
		for i := range xs {
			if rng.IntN(5) > 0 {
				xs[i] = float64(rng.IntN(9)) * math.Pow(10, float64(i*3)) * math.Pow(spread, rng.Float64())
			}
		}
		i := rng.IntN(k)
		xs[i] = (1 + float64(rng.IntN(5))) * math.Pow(10, float64(i*3))
		return xs
	}
	for u := range n {
		t.Units = append(t.Units, fmt.Sprint("u", u))
		t.Inputs, t.Outputs = append(t.Inputs, draw(m)), append(t.Outputs, draw(s))
	}
	return t
}

// Every model ends with scores in their range, radial scores do not depend on
// units of measurement, models nest as theory says, and a unit never looks
// worse than under fewer assumptions.
func TestModelProperties(t *testing.T) {
	rng := rand.New(rand.NewPCG(21, 3))
	checked := 0
	for range 150 {
		tab := randomTable(rng, 3+rng.IntN(14), 1+rng.IntN(3), 1+rng.IntN(3), 1000)
		if tab.Validate() != nil {
			continue // a column of zeros
		}
		checked++
		run := func(f func(Table, Options) ([]Result, error), o Orientation, s Scale) []Result {
			rs, err := f(tab, Options{Orientation: o, Scale: s, AllowFewUnits: true})
			if err != nil {
				t.Fatalf("%s %s: %v\n%+v", o, s, err, tab)
			}
			return rs
		}
		for _, o := range []Orientation{Input, Output} {
			crs, vrs, nirs, ndrs := run(Radial, o, Constant), run(Radial, o, Variable), run(Radial, o, NonIncreasing), run(Radial, o, NonDecreasing)
			hull := run(FreeDisposalHull, o, "")
			super := run(SuperEfficiency, o, Constant)
			bigger := tab
			bigger.Inputs = nil
			for _, in := range tab.Inputs {
				row := append([]float64(nil), in...)
				row[0] *= 1000
				bigger.Inputs = append(bigger.Inputs, row)
			}
			moved, err := Radial(bigger, Options{Orientation: o, AllowFewUnits: true})
			if err != nil {
				t.Fatal(err)
			}
			for i := range tab.Units {
				c, v := crs[i].Score, vrs[i].Score
				if !(c >= 0 && c <= v+1e-7 && v <= 1+1e-7 && v <= hull[i].Score+1e-7 && hull[i].Score <= 1) {
					t.Fatalf("%s %s: crs %v, vrs %v, hull %v\n%+v", o, tab.Units[i], c, v, hull[i].Score, tab)
				}
				if math.Abs(c-math.Min(nirs[i].Score, ndrs[i].Score)) > 1e-7 {
					t.Fatalf("%s %s: crs %v is not the lesser of nirs %v and ndrs %v", o, tab.Units[i], c, nirs[i].Score, ndrs[i].Score)
				}
				if math.Abs(moved[i].Score-c) > 1e-7 {
					t.Fatalf("%s %s: %v, in other units %v", o, tab.Units[i], c, moved[i].Score)
				}
				if !super[i].Infeasible && c < 1-1e-6 && math.Abs(super[i].Score-c) > 1e-6 {
					t.Fatalf("%s %s: super-efficiency %v of an inefficient unit of %v", o, tab.Units[i], super[i].Score, c)
				}
				checkResult(t, string(o), tab, Options{Orientation: o, Scale: Variable}, i, vrs[i])
			}
		}
		radial := run(Radial, Input, Constant)
		for i, r := range run(SlackBased, NonOriented, Constant) {
			if !(r.Score >= -1e-9 && r.Score <= radial[i].Score+1e-6) {
				t.Fatalf("%s: slack-based %v above radial %v\n%+v", r.Unit, r.Score, radial[i].Score, tab)
			}
		}
		adds, err := Additive(tab, Options{AllowFewUnits: true})
		if err != nil {
			t.Fatal(err)
		}
		for i, a := range adds {
			if math.IsNaN(a.Total) || a.Total < 0 || a.Efficient != radial[i].Efficient {
				t.Fatalf("%s: additive %+v, radial %+v", a.Unit, a, radial[i])
			}
		}
	}
	if checked < 100 {
		t.Errorf("only %d tables were usable", checked)
	}
}

// Columns in which one unit is a million times another are hard to solve
// exactly. Either the answer holds its own check or the unit is named in a
// refusal, and that seldom.
func TestWideSpread(t *testing.T) {
	rng := rand.New(rand.NewPCG(8, 8))
	refused, total := 0, 0
	for range 150 {
		tab := randomTable(rng, 4+rng.IntN(12), 1+rng.IntN(3), 1+rng.IntN(3), 1e6)
		if tab.Validate() != nil {
			continue
		}
		for _, o := range []Orientation{Input, Output} {
			total++
			opt := Options{Orientation: o, AllowFewUnits: true}
			rs, err := Radial(tab, opt)
			if errors.Is(err, simplex.ErrNumerical) {
				refused++
				continue
			} else if err != nil {
				t.Fatalf("%v\n%+v", err, tab)
			}
			for i, r := range rs {
				checkResult(t, "wide", tab, opt, i, r)
			}
		}
	}
	if refused*50 > total {
		t.Errorf("%d of %d tables refused", refused, total)
	}
}

func TestDegenerateTables(t *testing.T) {
	one := Table{Units: []string{"a"}, InputNames: []string{"x"}, OutputNames: []string{"y"}, Inputs: [][]float64{{2}}, Outputs: [][]float64{{3}}}
	if _, err := Radial(one, Options{}); !errors.Is(err, ErrTooFew) {
		t.Errorf("one unit: %v", err)
	}
	rs, err := Radial(one, Options{AllowFewUnits: true})
	if err != nil || rs[0].Score != 1 || !rs[0].Efficient {
		t.Errorf("one unit, allowed: %+v %v", rs, err)
	}
	if rs, err := SuperEfficiency(one, Options{AllowFewUnits: true}); err != nil || !rs[0].Infeasible {
		t.Errorf("one unit against nobody: %+v %v", rs, err)
	}
	equal := Table{InputNames: []string{"x"}, OutputNames: []string{"y"}}
	for i := range 8 {
		equal.Units = append(equal.Units, fmt.Sprint(i))
		equal.Inputs, equal.Outputs = append(equal.Inputs, []float64{7}), append(equal.Outputs, []float64{7})
	}
	rs, err = Radial(equal, Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rs {
		if r.Score != 1 || !r.Efficient {
			t.Errorf("all equal: %+v", r)
		}
	}
	nan, inf := math.NaN(), math.Inf(1)
	for name, bad := range map[string]Table{
		"none":          {},
		"no inputs":     {Units: []string{"a"}, OutputNames: []string{"y"}, Inputs: [][]float64{{}}, Outputs: [][]float64{{1}}},
		"NaN":           {Units: []string{"a"}, InputNames: []string{"x"}, OutputNames: []string{"y"}, Inputs: [][]float64{{nan}}, Outputs: [][]float64{{1}}},
		"infinite":      {Units: []string{"a"}, InputNames: []string{"x"}, OutputNames: []string{"y"}, Inputs: [][]float64{{inf}}, Outputs: [][]float64{{1}}},
		"negative":      {Units: []string{"a"}, InputNames: []string{"x"}, OutputNames: []string{"y"}, Inputs: [][]float64{{-1}}, Outputs: [][]float64{{1}}},
		"zero inputs":   {Units: []string{"a"}, InputNames: []string{"x"}, OutputNames: []string{"y"}, Inputs: [][]float64{{0}}, Outputs: [][]float64{{1}}},
		"short row":     {Units: []string{"a"}, InputNames: []string{"x"}, OutputNames: []string{"y"}, Inputs: [][]float64{{}}, Outputs: [][]float64{{1}}},
		"twice":         {Units: []string{"a", "a"}, InputNames: []string{"x"}, OutputNames: []string{"y"}, Inputs: [][]float64{{1}, {1}}, Outputs: [][]float64{{1}, {1}}},
		"rows missing":  {Units: []string{"a", "b"}, InputNames: []string{"x"}, OutputNames: []string{"y"}, Inputs: [][]float64{{1}}, Outputs: [][]float64{{1}, {1}}},
		"empty column":  {Units: []string{"a", "b"}, InputNames: []string{"x", "z"}, OutputNames: []string{"y"}, Inputs: [][]float64{{1, 0}, {2, 0}}, Outputs: [][]float64{{1}, {1}}},
		"nothing given": {Units: []string{"a"}},
	} {
		if _, err := Radial(bad, Options{AllowFewUnits: true}); !errors.Is(err, ErrInvalid) {
			t.Errorf("%s: %v, want ErrInvalid", name, err)
		}
	}
	for _, o := range []Options{{Orientation: "sideways"}, {Scale: "some"}, {Orientation: NonOriented}, {FixedInputs: []bool{true}}, {FixedInputs: []bool{true, false}}, {Orientation: Output, FixedInputs: []bool{false}}} {
		if _, err := Radial(equal, o); !errors.Is(err, ErrInvalid) {
			t.Errorf("%+v: %v, want ErrInvalid", o, err)
		}
	}
	if _, err := Cost(equal, nil, Options{}); !errors.Is(err, ErrInvalid) {
		t.Errorf("no prices: %v", err)
	}
	if _, err := Malmquist(equal, one, Options{AllowFewUnits: true}); !errors.Is(err, ErrInvalid) {
		t.Errorf("different units: %v", err)
	}
}

// benchTable is like a real table: sizes spread over two powers of ten, with
// more output than input columns.
func benchTable(n int) Table {
	rng := rand.New(rand.NewPCG(1, 1))
	t := Table{InputNames: []string{"spend", "staff", "storage"}, OutputNames: []string{"pairs", "matters", "scenarios", "on_time"}}
	for u := range n {
		size := math.Exp(rng.NormFloat64())
		t.Units = append(t.Units, fmt.Sprint(u))
		t.Inputs = append(t.Inputs, []float64{1e6 * size * (1 + rng.Float64()), 20 * size * (1 + rng.Float64()), 1e9 * size * (1 + rng.Float64())})
		t.Outputs = append(t.Outputs, []float64{50 * size * rng.Float64(), 200 * size * rng.Float64(), 10 * size * rng.Float64(), .01 + rng.Float64()})
	}
	return t
}

func BenchmarkRadial500(b *testing.B) {
	t := benchTable(500)
	for range b.N {
		if _, err := Radial(t, Options{Scale: Variable}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkScaleEfficiency500(b *testing.B) {
	t := benchTable(500)
	for range b.N {
		if _, err := ScaleEfficiency(t, Options{}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSlackBased500(b *testing.B) {
	t := benchTable(500)
	for range b.N {
		if _, err := SlackBased(t, Options{}); err != nil {
			b.Fatal(err)
		}
	}
}
