package notebook

import (
	"fmt"
	"slices"
	"strings"

	"weir/internal/lang"
	"weir/internal/runner"
	"weir/queries/page"
	"weir/reports/document"
	"weir/reports/figure"
)

// role is a column or several that a chart takes by a key of the cell.
type role struct {
	key      string
	columns  []string
	required bool
}

// chartRoles lists what the chart of a cell takes.
func chartRoles(c page.Cell) []role {
	needsXY := drawn(c) && c.Chart != "number"
	return []role{
		{"x", list(c.X), needsXY}, {"y", list(c.Y), needsXY || c.Chart == "number"},
		{"series", list(c.Series), c.Chart == "heatmap" || c.Chart == "flows"},
		{"low", list(c.Low), false}, {"high", list(c.High), false}, {"target", list(c.Target), false},
	}
}

// drawn tells whether a cell has a chart.
func drawn(c page.Cell) bool { return c.Chart != "" && c.Chart != "table" && c.Chart != "hidden" }

func list(names string) []string {
	if names == "" {
		return nil
	}
	return strings.Split(names, ",")
}

// figures draws the chart of a cell with the builders of the reports; a chart of another size than the data allow
// becomes one that does.
func (b *builder) figures(c *Cell) ([]*document.Figure, error) {
	head := figure.Head{ID: "figure-" + strings.ReplaceAll(c.Name, "_", "-"), Title: b.title(c), Unit: b.labels.unit(c.Cell, c.Y), Source: b.source(), Note: b.note(c), Explain: definitionID(c)}
	var drawing figure.Builder
	var err error
	switch c.Chart {
	case "bar":
		drawing, err = b.bars(c, head)
	case "line", "panels":
		drawing, err = b.lines(c, head)
	case "heatmap":
		drawing, err = b.heatMap(c, head)
	case "flows":
		drawing = b.flows(c, head)
	case "funnel":
		drawing = b.funnel(c, head)
	case "dots":
		drawing = b.dots(c, head)
	default:
		err = fmt.Errorf("chart %q is not known", c.Chart)
	}
	if err != nil {
		return nil, fmt.Errorf("cell %s: %w", c.Name, err)
	}
	figures, err := drawing.Figures(b.lang)
	if err != nil {
		return nil, fmt.Errorf("cell %s: %w", c.Name, err)
	}
	return figures, nil
}

// column finds the place of a column of the answer; a chart that names none was refused by Check.
func (c *Cell) column(name string) int {
	return slices.IndexFunc(c.Result.Columns, func(r runner.Column) bool { return r.Name == name })
}

// at is a cell of the answer by column name, nil where there is none.
func (c *Cell) at(row []any, name string) any {
	if i := c.column(name); i >= 0 {
		return row[i]
	}
	return nil
}

// text is a cell of the answer as words.
func (b *builder) text(c *Cell, row []any, name string) string {
	i := c.column(name)
	if i < 0 || row[i] == nil {
		return b.lang.Pick("（无）", "(none)")
	}
	kind := document.Column{}
	if c.Result.Columns[i].Type == "DATE" && b.isMonth(c, i) {
		kind.Kind = document.KindMonth
	}
	return b.cell(kind, c.Result.Columns[i], row[i]).Text
}

// grid is the answer as series over categories: y by x, for each value of the series column or for each y column.
type grid struct {
	categories []figure.Label
	series     []figure.Series
}

// grid reads the answer; two values for one place are an error, since only one could be drawn.
func (b *builder) grid(c *Cell) (grid, error) {
	var g grid
	place := map[string]int{}
	for _, row := range c.Result.Rows {
		x := b.text(c, row, c.X)
		if _, known := place[x]; !known {
			place[x] = len(g.categories)
			g.categories = append(g.categories, figure.Label{ID: fmt.Sprintf("x%d", len(g.categories)+1), Name: x})
		}
	}
	index := map[string]int{}
	of := func(name string) *figure.Series {
		i, known := index[name]
		if !known {
			i = len(g.series)
			index[name] = i
			values := make([]document.Value, len(g.categories))
			g.series = append(g.series, figure.Series{Label: figure.Label{ID: fmt.Sprintf("s%d", i+1), Name: name}, Values: values})
		}
		return &g.series[i]
	}
	columns := list(c.Y)
	for _, row := range c.Result.Rows {
		at := place[b.text(c, row, c.X)]
		for _, y := range columns {
			name := b.labels.name(y)
			if c.Series != "" {
				name = b.text(c, row, c.Series)
			}
			s := of(name)
			if s.Values[at].Ok() {
				return g, fmt.Errorf("two rows for %s, %s; aggregate, or name the column that tells them apart with series=", g.categories[at].Name, name)
			}
			s.Values[at] = value(c.at(row, y))
		}
		if c.Low != "" && c.High != "" && len(columns) == 1 {
			s := of(b.seriesName(c, row, columns[0]))
			if s.Low == nil {
				s.Low, s.High = make([]document.Value, len(g.categories)), make([]document.Value, len(g.categories))
			}
			s.Low[at], s.High[at] = value(c.at(row, c.Low)), value(c.at(row, c.High))
		}
	}
	return g, nil
}

func (b *builder) seriesName(c *Cell, row []any, y string) string {
	if c.Series != "" {
		return b.text(c, row, c.Series)
	}
	return b.labels.name(y)
}

