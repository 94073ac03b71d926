package simulate

import "weir/internal/lang"

func (c *city) reuseTruths() []Truth {
	end := c.Months - 1
	return []Truth{
		{"most_reused", []string{"reuse_h_index"}, []string{"SCJG"}, lang.T(
			"市场监督管理局的复用 h 指数全市最高", "Market Regulation has the highest reuse h-index"), []Expectation{
			c.atEnd(Expectation{Indicator: "reuse_h_index", Department: "SCJG", Above: num(3), Rank: "highest"}),
		}},
		{"without_scenarios", []string{"scenario_coverage"}, []string{"HG"}, lang.T(
			"海关的资源很少进入应用场景", "Few resources of Customs are bound to a scenario"), []Expectation{
			c.atEnd(Expectation{Indicator: "scenario_coverage", Department: "HG", Below: num(50), Rank: "lowest"}),
		}},
		{"sole_sources", []string{"recombination_rate"}, []string{"WL"}, lang.T(
			"望澜区人民政府的每个场景只用一个部门的数据", "Each scenario of Wanglan uses the data of one department only"), []Expectation{
			c.in(min(3, end), end, Expectation{Indicator: "recombination_rate", Department: "WL", Numerator: num(0)}),
		}},
		{"idle_deliveries", []string{"demand_fulfilment_rate"}, []string{"JY"}, lang.T(
			"教育局提供的数据大多无人使用", "Most of what Education delivers is never used"), []Expectation{
			c.in(4, end, Expectation{Indicator: "demand_fulfilment_rate", Department: "JY", Pooled: true, Below: num(50), Rank: "lowest"}),
		}},
		{"collected_again", []string{"duplicate_collection_rate"}, []string{"WL"}, lang.T(
			"望澜区人民政府每月采集的十项中有六项是别的部门已共享的", "Of every ten items that Wanglan collects, six are already shared by others"), []Expectation{
			c.in(0, end, Expectation{Indicator: "duplicate_collection_rate", Department: "WL", Value: num(60)}),
			c.in(0, end, Expectation{Indicator: "duplicate_collection_rate", Department: "WL", Pooled: true, Rank: "highest"}),
		}},
		{"supported_matters", []string{"matter_support_rate", "trigger_mix"}, []string{"WLSP", "YQSP"}, lang.T(
			"同名的两个区行政审批局：望澜区几乎件件用数，云栖区很少", "Two namesakes: the approval bureau of Wanglan uses data in nearly every matter, that of Yunqi seldom"), []Expectation{
			c.in(1, end, Expectation{Indicator: "matter_support_rate", Department: "WLSP", Above: num(85)}),
			c.in(1, end, Expectation{Indicator: "matter_support_rate", Department: "YQSP", Below: num(40)}),
			c.atEnd(Expectation{Indicator: "trigger_mix_matter", Department: "WLSP", Above: num(8)}),
		}},
		{"outside_sources", []string{"external_fusion_rate"}, []string{"JT", "WL"}, lang.T(
			"需要外部数据的场景：交通运输局都融合了社会或互联网数据，望澜区一个也没有", "Of the scenarios that need outside data, all of Transport's use some, none of Wanglan's"), []Expectation{
			c.atEnd(Expectation{Indicator: "external_fusion_rate", Department: "JT", Value: num(100)}),
			c.atEnd(Expectation{Indicator: "external_fusion_rate", Department: "WL", Value: num(0)}),
		}},
	}
}
