package document

import "weir/internal/lang"

// State tells a number from the three reasons why there is none. The states
// stay apart in every table, figure and file; none of them is ever drawn or
// added as zero.
type State int

const (
	// NotMeasured (未测): the source is not connected for anyone. It is the zero
	// value, so that a forgotten value never reads as a figure.
	NotMeasured State = iota
	// Missing (缺数): the department's data should exist and do not.
	Missing
	// NotApplicable (不适用): the role or the denominator is absent.
	NotApplicable
	// Measured: the number counts.
	Measured
)

// Word is the state as printed, empty for Measured.
func (s State) Word(l lang.Lang) string {
	switch s {
	case NotMeasured:
		return l.Pick("未测", "not measured")
	case Missing:
		return l.Pick("缺数", "missing")
	case NotApplicable:
		return l.Pick("不适用", "not applicable")
	}
	return ""
}

// Sign is the state in one character, for the narrow cells of a heat map. A
// legend beside it gives the word.
func (s State) Sign() string {
	switch s {
	case NotMeasured:
		return "·"
	case Missing:
		return "×"
	case NotApplicable:
		return "—"
	}
	return ""
}

// Value is a number or the reason why there is none. The zero value is
// NotMeasured.
type Value struct {
	State  State
	Number float64
}

// Num is a measured number.
func Num(v float64) Value { return Value{State: Measured, Number: v} }

// None is a value that is absent for the given reason.
func None(s State) Value { return Value{State: s} }

// Ok reports whether the value is a number.
func (v Value) Ok() bool { return v.State == Measured }

// Interval is a range that holds the true value with the stated confidence.
type Interval struct {
	Low, High float64
	Level     float64 // 0.95
	Method    string  // as printed: Wilson
}
