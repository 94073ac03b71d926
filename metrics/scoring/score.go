package scoring

// Reason says why an indicator does not count, or counts as 0.
type Reason string

const (
	ReasonNotApplicable Reason = "not_applicable" // weight shared in its group
	ReasonTooFew        Reason = "too_few_cases"  // shown, not graded, weight shared in its group
	ReasonNotMeasured   Reason = "not_measured"   // left out for all departments
	ReasonMissing       Reason = "missing"        // counted with 0 points
)

// Text returns the reason in words for print.
func (r Reason) Text() (zh, en string) {
	switch r {
	case ReasonNotApplicable:
		return "不适用，权重由同组其他指标分担", "not applicable, weight shared within its group"
	case ReasonTooFew:
		return "样本不足，展示但不评分，权重由同组其他指标分担", "too few cases, shown but not graded, weight shared within its group"
	case ReasonNotMeasured:
		return "未测，数据源未接入，所有部门均不计入", "not measured, source not connected, left out for all departments"
	case ReasonMissing:
		return "缺数，按 0 分计", "missing, counted as 0 points"
	}
	return string(r), string(r)
}

// LeftOut names an indicator that did not count as usual.
type LeftOut struct {
	Indicator string  `json:"indicator"`
	Reason    Reason  `json:"reason"`
	Weight    float64 `json:"weight"`          // nominal
	Share     string  `json:"share,omitempty"` // id of the group that carries its weight; "" if none does
}

// Line is one indicator in a department's score.
type Line struct {
	Indicator string      `json:"indicator"`
	Groups    []string    `json:"groups"` // from the root of the tree down
	Observed  Observation `json:"observed"`
	Rule      Rule        `json:"rule"`
	Nominal   float64     `json:"nominal"`  // weight in the scheme
	Weight    float64     `json:"weight"`   // weight after sharing; 0 if left out
	Fraction  float64     `json:"fraction"` // share of the weight earned, not rounded
	Points    float64     `json:"points"`   // Weight × Fraction, two decimals, half up
	Graded    bool        `json:"graded"`
	Reason    Reason      `json:"reason,omitempty"`
}

// Group is the subtotal of a group; points and weights are sums of its lines.
type Group struct {
	ID      string  `json:"id"`
	Depth   int     `json:"depth"`   // 0 for the root
	Nominal float64 `json:"nominal"` // weight in the scheme
	Weight  float64 `json:"weight"`  // after leaving out and sharing
	Points  float64 `json:"points"`
	Score   float64 `json:"score"` // 100 × Points / Weight, two decimals; 0 if Scored is false
	Scored  bool    `json:"scored"`
}

// Tally is one tree of the scheme evaluated for one department.
type Tally struct {
	ID string `json:"id"`
	// Scored is false when nothing in the tree applies to the department; its
	// score is then not applicable and must not be printed as 0.
	Scored   bool      `json:"scored"`
	Score    float64   `json:"score"`    // 100 × Points / Weight, two decimals, half up
	Points   float64   `json:"points"`   // sum of the lines' points
	Weight   float64   `json:"weight"`   // sum of the lines' weights
	Nominal  float64   `json:"nominal"`  // weight of the whole tree in the scheme
	Coverage float64   `json:"coverage"` // share of the applicable nominal weight that has a graded value, 0 to 1
	Lines    []Line    `json:"lines"`
	Groups   []Group   `json:"groups"` // depth first, the root first
	LeftOut  []LeftOut `json:"left_out"`
}

// Result is the score of a department.
type Result struct {
	Department string  `json:"department"`
	Total      Tally   `json:"total"`
	Indices    []Tally `json:"indices"`
	Grade      string  `json:"grade"`                // "" when Total is not scored
	Uncapped   string  `json:"uncapped"`             // the grade before a cap
	CapReason  string  `json:"cap_reason,omitempty"` // set when the cap lowered the grade
	Rank       int     `json:"rank,omitempty"`       // by ScoreAll; equal scores share the better rank; 0 if not scored
}

// Score scores one department against its targets. No other department's data
// enter. notMeasured names the indicators whose source is connected for no
// department.
//
// Rounding: weights and points are whole hundredths. A shared weight is
// distributed by largest remainder, so that a group keeps its weight to the
// hundredth; each line's points are rounded half up once; totals are sums of
// the lines. A printed column therefore adds up to its printed total, and full
// marks are exactly 100.
func (s *Scheme) Score(d Department, notMeasured map[string]bool) (Result, error) {
	if err := s.Validate(); err != nil {
		return Result{}, err
	}
	return s.score(d, notMeasured)
}

// score is Score for a scheme already validated.
func (s *Scheme) score(d Department, notMeasured map[string]bool) (Result, error) {
	cells, err := s.cells(d, notMeasured)
	if err != nil {
		return Result{}, err
	}
	res := Result{Department: d.ID, Total: tallyTotal(s.Total, cells)}
	for _, n := range s.Indices {
		res.Indices = append(res.Indices, tallyIndex(n, cells))
	}
	if d.GradeCap != "" {
		if _, err := s.bands().Cap(d.GradeCap, d.GradeCap); err != nil {
			return Result{}, invalid("department %q: %v", d.ID, err)
		}
	}
	if !res.Total.Scored {
		return res, nil
	}
	res.Uncapped = s.bands().Grade(res.Total.Score)
	res.Grade = res.Uncapped
	if d.GradeCap != "" {
		if res.Grade, err = s.bands().Cap(res.Uncapped, d.GradeCap); err != nil {
			return Result{}, invalid("department %q: %v", d.ID, err)
		}
		if res.Grade != res.Uncapped {
			res.CapReason = d.CapReason
		}
	}
	return res, nil
}

// ScoreAll scores every department and ranks those that have a score. The only
// thing departments share is which indicators are not measured: when one
// department says so, every other must say so too or be out of the indicator's
// scope, else the input is refused.
func (s *Scheme) ScoreAll(departments []Department) ([]Result, error) {
	if err := s.Validate(); err != nil {
		return nil, err
	}
	notMeasured, err := NotMeasuredIn(departments)
	if err != nil {
		return nil, err
	}
	results := make([]Result, len(departments))
	var scores []float64
	var scored []int
	for i, d := range departments {
		if results[i], err = s.score(d, notMeasured); err != nil {
			return nil, err
		}
		if results[i].Total.Scored {
			scores, scored = append(scores, results[i].Total.Score), append(scored, i)
		}
	}
	for k, r := range RankDescending(scores, TiesMin) {
		results[scored[k]].Rank = int(r)
	}
	return results, nil
}

// NotMeasuredIn collects the indicators that are not measured, and refuses
// input in which an indicator is not measured for one department and measured
// or missing for another.
func NotMeasuredIn(departments []Department) (map[string]bool, error) {
	by := map[string]string{} // indicator → a department that says not measured
	seen := map[string]bool{}
	for _, d := range departments {
		if seen[d.ID] {
			return nil, invalid("department %q appears twice", d.ID)
		}
		seen[d.ID] = true
		for id, o := range d.Observations {
			if o.State == NotMeasured {
				by[id] = d.ID
			}
		}
	}
	out := map[string]bool{}
	for id := range by {
		out[id] = true
		for _, d := range departments {
			switch o := d.Observations[id]; o.State {
			case NotMeasured, NotApplicable:
			default:
				return nil, invalid("indicator %q is not measured for department %q and has state %q for %q; a source is connected for all departments or for none", id, by[id], stateOf(o), d.ID)
			}
		}
	}
	return out, nil
}

func stateOf(o Observation) State {
	if o.State == "" {
		return Missing
	}
	return o.State
}
