package monthly

import (
	"slices"

	"weir/metrics"
	"weir/reports/document"
	"weir/reports/figure"
	"weir/reports/finding"
	"weir/reports/reading"
)

// mostSleepers is how many dormant resources are listed.
const mostSleepers = 15

// storage shows reuse and dormant storage with its cost.
func (b *builder) storage() (document.Section, error) {
	s := document.Section{ID: "storage", Title: b.T("复用与沉睡存储", "Reuse and dormant storage")}
	if text := b.reuse(); text != "" {
		s.Blocks = append(s.Blocks, document.P(text))
	}
	stores := finding.Stores(b.Reading)
	if len(stores) == 0 {
		s.Blocks = append(s.Blocks, document.P(b.T("没有填报存储量的资源，沉睡存储未测。", "No resource states its volume: dormant storage is not measured.")))
		return s, nil
	}
	slices.SortStableFunc(stores, func(x, y finding.Storage) int {
		switch {
		case x.Asleep > y.Asleep:
			return -1
		case x.Asleep < y.Asleep:
			return 1
		}
		return 0
	})
	if err := b.storageFigure(&s, stores); err != nil {
		return s, err
	}
	s.Blocks = append(s.Blocks, b.storageTable(stores))
	if t := b.sleepers(); len(t.Rows) > 0 {
		s.Blocks = append(s.Blocks, t)
	}
	return s, nil
}

// reuse says how widely data are used again.
func (b *builder) reuse() string {
	p := b.Indicator("reuse_rate")
	v, ok := b.Value("reuse_rate", metrics.City)
	if p == nil || !ok || !reading.Number(v).Ok() || v.Numerator == nil || v.Denominator == nil {
		return ""
	}
	text := b.F("近 365 日被使用过的 %s 个资源中，%s 个有两个以上部门使用，复用率 %s", "Of %s resources used within 365 days, %s have two or more departments as users: a reuse rate of %s",
		document.FormatNumber(*v.Denominator, 0), document.FormatNumber(*v.Numerator, 0), b.Figure(p, v))
	if target := b.TargetText(p, v); target != "" {
		text += b.F("（目标 %s）", " (target %s)", target)
	}
	return text + b.T("。", ".")
}

func (b *builder) storageFigure(s *document.Section, stores []finding.Storage) error {
	total, asleep := 0.0, 0.0
	var labels []figure.Label
	awake, dormant := figure.Series{Label: figure.Label{ID: "awake", Name: b.T("在用", "In use")}}, figure.Series{Label: figure.Label{ID: "dormant", Name: b.T("沉睡", "Dormant")}}
	for _, x := range stores {
		total, asleep = total+x.Stored, asleep+x.Asleep
		labels = append(labels, b.label(x.Department))
		share := 100 * x.Asleep / x.Stored
		awake.Values, dormant.Values = append(awake.Values, document.Num(100-share)), append(dormant.Values, document.Num(share))
	}
	return figure.Add(s, b.Lang, figure.BarLine{Head: figure.Head{
		ID: "storage-share", Unit: "%", Source: b.Source(), Explain: reading.DefinitionID("dormant_storage_share"),
		Title: b.F("%s 存储中 %s 沉睡（%s%%）", "%[2]s of %[1]s stored lie dormant (%[3]s%%)", finding.Bytes(total), finding.Bytes(asleep), document.FormatNumber(100*asleep/total, 1)),
		Note:  b.T("按沉睡存储量由大到小排列。沉睡：挂接满 180 天而近 180 天没有其他部门取用。", "Ordered by dormant volume. Dormant: mounted for 180 days or more and not taken by any other department within 180 days."),
	}, Categories: labels, Bars: []figure.Series{awake, dormant}, BarDecimals: 1, Stacked: true, Horizontal: true})
}

const gigabyte = 1e9

func (b *builder) storageTable(stores []finding.Storage) *document.Table {
	number := func(id, title, unit string, decimals int, total document.Total) document.Column {
		return document.Column{ID: id, Title: title, Unit: unit, Kind: document.KindNumber, Decimals: decimals, Total: total}
	}
	cost, carry := b.MoneyColumn("cost", b.T("沉睡部分折算年成本（估算）", "Yearly cost of the dormant part (estimate)")), b.MoneyColumn("carry", b.T("硬件与运维年支出", "Yearly hardware and maintenance"))
	cost.Total, carry.Total = document.TotalSum, document.TotalSum
	t := &document.Table{ID: "storage-cost", Title: b.T("各部门存储、沉睡部分及其成本", "Storage, its dormant part and what it costs, by department"), Source: b.Source(), Total: true,
		Note: b.T("年支出为近 12 个月硬件（按使用月数摊销）与运行维护支出；成本按沉睡存储占比分摊，因存储未按资源记账，仅为估算。",
			"Yearly spending is hardware (spread over its service life) and maintenance of the last twelve months; the cost is its dormant share, an estimate, since storage is not booked by resource."),
		Columns: []document.Column{
			{ID: "department", Title: b.T("部门", "Department")},
			number("stored", b.T("存储量", "Stored"), "GB", 1, document.TotalSum), number("asleep", b.T("其中沉睡", "Dormant"), "GB", 1, document.TotalSum),
			{ID: "share", Title: b.T("沉睡占比", "Share dormant"), Unit: "%", Kind: document.KindNumber, Decimals: 1, Ratio: document.Ratio{Numerator: "asleep", Denominator: "stored", Factor: 100}},
			number("resources", b.T("沉睡资源", "Dormant resources"), b.T("个", ""), 0, document.TotalSum), carry, cost,
		}}
	for _, x := range stores {
		share := document.Explained(document.Num(100*x.Asleep/x.Stored), reading.ExplanationID("dormant_storage_share", x.Department))
		cells := []document.Cell{b.linked(x.Department), document.Number(x.Stored / gigabyte), document.Number(x.Asleep / gigabyte), share, document.Number(float64(x.Resources)),
			document.Of(document.None(document.NotMeasured)), document.Of(document.None(document.NotMeasured))}
		if x.HasCost {
			cells[5], cells[6] = b.MoneyCell(x.Carry), b.MoneyCell(x.Cost)
		}
		t.Rows = append(t.Rows, document.Row{Cells: cells})
	}
	return t
}

func (b *builder) sleepers() *document.Table {
	list := finding.Sleepers(b.Reading, "", mostSleepers)
	t := b.SleepersTable("storage-resources", b.F("体量最大的 %d 个沉睡资源", "The %d largest dormant resources", len(list)), list, true)
	if more := len(b.Dossier.Dormant) - len(list); more > 0 {
		t.Note = b.F("另有 %d 个沉睡资源，见各部门评分卡。", "%d more are listed in the scorecards of the departments.", more)
	}
	return t
}

// linked is a department's name that leads to its section; a department that is no longer in being has none.
func (b *builder) linked(department string) document.Cell {
	if !b.Has(department) {
		return document.Text(b.Name(department))
	}
	return document.Linked(b.Name(department), reading.DepartmentSection(department))
}
