package metrics

// IntervalMethod names the statistic behind an interval.
type IntervalMethod string

// The methods, each in metrics/stats or metrics/survival with its formula and source.
const (
	Wilson      IntervalMethod = "wilson"       // score interval of a proportion
	Student     IntervalMethod = "student"      // mean of cases
	RatioTotals IntervalMethod = "ratio"        // ratio of totals over cases, by linearisation
	OrderStats  IntervalMethod = "order"        // median between order statistics
	KaplanMeier IntervalMethod = "kaplan_meier" // median of durations some of which are still open
	Garwood     IntervalMethod = "garwood"      // count of events
)

// Text names the method in print.
func (m IntervalMethod) Text() (zh, en string) {
	switch m {
	case Wilson:
		return "Wilson 得分区间", "Wilson score interval"
	case Student:
		return "均值的 t 区间", "Student interval of a mean"
	case RatioTotals:
		return "比率估计区间（线性化）", "interval of a ratio of totals by linearisation"
	case OrderStats:
		return "中位数的顺序统计量区间", "order-statistic interval of a median"
	case KaplanMeier:
		return "Kaplan–Meier 中位数区间", "Kaplan-Meier interval of the median"
	case Garwood:
		return "计数的 Garwood 精确区间", "Garwood interval of a count"
	}
	return "", ""
}
