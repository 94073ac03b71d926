package budgetreview

import (
	"errors"

	"weir/metrics/efficiency"
	"weir/metrics/scoring"
	"weir/reports/document"
	"weir/reports/dossier"
	"weir/reports/figure"
)

// frontier is the outcome of comparing departments with their peers.
type frontier struct {
	units    []dossier.Unit
	variable []efficiency.Result
	scale    []efficiency.ScaleResult
	left     []string // departments that cannot be compared, with the reason
	refused  string   // why nothing is compared, "" where it is
}

// compareUnits runs the models; too few units are a reason in words, not an error.
func (b *builder) compareUnits() (frontier, error) {
	var f frontier
	t := efficiency.Table{InputNames: []string{"spend", "staff"}, OutputNames: []string{"pairs", "matters"}}
	matters := 0
	for _, u := range b.Dossier.Units {
		matters += u.Matters
	}
	if matters == 0 { // the model asks for a positive value in each column
		t.OutputNames = t.OutputNames[:1]
	}
	for _, u := range b.Dossier.Units {
		name := b.Name(u.Department)
		switch {
		case u.Spend <= 0:
			f.left = append(f.left, b.F("%s（无支出记录）", "%s (no spending on record)", name))
			continue
		case u.Staff <= 0:
			f.left = append(f.left, b.F("%s（无数据岗位人员）", "%s (no staff in data posts)", name))
			continue
		case u.Pairs <= 0 && u.Matters <= 0:
			f.left = append(f.left, b.F("%s（无有效共享、无支撑办件）", "%s (no effective share, no matter supported)", name))
			continue
		}
		outputs := []float64{float64(u.Pairs), float64(u.Matters)}[:len(t.OutputNames)]
		if outputs[0] <= 0 && len(outputs) == 1 {
			continue
		}
		f.units = append(f.units, u)
		t.Units = append(t.Units, u.Department)
		t.Inputs, t.Outputs = append(t.Inputs, []float64{u.Spend, float64(u.Staff)}), append(t.Outputs, outputs)
	}
	need := efficiency.RequiredUnits(len(t.InputNames), len(t.OutputNames))
	if len(t.Units) < need {
		f.refused = b.F("可比部门 %d 个，少于 2 项投入、%d 项产出所需的 %d 个（max(m·s, 3(m+s))），勉强比较会使几乎所有部门都显得有效，故不作效率比较。",
			"%d departments can be compared, fewer than the %[3]d that 2 inputs and %[2]d outputs need (max(m·s, 3(m+s))): nearly all would look efficient. No comparison is made.", len(t.Units), len(t.OutputNames), need)
		return f, nil
	}
	var err error
	if f.variable, err = efficiency.Radial(t, efficiency.Options{Scale: efficiency.Variable}); err == nil {
		f.scale, err = efficiency.ScaleEfficiency(t, efficiency.Options{})
	}
	if errors.Is(err, efficiency.ErrTooFew) || errors.Is(err, efficiency.ErrInvalid) {
		f.refused, err = b.T("效率比较的数据不满足要求：", "The data do not allow a comparison: ")+err.Error(), nil
	}
	return f, err
}

