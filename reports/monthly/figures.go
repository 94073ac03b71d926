package monthly

import (
	"slices"

	"weir/metrics"
	"weir/metrics/stats"
	"weir/reports/document"
	"weir/reports/dossier"
	"weir/reports/figure"
)

// flows shows who gives to whom.
func (b *builder) flows() (document.Section, error) {
	s := document.Section{ID: "flows", Title: b.T("部门间数据流转", "Flows between departments")}
	f := figure.Flows{Head: figure.Head{
		ID: "flows-departments", Unit: b.T("有效交换次数", "effective exchanges"), Source: b.Source(),
		Note: b.T("有效交换：同一使用部门、资源、场景在同一小时内的成功调用只计一次；部门自用与探测调用不计。",
			"An effective exchange counts successful calls of one consumer, resource and scenario within a clock hour once; own use and probes do not count."),
	}}
	var total int64
	largest := metrics.Flow{}
	provided := map[string]float64{}
	for _, d := range b.Month.Departments {
		f.Units = append(f.Units, b.label(d.ID))
	}
	for _, flow := range b.Month.Flows {
		f.Links = append(f.Links, figure.Flow{From: flow.Provider, To: flow.Consumer, Amount: float64(flow.Exchanges)})
		total += flow.Exchanges
		provided[flow.Provider] += float64(flow.Exchanges)
		if flow.Exchanges > largest.Exchanges {
			largest = flow
		}
	}
	if len(f.Links) == 0 {
		s.Blocks = append(s.Blocks, document.P(b.noFlows()))
		return s, nil
	}
	f.Title = b.F("共 %s 次有效交换，最大一支由%s流向%s（%s 次）", "%s effective exchanges; the largest flow goes from %s to %s (%s)",
		document.FormatNumber(float64(total), 0), b.Name(largest.Provider), b.Name(largest.Consumer), document.FormatNumber(float64(largest.Exchanges), 0))
	if err := figure.Add(&s, b.Lang, f); err != nil {
		return s, err
	}
	text, err := b.flowFacts(provided, float64(total))
	s.Blocks = append(s.Blocks, document.P(text))
	return s, err
}

func (b *builder) noFlows() string {
	if !b.Dossier.Connected["usage_event"] {
		return b.T("未接入使用日志，部门间流转未测。", "No log of use is connected: flows between departments are not measured.")
	}
	return b.T("本月没有部门间的有效交换记录。", "No effective exchange between departments was recorded this month.")
}

// flowFacts is density and concentration in a sentence.
func (b *builder) flowFacts(provided map[string]float64, total float64) (string, error) {
	var amounts []float64
	for _, d := range b.Month.Departments {
		if provided[d.ID] > 0 {
			amounts = append(amounts, provided[d.ID])
		}
	}
	hhi, err := stats.HHI(amounts)
	if err != nil {
		return "", err
	}
	ordered := slices.Sorted(slices.Values(amounts))
	top, three := 0.0, min(3, len(ordered))
	for _, a := range ordered[len(ordered)-three:] {
		top += a
	}
	text := b.F("%d 个部门提供了数据，前 %d 个部门占 %s%%；提供方集中度 HHI %s", "%d departments provided data; the first %d of them account for %s%%; concentration of providers, HHI %s",
		len(amounts), three, document.FormatNumber(100*top/total, 1), document.FormatNumber(hhi, 0))
	switch {
	case hhi > 1800:
		text += b.T("（高于 1,800，属高度集中）。", " (above 1,800: highly concentrated).")
	case hhi > 1000:
		text += b.T("（1,000 至 1,800 之间，属中度集中）。", " (between 1,000 and 1,800: moderately concentrated).")
	default:
		text += b.T("（低于 1,000，不集中）。", " (below 1,000: not concentrated).")
	}
	return text, nil
}

