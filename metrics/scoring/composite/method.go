package composite

// Text is a text in both languages; either may be empty.
type Text struct {
	ZH string `yaml:"zh" json:"zh"`
	EN string `yaml:"en" json:"en"`
}

// Methodology says how an index is made of a table.
type Methodology struct {
	Name   Text   `yaml:"name"`
	Source string `yaml:"source"` // where the method is published
	Unit   string `yaml:"unit"`   // column that names the units, each once
	Label  string `yaml:"label"`  // column with the units' names for print; "" = Unit

	// Impute, Outliers and Normalise apply to indicators that state none.
	Impute    *Impute    `yaml:"impute"`
	Outliers  *Outliers  `yaml:"outliers"`
	Normalise *Normalise `yaml:"normalise"`

	Indicators  []Indicator  `yaml:"indicators"`
	Index       Node         `yaml:"index"`
	Ranking     Ranking      `yaml:"ranking"`
	Uncertainty *Uncertainty `yaml:"uncertainty"`
}

// Indicator is a column of the table made ready for the index.
type Indicator struct {
	ID     string `yaml:"id"`
	Name   Text   `yaml:"name"`
	Column string `yaml:"column"` // "" = ID
	// Direction: higher (the default) or lower is better.
	Direction string `yaml:"direction"`
	// Denominator is a column by which the value is divided; Per multiplies
	// the quotient (1000 = per thousand; 0 = 1).
	Denominator string  `yaml:"denominator"`
	Per         float64 `yaml:"per"`
	// Transform after division: "", log10, ln, sqrt, log10_1p.
	Transform string     `yaml:"transform"`
	Impute    *Impute    `yaml:"impute"`
	Outliers  *Outliers  `yaml:"outliers"`
	Normalise *Normalise `yaml:"normalise"`
}

// Impute says what stands in for a missing value.
type Impute struct {
	// Method: none (stays missing), value, mean, median, minimum, maximum,
	// group_mean, group_median. A group without any value keeps its gaps.
	Method string  `yaml:"method"`
	Value  float64 `yaml:"value"` // for value
	Group  string  `yaml:"group"` // column, for group_mean and group_median
}

// Outliers says how values far from the others are treated, on the raw scale
// after transformation.
type Outliers struct {
	// Method:
	//   none
	//   winsorise   while skewness and excess kurtosis are both beyond their
	//               limits, the extreme value becomes the next one, at most
	//               Limit times; a note says where that was not enough
	//   percentile  values beyond the Low and High quantiles become these
	//   fences      values beyond Width interquartile ranges from the
	//               quartiles become these limits
	Method   string   `yaml:"method"`
	Skewness *float64 `yaml:"skewness"` // winsorise; nil = 2
	Kurtosis *float64 `yaml:"kurtosis"` // winsorise; nil = 3.5
	Limit    *int     `yaml:"limit"`    // winsorise; nil = 5
	Low      *float64 `yaml:"low"`      // percentile; nil = 0.05
	High     *float64 `yaml:"high"`     // percentile; nil = 0.95
	Width    *float64 `yaml:"width"`    // fences; nil = 1.5
}

// Normalise says how indicators become comparable. All results are such that
// more is better.
type Normalise struct {
	// Method:
	//   none                   as it is; refused for direction lower
	//   minmax                 from Range[0] at the worst value to Range[1] at the best
	//   goalposts              the same between Min and Max, cut to the range unless Cap is false
	//   zscore                 (x − mean)/sd; Deviation sample (n−1, default) or population
	//   rank                   1 for the worst, equal values the best of their ranks from below
	//   percentile             100·rank/n with the same ranks
	//   categorical            the score of the category that the percentile falls into
	//   distance_to_target     x/Target, or Target/x for lower; cut to 1 unless Cap is false
	//   ratio_to_mean          x/mean
	//   ratio_to_best          x/best, or best/x for lower
	//   ratio_to_worst         x/worst, or worst/x for lower
	//   difference_from_mean   (x − mean)/mean
	//   difference_from_worst  (x − worst)/worst
	//   above_below_mean       1 above (1+Threshold)·mean, −1 below (1−Threshold)·mean, else 0
	// For direction lower: minmax, goalposts and rank run the other way,
	// zscore, difference_from_mean and above_below_mean change sign;
	// ratio_to_mean and difference_from_worst are refused.
	Method     string      `yaml:"method"`
	Range      *[2]float64 `yaml:"range"` // minmax, goalposts; nil = 0 to 1
	Min        *float64    `yaml:"min"`   // goalposts: the worst value, or the best for direction lower
	Max        *float64    `yaml:"max"`   // goalposts
	Log        bool        `yaml:"log"`   // goalposts: natural logarithm of value, Min and Max first
	Cap        *bool       `yaml:"cap"`   // goalposts, distance_to_target; nil = true
	Target     *float64    `yaml:"target"`
	Deviation  string      `yaml:"deviation"`
	Threshold  *float64    `yaml:"threshold"`  // above_below_mean; nil = 0.2
	Categories []Category  `yaml:"categories"` // categorical; nil = 0 20 40 50 60 80 100 at 5 15 35 65 85 95 %
}

