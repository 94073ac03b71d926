package simulate

import "weir/internal/lang"

func (c *city) timeTruths() []Truth {
	end := c.Months - 1
	met, due := c.slotsOf(c.byID["JT"], 7)
	return []Truth{
		{"late_replies_civil_affairs", []string{"reply_on_time_rate"}, []string{"MZ"}, lang.T(
			"民政局 2025 年 11 月至 2026 年 2 月答复大面积逾期", "Civil Affairs replied late from November 2025 to February 2026"), []Expectation{
			c.in(6, 9, Expectation{Indicator: "reply_on_time_rate", Department: "MZ", Below: num(60)}),
			c.in(6, 9, Expectation{Indicator: "reply_on_time_rate", Department: "MZ", Pooled: true, Below: num(50)}),
			c.in(10, min(15, end), Expectation{Indicator: "reply_on_time_rate", Department: "MZ", Pooled: true, Above: num(85)}),
		}},
		{"replies_improve", []string{"reply_on_time_rate"}, []string{"RS"}, lang.T(
			"人力资源和社会保障局自 2026 年 4 月起答复及时率明显改善", "Human Resources replies in time from April 2026 on"), []Expectation{
			{Indicator: "reply_on_time_rate", Department: "RS", StepUpIn: c.month(11).String(), By: num(35)},
		}},
		{"always_in_time", []string{"reply_on_time_rate", "delivery_on_time_rate"}, []string{"SCJG"}, lang.T(
			"市场监督管理局从不逾期", "Market Regulation is never late"), []Expectation{
			c.in(4, end, Expectation{Indicator: "reply_on_time_rate", Department: "SCJG", Value: num(100)}),
			c.in(4, end, Expectation{Indicator: "delivery_on_time_rate", Department: "SCJG", Value: num(100)}),
		}},
		{"unauthorised_extensions", []string{"reply_on_time_rate"}, []string{"WLSP"}, lang.T(
			"望澜区行政审批局 2026 年 1 月起自行延期、未经主管部门同意，仍属逾期", "The approval bureau of Wanglan extends its own limits without consent from January 2026: late all the same"), []Expectation{
			c.in(8, end, Expectation{Indicator: "reply_on_time_rate", Department: "WLSP", Pooled: true, Below: num(60)}),
		}},
		{"missed_updates", []string{"update_on_time_rate"}, []string{"JT"}, lang.T(
			"交通运输局 2025 年 9 月至 2026 年 3 月近半数更新周期落空", "Transport missed nearly half its update periods from September 2025 to March 2026"), []Expectation{
			c.in(4, 10, Expectation{Indicator: "update_on_time_rate", Department: "JT", Below: num(62)}),
			c.in(7, 7, Expectation{Indicator: "update_on_time_rate", Department: "JT", Numerator: num(met), Denominator: num(due)}),
		}},
		{"updates_improve", []string{"update_on_time_rate"}, []string{"STHJ"}, lang.T(
			"生态环境局自 2026 年 4 月起更新及时率明显改善", "Ecology and Environment updates in time from April 2026 on"), []Expectation{
			{Indicator: "update_on_time_rate", Department: "STHJ", StepUpIn: c.month(11).String(), By: num(25)},
		}},
		{"stale_data", []string{"freshness_index"}, []string{"YJ"}, lang.T(
			"应急管理局按期更新，但入库的数据已陈旧", "Emergency Management loads in time, but what it loads is old"), []Expectation{
			c.in(1, end, Expectation{Indicator: "freshness_index", Department: "YJ", Below: decimal("0.30")}),
			c.atEnd(Expectation{Indicator: "freshness_index", Department: "YJ", Rank: "lowest"}),
		}},
		{"redated_data", []string{"freshness_index", "update_on_time_rate"}, []string{"ZJ"}, lang.T(
			"住房和城乡建设局每次更新都没有数据变化，只把基准时间改为当天：新鲜度是假的", "Housing re-dates unchanged data at every update: its freshness is false"), []Expectation{
			c.in(2, end, Expectation{Indicator: "update_on_time_rate", Department: "ZJ", Value: num(100)}),
			c.in(0, end, Expectation{Indicator: "rows_changed_by_updates", Department: "ZJ", Value: num(0)}),
		}},
	}
}

// slotsOf counts the update periods of a department that end in a month, and those that were met.
func (c *city) slotsOf(p *department, i int) (met, due int) {
	from, to := c.month(i).first().start(), c.month(i+1).first().start()
	for _, r := range p.resources {
		for _, s := range r.slots {
			if s.end >= from && s.end < to {
				due++
				if s.met {
					met++
				}
			}
		}
	}
	return met, due
}
