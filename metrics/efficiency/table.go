// Package efficiency measures how much units produce for what they use by data
// envelopment analysis: each unit is compared with combinations of its peers,
// without weights set beforehand.
//
// It holds the radial models (constant, variable, non-increasing and
// non-decreasing returns, input and output orientation) with slacks, peers and
// scale efficiency, the slack-based measure, super-efficiency, the additive
// model, free disposal hull, cost efficiency and Malmquist productivity. A
// table with too few units for its columns is refused, since almost every unit
// would then look efficient.
//
// Never added here: statistical noise models, a choice of inputs and outputs,
// anything that turns a score into money.
package efficiency

import (
	"errors"
	"fmt"
	"math"
)

var (
	// ErrInvalid says that the table or an option cannot be used.
	ErrInvalid = errors.New("invalid efficiency input")
	// ErrTooFew says that there are fewer units than the columns need.
	ErrTooFew = errors.New("too few units")
)

func invalid(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrInvalid, fmt.Sprintf(format, args...))
}

// Table holds what units use and produce, all values finite and at least 0.
type Table struct {
	Units       []string
	InputNames  []string
	OutputNames []string
	Inputs      [][]float64 // Inputs[unit][input]
	Outputs     [][]float64 // Outputs[unit][output]
}

// RequiredUnits is max(m·s, 3(m+s)) for m inputs and s outputs, the usual rule
// of thumb for telling units apart (Cooper, Seiford and Tone, Data Envelopment
// Analysis, 2nd ed., 9.3).
func RequiredUnits(inputs, outputs int) int {
	return max(inputs*outputs, 3*(inputs+outputs))
}

// Validate reports what makes the table unusable. Every unit needs a positive
// input and a positive output, and every column a positive value, else ratios
// do not exist.
func (t Table) Validate() error {
	n, m, s := len(t.Units), len(t.InputNames), len(t.OutputNames)
	switch {
	case n == 0:
		return invalid("no units")
	case m == 0:
		return invalid("no inputs")
	case s == 0:
		return invalid("no outputs")
	case len(t.Inputs) != n || len(t.Outputs) != n:
		return invalid("%d units with %d rows of inputs and %d of outputs", n, len(t.Inputs), len(t.Outputs))
	}
	seen := map[string]bool{}
	for _, u := range t.Units {
		if seen[u] {
			return invalid("unit %q appears twice", u)
		}
		seen[u] = true
	}
	if err := t.validateSide("input", t.InputNames, t.Inputs); err != nil {
		return err
	}
	return t.validateSide("output", t.OutputNames, t.Outputs)
}

func (t Table) validateSide(kind string, names []string, rows [][]float64) error {
	positive := make([]bool, len(names))
	for i, row := range rows {
		if len(row) != len(names) {
			return invalid("unit %q has %d values for %d %ss", t.Units[i], len(row), len(names), kind)
		}
		some := false
		for j, v := range row {
			if math.IsNaN(v) || math.IsInf(v, 0) || v < 0 {
				return invalid("unit %q, %s %q: %v, want a finite number of at least 0", t.Units[i], kind, names[j], v)
			}
			some = some || v > 0
			positive[j] = positive[j] || v > 0
		}
		if !some {
			return invalid("unit %q has no %s above 0", t.Units[i], kind)
		}
	}
	for j, p := range positive {
		if !p {
			return invalid("%s %q is 0 for every unit", kind, names[j])
		}
	}
	return nil
}

// prepare validates the table, applies the minimum number of units and returns
// a copy whose columns have mean 1, with the means.
func (t Table) prepare(allowFew bool) (scaled Table, inMeans, outMeans []float64, err error) {
	if err := t.Validate(); err != nil {
		return Table{}, nil, nil, err
	}
	if need := RequiredUnits(len(t.InputNames), len(t.OutputNames)); len(t.Units) < need && !allowFew {
		return Table{}, nil, nil, fmt.Errorf("%w: %d units for %d inputs and %d outputs, at least max(m·s, 3(m+s)) = %d are needed to tell them apart; drop or merge columns, or add units",
			ErrTooFew, len(t.Units), len(t.InputNames), len(t.OutputNames), need)
	}
	scaled = t
	scaled.Inputs, inMeans = byMean(t.Inputs)
	scaled.Outputs, outMeans = byMean(t.Outputs)
	return scaled, inMeans, outMeans, nil
}

func byMean(rows [][]float64) (scaled [][]float64, means []float64) {
	means = make([]float64, len(rows[0]))
	for _, r := range rows {
		for j, v := range r {
			means[j] += v / float64(len(rows))
		}
	}
	scaled = make([][]float64, len(rows))
	for i, r := range rows {
		scaled[i] = make([]float64, len(r))
		for j, v := range r {
			scaled[i][j] = v / means[j]
		}
	}
	return scaled, means
}
