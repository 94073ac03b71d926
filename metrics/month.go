// Package metrics is the closed month as reports, pages and exports read it: values, scores and flows of every
// department, frozen under one stamp. The mathematics stands in its subpackages.
//
// It holds plain data and looks nothing up: internal/closing fills it, reports and the server read it.
package metrics

import (
	"time"

	"weir/internal/lang"
	"weir/metrics/scoring"
)

// City is the department id under which the totals of all departments stand.
const City = "*"

// Month is one revision of a closed month.
type Month struct {
	Month    string // YYYY-MM
	Revision int
	AsOf     time.Time // state of the data, UTC
	ClosedAt time.Time // UTC
	Stamp    string    // SHA-256 over data, definitions, configuration and engine

	Departments []Department // in the order of their ids
	// Predecessors are the departments that are gone and count for another, in the order of their ids; empty where there
	// are none, nil where the month was closed before they were kept.
	Predecessors []Predecessor `json:",omitzero"`
	Values       []Value       // by indicator, department, data kind
	Scores       []scoring.Result
	Scheme       *scoring.Scheme // by which they were scored; nil where nothing is scored
	Caps         []Cap           // departments whose grade was limited
	Standings    []Standing      // how firm each score and rank is, in the order of Scores
	Integrity    []Integrity     // by department, then measure
	Flows        []Flow          // effective exchanges between departments in the month
	Sources      []Source
}

// Department is a department as reports name it.
type Department struct {
	ID         string
	Name       lang.Text
	SystemType string // vertical, territorial or ""
	LineCode   string
	Class      string
}

// Value is one indicator of one department, for all kinds of data (DataKind "") or one of them.
type Value struct {
	Indicator  string
	Version    int
	Department string // City for the total
	DataKind   string
	State      scoring.State

	// Numerator and Denominator are nil where the indicator is no quotient. They are exact up to 2^53.
	Numerator, Denominator *float64
	// Value is nil unless the state is scoring.HasValue.
	Value *float64
	// N is the number of cases, nil where the indicator does not count cases.
	N *int64
	// Low and High are the limits of the 95 % interval, both nil where none is honest.
	Low, High *float64
	// Method says how the interval came about, "" where there is none.
	Method IntervalMethod
	// StandardError is that of the value where the interval rests on single cases; nil otherwise.
	StandardError *float64
	// Cases is the number of cases behind StandardError, such as the resources over which a ratio was taken. It may
	// differ from N, which is what the reader is told.
	Cases *int64
	// Target is nil where none is set.
	Target *float64
	Unit   string
}

// Flow is what one department took from another.
type Flow struct {
	Provider, Consumer string
	Exchanges          int64 // effective exchanges
	Rows               int64 // rows delivered
}

// Source is what was loaded into one table until the month was closed.
type Source struct {
	Table       string
	Loads       int64
	Rows        int64 // rows loaded
	Duplicates  int64
	Quarantined int64
}

// Find returns the value of an indicator for a department over all kinds of data.
func (m *Month) Find(indicator, department string) (Value, bool) {
	for _, v := range m.Values {
		if v.Indicator == indicator && v.Department == department && v.DataKind == "" {
			return v, true
		}
	}
	return Value{}, false
}