// mostUpright is how many bars stand side by side with readable names; more are laid down.
const mostUpright = 12

func (b *builder) bars(c *Cell, head figure.Head) (figure.Builder, error) {
	g, err := b.grid(c)
	if err != nil {
		return nil, err
	}
	return figure.BarLine{Head: head, Categories: g.categories, Bars: g.series, BarDecimals: b.yDecimals(c), Stacked: c.Series != "" && len(g.series) > 1,
		Horizontal: len(g.categories) > mostUpright || longest(g.categories) > 8}, nil
}

// mostLines is how many lines one panel takes; more become a panel each.
const mostLines = 6

func (b *builder) lines(c *Cell, head figure.Head) (figure.Builder, error) {
	g, err := b.grid(c)
	if err != nil {
		return nil, err
	}
	periods := make([]string, len(g.categories))
	for i, p := range g.categories {
		periods[i] = p.Name
	}
	if c.Chart == "panels" || len(g.series) > mostLines {
		return figure.SmallMultiples{Head: head, Periods: periods, Panels: g.series, Decimals: b.yDecimals(c), Target: b.target(c)}, nil
	}
	return figure.Trend{Head: head, Periods: periods, Series: g.series, Decimals: b.yDecimals(c), Target: b.target(c)}, nil
}

func (b *builder) heatMap(c *Cell, head figure.Head) (figure.Builder, error) {
	g, err := b.grid(c)
	if err != nil {
		return nil, err
	}
	h := figure.HeatMap{Head: head, Columns: g.categories, Decimals: b.yDecimals(c), ScoreName: b.labels.name(list(c.Y)[0])}
	for _, s := range g.series {
		h.Rows = append(h.Rows, s.Label)
		line := make([]figure.HeatCell, len(s.Values))
		for i, v := range s.Values {
			line[i].Score = v
		}
		h.Cells = append(h.Cells, line)
	}
	return h, nil
}

func (b *builder) flows(c *Cell, head figure.Head) figure.Builder {
	f := figure.Flows{Head: head, From: b.labels.name(c.X), To: b.labels.name(c.Series)}
	known := map[string]bool{}
	unit := func(name string) string {
		if !known[name] {
			known[name] = true
			f.Units = append(f.Units, figure.Label{ID: name, Name: name})
		}
		return name
	}
	for _, row := range c.Result.Rows {
		if amount, ok := float(c.at(row, c.Y)); ok && amount > 0 {
			f.Links = append(f.Links, figure.Flow{From: unit(b.text(c, row, c.X)), To: unit(b.text(c, row, c.Series)), Amount: amount})
		}
	}
	return f
}

func (b *builder) funnel(c *Cell, head figure.Head) figure.Builder {
	f := figure.Funnel{Head: head}
	for i, row := range c.Result.Rows {
		f.Stages = append(f.Stages, figure.Stage{Label: figure.Label{ID: fmt.Sprintf("stage%d", i+1), Name: b.text(c, row, c.X)}, Value: value(c.at(row, c.Y))})
	}
	return f
}

func (b *builder) dots(c *Cell, head figure.Head) figure.Builder {
	d := figure.IntervalDots{Head: head, Decimals: b.yDecimals(c)}
	for i, row := range c.Result.Rows {
		item := figure.DotItem{Label: figure.Label{ID: fmt.Sprintf("dot%d", i+1), Name: b.text(c, row, c.X)}, Value: value(c.at(row, c.Y))}
		low, hasLow := float(c.at(row, c.Low))
		high, hasHigh := float(c.at(row, c.High))
		if hasLow && hasHigh {
			item.Interval = &document.Interval{Low: low, High: high}
		}
		if t, ok := float(c.at(row, c.Target)); ok {
			item.Target = &t
		}
		d.Items = append(d.Items, item)
	}
	return d
}

// target is the target of the first row that has one.
func (b *builder) target(c *Cell) *float64 {
	for _, row := range c.Result.Rows {
		if t, ok := float(c.at(row, c.Target)); ok {
			return &t
		}
	}
	return nil
}

func (b *builder) yDecimals(c *Cell) int {
	most := 0
	for _, y := range list(c.Y) {
		if i := c.column(y); i >= 0 {
			most = max(most, b.decimals(c, i))
		}
	}
	return most
}

func longest(labels []figure.Label) int {
	n := 0
	for _, l := range labels {
		n = max(n, len([]rune(l.Name)))
	}
	return n
}

// keyFigures makes headline numbers: one for each row, or one for each y column of a single row.
func (b *builder) keyFigures(c *Cell) *document.KeyFigures {
	k := &document.KeyFigures{}
	for _, row := range c.Result.Rows {
		for _, y := range list(c.Y) {
			label := b.labels.name(y)
			if c.X != "" {
				label = b.text(c, row, c.X)
			}
			decimals := 0
			if i := c.column(y); i >= 0 {
				decimals = b.decimals(c, i)
			}
			unit := b.labels.columnUnit(y)
			if c.Unit != "" {
				unit = lang.Split(c.Unit).In(b.lang)
			}
			k.Items = append(k.Items, document.KeyFigure{Label: label, Value: value(c.at(row, y)), Decimals: decimals, Unit: unit, Explain: definitionID(c)})
		}
	}
	return k
}
