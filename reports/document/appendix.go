package document

import (
	"math"
	"slices"
	"strings"

	"weir/internal/lang"
)

// IntervalName is how an interval is called: 95% 区间（Wilson）.
func IntervalName(l lang.Lang, i Interval) string {
	name := l.Pick("区间", "interval")
	if i.Level > 0 {
		name = strings.TrimSuffix(FormatNumber(100*i.Level, 1), ".0") + "% " + name
	}
	if i.Method != "" {
		name += l.Pick("（", " (") + i.Method + l.Pick("）", ")")
	}
	return name
}

// ChangeSign marks the direction of a change besides its colour.
func ChangeSign(v float64) string {
	switch {
	case v > 0:
		return "▲ "
	case v < 0:
		return "▼ "
	}
	return ""
}

// DefinitionFacts are the lines that explain an indicator, without the empty
// ones.
func DefinitionFacts(l lang.Lang, d Definition) []Fact {
	facts := []Fact{
		{l.Pick("问题", "Question"), d.Question},
		{l.Pick("定义", "Definition"), d.Meaning},
		{l.Pick("公式", "Formula"), d.Formula},
		{l.Pick("分子", "Numerator"), d.Numerator},
		{l.Pick("分母", "Denominator"), d.Denominator},
		{l.Pick("单位", "Unit"), d.Unit},
		{l.Pick("方向", "Direction"), d.Direction},
	}
	for _, b := range d.Basis {
		text := b.Text
		if b.Read != "" {
			text += l.Pick("（", " (") + b.Read + l.Pick("）", ")")
		}
		facts = append(facts, Fact{l.Pick("依据", "Basis"), text})
	}
	facts = append(facts, Fact{l.Pick("版本", "Version"), d.Version})
	var out []Fact
	for _, f := range facts {
		if f.Value != "" {
			out = append(out, f)
		}
	}
	return out
}

// ExplanationTable is what lies behind the figures of one definition, one row
// per explanation; ids are their IDs in the order of the rows.
func ExplanationTable(d *Document, definition string) (t Table, ids []string) {
	l := d.Lang
	def := d.definition(definition)
	if def == nil {
		return t, nil
	}
	t = Table{ID: "explain-" + definition, Title: def.Name, Columns: []Column{
		{ID: "subject", Title: l.Pick("对象", "Subject")},
		{ID: "value", Title: l.Pick("数值", "Value"), Unit: def.Unit, Kind: KindNumber, Decimals: def.Decimals},
		{ID: "numerator", Title: l.Pick("分子", "Numerator"), Kind: KindNumber},
		{ID: "denominator", Title: l.Pick("分母", "Denominator"), Kind: KindNumber},
		{ID: "n", Title: "n", Kind: KindNumber},
		{ID: "low", Title: l.Pick("区间下限", "Interval low"), Kind: KindNumber, Decimals: def.Decimals},
		{ID: "high", Title: l.Pick("区间上限", "Interval high"), Kind: KindNumber, Decimals: def.Decimals},
		{ID: "target", Title: l.Pick("目标", "Target"), Unit: def.Unit, Kind: KindNumber, Decimals: def.Decimals},
		{ID: "points", Title: l.Pick("得分", "Points"), Kind: KindNumber, Decimals: 2},
		{ID: "points_max", Title: l.Pick("满分", "Possible"), Kind: KindNumber, Decimals: 2},
		{ID: "note", Title: l.Pick("说明", "Note")},
	}}
	for _, e := range d.Explanations {
		if e.Definition != definition {
			continue
		}
		ids = append(ids, e.ID)
		low, high, target := Empty(), Empty(), Empty()
		if e.Interval != nil {
			low, high = Number(e.Interval.Low), Number(e.Interval.High)
			t.Note = IntervalName(l, *e.Interval)
		}
		part := func(v Value) Cell { // a figure that is absent has no parts
			if !e.Value.Ok() && v.State == NotMeasured {
				return Empty()
			}
			return Of(v)
		}
		if e.Target != nil {
			target = Number(*e.Target)
		}
		t.Rows = append(t.Rows, Row{Cells: []Cell{
			Linked(e.Subject, e.Link), Of(e.Value), part(e.Numerator), part(e.Denominator), part(e.N), low, high, target, part(e.Points), part(e.PointsMax), Text(e.Note),
		}})
	}
	for i, c := range t.Columns {
		if c.ID == "numerator" || c.ID == "denominator" {
			t.Columns[i].Decimals = t.decimals(i)
		}
	}
	return t.Used("subject", "value"), ids
}

