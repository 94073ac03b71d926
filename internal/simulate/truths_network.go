package simulate

import "weir/internal/lang"

func (c *city) networkTruths() []Truth {
	pairs, possible := c.exchangingPairs(c.Months - 1)
	return []Truth{
		{"network", []string{"flow_network_density"}, nil, lang.T(
			"最后一个月有向交换关系的部门对数", "Ordered pairs of departments that exchanged data in the last month"), []Expectation{
			c.atEnd(Expectation{Indicator: "flow_network_density", Numerator: num(pairs), Denominator: num(possible)}),
		}},
		{"concentrated_use", []string{"flow_concentration_hhi"}, []string{"GA"}, lang.T(
			"公安局数据的使用高度集中于一个部门", "The use of Public Security's data is highly concentrated"), []Expectation{
			c.atEnd(Expectation{Indicator: "flow_concentration_hhi", Department: "GA", Above: num(5000)}),
		}},
		{"derived_data", []string{"reproduction_depth"}, []string{"DSJ"}, lang.T(
			"大数据局的五个加工产出深度为一至三层，都在使用", "The five derived resources of the Big Data Bureau are one to three steps deep and all in use"), []Expectation{
			c.atEnd(Expectation{Indicator: "reproduction_depth", Department: "DSJ", Numerator: num(8), Denominator: num(5)}),
		}},
		{"duplicate_operators", []string{"duplicate_operators"}, []string{"WL"}, lang.T(
			"望澜区人民政府的一个场景由两个平台、三个主体重复运营", "One scenario of Wanglan is run by three operators on two platforms"), []Expectation{
			c.atEnd(Expectation{Indicator: "duplicate_operators", Set: "scenarios_with_several_operators", Members: []string{duplicated}}),
		}},
	}
}

// exchangingPairs counts ordered pairs of provider and consumer with a use in a month, and all ordered pairs of the
// departments in being at its end. A relation has a use in every month of its course.
func (c *city) exchangingPairs(i int) (pairs, possible int) {
	from, to := c.month(i).first().start(), c.month(i+1).first().start()
	seen := map[[2]*department]bool{}
	for _, rel := range c.relations {
		if provider := c.providerOf(rel.resource, from); rel.during(from, to) && provider != rel.consumer {
			seen[[2]*department{provider, rel.consumer}] = true
		}
	}
	n := 0
	for _, p := range c.departments {
		if p.in(to.day() - 1) {
			n++
		}
	}
	return len(seen), n * (n - 1)
}

func (c *city) integrityTruths() []Truth {
	end := c.Months - 1
	return []Truth{
		{"robots", []string{"robot_share"}, []string{"JT"}, c.say(
			"%s和 %s交通运输局各有一小时机器人集中调用", "A robot of Transport calls for one hour in %s and in %s", 3, 14), []Expectation{
			c.in(3, 3, Expectation{Indicator: "robot_events", Above: num(robotCalls - 1)}),
			c.in(14, 14, Expectation{Indicator: "robot_events", Above: num(robotCalls - 1)}),
			c.in(4, 13, Expectation{Indicator: "robot_events", Value: num(0)}),
		}},
		{"repeated_calls", []string{"effective_ratio"}, []string{"FG"}, c.say(
			"%s发展和改革委员会反复发出相同的调用", "The Development and Reform Commission repeats the same call in %s", 12), []Expectation{
			c.in(12, 12, Expectation{Indicator: "effective_ratio_as_consumer", Department: "FG", Below: num(60)}),
		}},
		{"only_own_data", []string{"self_share"}, []string{"SW"}, lang.T(
			"税务局的全部使用都是自用", "All use by the Tax Service is of its own data"), []Expectation{
			c.in(0, end, Expectation{Indicator: "self_share_as_consumer", Department: "SW", Value: num(100)}),
		}},
		{"month_end_rush", []string{"period_end_spike"}, []string{"YQ"}, lang.T(
			"云栖区人民政府的使用集中在每月最后三天", "Yunqi concentrates its use on the last three days of a month"), []Expectation{
			c.in(0, end, Expectation{Indicator: "last_three_days_as_consumer", Department: "YQ", Pooled: true, Above: num(50), Rank: "highest"}),
		}},
		{"empty_answers", []string{"empty_share"}, []string{"HG"}, lang.T(
			"海关的调用约四成返回空结果", "Some four of ten calls to Customs return nothing"), []Expectation{
			c.in(0, end, Expectation{Indicator: "empty_share_as_provider", Department: "HG", Pooled: true, Above: num(12), Rank: "highest"}),
		}},
		{"silent_days", []string{"log_coverage"}, []string{"YQSP", "DSJ"}, lang.T(
			"云栖区行政审批局从不报送零报告，大数据局每天有记录", "The approval bureau of Yunqi never files a zero report; the Big Data Bureau has a record for every day"), []Expectation{
			c.in(0, end, Expectation{Indicator: "log_coverage", Department: "YQSP", Pooled: true, Below: num(99), Rank: "lowest"}),
			c.in(0, end, Expectation{Indicator: "log_coverage", Department: "DSJ", Value: num(100)}),
		}},
	}
}
