package scoring

// State says what stands behind a figure. It is kept apart from the figure all
// the way to print, since each state is scored differently.
type State string

const (
	// Missing 缺数: the department's data should exist and do not. Scores 0
	// points, since missing data must never raise a score. The zero value, and
	// an indicator for which a department has no observation, mean the same.
	Missing State = "missing"
	// HasValue: there is a figure.
	HasValue State = "value"
	// NotApplicable 不适用: the role or the denominator is absent. Left out,
	// its weight goes to the others of its group.
	NotApplicable State = "not_applicable"
	// NotMeasured 未测: the source is connected for no department. Left out
	// for all, its weight counts for nobody, and reports list it.
	NotMeasured State = "not_measured"
)

func (s State) known() bool {
	switch s {
	case "", Missing, HasValue, NotApplicable, NotMeasured:
		return true
	}
	return false
}

// Observation is one department's figure for one indicator in one period.
type Observation struct {
	State State   `json:"state"`
	Value float64 `json:"value"` // in the indicator's unit; only with HasValue
	// N is the number of cases behind the value; 0 means that the indicator
	// does not count cases and no minimum applies.
	N int64 `json:"n,omitempty"`
	// Rule replaces the indicator's rule for this department, for targets set
	// by data kind or department class. nil keeps the indicator's rule.
	Rule *Rule `json:"rule,omitempty"`
	// StandardError is the uncertainty of Value for simulations; 0 if unknown.
	StandardError float64 `json:"standard_error,omitempty"`
	// Low and High bound simulated values, for example 0 and 100 for a rate in
	// percent; both 0 means no bounds.
	Low  float64 `json:"low,omitempty"`
	High float64 `json:"high,omitempty"`
}

// Department is what one department brings to the scoring.
type Department struct {
	ID           string
	Observations map[string]Observation // by indicator id
	// GradeCap is the best grade open to the department, for example after a
	// confirmed leak; "" means no cap. CapReason is printed with it.
	GradeCap  string
	CapReason string
}