// efficiency shows who gets most out of money and people, and with whom the others are compared.
func (b *builder) efficiency() (document.Section, error) {
	s := document.Section{ID: "efficiency", Title: b.T("效率前沿", "Efficiency frontier")}
	f, err := b.compareUnits()
	if err != nil {
		return s, err
	}
	if f.refused != "" {
		s.Blocks = append(s.Blocks, &document.Note{Level: document.NoteInfo, Title: b.T("未作效率比较", "No comparison of efficiency"), Body: []document.Paragraph{*document.P(f.refused)}})
		return s, nil
	}
	chart := figure.Ranking{Head: figure.Head{ID: "efficiency-departments", Unit: b.T("技术效率 %", "technical efficiency, %"), Source: b.Source(),
		Note: b.T("数据包络分析，投入导向、规模可变（BCC）：投入为近 12 个月数据支出与数据岗位人数，产出为有效共享关系数与有数据支撑的办件数。100% 为与可比部门相比投入不能再按同一比例减少，不表示没有改进余地；结果不含统计误差。",
			"Data envelopment analysis, input-oriented with variable returns (BCC): inputs are twelve months of spending and staff in data posts, outputs the relations of effective sharing and the matters supported. 100% means that, against those compared, all inputs could not shrink alike, not that nothing could improve; there is no statistical error in it.")},
		Decimals: 1, Low: 0, High: 100}
	t := b.efficiencyTable()
	full, on := 0, 0
	order := orderByScore(f.variable)
	for k, i := range order {
		r, u := f.variable[i], f.units[i]
		if scoring.Round(100*r.Score, chart.Decimals) >= 100 {
			full++
		}
		if r.Efficient {
			on++
		}
		chart.Items = append(chart.Items, figure.RankingItem{Label: figure.Label{ID: r.Unit, Name: b.Name(r.Unit)}, Value: document.Num(100 * r.Score), Rank: rankOf(f.variable, order, k),
			N: document.None(document.NotApplicable), Change: document.None(document.NotApplicable)})
		t.Rows = append(t.Rows, document.Row{Cells: []document.Cell{document.Text(b.Name(r.Unit)), b.MoneyCell(u.Spend), document.Number(float64(u.Staff)),
			document.Number(float64(u.Pairs)), document.Number(float64(u.Matters)), document.Number(100 * f.scale[i].Constant), document.Number(100 * r.Score),
			document.Number(100 * f.scale[i].ScaleEfficiency), document.Text(b.returns(f.scale[i].Returns)), document.Text(b.peers(r)), b.MoneyCell(r.InputTargets[0])}})
	}
	chart.Title = b.F("%d 个可比部门中 %d 个处于效率前沿", "Of %d departments compared, %d are on the frontier", len(order), on)
	if full > on {
		chart.Title = b.F("%d 个可比部门中 %d 个达到 100%%，其中 %d 个处于效率前沿", "Of %d departments compared, %d reach 100%%, %d of them on the frontier", len(order), full, on)
		chart.Note += b.F("其中 %d 个仍有单项投入富余或单项产出不足，不算处于前沿。", " %d of these still have slack in one input or output and are not on the frontier.", full-on)
	}
	if err := figure.Add(&s, b.Lang, chart); err != nil {
		return s, err
	}
	s.Blocks = append(s.Blocks, t)
	if len(f.left) > 0 {
		s.Blocks = append(s.Blocks, document.P(b.F("未纳入比较：%s。", "Not compared: %s.", b.List(f.left))))
	}
	return s, nil
}

func (b *builder) efficiencyTable() *document.Table {
	percent := func(id, title string) document.Column {
		return document.Column{ID: id, Title: title, Unit: "%", Kind: document.KindNumber, Decimals: 1}
	}
	count := func(id, title string) document.Column {
		return document.Column{ID: id, Title: title, Kind: document.KindNumber}
	}
	return &document.Table{ID: "efficiency-peers", Title: b.T("投入、产出、效率与标杆部门", "Inputs, outputs, efficiency and peers"), Source: b.Source(),
		Note: b.T("标杆后为其在参照组合中的权重；前沿所需支出是参照组合以同样产出所用的支出，供核对差距来源，不是削减指标。",
			"Weights of the peers in the combination compared with; spending at the frontier is what that combination uses for the same outputs: a question to ask, no amount to cut."),
		Columns: []document.Column{{ID: "department", Title: b.T("部门", "Department")}, b.MoneyColumn("spend", b.T("年支出", "Spending")), count("staff", b.T("数据岗位", "Staff")),
			count("pairs", b.T("共享关系", "Relations")), count("matters", b.T("支撑办件", "Matters")), percent("constant", b.T("总体效率 CCR", "CCR")), percent("variable", b.T("技术效率 BCC", "BCC")),
			percent("scale", b.T("规模效率", "Scale")), {ID: "returns", Title: b.T("规模报酬", "Returns")}, {ID: "peers", Title: b.T("标杆部门", "Peers")},
			b.MoneyColumn("frontier", b.T("前沿所需支出", "Spending at the frontier"))}}
}

// orderByScore gives the places of the results, the most efficient first.
func orderByScore(results []efficiency.Result) []int {
	order := make([]int, len(results))
	for i := range order {
		order[i] = i
	}
	for i := 1; i < len(order); i++ { // insertion keeps equals in their order
		for k := i; k > 0 && results[order[k]].Score > results[order[k-1]].Score; k-- {
			order[k], order[k-1] = order[k-1], order[k]
		}
	}
	return order
}

// rankOf shares ranks among equal scores.
func rankOf(results []efficiency.Result, order []int, k int) int {
	for k > 0 && results[order[k]].Score == results[order[k-1]].Score {
		k--
	}
	return k + 1
}

func (b *builder) returns(r efficiency.Returns) string {
	switch r {
	case efficiency.IncreasingReturns:
		return b.T("递增", "increasing")
	case efficiency.DecreasingReturns:
		return b.T("递减", "decreasing")
	default:
		return b.T("不变", "constant")
	}
}

func (b *builder) peers(r efficiency.Result) string {
	if r.Efficient {
		return b.T("处于前沿", "on the frontier")
	}
	var names []string
	for _, p := range r.Peers {
		if p.Weight >= 0.005 {
			names = append(names, b.Name(p.Unit)+" "+document.FormatNumber(p.Weight, 2))
		}
	}
	return b.List(names)
}
