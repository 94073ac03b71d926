package simulate

import "weir/internal/lang"

func (c *city) moneyTruths() []Truth {
	last, end := c.last(), c.Months-1
	paid := func(id string, m month) *Exact { return fen(c.ledger.paid[id][m.year()][m.number()]) }
	budget := func(id string, m month) *Exact { return fen(c.ledger.budget[id][m.year()]) }
	december := 12 - c.start.number()
	march := december + 3
	return []Truth{
		{"unspent_budget", []string{"budget_execution_rate"}, []string{"FG"}, lang.T(
			"发展和改革委员会的数据预算每年只执行不到一半", "The Development and Reform Commission spends less than half its data budget"), []Expectation{
			c.atEnd(Expectation{Indicator: "budget_execution_rate", Department: "FG", Numerator: paid("FG", last), Denominator: budget("FG", last), Rank: "lowest"}),
		}},
		{"fully_spent_budget", []string{"budget_execution_rate"}, []string{"CZ"}, lang.T(
			"财政局第一年的预算全部执行", "The Finance Bureau spent its whole budget of the first year"), []Expectation{
			c.in(december, december, Expectation{Indicator: "budget_execution_rate", Department: "CZ", Value: num(100)}),
		}},
		{"progress_without_money", []string{"dual_monitor_gap"}, []string{"FG"}, lang.T(
			"发展和改革委员会报送的绩效进度远远快于预算执行", "The progress that the Development and Reform Commission reports runs far ahead of its spending"), []Expectation{
			c.in(17, 17, Expectation{Indicator: "dual_monitor_gap", Department: "FG", Above: num(25), Rank: "highest"}),
		}},
		{"targets_reached", []string{"target_attainment_score"}, []string{"SCJG", "YQ"}, lang.T(
			"第一年市场监督管理局完成全部绩效目标，云栖区人民政府只完成一半左右", "In the first year Market Regulation reached all its targets, Yunqi about half"), []Expectation{
			c.in(december, december, Expectation{Indicator: "target_attainment_score", Department: "SCJG", Above: num(98)}),
			c.in(december, december, Expectation{Indicator: "target_attainment_score", Department: "YQ", Below: num(75), Rank: "lowest"}),
		}},
		{"one_size_for_all", []string{"target_differentiation_index"}, nil, lang.T(
			"第一年各类部门目标一刀切，第二年按基期分类设定", "The same targets for all classes in the first year, set by their baselines in the second"), []Expectation{
			c.in(0, december, Expectation{Indicator: "target_differentiation_index", Value: num(0)}),
			c.in(december+1, max(end, december+1), Expectation{Indicator: "target_differentiation_index", Above: decimal("0.50")}),
		}},
		{"costly_sharing", []string{"unit_share_cost", "dea_efficiency"}, []string{"YQ"}, lang.T(
			"云栖区人民政府花钱最多而共享最少：单位共享成本全市最高", "Yunqi spends much and shares little: its cost per effective share is the highest"), []Expectation{
			c.atEnd(Expectation{Indicator: "unit_share_cost", Department: "YQ", Rank: "highest"}),
			c.atEnd(Expectation{Indicator: "dea_efficiency", Department: "YQ", Below: decimal("0.60")}),
		}},
		{"hardware_first", []string{"soft_hard_ratio", "operation_spend_share"}, []string{"YQ", "DSJ"}, lang.T(
			"云栖区人民政府七成投入买硬件、几乎不投运营；大数据局软硬均衡、重运营", "Yunqi spends seven tenths on hardware and hardly anything on operation; the Big Data Bureau is balanced"), []Expectation{
			c.atEnd(Expectation{Indicator: "soft_hard_ratio", Department: "YQ", Below: decimal("0.30"), Rank: "lowest"}),
			c.atEnd(Expectation{Indicator: "soft_hard_ratio", Department: "DSJ", Above: decimal("1.20"), Below: decimal("2.50")}),
			c.atEnd(Expectation{Indicator: "operation_spend_share", Department: "YQ", Below: num(12), Rank: "lowest"}),
			c.atEnd(Expectation{Indicator: "operation_spend_share", Department: "DSJ", Above: num(38), Rank: "highest"}),
		}},
		{"results_ignored", []string{"result_application_rate"}, []string{"FG"}, lang.T(
			"发展和改革委员会的评价结果要求采取措施，却没有登记任何措施", "The assessment of the Development and Reform Commission called for action; none is recorded"), []Expectation{
			c.in(march, march, Expectation{Indicator: "result_application_rate", Department: "FG", Value: num(0)}),
		}},
		{"dissatisfied_users", []string{"satisfaction"}, []string{"MZ", "ZWFW"}, lang.T(
			"需求部门对民政局的评价最低，对政务服务管理局最高", "Requesters rate Civil Affairs lowest and Government Services highly"), []Expectation{
			c.in(0, end, Expectation{Indicator: "satisfaction", Department: "MZ", Pooled: true, Below: num(62), Rank: "lowest"}),
			c.in(0, end, Expectation{Indicator: "satisfaction", Department: "ZWFW", Pooled: true, Above: num(93)}),
		}},
	}
}
