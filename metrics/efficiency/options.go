package efficiency

// Orientation says what an inefficient unit should change.
type Orientation string

const (
	// Input asks how far inputs can shrink at the same outputs. The zero value
	// means the same.
	Input Orientation = "input"
	// Output asks how far outputs can grow from the same inputs.
	Output Orientation = "output"
	// NonOriented changes both; only the slack-based measure knows it.
	NonOriented Orientation = "none"
)

// Scale is the assumption about returns to scale.
type Scale string

const (
	// Constant returns (CCR): any multiple of a unit is possible. The zero
	// value means the same.
	Constant Scale = "crs"
	// Variable returns (BCC): only averages of units.
	Variable Scale = "vrs"
	// NonIncreasing returns: units may be scaled down.
	NonIncreasing Scale = "nirs"
	// NonDecreasing returns: units may be scaled up.
	NonDecreasing Scale = "ndrs"
)

// Options steers a model; the zero value is input-oriented with constant
// returns and refuses tables with too few units.
type Options struct {
	Orientation Orientation
	Scale       Scale
	// FixedInputs marks inputs that management cannot change (population,
	// area): they limit comparisons but are not asked to shrink. nil = none.
	// Radial input orientation only.
	FixedInputs []bool
	// AllowFewUnits lifts the refusal of small tables, to rebuild published
	// examples. Scores of such tables tell units apart poorly.
	AllowFewUnits bool
}

func (o Options) check(t Table, orientations ...Orientation) (Options, error) {
	if o.Orientation == "" {
		o.Orientation = orientations[0]
	}
	if o.Scale == "" {
		o.Scale = Constant
	}
	known := false
	for _, k := range orientations {
		known = known || o.Orientation == k
	}
	if !known {
		return o, invalid("orientation %q, this model knows %v", o.Orientation, orientations)
	}
	switch o.Scale {
	case Constant, Variable, NonIncreasing, NonDecreasing:
	default:
		return o, invalid("returns to scale %q, want crs, vrs, nirs or ndrs", o.Scale)
	}
	if o.FixedInputs != nil {
		free := 0
		for _, f := range o.FixedInputs {
			if !f {
				free++
			}
		}
		switch {
		case len(o.FixedInputs) != len(t.InputNames):
			return o, invalid("%d marks of fixed inputs for %d inputs", len(o.FixedInputs), len(t.InputNames))
		case free == 0:
			return o, invalid("all inputs are fixed, nothing can shrink")
		case o.Orientation != Input:
			return o, invalid("fixed inputs need input orientation")
		}
	}
	return o, nil
}

func (o Options) fixed(i int) bool { return o.FixedInputs != nil && o.FixedInputs[i] }
