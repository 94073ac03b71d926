package survival

import (
	"cmp"
	"fmt"
	"slices"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat/distuv"
)

// GroupCount is one group's part in the log-rank test.
type GroupCount struct {
	Group    string  `json:"group"`
	N        int     `json:"n"`
	Observed int     `json:"observed"` // events
	Expected float64 `json:"expected"` // events if all groups shared one curve
}

// LogRankTest is the outcome of LogRank.
type LogRankTest struct {
	Groups           []GroupCount `json:"groups"` // in order of name
	ChiSquare        float64      `json:"chi_square"`
	DegreesOfFreedom int          `json:"degrees_of_freedom"`
	P                float64      `json:"p"`
}

// LogRank tests whether the groups share one survival curve. At each event
// time the events expected in a group are d·n_g/n; χ² = uᵀV⁻¹u over all but one
// group, with u the sums of observed minus expected and V the hypergeometric
// covariance, on as many degrees of freedom as groups with expected events
// less one.
//
// Fewer than two groups, no events, or all risk in one group give ErrNoData.
//
// Mantel, N. (1966), Cancer Chemotherapy Reports 50, 163-170; Peto, R. and
// Peto, J. (1972), JRSS A 135, 185-207.
func LogRank(cases []Case) (LogRankTest, error) {
	if err := check(cases); err != nil {
		return LogRankTest{}, err
	}
	index := map[string]int{}
	var names []string
	for _, c := range cases {
		if _, ok := index[c.Group]; !ok {
			index[c.Group] = 0
			names = append(names, c.Group)
		}
	}
	slices.Sort(names)
	if len(names) < 2 {
		return LogRankTest{}, fmt.Errorf("%w: one group, a comparison needs two", ErrNoData)
	}
	test := LogRankTest{Groups: make([]GroupCount, len(names))}
	atRisk := make([]float64, len(names))
	for i, n := range names {
		index[n] = i
		test.Groups[i].Group = n
	}
	for _, c := range cases {
		test.Groups[index[c.Group]].N++
		atRisk[index[c.Group]]++
	}
	covariance := accumulate(cases, index, atRisk, test.Groups)

	var kept []int
	for i, g := range test.Groups {
		if g.Expected > 0 {
			kept = append(kept, i)
		}
	}
	if len(kept) < 2 {
		return LogRankTest{}, fmt.Errorf("%w: fewer than two groups were at risk when events happened", ErrNoData)
	}
	kept = kept[1:]
	test.DegreesOfFreedom = len(kept)
	u := mat.NewVecDense(len(kept), nil)
	v := mat.NewSymDense(len(kept), nil)
	for a, i := range kept {
		u.SetVec(a, float64(test.Groups[i].Observed)-test.Groups[i].Expected)
		for b, j := range kept[:a+1] {
			v.SetSym(a, b, covariance[i][j])
		}
	}
	var chol mat.Cholesky
	if !chol.Factorize(v) {
		return LogRankTest{}, fmt.Errorf("%w: the groups were never at risk together when events happened", ErrNoData)
	}
	var x mat.VecDense
	if err := chol.SolveVecTo(&x, u); err != nil {
		return LogRankTest{}, fmt.Errorf("%w: the groups were hardly ever at risk together when events happened", ErrNoData)
	}
	test.ChiSquare = mat.Dot(u, &x)
	test.P = distuv.ChiSquared{K: float64(test.DegreesOfFreedom)}.Survival(test.ChiSquare)
	return test, nil
}

// accumulate walks through time, filling observed and expected events and
// returning their covariance. atRisk is used up.
func accumulate(cases []Case, index map[string]int, atRisk []float64, groups []GroupCount) [][]float64 {
	s := slices.Clone(cases)
	slices.SortStableFunc(s, func(a, b Case) int { return cmp.Compare(a.Time, b.Time) })
	cov := make([][]float64, len(groups))
	for i := range cov {
		cov[i] = make([]float64, len(groups))
	}
	for from := 0; from < len(s); {
		n := float64(len(s) - from)
		var d float64
		to := from
		for ; to < len(s) && s[to].Time == s[from].Time; to++ {
			if s[to].Event {
				d++
				groups[index[s[to].Group]].Observed++
			}
		}
		if d > 0 {
			factor := 0.0 // a single open case has no variance
			if n > 1 {
				factor = d * (n - d) / (n - 1)
			}
			for i := range groups {
				groups[i].Expected += d * atRisk[i] / n
				for j := range groups {
					cov[i][j] -= factor * atRisk[i] / n * atRisk[j] / n
				}
				cov[i][i] += factor * atRisk[i] / n
			}
		}
		for _, c := range s[from:to] {
			atRisk[index[c.Group]]--
		}
		from = to
	}
	return cov
}

// Comparison holds a curve per group and, where it exists, the test between
// them.
type Comparison struct {
	Curves  []Curve      `json:"curves"`   // in order of group name
	LogRank *LogRankTest `json:"log_rank"` // nil when it does not exist
	Reason  string       `json:"reason,omitempty"`
}

// Compare estimates every group's curve and tests whether they differ. Where
// the test does not exist, Reason says why.
func Compare(cases []Case, opt Options) (Comparison, error) {
	if err := check(cases); err != nil {
		return Comparison{}, err
	}
	by := map[string][]Case{}
	var names []string
	for _, c := range cases {
		if by[c.Group] == nil {
			names = append(names, c.Group)
		}
		by[c.Group] = append(by[c.Group], c)
	}
	slices.Sort(names)
	var cmp Comparison
	for _, n := range names {
		c, err := KaplanMeier(by[n], opt)
		if err != nil {
			return Comparison{}, err
		}
		cmp.Curves = append(cmp.Curves, c)
	}
	test, err := LogRank(cases)
	if err != nil {
		cmp.Reason = err.Error()
		return cmp, nil
	}
	cmp.LogRank = &test
	return cmp, nil
}
