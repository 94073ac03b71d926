// Package figure turns plain data into figures of a document: one data struct
// and one builder per kind of chart. A builder makes the chart's option from
// go-echarts' types, the alternative text and the table behind the chart; it
// computes no statistics and decides no grade. go-echarts' own HTML, which
// loads scripts from a public site and does not escape names, is never used,
// and no chart is ever added that cannot say in words what it shows.
package figure

import "weir/reports/document"

// Head is what every figure states beside the chart.
type Head struct {
	ID     string // unique in the document, letters, digits, '-', '_', '.'
	Title  string // the finding in one line: 民政局排名上升 6 位，其余变化不显著
	Unit   string // %, 分, 万元 …
	Source string // 数据来源
	Note   string // on n and on what was left out
	// Alt replaces the alternative text that the builder writes from the data.
	Alt string
	// Explain is the ID of a document.Definition or document.Explanation.
	Explain string
	// Half lets the figure share the width of the page with another.
	Half bool
}

// Label is a named thing on an axis.
type Label struct {
	ID   string // code of the department or the indicator
	Name string // as printed, of any length
	// Link is the ID of the section a click leads to, or empty.
	Link string
	// Group gathers neighbouring labels (the dimension of an indicator), or units of one kind.
	Group string
}

// Ranking is a bar per unit, best first, with whiskers for the interval and the
// grade behind the bar. Units without a value follow at the end with the reason
// in words.
type Ranking struct {
	Head
	Decimals int
	Items    []RankingItem // in the order of the ranks
	// Bands are the grades from best to worst, with the lowest value of each.
	Bands []Band
	// Low and High are the ends of the axis; both 0 means: from the data.
	Low, High float64
	Target    *float64
}

// RankingItem is one unit of a ranking.
type RankingItem struct {
	Label
	Value    document.Value
	Interval *document.Interval // nil: no whisker
	Grade    string             // as printed; empty where it is not graded
	Rank     int                // 0: not ranked
	// RankLow and RankHigh are the rank interval; both 0: not known.
	RankLow, RankHigh int
	N                 document.Value // number of cases, for the table
	// Change is the difference against the earlier period, for the table.
	Change document.Value
}

// Band is one grade: values of at least Min, up to the next better band.
type Band struct {
	Name string
	Min  float64
}

// HeatMap is a table in colours, one row per department and one column per
// indicator. Darkness follows the score (0 to 100), so that it reads in black
// and white; the printed number is the value or the score. Value, 不适用, 缺数
// and 未测 each look different.
type HeatMap struct {
	Head
	Rows    []Label
	Columns []Label
	// Cells has one slice per row, one cell per column.
	Cells    [][]HeatCell
	Decimals int // of the printed numbers
	// ScoreName is the name of what the colour means, such as 得分.
	ScoreName string
}

// HeatCell is one cell of a heat map.
type HeatCell struct {
	// Score is what the colour shows, 0 to 100.
	Score document.Value
	// Value is what the table behind shows, in the column's own unit. Where it
	// is NotMeasured but Score is measured, the score is shown.
	Value   document.Value
	Explain string
}

// Flows is who gives data to whom. The chart shows the largest units and joins
// the rest as one named "other"; the table behind is the full matrix.
type Flows struct {
	Head
	// Units are all departments, in the order of the matrix. Where they have groups, such as communities, colours and marks
	// tell these, explained below the chart; groups beyond the sixth share the last colour and keep their marks.
	Units []Label
	Links []Flow
	// MaxUnits is the number of units drawn on each side; 0 means 12.
	MaxUnits int
	// From and To name the two sides; empty means 提供方 and 使用方.
	From, To string
}

// Flow is an amount that goes from one unit to another, both by Label.ID. An
// amount of zero or less is an error.
type Flow struct {
	From, To string
	Amount   float64
}

// Trend is lines over periods, in one panel.
type Trend struct {
	Head
	Periods  []string // as printed, oldest first
	Series   []Series // at most 6; more is an error: use SmallMultiples
	Decimals int
	Target   *float64
	// Low and High are the ends of the axis; both 0 means: from the data.
	Low, High float64
}

// SmallMultiples is one small panel of lines per unit, all on the same scale.
type SmallMultiples struct {
	Head
	Periods   []string
	Panels    []Series
	Decimals  int
	Target    *float64
	Low, High float64
	// Columns is the number of panels side by side; 0 means 4.
	Columns int
}

// Panels is one small line chart per indicator, each with its own unit and its
// own scale, which stands beside it: they show how each moved, not which is
// larger.
type Panels struct {
	Head
	Periods []string // as printed, oldest first
	Items   []Panel
}

// Panel is one indicator over the periods. What is not measured is a gap.
type Panel struct {
	Label
	Values   []document.Value // one per period
	Unit     string
	Decimals int
	// Note stands behind the last value, such as 持续上升; it may be empty.
	Note string
}

// Series is the values of one thing over the periods or categories. A value
// that is not measured is a gap in the line, never a zero.
type Series struct {
	Label
	Values []document.Value // one per period or category
	// Low and High are an interval around each value, or empty.
	Low, High []document.Value
}

// Funnel is stages, each a part of the one before or at least compared with it.
type Funnel struct {
	Head
	Stages []Stage
}

// Stage is one stage of a funnel.
type Stage struct {
	Label
	Value document.Value
	Note  string // for the table
}

// BarLine is bars on the left axis and lines on the right axis over the same
// categories; either may be absent.
type BarLine struct {
	Head         // Unit is the unit of the bars
	Categories   []Label
	Bars         []Series // at most 4
	Lines        []Series // at most 3
	BarDecimals  int
	LineUnit     string
	LineDecimals int
	Stacked      bool
	// Horizontal lays the bars down; then there are no lines.
	Horizontal bool
}

// IntervalDots is one row per indicator or department: the value as a dot, its
// interval as a line, and marks for the target, the class's median and the
// earlier period.
type IntervalDots struct {
	Head
	Items     []DotItem
	Decimals  int
	Low, High float64
	// MedianName and EarlierName are how the marks are called in the legend,
	// such as 同类中位数 and 上月.
	MedianName, EarlierName string
}

// DotItem is one row of an interval dot plot.
type DotItem struct {
	Label
	Value    document.Value
	Interval *document.Interval
	Target   *float64
	Median   *float64
	Earlier  *float64
	N        document.Value
	Unit     string // where it differs from the figure's
}

// Waterfall explains a change from Start to End by its steps. Start plus the
// steps must give End to within half a unit of the last decimal; otherwise it is an error.
type Waterfall struct {
	Head
	StartName, EndName string
	Start, End         float64
	Steps              []Step
	Decimals           int
}

// Step is one contribution to a change.
type Step struct {
	Label
	Amount float64
	Note   string // for the table
}
