package reading

import (
	"strings"

	"weir/metrics"
	"weir/reports/document"
)

// Method is the explanation of figures, states, intervals, tests and scores that every report carries.
func (r *Reading) Method() []document.Block {
	item := func(head, text string) document.Paragraph {
		return *document.Spans(document.Span{Text: head, Strong: true}, document.Span{Text: text})
	}
	list := &document.List{Items: []document.Paragraph{
		item(r.T("指标。", "Indicators. "), r.T("由月度集市上的 SQL 算出。每项指标的定义、依据、分子、分母、区间与查询语句见附录；正文中的数字可点击查看来历。",
			"SQL over monthly marts computes them. The appendix holds definition, basis, numerator, denominator, interval and query of each; figures in the text lead there.")),
		item(r.T("四种状态。", "Four states. "), r.T("有值；不适用（无此职责或分母为 0，权重在组内分担）；缺数（应有而无，计 0 分）；未测（数据源对所有部门均未接入，一律不计）。四者从不混同，均不以 0 代替。",
			"A value; not applicable (no such role, or a denominator of 0: its weight is shared in the group); missing (it should exist: 0 points); not measured (the source is connected for nobody: left out for all). They are never mixed, and none is shown as 0.")),
		item(r.T("区间与样本量。", "Intervals and cases. "), r.T("95% 区间随指标种类而定：比率用 Wilson 得分区间，均值、比值、中位数、计数各用其区间，名称列于附录。样本量低于下限的指标只显示、不评分。",
			"95% intervals follow the kind of figure: Wilson for proportions, others for means, ratios, medians and counts; the appendix names each. Indicators with fewer cases than the minimum are shown and not graded.")),
		item(r.T("显著变化。", "Significant changes. "), r.F("环比变化按指标种类检验，并对当月全部检验按 Benjamini-Hochberg 法控制错误发现率于 %s；只有通过者才称“显著”。窗口重叠的指标（如近 90 日）检验偏保守。趋势用 Mann-Kendall 检验，异常按近期中位数与绝对偏差判断。",
			"Changes since last month are tested by the kind of figure, with the false-discovery rate over all tests of the month held at %s (Benjamini-Hochberg); only what passes is called significant. For figures over overlapping windows, such as 90 days, the test errs on the side of silence. Trends are tested by Mann-Kendall; anomalies are judged by median and absolute deviation.",
			document.FormatNumber(metrics.FalseDiscoveryRate, 2))),
		item(r.T("得分与名次的把握。", "How firm scores and ranks are. "), r.T("得分区间、名次区间与等级概率来自固定种子的约 1,000 次模拟：数值在其区间内变动；权重、目标与汇总方法另行变动。区间相交的部门不宜分出高下。",
			"Intervals of scores and ranks and probabilities of grades come from about 1,000 seeded draws in which values vary within their intervals; weights, targets and the way of averaging are varied apart. Departments whose intervals overlap should not be told apart.")),
		item(r.T("得分。", "Scores. "), r.T("按与目标的距离计算（财预〔2020〕10 号的正向、反向等计分规则，二手来源核对），一个部门的得分不因其他部门而变。权重：执行 10、产出 50、效益 30、满意度 10；未测者不计，百分制得分为得分点数除以已测权重。",
			"Points follow the distance to the target (positive and reverse rules of the budget performance scheme of 2020, checked against secondary sources); no department's points move because of another's. Weights: execution 10, output 50, benefit 30, satisfaction 10; what is not measured is left out, and the score of 100 is points over the weight measured.")),
		item(r.T("等级。", "Grades. "), r.grades()),
		item(r.T("可复核。", "Reproducible. "), r.F("数据指纹 %s 覆盖数据批次、指标定义、配置与引擎版本；同一指纹必得同一报告。", "The stamp %s covers loads, definitions, configuration and engine; the same stamp gives the same report.", r.Month.Stamp)),
	}}
	return []document.Block{list}
}

// grades says which scores earn which grade.
func (r *Reading) grades() string {
	var parts []string
	for i, band := range r.Bands {
		switch {
		case i == 0:
			parts = append(parts, r.F("%s ≥ %s", "%s ≥ %s", r.Grade(band.Grade), document.FormatNumber(band.Min, 0)))
		case i == len(r.Bands)-1:
			parts = append(parts, r.F("%s < %s", "%s < %s", r.Grade(band.Grade), document.FormatNumber(r.Bands[i-1].Min, 0)))
		default:
			parts = append(parts, r.F("%s %s–%s", "%s %s–%s", r.Grade(band.Grade), document.FormatNumber(band.Min, 0), document.FormatNumber(r.Bands[i-1].Min, 0)))
		}
	}
	return strings.Join(parts, r.T("，", ", ")) + r.T("。确认发生数据泄露的部门，等级不高于配置的上限。", ". A department with a confirmed data leak is graded no better than the configured cap.")
}