// funnel shows how much of the catalogue comes in, is worked and goes out.
func (b *builder) funnel() (document.Section, error) {
	s := document.Section{ID: "funnel", Title: b.T("进得来、做得了、出得去", "Coming in, being worked, going out")}
	var all dossier.Stage
	for _, stage := range b.Dossier.Stages {
		all = all.Add(stage)
	}
	if all.Catalogued == 0 {
		s.Blocks = append(s.Blocks, document.P(b.T("目录未接入，流转漏斗未测。", "No catalogue is connected: the funnel is not measured.")))
		return s, nil
	}
	count := func(n int) document.Value { return document.Num(float64(n)) }
	f := figure.Funnel{Head: figure.Head{
		ID: "funnel-datasets", Unit: b.T("目录项", "datasets"), Source: b.Source(), Title: b.funnelTitle(all),
		Note: b.T("只计可共享的目录项。申请、提供、使用看近 365 日；无条件共享的数据可不经申请直接使用，凡被使用的一并计入“申请”与“提供”。",
			"Shareable datasets only. Requests, deliveries and use within 365 days; data shared without conditions may be used without a request: what is used counts as requested and provided."),
	}, Stages: []figure.Stage{
		{Label: figure.Label{ID: "catalogued", Name: b.T("编目", "Catalogued")}, Value: count(all.Catalogued)},
		{Label: figure.Label{ID: "mounted", Name: b.T("挂接（进得来）", "Mounted (comes in)")}, Value: count(all.Mounted)},
		{Label: figure.Label{ID: "requested", Name: b.T("申请", "Requested")}, Value: count(all.Requested)},
		{Label: figure.Label{ID: "provided", Name: b.T("提供（做得了）", "Provided (is worked)")}, Value: count(all.Provided)},
		{Label: figure.Label{ID: "used", Name: b.T("使用（出得去）", "Used (goes out)")}, Value: count(all.Used)},
	}}
	if err := figure.Add(&s, b.Lang, f); err != nil {
		return s, err
	}
	s.Blocks = append(s.Blocks, b.funnelTable())
	return s, nil
}

// funnelTitle names the narrowest step.
func (b *builder) funnelTitle(all dossier.Stage) string {
	steps := []struct {
		name        string
		from, count int
	}{
		{b.T("编目到挂接", "from catalogue to mounting"), all.Catalogued, all.Mounted},
		{b.T("挂接到申请", "from mounting to request"), all.Mounted, all.Requested},
		{b.T("申请到提供", "from request to delivery"), all.Requested, all.Provided},
		{b.T("提供到使用", "from delivery to use"), all.Provided, all.Used},
	}
	narrowest, least := "", 2.0
	for _, step := range steps {
		if step.from > 0 && float64(step.count)/float64(step.from) < least {
			least, narrowest = float64(step.count)/float64(step.from), step.name
		}
	}
	return b.F("每 100 个目录项有 %s 个在用，最窄处在%s（%s%%）", "%s of 100 datasets are in use; the narrowest step is %s (%s%%)",
		document.FormatNumber(100*float64(all.Used)/float64(all.Catalogued), 0), narrowest, document.FormatNumber(100*least, 1))
}

func (b *builder) funnelTable() *document.Table {
	number := func(id, title string) document.Column {
		return document.Column{ID: id, Title: title, Kind: document.KindNumber, Total: document.TotalSum}
	}
	share := func(id, title, above, below string) document.Column {
		return document.Column{ID: id, Title: title, Unit: "%", Kind: document.KindNumber, Decimals: 1, Ratio: document.Ratio{Numerator: above, Denominator: below, Factor: 100}}
	}
	t := &document.Table{ID: "funnel-by-department", Title: b.T("各部门目录项所处环节", "How far the datasets of each department come"), Source: b.Source(), Total: true,
		Columns: []document.Column{
			{ID: "department", Title: b.T("部门", "Department")},
			number("catalogued", b.T("编目", "Catalogued")), number("mounted", b.T("挂接", "Mounted")), number("requested", b.T("申请", "Requested")),
			number("provided", b.T("提供", "Provided")), number("used", b.T("使用", "Used")),
			share("in", b.T("进得来", "Comes in"), "mounted", "catalogued"), share("worked", b.T("做得了", "Is worked"), "provided", "mounted"), share("out", b.T("出得去", "Goes out"), "used", "provided"),
		}}
	quotient := func(a, below int) document.Cell {
		if below == 0 {
			return document.Of(document.None(document.NotApplicable))
		}
		return document.Number(100 * float64(a) / float64(below))
	}
	for _, x := range b.Dossier.Stages {
		t.Rows = append(t.Rows, document.Row{Cells: []document.Cell{
			b.linked(x.Department), document.Number(float64(x.Catalogued)), document.Number(float64(x.Mounted)), document.Number(float64(x.Requested)),
			document.Number(float64(x.Provided)), document.Number(float64(x.Used)),
			quotient(x.Mounted, x.Catalogued), quotient(x.Provided, x.Mounted), quotient(x.Used, x.Provided)}})
	}
	return t
}
