package simulate

import "weir/internal/lang"

func (c *city) stockTruths() []Truth {
	mounted, items := c.mountedItems(c.byID["YQ"])
	late := int64(4 * c.Scale)
	return []Truth{
		{"turned_over", []string{"flow_turnover"}, []string{"QX"}, lang.T(
			"气象局存量小，每次使用都取走大半", "The weather service keeps little and every use takes most of it"), []Expectation{
			c.atEnd(Expectation{Indicator: "flow_turnover", Department: "QX", Rank: "highest"}),
		}},
		{"unmounted_items", []string{"mount_rate", "flow_funnel"}, []string{"YQ"}, lang.T(
			"云栖区人民政府的目录项约半数没有挂接资源", "About half the catalogue items of Yunqi have no resource"), []Expectation{
			c.atEnd(Expectation{Indicator: "mount_rate", Department: "YQ", Numerator: num(mounted), Denominator: num(items), Rank: "lowest"}),
		}},
		{"late_backflow", []string{"backflow_on_time_rate"}, []string{"RS"}, c.say(
			"人力资源和社会保障局 %s至 %s向区县的数据回流四次中有三次逾期，此前全部按期", "Human Resources returned data to the districts late three times of four from %s to %s, never before", 12, 14), []Expectation{
			c.in(12, 14, Expectation{Indicator: "backflow_on_time_rate", Department: "RS", Numerator: num(late / 4), Denominator: num(late)}),
			c.in(4, 11, Expectation{Indicator: "backflow_on_time_rate", Department: "RS", Numerator: num(late), Denominator: num(late)}),
		}},
		{"slow_adoption", []string{"time_to_first_use"}, []string{"WJ"}, lang.T(
			"卫生健康委员会新挂接的资源要五个月以上才有人使用", "Nobody uses a new resource of the Health Commission for more than five months"), []Expectation{
			c.atEnd(Expectation{Indicator: "time_to_first_use", Department: "WJ", Above: num(90)}),
		}},
		{"quick_adoption", []string{"time_to_first_use"}, []string{"DSJ"}, lang.T(
			"大数据局新挂接的资源一个多月内就有部门使用", "New resources of the Big Data Bureau are used within weeks"), []Expectation{
			c.atEnd(Expectation{Indicator: "time_to_first_use", Department: "DSJ", Below: num(35)}),
		}},
		{"decay_of_the_unused", []string{"disuse_decay_gap"}, nil, lang.T(
			"没有人使用的资源约半数后来不再更新：存而不用，逐渐失去时效", "About half of what nobody uses is no longer updated after a while: what lies unused goes stale"), []Expectation{
			c.atEnd(Expectation{Indicator: "disuse_decay_gap", Above: decimal("0.10")}),
		}},
	}
}

// mountedItems counts a department's shareable catalogue items at the end, and those with a live resource.
func (c *city) mountedItems(p *department) (mounted, items int) {
	for _, item := range p.datasets {
		if item.share == "N" || item.published >= c.extract || item.retired != 0 && item.retired < c.extract {
			continue
		}
		items++
		for _, r := range item.resources {
			if r.live(c.extract) {
				mounted++
				break
			}
		}
	}
	return mounted, items
}
