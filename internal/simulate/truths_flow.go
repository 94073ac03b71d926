package simulate

import "weir/internal/lang"

// shareableAt lists R⁺ of a department: mounted, not retired, shareable, at the end of a month.
func (c *city) shareableAt(p *department, m month) []*resource {
	var list []*resource
	for _, r := range p.resources {
		if r.shareable() && r.live((m + 1).first().start()) {
			list = append(list, r)
		}
	}
	return list
}

func (c *city) flowTruths() []Truth {
	end := c.Months - 1
	dormant, bytes, all := c.dormant(c.byID["ZRZY"])
	return []Truth{
		{"dormant_imagery", []string{"dormant_storage_share", "active_flow_rate"}, []string{"ZRZY"}, lang.T(
			"自然资源和规划局的全部时空类资源（影像、三维模型、管线）从未被其他部门使用，却占其存储量的绝大部分",
			"No other department has ever used the imagery, models and pipelines of Natural Resources; they fill nearly all its storage"), []Expectation{
			c.atEnd(Expectation{Indicator: "dormant_storage_share", Department: "ZRZY", Numerator: num(bytes), Denominator: num(all)}),
			c.atEnd(Expectation{Indicator: "dormant_storage_share", Department: "ZRZY", Above: num(90), Rank: "highest"}),
			c.atEnd(Expectation{Indicator: "dormant_storage_share", Department: "ZRZY", Set: "dormant_resources", Members: dormant}),
		}},
		{"idle_customs", []string{"active_flow_rate"}, []string{"HG"}, lang.T(
			"海关的资源只有五分之一有其他部门使用", "Only a fifth of the resources of Customs is used by anybody else"), []Expectation{
			c.in(min(6, end), end, Expectation{Indicator: "active_flow_rate", Department: "HG", Below: num(45)}),
			c.atEnd(Expectation{Indicator: "active_flow_rate", Department: "HG", Rank: "lowest"}),
		}},
		{"busy_weather", []string{"active_flow_rate"}, []string{"QX"}, lang.T(
			"气象局的资源几乎全部在用", "Nearly every resource of the weather service is in use"), []Expectation{
			c.in(min(6, end), end, Expectation{Indicator: "active_flow_rate", Department: "QX", Above: num(70)}),
		}},
		{"closed_line", []string{"cross_line_flow_share"}, []string{"YB"}, lang.T(
			"医疗保障局只与社会口部门交换数据，从不跨条块", "Healthcare Security exchanges data inside its own line only"), []Expectation{
			c.in(0, end, Expectation{Indicator: "cross_line_flow_share", Department: "YB", Numerator: num(0)}),
		}},
		{"crossing_customs", []string{"cross_line_flow_share"}, []string{"HG"}, lang.T(
			"海关的全部交换都跨条块", "Every exchange of Customs crosses lines"), []Expectation{
			c.in(0, end, Expectation{Indicator: "cross_line_flow_share", Department: "HG", Value: num(100)}),
		}},
		{"one_customer", []string{"reuse_rate", "flow_concentration_hhi"}, []string{"GA"}, lang.T(
			"公安局的资源几乎只供政务服务管理局一家使用", "Nearly all that Public Security shares goes to one department, Government Services"), []Expectation{
			c.atEnd(Expectation{Indicator: "reuse_rate", Department: "GA", Below: num(35), Rank: "lowest"}),
		}},
		{"well_reused", []string{"reuse_rate"}, []string{"SCJG"}, lang.T(
			"市场监督管理局的资源大多有多个部门使用", "Most resources of Market Regulation have several users"), []Expectation{
			c.atEnd(Expectation{Indicator: "reuse_rate", Department: "SCJG", Above: num(80)}),
		}},
		{"never_uses_others", []string{"cross_line_flow_share", "reuse_rate"}, []string{"SW"}, lang.T(
			"税务局从不使用其他部门的数据，只调用自己的数据", "The Tax Service never uses the data of others, only its own"), []Expectation{
			c.in(0, end, Expectation{Indicator: "exchanges_as_consumer", Department: "SW", Value: num(0)}),
		}},
	}
}

// dormant lists the resources of a department that nobody else used for 180 days before the end of the last month,
// with their bytes and the bytes of all.
func (c *city) dormant(p *department) (ids []string, bytes, all int) {
	end := c.extract
	since := end - 180*secondsPerDay
	for _, r := range c.shareableAt(p, c.last()) {
		all += r.bytes
		used := false
		for _, rel := range r.uses {
			// A relation has a use in every month of its course, so one that runs in the last five has one in 180 days.
			used = used || rel.during(end-150*secondsPerDay, end)
		}
		if !used && r.mounted <= since {
			ids = append(ids, r.id)
			bytes += r.bytes
		}
	}
	return ids, bytes, all
}
