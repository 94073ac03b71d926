package document

// Definition explains an indicator once for the whole document.
type Definition struct {
	// ID is the target of links, such as indicator-update_on_time_rate.
	ID          string
	Name        string
	Question    string // what it answers
	Meaning     string // the definition in one sentence
	Formula     string
	Unit        string
	Decimals    int
	Direction   string // as printed: 越高越好
	Version     string
	Numerator   string // what is counted above the line
	Denominator string // and below it
	Basis       []Basis
	SQL         string // the query, as it ran
	Notes       []string
}

// Basis is a law, standard or rule on which a definition rests.
type Basis struct {
	Text string // 《政务数据共享条例》第二十一条第一款
	Read string // as printed: 已核对原文, 二手来源
}

// Explanation is what lies behind one figure of one department.
type Explanation struct {
	// ID is the target of links, such as update_on_time_rate.MZ.
	ID string
	// Definition is the ID of the Definition it belongs to.
	Definition string
	// Subject is whom it is about: 民政局, 全市.
	Subject     string
	Value       Value
	Numerator   Value // NotApplicable where the figure is no quotient
	Denominator Value
	N           Value // number of cases
	Interval    *Interval
	Target      *float64
	Points      Value // reached
	PointsMax   Value // possible
	Note        string
	Link        string // section of the subject
}
