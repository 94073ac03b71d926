package scoring

import "slices"

// cell is an indicator of one department, ready to be weighed.
type cell struct {
	observed Observation
	rule     Rule
	fraction float64
	reason   Reason // "" = graded
}

// counts reports whether the cell carries weight: a value, or missing as 0.
func (c cell) counts() bool { return c.reason == "" || c.reason == ReasonMissing }

// cells evaluates every indicator of the scheme for a department.
func (s *Scheme) cells(d Department, notMeasured map[string]bool) (map[string]cell, error) {
	cells := make(map[string]cell, len(s.Indicators))
	for _, ind := range s.Indicators {
		o := d.Observations[ind.ID]
		if !o.State.known() {
			return nil, invalid("department %q, indicator %q: state %q", d.ID, ind.ID, o.State)
		}
		o.State = stateOf(o)
		c := cell{observed: o, rule: ind.Rule}
		if o.Rule != nil {
			c.rule = *o.Rule
			if err := c.rule.Validate(); err != nil {
				return nil, invalid("department %q, indicator %q: %v", d.ID, ind.ID, err)
			}
		}
		switch {
		case notMeasured[ind.ID] || o.State == NotMeasured:
			c.reason = ReasonNotMeasured
		case o.State == NotApplicable:
			c.reason = ReasonNotApplicable
		case o.State == Missing:
			c.reason = ReasonMissing
		case !isFinite(o.Value):
			return nil, invalid("department %q, indicator %q: value %v", d.ID, ind.ID, o.Value)
		case o.N < 0:
			return nil, invalid("department %q, indicator %q: n %d is negative", d.ID, ind.ID, o.N)
		case o.N > 0 && o.N < ind.MinimumN:
			c.reason = ReasonTooFew
			c.fraction = c.rule.fraction(o.Value)
		default:
			c.fraction = c.rule.fraction(o.Value)
		}
		cells[ind.ID] = c
	}
	return cells, nil
}

// measured is the weight of a node that some source covers, in hundredths:
// the nominal weight without what is not measured.
func measured(n Node, cells map[string]cell) int64 {
	if n.Indicator != "" {
		if cells[n.Indicator].reason == ReasonNotMeasured {
			return 0
		}
		return hundredths(n.Weight)
	}
	var sum int64
	for _, c := range n.Children {
		sum += measured(c, cells)
	}
	return sum
}

// alive reports whether anything under the node carries weight.
func alive(n Node, cells map[string]cell) bool {
	if n.Indicator != "" {
		return cells[n.Indicator].counts() && hundredths(n.Weight) > 0
	}
	return slices.ContainsFunc(n.Children, func(c Node) bool { return alive(c, cells) })
}

// indexWeight is what an index tree weighs as a whole, in hundredths.
const indexWeight = 100 * 100

// tallyIndex evaluates the tree of an index, whose weights are relative: they
// are scaled so that the whole tree weighs 100, else weights such as 1 and 1
// would be rounded to whole points.
func tallyIndex(root Node, cells map[string]cell) Tally {
	nominal := root.nominal()
	return tally(root, cells, (measured(root, cells)*indexWeight+nominal/2)/nominal)
}

// tallyTotal evaluates the tree of the score, whose weights are points.
func tallyTotal(root Node, cells map[string]cell) Tally {
	return tally(root, cells, measured(root, cells))
}

// tally evaluates a tree that carries the given weight. Weight of what does not apply goes to the siblings
// that do, in proportion to their own; when a whole group does not apply, to
// the group's siblings, and so on up.
func tally(root Node, cells map[string]cell, carried int64) Tally {
	t := Tally{ID: root.ID, Nominal: fromHundredths(root.nominal())}
	w := &walk{tally: &t, cells: cells}
	w.node(root, carried, nil, "")
	t.Points, t.Weight = fromHundredths(w.points), fromHundredths(w.weight)
	if w.weight > 0 {
		t.Scored = true
		t.Score = Round(100*float64(w.points)/float64(w.weight), PointDecimals)
	}
	if w.applicable > 0 {
		t.Coverage = float64(w.graded) / float64(w.applicable)
	}
	return t
}

type walk struct {
	tally                              *Tally
	cells                              map[string]cell
	points, weight, applicable, graded int64
}

// node evaluates n with the weight it carries. heir is the group that carries
// the weight of what does not apply below n; "" when nothing does.
func (w *walk) node(n Node, carried int64, path []string, heir string) (points, weight int64) {
	if n.Indicator != "" {
		return w.leaf(n, carried, path, heir)
	}
	at := len(w.tally.Groups)
	w.tally.Groups = append(w.tally.Groups, Group{ID: n.ID, Depth: len(path), Nominal: fromHundredths(n.nominal())})
	path = append(slices.Clone(path), n.ID)
	if alive(n, w.cells) {
		heir = n.ID
	}
	carriedBy := w.distribute(n.Children, carried)
	for i, c := range n.Children {
		p, wt := w.node(c, carriedBy[i], path, heir)
		points, weight = points+p, weight+wt
	}
	g := &w.tally.Groups[at]
	g.Points, g.Weight = fromHundredths(points), fromHundredths(weight)
	if weight > 0 {
		g.Scored = true
		g.Score = Round(100*float64(points)/float64(weight), PointDecimals)
	}
	return points, weight
}

func (w *walk) leaf(n Node, carried int64, path []string, heir string) (points, weight int64) {
	c := w.cells[n.Indicator]
	nominal := hundredths(n.Weight)
	line := Line{Indicator: n.Indicator, Groups: path, Observed: c.observed, Rule: c.rule,
		Nominal: fromHundredths(nominal), Fraction: c.fraction, Reason: c.reason, Graded: c.reason == ""}
	if c.reason != "" {
		lo := LeftOut{Indicator: n.Indicator, Reason: c.reason, Weight: fromHundredths(nominal)}
		if c.reason == ReasonNotApplicable || c.reason == ReasonTooFew {
			lo.Share = heir
		}
		w.tally.LeftOut = append(w.tally.LeftOut, lo)
	}
	if c.reason != ReasonNotApplicable && c.reason != ReasonTooFew {
		w.applicable += nominal
	}
	if c.reason == "" {
		w.graded += nominal
	}
	if c.counts() {
		weight = carried
		line.Weight = fromHundredths(weight)
		line.Points = Round(line.Weight*c.fraction, PointDecimals)
		points = hundredths(line.Points)
	}
	w.points, w.weight = w.points+points, w.weight+weight
	w.tally.Lines = append(w.tally.Lines, line)
	return points, weight
}

// distribute hands the carried weight to the children that are alive, in
// proportion to their measured weight, by largest remainder in hundredths;
// equal remainders go to the earlier child.
func (w *walk) distribute(children []Node, carried int64) []int64 {
	out := make([]int64, len(children))
	base := make([]int64, len(children))
	var sum int64
	for i, c := range children {
		if alive(c, w.cells) {
			base[i] = measured(c, w.cells)
			sum += base[i]
		}
	}
	if sum == 0 {
		return out
	}
	rest := carried
	remainder := make([]int64, len(children))
	for i, b := range base {
		out[i] = carried * b / sum
		remainder[i] = carried * b % sum
		rest -= out[i]
	}
	order := make([]int, len(children))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int { return int(min(1, max(-1, remainder[j]-remainder[i]))) })
	for _, i := range order[:rest] {
		out[i]++
	}
	return out
}
