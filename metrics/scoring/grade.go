package scoring

import "slices"

// Band is a grade and the lowest score that earns it. Bands are half-open: a
// score belongs to the band with the highest Min not above it.
type Band struct {
	Grade string  `yaml:"grade" json:"grade"`
	Min   float64 `yaml:"min" json:"min"` // 0 to 100
}

// Bands grade scores, from the best band to the worst, whose Min is 0.
type Bands []Band

// DefaultBands are those of the Ministry of Finance for central departments:
// 优 from 90, 良 from 80, 中 from 60, 差 below.
func DefaultBands() Bands {
	return Bands{{"优", 90}, {"良", 80}, {"中", 60}, {"差", 0}}
}

// Validate reports bands that are not strictly descending, do not end at 0, or
// repeat or lack a name.
func (b Bands) Validate() error {
	if len(b) == 0 {
		return invalid("no grade bands")
	}
	seen := map[string]bool{}
	for i, band := range b {
		switch {
		case band.Grade == "":
			return invalid("grade band %d has no name", i+1)
		case seen[band.Grade]:
			return invalid("grade %q appears twice", band.Grade)
		case !isFinite(band.Min) || band.Min < 0 || band.Min > 100:
			return invalid("grade %q starts at %v, want 0 to 100", band.Grade, band.Min)
		case i > 0 && band.Min >= b[i-1].Min:
			return invalid("grade %q starts at %v, not below %q at %v", band.Grade, band.Min, b[i-1].Grade, b[i-1].Min)
		}
		seen[band.Grade] = true
	}
	if last := b[len(b)-1]; last.Min != 0 {
		return invalid("the last grade %q starts at %v, want 0 so that every score has a grade", last.Grade, last.Min)
	}
	return nil
}

// Grade returns the grade of a score as it is printed: the score is rounded
// half up to two decimals first, so that what reads 90.00 is graded as 90.
func (b Bands) Grade(score float64) string {
	return b[b.index(Round(score, PointDecimals))].Grade
}

func (b Bands) index(score float64) int {
	for i, band := range b {
		if score >= band.Min {
			return i
		}
	}
	return len(b) - 1
}

// Cap returns the worse of two grades; a grade that the bands do not know is
// refused.
func (b Bands) Cap(grade, limit string) (string, error) {
	at := func(g string) int { return slices.IndexFunc(b, func(x Band) bool { return x.Grade == g }) }
	i, j := at(grade), at(limit)
	if i < 0 || j < 0 {
		return "", invalid("grade %q or cap %q is not among the bands", grade, limit)
	}
	return b[max(i, j)].Grade, nil
}

// ToNext returns the next better grade and the points still missing to it,
// on the printed score; ok is false in the best band.
func (b Bands) ToNext(score float64) (grade string, missing float64, ok bool) {
	s := Round(score, PointDecimals)
	i := b.index(s)
	if i == 0 {
		return "", 0, false
	}
	return b[i-1].Grade, Round(b[i-1].Min-s, PointDecimals), true
}