// Category is a score for percentiles from From on.
type Category struct {
	From  float64 `yaml:"from"`
	Score float64 `yaml:"score"`
}

// Node is a group of the index or, with Indicator set, a leaf.
type Node struct {
	ID        string   `yaml:"id"`
	Name      Text     `yaml:"name"`
	Indicator string   `yaml:"indicator"`
	Weight    *float64 `yaml:"weight"` // among its siblings; scaled to sum to 1
	// Discount is a column of percentages d by which the node's score is
	// reduced: score·(1 − d/100).
	Discount string `yaml:"discount"`

	// The following belong to groups.
	Weights *Weights `yaml:"weights"` // nil = given if a child has a weight, else equal
	// Aggregate: arithmetic (default), geometric, harmonic, power, minimum,
	// maximum, median, topsis, promethee, benefit_of_the_doubt, borda,
	// copeland.
	Aggregate  string      `yaml:"aggregate"`
	Exponent   float64     `yaml:"exponent"`    // power
	ShareLeast float64     `yaml:"share_least"` // benefit_of_the_doubt
	ShareMost  *float64    `yaml:"share_most"`  // benefit_of_the_doubt; nil = 1
	Rescale    *[2]float64 `yaml:"rescale"`     // min-max of the aggregated score; nil = as it is
	// Missing says what happens where a child has no score: no_score
	// (default), share (its weight goes to the others) or zero.
	Missing  string `yaml:"missing"`
	Children []Node `yaml:"children"`
}

// Weights says where the children's weights come from.
type Weights struct {
	// Method: given, equal, entropy, standard_deviation, critic, merec,
	// factor, ahp. Those from data use the children's scores, entropy,
	// standard_deviation and critic scaled to 0 to 1 first.
	Method      string      `yaml:"method"`
	Spearman    bool        `yaml:"spearman"`     // critic
	Factors     int         `yaml:"factors"`      // factor; 0 = those with eigenvalue above 1
	Pairwise    [][]float64 `yaml:"pairwise"`     // ahp, in the order of the children
	RandomIndex string      `yaml:"random_index"` // ahp: saaty1980 (default), saaty2005, donegan_dodd
}

// Ranking says how units are ranked, the highest score first.
type Ranking struct {
	Decimals *int   `yaml:"decimals"` // scores are rounded half up to these first; nil = not rounded
	Ties     string `yaml:"ties"`     // min (default), average, max, dense
}

// Uncertainty varies the choices of the method and says what they do to ranks.
type Uncertainty struct {
	Draws int    `yaml:"draws"` // 0 = 1000
	Seed  uint64 `yaml:"seed"`
	// Weights varies every weight by this share either way: 0.25 draws from
	// 75 % to 125 %. 0 leaves them.
	Weights float64 `yaml:"weights"`
	// Normalise lists methods drawn in place of each indicator's own, for
	// indicators normalised by one of them.
	Normalise []string `yaml:"normalise"`
	// Aggregate lists methods drawn in place of each group's own.
	Aggregate []string `yaml:"aggregate"`
	// LeaveOut leaves out one indicator, or none, in each draw.
	LeaveOut bool `yaml:"leave_out"`
	// Sobol is the number of points for the indices of what moves ranks; 0
	// means none.
	Sobol int `yaml:"sobol"`
}
