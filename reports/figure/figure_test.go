package figure_test

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"weir/internal/echarts"
	"weir/internal/fonts"
	"weir/internal/lang"
	"weir/reports/document"
	"weir/reports/figure"
	"weir/reports/reporttest"
)

func builders(l lang.Lang) map[string]figure.Builder {
	half := reporttest.Ranking(l, 12)
	half.Half = true
	return map[string]figure.Builder{
		"ranking": reporttest.Ranking(l, 40), "half ranking": half, "heat map": reporttest.HeatMap(l, 40, 20), "flows": reporttest.Flows(l, 40),
		"trend": reporttest.Trend(l), "small multiples": reporttest.SmallMultiples(l, 40), "funnel": reporttest.Funnel(l), "bars and line": reporttest.BarLine(l),
		"horizontal bars": reporttest.HorizontalBars(l), "shares": reporttest.Shares(l), "dots": reporttest.Dots(l), "waterfall": reporttest.Waterfall(l),
	}
}

// picture is what a drawn figure holds.
type picture struct {
	svg   string
	texts []placed
}

// placed is a text with its place; x is its anchor.
type placed struct {
	text, anchor string
	x, y, size   float64
	bold         bool
}

func draw(t *testing.T, s *echarts.Session, f *document.Figure) picture {
	t.Helper()
	svg, err := s.SVG(f.Option, f.Width, f.Height)
	if err != nil {
		t.Fatalf("figure %s: %v", f.ID, err)
	}
	p := picture{svg: svg}
	decoder := xml.NewDecoder(strings.NewReader(svg))
	var current *placed
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return p
		}
		if err != nil {
			t.Fatalf("figure %s is not well-formed: %v", f.ID, err)
		}
		switch e := token.(type) {
		case xml.StartElement:
			if e.Name.Local == "text" {
				current = place(e)
			}
		case xml.CharData:
			if current != nil {
				current.text += string(e)
			}
		case xml.EndElement:
			if e.Name.Local == "text" {
				p.texts = append(p.texts, *current)
				current = nil
			}
		}
	}
}

var translate = regexp.MustCompile(`translate\((-?[0-9.]+)[ ,](-?[0-9.]+)\)`)

func place(e xml.StartElement) *placed {
	p := &placed{anchor: "start", size: 12}
	for _, a := range e.Attr {
		v, _ := strconv.ParseFloat(a.Value, 64)
		switch a.Name.Local {
		case "x":
			p.x += v
		case "y":
			p.y += v
		case "font-size":
			p.size = v
		case "font-weight":
			p.bold = a.Value == "bold"
		case "text-anchor":
			p.anchor = a.Value
		case "transform":
			if m := translate.FindStringSubmatch(a.Value); m != nil {
				x, _ := strconv.ParseFloat(m[1], 64)
				y, _ := strconv.ParseFloat(m[2], 64)
				p.x, p.y = p.x+x, p.y+y
			} else if strings.HasPrefix(a.Value, "matrix") || strings.HasPrefix(a.Value, "rotate") {
				p.size = 0 // turned text is looked at by eye
			}
		}
	}
	return p
}

// box is the room of a text: left, top, right, bottom.
func box(set *fonts.Set, p placed) [4]float64 {
	w := set.Width(p.text, p.size, p.bold)
	left := p.x
	switch p.anchor {
	case "middle":
		left -= w / 2
	case "end":
		left -= w
	}
	return [4]float64{left, p.y - 0.42*p.size, left + w, p.y + 0.42*p.size}
}

