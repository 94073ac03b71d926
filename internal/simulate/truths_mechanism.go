package simulate

import "weir/internal/lang"

func (c *city) mechanismTruths() []Truth {
	end := c.Months - 1
	posts := func(id string) (qualified, all *Exact) { return num(teams[id].qualified), num(teams[id].posts) }
	poor, ofPoor := posts("YQ")
	good, ofGood := posts("DSJ")
	return []Truth{
		{"missing_mechanisms", []string{"guarantee_mechanism_index"}, []string{"YQ", "DSJ"}, lang.T(
			"云栖区人民政府缺少质量、校核、经费三项机制，大数据局八项齐全", "Yunqi lacks the mechanisms of quality, correction and funding; the Big Data Bureau has all eight"), []Expectation{
			c.atEnd(Expectation{Indicator: "guarantee_mechanism_index", Department: "YQ", Below: num(80), Rank: "lowest"}),
			c.atEnd(Expectation{Indicator: "guarantee_mechanism_index", Department: "DSJ", Value: num(100)}),
		}},
		{"stale_mechanisms", []string{"guarantee_mechanism_index"}, []string{"JT"}, lang.T(
			"交通运输局有两项机制一年多没有落实", "Two mechanisms of Transport have not been exercised for more than a year"), []Expectation{
			c.atEnd(Expectation{Indicator: "guarantee_mechanism_index", Department: "JT", Below: num(90)}),
		}},
		{"supplied_unasked", []string{"proactive_supply_rate"}, []string{"QX", "CZ"}, lang.T(
			"气象局主动挂接新资源，财政局只在被申请后才挂接", "The weather service mounts unasked, Finance only after a request"), []Expectation{
			c.atEnd(Expectation{Indicator: "proactive_supply_rate", Department: "QX", Value: num(100)}),
			c.atEnd(Expectation{Indicator: "proactive_supply_rate", Department: "CZ", Value: num(0)}),
		}},
		{"promises_not_kept", []string{"incentive_realisation_rate"}, []string{"FG"}, lang.T(
			"发展和改革委员会应兑现的四项激励只兑现一项", "The Development and Reform Commission granted one of four incentives due"), []Expectation{
			c.in(17, 17, Expectation{Indicator: "incentive_realisation_rate", Department: "FG", Numerator: num(1), Denominator: num(4), Rank: "lowest"}),
		}},
		{"expired_permits", []string{"compliant_use_rate"}, []string{"JY"}, c.say(
			"教育局自 %s起继续使用授权已到期的数据", "Education goes on using data after its authorizations ran out in %s", 13), []Expectation{
			c.in(13, end, Expectation{Indicator: "compliant_use_rate", Department: "JY", Below: num(60)}),
			c.in(13, end, Expectation{Indicator: "compliant_use_rate", Department: "JY", Pooled: true, Below: num(50), Rank: "lowest"}),
			c.in(2, 12, Expectation{Indicator: "compliant_use_rate", Department: "JY", Pooled: true, Above: num(85)}),
		}},
		{"wrong_people", []string{"data_post_match_rate", "talent_retention"}, []string{"YQ", "DSJ"}, lang.T(
			"云栖区人民政府六个数据岗位只有两人专业匹配，一年走了三人；大数据局十人中九人匹配", "In Yunqi two of six in data posts are qualified and three left within a year; in the Big Data Bureau nine of ten are"), []Expectation{
			c.atEnd(Expectation{Indicator: "data_post_match_rate", Department: "YQ", Numerator: poor, Denominator: ofPoor, Rank: "lowest"}),
			c.atEnd(Expectation{Indicator: "data_post_match_rate", Department: "DSJ", Numerator: good, Denominator: ofGood}),
			c.atEnd(Expectation{Indicator: "talent_retention", Department: "YQ", Numerator: num(6), Denominator: num(9), Rank: "lowest"}),
		}},
		{"old_software", []string{"software_iteration_age"}, []string{"ZRZY", "DSJ"}, lang.T(
			"自然资源和规划局的系统近四年没有新版本，大数据局两个月一版", "The systems of Natural Resources have had no release for nearly four years, those of the Big Data Bureau one every two months"), []Expectation{
			c.atEnd(Expectation{Indicator: "software_iteration_age", Department: "ZRZY", Above: num(40), Rank: "highest"}),
			c.atEnd(Expectation{Indicator: "software_iteration_age", Department: "DSJ", Below: num(6)}),
		}},
		{"late_coordination", []string{"coordination_effect_rate"}, []string{"DSJ"}, c.say(
			"大数据局 %s到期的三件协调事项只按期办结一件", "The Big Data Bureau closed one of three matters of coordination due in %s in time", 9), []Expectation{
			c.in(9, 9, Expectation{Indicator: "coordination_effect_rate", Department: "DSJ", Numerator: num(1), Denominator: num(3)}),
		}},
		{"past_the_platform", []string{"off_platform_flow_share"}, []string{"WL"}, lang.T(
			"望澜区人民政府大量经拷贝、群聊、自建接口取数", "Wanglan takes much of its data by copies, chats and interfaces of its own"), []Expectation{
			c.in(0, end, Expectation{Indicator: "off_platform_flow_share", Department: "WL", Pooled: true, Above: num(10), Rank: "highest"}),
		}},
	}
}
