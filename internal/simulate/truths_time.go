package simulate

import "weir/internal/lang"

func (c *city) timeTruths() []Truth {
	end := c.Months - 1
	return []Truth{
		{"late_replies_civil_affairs", []string{"reply_on_time_rate"}, []string{"MZ"}, c.say(
			"民政局 %s至 %s答复大面积逾期", "Civil Affairs replied late from %s to %s", 6, 9), []Expectation{
			c.in(6, 9, Expectation{Indicator: "reply_on_time_rate", Department: "MZ", Below: num(60)}),
			c.in(6, 9, Expectation{Indicator: "reply_on_time_rate", Department: "MZ", Pooled: true, Below: num(50)}),
			c.in(10, min(15, end), Expectation{Indicator: "reply_on_time_rate", Department: "MZ", Pooled: true, Above: num(85)}),
		}},
		{"replies_improve", []string{"reply_on_time_rate"}, []string{"RS"}, c.say(
			"人力资源和社会保障局自 %s起答复及时率明显改善", "Human Resources replies in time from %s on", 11), []Expectation{
			{Indicator: "reply_on_time_rate", Department: "RS", StepUpIn: c.month(11).String(), By: num(35)},
		}},
		{"always_in_time", []string{"reply_on_time_rate", "delivery_on_time_rate"}, []string{"SCJG"}, lang.T(
			"市场监督管理局从不逾期", "Market Regulation is never late"), []Expectation{
			c.in(4, end, Expectation{Indicator: "reply_on_time_rate", Department: "SCJG", Value: num(100)}),
			c.in(4, end, Expectation{Indicator: "delivery_on_time_rate", Department: "SCJG", Value: num(100)}),
		}},
		{"unauthorised_extensions", []string{"reply_on_time_rate"}, []string{"WLSP"}, c.say(
			"望澜区行政审批局 %s起自行延期、未经主管部门同意，仍属逾期", "The approval bureau of Wanglan extends its own limits without consent from %s: late all the same", 8), []Expectation{
			c.in(8, end, Expectation{Indicator: "reply_on_time_rate", Department: "WLSP", Pooled: true, Below: num(60)}),
		}},
		{"missed_updates", []string{"update_on_time_rate"}, []string{"JT"}, c.say(
			"交通运输局 %s至 %s近半数更新周期落空", "Transport missed nearly half its update periods from %s to %s", 4, 10), []Expectation{
			c.in(4, 10, Expectation{Indicator: "update_on_time_rate", Department: "JT", Below: num(62)}),
		}},
		{"updates_improve", []string{"update_on_time_rate"}, []string{"STHJ"}, c.say(
			"生态环境局自 %s起更新及时率明显改善", "Ecology and Environment updates in time from %s on", 11), []Expectation{
			{Indicator: "update_on_time_rate", Department: "STHJ", StepUpIn: c.month(11).String(), By: num(25)},
		}},
		{"late_deliveries", []string{"delivery_on_time_rate", "request_cycle_wd"}, []string{"ZRZY"}, c.say(
			"自然资源和规划局 %s至 %s同意后迟迟不提供数据", "Natural Resources agreed but delivered late from %s to %s", 7, 13), []Expectation{
			c.in(7, 13, Expectation{Indicator: "delivery_on_time_rate", Department: "ZRZY", Pooled: true, Below: num(45)}),
			c.in(8, 13, Expectation{Indicator: "request_cycle_wd_p90", Department: "ZRZY", Pooled: true, Above: num(30)}),
		}},
		{"missed_catalogue_updates", []string{"catalog_update_on_time_rate"}, []string{"JY"}, c.say(
			"教育局 %s到期的目录更新无一按期", "Education updated its catalogue in time for none of the changes due in %s", 10), []Expectation{
			c.in(10, 10, Expectation{Indicator: "catalog_update_on_time_rate", Department: "JY", Numerator: num(0)}),
		}},
		{"slow_authority", []string{"catalog_update_on_time_rate"}, []string{"DSJ"}, c.say(
			"大数据局 %s审核发布目录更新迟缓", "The Big Data Bureau published catalogue updates late in %s", 7), []Expectation{
			c.in(7, 7, Expectation{Indicator: "catalog_update_on_time_rate", Department: "DSJ", Below: num(50)}),
			c.in(3, 6, Expectation{Indicator: "catalog_update_on_time_rate", Department: "DSJ", Pooled: true, Above: num(85)}),
		}},
		{"slow_propagation", []string{"propagation_lag"}, []string{"STHJ"}, lang.T(
			"生态环境局的新版本要过半个周期才到达订阅部门", "Subscribers of Ecology and Environment receive a new version only after half its period"), []Expectation{
			c.atEnd(Expectation{Indicator: "propagation_lag", Department: "STHJ", Above: decimal("0.35")}),
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