func session(t *testing.T) *echarts.Session {
	t.Helper()
	engine, err := echarts.New(echarts.Options{Prepare: figure.Script()})
	if err != nil {
		t.Fatal(err)
	}
	s, err := engine.Session()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// No label may reach over the edge of the picture or into another label, with 40
// departments, long and hostile names and figures of 13 digits.
func TestNoLabelIsCutOrOverlapsAnother(t *testing.T) {
	set, err := fonts.Default()
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range []lang.Lang{lang.Zh, lang.En} {
		s := session(t)
		for name, builder := range builders(l) {
			figures, err := builder.Figures(l)
			if err != nil {
				t.Errorf("%s: %v", name, err)
				continue
			}
			for _, f := range figures {
				p := draw(t, s, f)
				if len(p.texts) < 4 {
					t.Errorf("%s %s: only %d texts", l, f.ID, len(p.texts))
				}
				for i, a := range p.texts {
					if a.size == 0 || strings.TrimSpace(a.text) == "" {
						continue
					}
					x := box(set, a)
					if x[0] < -1 || x[1] < -1 || x[2] > float64(f.Width)+1 || x[3] > float64(f.Height)+1 {
						t.Errorf("%s %s: %q reaches over the edge: %.0f", l, f.ID, a.text, x)
					}
					for _, b := range p.texts[i+1:] {
						y := box(set, b)
						if b.size > 0 && strings.TrimSpace(b.text) != "" && math.Min(x[2], y[2])-math.Max(x[0], y[0]) > 1 && math.Min(x[3], y[3])-math.Max(x[1], y[1]) > 1 {
							t.Errorf("%s %s: %q and %q overlap", l, f.ID, a.text, b.text)
						}
					}
				}
			}
		}
	}
}

// Long heads of columns leave the room to the bars, and shares end at 100.
func TestSharesHaveRoomAndEndAt100(t *testing.T) {
	for _, l := range []lang.Lang{lang.Zh, lang.En} {
		figures, err := reporttest.Shares(l).Figures(l)
		if err != nil {
			t.Fatal(err)
		}
		var option struct {
			Grid  struct{ Left, Right float64 }
			XAxis struct{ Min, Max float64 }
		}
		if err := json.Unmarshal(figures[0].Option, &option); err != nil {
			t.Fatal(err)
		}
		if option.XAxis.Min != 0 || option.XAxis.Max != 100 {
			t.Errorf("%s: the axis goes from %g to %g", l, option.XAxis.Min, option.XAxis.Max)
		}
		if room := float64(figures[0].Width) - option.Grid.Left - option.Grid.Right; room < 0.3*float64(figures[0].Width) {
			t.Errorf("%s: %g of %d points are left to the bars", l, room, figures[0].Width)
		}
	}
}

func TestEveryFigureStandsAlone(t *testing.T) {
	for _, l := range []lang.Lang{lang.Zh, lang.En} {
		for name, builder := range builders(l) {
			figures, err := builder.Figures(l)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			ids := map[string]bool{}
			for _, f := range figures {
				if f.Title == "" || f.Unit == "" || f.Source == "" || len([]rune(f.Alt)) < 10 {
					t.Errorf("%s: title %q, unit %q, source %q, alt %q", name, f.Title, f.Unit, f.Source, f.Alt)
				}
				if len(f.Table.Rows) == 0 || len(f.Table.Columns) < 2 {
					t.Errorf("%s has no table behind it", f.ID)
				}
				if ids[f.ID] {
					t.Errorf("id %s stands twice", f.ID)
				}
				ids[f.ID] = true
				if !json.Valid(f.Option) || strings.ContainsAny(string(f.Option), "<>") {
					t.Errorf("%s: the option is no JSON that may stand in a script element", f.ID)
				}
			}
		}
	}
}

// A department without a value keeps its row, says why, and has no bar.
func TestAbsentValuesAreNamedAndNeverZero(t *testing.T) {
	s := session(t)
	one := figure.Ranking{Head: figure.Head{ID: "r", Title: "t", Unit: "分", Source: "s"}, High: 100}
	for i, v := range []document.Value{document.Num(50), document.Num(0), document.None(document.Missing), document.None(document.NotApplicable), document.None(document.NotMeasured)} {
		one.Items = append(one.Items, figure.RankingItem{Label: figure.Label{Name: strings.Repeat("部", i+1)}, Value: v})
	}
	figures, err := one.Figures(lang.Zh)
	if err != nil {
		t.Fatal(err)
	}
	p := draw(t, s, figures[0])
	seen := map[string]int{}
	for _, x := range p.texts {
		seen[x.text]++
	}
	for _, want := range []string{"× 缺数", "— 不适用", "· 未测"} {
		if seen[want] != 1 {
			t.Errorf("%q stands %d times in the picture", want, seen[want])
		}
	}
	if seen["0"] != 2 { // the axis and the department that truly has zero
		t.Errorf("zero stands %d times, want 2: the axis and the measured zero", seen["0"])
	}
	for i, want := range []document.State{document.Measured, document.Measured, document.Missing, document.NotApplicable, document.NotMeasured} {
		row := figures[0].Table.Rows[i]
		if got := row.Cells[len(row.Cells)-1].Value.State; got != want {
			t.Errorf("row %d of the table has state %v, want %v", i, got, want)
		}
	}
}

// Each state of a heat map has its own drawing, beside the number.
func TestHeatMapStatesDiffer(t *testing.T) {
	s := session(t)
	shapes := map[string]string{}
	for name, v := range map[string]document.Value{
		"value": document.Num(0), "missing": document.None(document.Missing), "not applicable": document.None(document.NotApplicable), "not measured": document.None(document.NotMeasured),
	} {
		h := figure.HeatMap{Head: figure.Head{ID: "h", Title: "t", Unit: "分", Source: "s"}, Rows: []figure.Label{{Name: "民政局"}}, Columns: []figure.Label{{ID: "a", Name: "甲"}}, Cells: [][]figure.HeatCell{{{Score: v}}}}
		figures, err := h.Figures(lang.Zh)
		if err != nil {
			t.Fatal(err)
		}
		svg := draw(t, s, figures[0]).svg
		for other, drawn := range shapes {
			if drawn == svg {
				t.Errorf("%s and %s look the same", name, other)
			}
		}
		shapes[name] = svg
	}
}

func TestFlowsWithoutEventsSayso(t *testing.T) {
	f := reporttest.Flows(lang.Zh, 5)
	f.Links = nil
	figures, err := f.Figures(lang.Zh)
	if err != nil {
		t.Fatal(err)
	}
	if figures[0].Option != nil || figures[0].Empty == "" {
		t.Errorf("a month without flows has a chart or no reason: %q", figures[0].Empty)
	}
}

// The joined rest and the drawn units add up to the whole, and the matrix holds
// every department.
func TestFlowsLoseNothing(t *testing.T) {
	f := reporttest.Flows(lang.Zh, 40)
	total := 0.0
	for _, link := range f.Links {
		total += link.Amount
	}
	figures, err := f.Figures(lang.Zh)
	if err != nil {
		t.Fatal(err)
	}
	var option struct {
		Series []struct{ Links []struct{ Value float64 } }
	}
	if err := json.Unmarshal(figures[0].Option, &option); err != nil {
		t.Fatal(err)
	}
	drawn := 0.0
	for _, link := range option.Series[0].Links {
		drawn += link.Value
	}
	if drawn != total {
		t.Errorf("drawn %v of %v", drawn, total)
	}
	totals := figures[0].Table.Totals()
	if got := totals[len(totals)-1].Value.Number; got != total {
		t.Errorf("the matrix sums to %v, the flows to %v", got, total)
	}
}

func TestBadDataIsAnError(t *testing.T) {
	head := figure.Head{ID: "x", Title: "t", Unit: "分", Source: "s"}
	nan := document.Num(math.NaN())
	for name, c := range map[string]struct {
		builder figure.Builder
		want    string
	}{
		"no unit":            {figure.Funnel{Head: figure.Head{ID: "x", Title: "t", Source: "s"}}, "no unit"},
		"bad id":             {figure.Funnel{Head: figure.Head{ID: "a b", Title: "t", Source: "s", Unit: "u"}}, `"a b"`},
		"no items":           {figure.Ranking{Head: head}, "nothing to draw"},
		"no number":          {figure.Ranking{Head: head, Items: []figure.RankingItem{{Label: figure.Label{Name: "甲"}, Value: nan}}}, "甲"},
		"interval reversed":  {figure.Ranking{Head: head, Items: []figure.RankingItem{{Label: figure.Label{Name: "甲"}, Value: document.Num(1), Interval: &document.Interval{Low: 2, High: 1}}}}, "interval"},
		"unknown grade":      {figure.Ranking{Head: head, Bands: []figure.Band{{Name: "优", Min: 90}}, Items: []figure.RankingItem{{Label: figure.Label{Name: "甲"}, Value: document.Num(1), Grade: "好"}}}, "好"},
		"ragged heat map":    {figure.HeatMap{Head: head, Rows: []figure.Label{{Name: "甲"}}, Columns: []figure.Label{{Name: "a"}, {Name: "b"}}, Cells: [][]figure.HeatCell{{{}}}}, "1 cells for 2"},
		"score above 100":    {figure.HeatMap{Head: head, Rows: []figure.Label{{Name: "甲"}}, Columns: []figure.Label{{Name: "a"}}, Cells: [][]figure.HeatCell{{{Score: document.Num(101)}}}}, "101"},
		"unknown unit":       {figure.Flows{Head: head, Links: []figure.Flow{{From: "A", To: "B", Amount: 1}}}, "not in the list"},
		"negative flow":      {figure.Flows{Head: head, Units: []figure.Label{{ID: "A"}, {ID: "B"}}, Links: []figure.Flow{{From: "A", To: "B", Amount: -1}}}, "above zero"},
		"series too short":   {figure.Trend{Head: head, Periods: []string{"1", "2"}, Series: []figure.Series{{Values: []document.Value{document.Num(1)}}}}, "1 values for 2"},
		"too many lines":     {figure.Trend{Head: head, Periods: []string{"1"}, Series: make([]figure.Series, 7)}, "values for 1"},
		"negative stage":     {figure.Funnel{Head: head, Stages: []figure.Stage{{Value: document.Num(-1)}}}, "counts"},
		"waterfall off":      {figure.Waterfall{Head: head, Start: 1, End: 5, Steps: []figure.Step{{Amount: 1}}}, "but the end is 5"},
		"lines without unit": {figure.BarLine{Head: head, Categories: []figure.Label{{}}, Lines: []figure.Series{{Values: []document.Value{{}}}}}, "unit"},
	} {
		if _, err := c.builder.Figures(lang.Zh); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want one that mentions %q", name, err, c.want)
		}
	}
}

func TestColumnsWithoutANumberStayOutOfTheTableOfARanking(t *testing.T) {
	r := figure.Ranking{Head: figure.Head{ID: "r", Title: "t", Unit: "分", Source: "s"}, High: 100}
	none := document.None(document.NotApplicable)
	for _, name := range []string{"甲", "乙"} {
		r.Items = append(r.Items, figure.RankingItem{Label: figure.Label{Name: name}, Value: document.Num(50), N: none, Change: none})
	}
	columns := func() string {
		figures, err := r.Figures(lang.Zh)
		if err != nil {
			t.Fatal(err)
		}
		var ids []string
		for _, c := range figures[0].Table.Columns {
			ids = append(ids, c.ID)
		}
		return strings.Join(ids, " ")
	}
	if got := columns(); got != "department value" {
		t.Errorf("columns %s, want department and value", got)
	}
	r.Items[0].N = document.Num(3)
	if got := columns(); got != "department value n" {
		t.Errorf("columns %s, want n as well", got)
	}
}