// ExplanationText is what lies behind one figure in a line:
// 97.8%（352/360；n = 360；95% 区间 96.1–98.9；目标 95.0；得分 2.55/2.59）.
func ExplanationText(l lang.Lang, d Definition, e Explanation) string {
	if !e.Value.Ok() {
		word := e.Value.State.Word(l)
		if e.Note == "" || e.Note == word {
			return word
		}
		return word + l.Pick("（", " (") + e.Note + l.Pick("）", ")")
	}
	text := FormatNumber(e.Value.Number, d.Decimals)
	if d.Unit != "" && d.Unit != "%" {
		text += " "
	}
	text += d.Unit
	var parts []string
	if e.Numerator.Ok() && e.Denominator.Ok() {
		parts = append(parts, shortNumber(e.Numerator.Number)+"/"+shortNumber(e.Denominator.Number))
	}
	if e.N.Ok() {
		parts = append(parts, "n = "+FormatNumber(e.N.Number, 0))
	}
	if i := e.Interval; i != nil {
		parts = append(parts, IntervalName(l, *i)+" "+FormatNumber(i.Low, d.Decimals)+"–"+FormatNumber(i.High, d.Decimals))
	}
	if e.Target != nil {
		parts = append(parts, l.Pick("目标 ", "target ")+FormatNumber(*e.Target, d.Decimals))
	}
	if e.Points.Ok() && e.PointsMax.Ok() {
		parts = append(parts, l.Pick("得分 ", "points ")+FormatNumber(e.Points.Number, 2)+"/"+FormatNumber(e.PointsMax.Number, 2))
	}
	if e.Note != "" {
		parts = append(parts, e.Note)
	}
	if len(parts) > 0 {
		text += l.Pick("（", " (") + strings.Join(parts, l.Pick("；", "; ")) + l.Pick("）", ")")
	}
	return text
}

// shortNumber writes a whole number without decimals, others with two.
func shortNumber(v float64) string {
	if v == math.Trunc(v) {
		return FormatNumber(v, 0)
	}
	return FormatNumber(v, 2)
}

// decimals is 2 where a number of the column is no whole number, else 0.
func (t Table) decimals(c int) int {
	for _, row := range t.Rows {
		if v := row.Cells[c].Value; v.Ok() && v.Number != math.Trunc(v.Number) {
			return 2
		}
	}
	return 0
}

// Used is the table without the columns in which no cell says anything; the
// columns named in keep stay.
func (t Table) Used(keep ...string) Table {
	var used []int
	for c, column := range t.Columns {
		if slices.Contains(keep, column.ID) || t.says(c) {
			used = append(used, c)
		}
	}
	out := t
	out.Columns, out.Rows = nil, nil
	for _, c := range used {
		out.Columns = append(out.Columns, t.Columns[c])
	}
	for _, row := range t.Rows {
		cells := make([]Cell, len(used))
		for i, c := range used {
			cells[i] = row.Cells[c]
		}
		row.Cells = cells
		out.Rows = append(out.Rows, row)
	}
	return out
}

// says reports whether a cell of the column holds a text, a number, or a reason
// for its absence other than "not measured".
func (t Table) says(c int) bool {
	for _, row := range t.Rows {
		cell := row.Cells[c]
		if t.Columns[c].Kind != KindNumber && cell.Text != "" {
			return true
		}
		if t.Columns[c].Kind == KindNumber && !cell.Blank && cell.Value.State != NotMeasured {
			return true
		}
	}
	return false
}

// ChangeWords writes a change with its direction, and whether it is to the
// better, in front of or behind what it is measured against, as the language has
// it: ▲ +1.6 分（向好）, or 持平.
func ChangeWords(l lang.Lang, c Change) string {
	switch {
	case !c.Value.Ok():
		return c.Value.State.Word(l)
	case FormatNumber(c.Value.Number, c.Decimals) == FormatNumber(0, c.Decimals):
		return l.Pick("持平", "unchanged")
	}
	text := ChangeSign(c.Value.Number) + FormatSigned(c.Value.Number, c.Decimals)
	if c.Unit != "" && c.Unit != "%" {
		text += " "
	}
	text += c.Unit
	switch {
	case c.Good > 0:
		text += l.Pick("（向好）", " (better)")
	case c.Good < 0:
		text += l.Pick("（转差）", " (worse)")
	}
	return text
}

// ChangeText is the change with what it is measured against: 较上月 ▲ +1.6 分.
func ChangeText(l lang.Lang, c Change) string {
	if l == lang.En {
		return strings.TrimSpace(ChangeWords(l, c) + " " + c.Against)
	}
	return strings.TrimSpace(c.Against + " " + ChangeWords(l, c))
}
