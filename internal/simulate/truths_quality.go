package simulate

import "weir/internal/lang"

func (c *city) qualityTruths() []Truth {
	end := c.Months - 1
	return []Truth{
		{"poor_quality", []string{"rule_pass_rate"}, []string{"YJ", "SCJG"}, lang.T(
			"应急管理局约两成数据元素不符合规则，市场监督管理局几乎全部符合", "A fifth of the elements of Emergency Management break the rules, hardly any of Market Regulation"), []Expectation{
			c.in(0, end, Expectation{Indicator: "rule_pass_rate", Department: "YJ", Below: num(85)}),
			c.in(0, end, Expectation{Indicator: "rule_pass_rate", Department: "SCJG", Above: num(98)}),
			c.atEnd(Expectation{Indicator: "rule_pass_rate", Department: "YJ", Rank: "lowest"}),
		}},
		{"late_corrections", []string{"correction_on_time_rate"}, []string{"GA"}, c.say(
			"公安局自 %s起校核更正多数逾期", "Public Security corrects late from %s on", 9), []Expectation{
			c.in(9, end, Expectation{Indicator: "correction_on_time_rate", Department: "GA", Pooled: true, Below: num(50), Rank: "lowest"}),
			{Indicator: "correction_on_time_rate", Department: "GA", StepDownIn: c.month(9).String(), By: num(35)},
		}},
		{"recurring_defects", []string{"defect_recurrence_rate"}, []string{"YJ"}, lang.T(
			"应急管理局更正过的问题近半数三个月内又被提出", "Nearly half the defects that Emergency Management corrected are raised again within three months"), []Expectation{
			c.in(3, end, Expectation{Indicator: "defect_recurrence_rate", Department: "YJ", Pooled: true, Above: num(20), Rank: "highest"}),
		}},
		{"no_second_look", []string{"double_check_coverage"}, []string{"JT", "RS"}, lang.T(
			"交通运输局从不做线下签字核验，人力资源和社会保障局每个资源都做", "Transport never checks offline with a signature, Human Resources does so for every resource"), []Expectation{
			c.in(3, end, Expectation{Indicator: "double_check_coverage", Department: "JT", Value: num(0)}),
			c.atEnd(Expectation{Indicator: "double_check_coverage", Department: "RS", Above: num(80)}),
		}},
		{"cleaned_away", []string{"detail_retention_rate"}, []string{"STHJ"}, lang.T(
			"生态环境局清洗时丢掉三分之一的字段", "Ecology and Environment loses a third of the fields in cleaning"), []Expectation{
			c.in(0, end, Expectation{Indicator: "detail_retention_rate", Department: "STHJ", Pooled: true, Below: num(70), Rank: "lowest"}),
		}},
		{"odd_protocols", []string{"interface_conformance_rate"}, []string{"HG", "SCJG"}, lang.T(
			"海关的资源多数不走标准协议，市场监督管理局全部符合", "Most resources of Customs are off the standard protocol, none of Market Regulation"), []Expectation{
			c.atEnd(Expectation{Indicator: "interface_conformance_rate", Department: "HG", Below: num(45)}),
			c.atEnd(Expectation{Indicator: "interface_conformance_rate", Department: "SCJG", Above: num(70)}),
		}},
		{"keyless_finance", []string{"entity_link_coverage"}, []string{"CZ", "SCJG"}, lang.T(
			"财政局的资源大多没有人、物、时、空标准键，市场监督管理局大多具备", "Most resources of Finance lack standard keys, most of Market Regulation have them"), []Expectation{
			c.atEnd(Expectation{Indicator: "entity_link_coverage", Department: "CZ", Below: num(45), Rank: "lowest"}),
			c.atEnd(Expectation{Indicator: "entity_link_coverage", Department: "SCJG", Above: num(85)}),
		}},
		{"records_do_not_match", []string{"linked_consistency_rate"}, []string{"YB"}, lang.T(
			"医疗保障局的记录与其他部门的只能关联上六成", "Only six of ten records of Healthcare Security can be linked"), []Expectation{
			c.in(0, end, Expectation{Indicator: "linked_consistency_rate", Department: "YB", Pooled: true, Below: num(66)}),
		}},
	}
}
