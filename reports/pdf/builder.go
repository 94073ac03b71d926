package pdf

import (
	"fmt"

	"weir/internal/fonts"
	"weir/internal/lang"
	"weir/reports/document"
)

// Text widths of the two forms in millimetres, from the margins in report.typ.
const (
	modernWidth   = 174.0
	officialWidth = 156.0
	// Heights of pictures that leave room for heading, title and notes on their page.
	modernTallest   = 200.0
	officialTallest = 160.0
)

// builder turns the document into data.json and pictures.
type builder struct {
	d        *document.Document
	charts   Drawer
	options  Options
	numbers  document.Numbering
	set      *fonts.Set
	pictures map[string]string
	explains map[string]string // explanation ID → anchor
	homes    map[string]string // anchor of a definition or explanation → definition
	width    float64
}

func newBuilder(d *document.Document, charts Drawer, o Options) (*builder, error) {
	set, err := fonts.Default()
	if err != nil {
		return nil, err
	}
	b := &builder{d: d, charts: charts, options: o, numbers: d.Numbers(), set: set, pictures: map[string]string{}, explains: map[string]string{}, homes: map[string]string{}, width: modernWidth}
	if d.Form == document.FormOfficial {
		b.width = officialWidth
	}
	for _, def := range d.Definitions {
		b.explains[def.ID] = "explain-" + def.ID
		b.homes["explain-"+def.ID] = def.ID
	}
	for _, e := range d.Explanations {
		b.explains[e.ID] = "explain-" + e.Definition
		if b.rowsOfExplanations() {
			b.explains[e.ID] = "explain-" + e.ID
		}
		b.homes[b.explains[e.ID]] = e.Definition
	}
	return b, nil
}

// mostExplanations is the number up to which the annex lists every figure; a
// report on 40 departments would else be mostly annex. The HTML and XLSX files
// have all of them.
const mostExplanations = 150

func (b *builder) rowsOfExplanations() bool { return len(b.d.Explanations) <= mostExplanations }

// text is a text as it can be printed: what has no glyph is written as its code.
func (b *builder) text(s string) string { return b.set.Printable(lang.Quotes(b.d.Lang, s)) }

func (b *builder) to(section, explanation string) string {
	switch {
	case explanation != "":
		return b.explains[explanation]
	case section != "":
		return "section-" + section
	}
	return ""
}

func (b *builder) report() (report, error) {
	d := b.d
	l := d.Lang
	r := report{
		Lang: map[bool]string{true: "en", false: "zh"}[l == "en"], Form: string(d.Form), Title: b.text(d.Title), Subtitle: b.text(d.Subtitle), Organisation: b.text(d.Organisation),
		Period: b.text(d.Period), Issue: b.text(d.Issue), Stamp: d.Stamp, Keywords: []string{d.Kind, d.Stamp}, Logo: b.options.Logo, Facts: []fact{}, Contents: []entry{}, Sections: []section{}, Annexes: []annex{},
		Words: words{
			Contents: l.Pick("目录", "Contents"), Unit: l.Pick("单位：", "Unit: "), Source: l.Pick("来源：", "Source: "), Remark: l.Pick("注：", "Note: "),
			Stamp: l.Pick("数据指纹", "Stamp"), Stamped: l.Pick("对本月数据批次、指标定义、配置与计算结果的 SHA-256。指纹相同，报告逐字节相同。",
				"SHA-256 over the month's batches, definitions, configuration and results. The same stamp gives the same report, byte for byte."), Page: l.Pick("第 {here} 页 / 共 {last} 页", "Page {here} of {last}"), OnPage: l.Pick("（第 {here} 页）", " (p. {here})"),
		},
	}
	if !d.Date.IsZero() {
		r.Date = []int{d.Date.Year(), int(d.Date.Month()), d.Date.Day()}
	}
	for _, f := range d.Facts {
		r.Facts = append(r.Facts, fact{Label: b.text(f.Label), Value: b.text(f.Value)})
	}
	for _, s := range d.Sections {
		view, err := b.section(s)
		if err != nil {
			return r, err
		}
		r.Sections = append(r.Sections, view)
		r.Contents = append(r.Contents, entry{view.Anchor, view.Number + view.Title})
	}
	r.Annexes = b.annexes()
	for _, a := range r.Annexes {
		r.Contents = append(r.Contents, entry{a.Anchor, a.Title})
	}
	return r, nil
}

// section lays out a section; above are the headings that stand right above it at the top of its page.
func (b *builder) section(s document.Section, above ...string) (section, error) {
	view := section{Anchor: "section-" + s.ID, Number: b.numbers.Heading(s.ID), Title: b.headingTitle(s), Break: s.PageBreak, Blocks: []any{}, Sections: []section{}}
	for i := 0; i < len(s.Blocks); i++ {
		if i+1 < len(s.Blocks) && isHalf(s.Blocks[i]) && isHalf(s.Blocks[i+1]) {
			p := pair{Kind: "pair"}
			for _, half := range []document.Block{s.Blocks[i], s.Blocks[i+1]} {
				f, err := b.figure(half.(*document.Figure))
				if err != nil {
					return view, err
				}
				p.Figures = append(p.Figures, f)
			}
			view.Blocks = append(view.Blocks, p)
			i++
			continue
		}
		block, err := b.block(s.Blocks[i])
		if err != nil {
			return view, fmt.Errorf("section %s: %w", s.ID, err)
		}
		if x, ok := s.Blocks[i].(*document.RuledForm); ok && (s.PageBreak || len(above) > 0) && i == 0 {
			places, err := x.Places()
			if err != nil {
				return view, err
			}
			f := block.(formBlock)
			b.spread(&f, places, append(above, view.Number+view.Title)...)
			block = f
		}
		view.Blocks = append(view.Blocks, block)
	}
	for i, sub := range s.Sections {
		var top []string
		if i == 0 && len(s.Blocks) == 0 && !sub.PageBreak && (s.PageBreak || len(above) > 0) {
			top = append(above, view.Number+view.Title)
		}
		v, err := b.section(sub, top...)
		if err != nil {
			return view, err
		}
		view.Sections = append(view.Sections, v)
	}
	return view, nil
}

// headingSize is the size of the headings of an official document in points.
const headingSize = 16.0

// headingTitle is the title of a section. In the large letters of an official document a name without a space is wider
// than the page.
func (b *builder) headingTitle(s document.Section) string {
	title := b.text(s.Title)
	if b.d.Form != document.FormOfficial {
		return title
	}
	return b.fitted(title, b.width/(headingSize*mmPerPoint)-b.em(b.numbers.Heading(s.ID), true), true) // beside its number
}

func isHalf(block document.Block) bool {
	f, ok := block.(*document.Figure)
	return ok && f.Half
}

func (b *builder) block(block document.Block) (any, error) {
	switch x := block.(type) {
	case *document.Paragraph:
		return paragraph{"paragraph", b.spans(*x)}, nil
	case *document.List:
		view := list{Kind: "list", Ordered: x.Ordered, Items: [][]span{}}
		for _, item := range x.Items {
			view.Items = append(view.Items, b.spans(item))
		}
		return view, nil
	case *document.Note:
		return b.note(x), nil
	case *document.KeyFigures:
		view := keyFigures{Kind: "key", Items: []keyFigure{}}
		for _, k := range x.Items {
			view.Items = append(view.Items, b.keyFigure(k))
		}
		return view, nil
	case *document.Figure:
		return b.figure(x)
	case *document.Table:
		view := b.table(*x, bodySize)
		view.Number = fmt.Sprintf(b.d.Lang.Pick("表 %d", "Table %d"), b.numbers.Tables[x.ID])
		return view, nil
	case *document.RuledForm:
		return b.form(x)
	}
	return nil, fmt.Errorf("block of unknown kind %T", block)
}

func (b *builder) spans(p document.Paragraph) []span {
	out := []span{}
	for _, s := range p.Spans {
		out = append(out, span{Text: b.text(s.Text), Strong: s.Strong, To: b.to(s.Link, s.Explain), Page: s.Explain != ""})
	}
	return out
}

func (b *builder) note(n *document.Note) note {
	l := b.d.Lang
	view := note{Kind: "note", Level: int(n.Level), Word: []string{l.Pick("ⓘ 说明", "ⓘ Note"), l.Pick("△ 注意", "△ Caution"), l.Pick("▲ 超限", "▲ Breach")}[n.Level], Body: [][]span{}}
	if n.Title != "" {
		view.Word += l.Pick("：", ": ") + b.text(n.Title)
	}
	for _, p := range n.Body {
		view.Body = append(view.Body, b.spans(p))
	}
	if len(view.Body) == 0 {
		view.Body = append(view.Body, []span{})
	}
	return view
}

func (b *builder) keyFigure(k document.KeyFigure) keyFigure {
	l := b.d.Lang
	view := keyFigure{Label: b.text(k.Label), Unit: b.text(k.Unit), None: !k.Value.Ok(), Value: k.Value.State.Word(l), To: b.to(k.Link, k.Explain), Lines: []keyLine{}}
	if k.Value.Ok() {
		view.Value = document.FormatNumber(k.Value.Number, k.Decimals)
	}
	line := func(good int, format string, a ...any) {
		view.Lines = append(view.Lines, keyLine{b.text(fmt.Sprintf(format, a...)), good})
	}
	if k.Change.Value.Ok() || k.Change.Against != "" {
		line(k.Change.Good, "%s", document.ChangeText(l, k.Change))
	}
	if i := k.Interval; i != nil && k.Value.Ok() {
		line(0, "%s %s–%s", document.IntervalName(l, *i), document.FormatNumber(i.Low, k.Decimals), document.FormatNumber(i.High, k.Decimals))
	}
	if k.Target != nil {
		line(0, "%s %s %s", l.Pick("目标", "target"), document.FormatNumber(*k.Target, k.Decimals), k.Unit)
	}
	if k.Note != "" {
		line(0, "%s", k.Note)
	}
	return view
}

func (b *builder) figure(f *document.Figure) (figure, error) {
	view := figure{Kind: "figure", Anchor: "figure-" + f.ID, Number: fmt.Sprintf(b.d.Lang.Pick("图 %d", "Figure %d"), b.numbers.Figures[f.ID]), Title: b.text(f.Title), Unit: b.text(f.Unit),
		Source: b.text(f.Source), Note: b.text(f.Note), Alt: b.text(f.Alt), Empty: b.text(f.Empty)}
	if f.Option == nil {
		return view, nil
	}
	svg, err := b.charts.SVG(f.Option, f.Width, f.Height)
	if err != nil {
		return view, fmt.Errorf("figure %s: %w", f.ID, err)
	}
	view.File = "figure-" + f.ID + ".svg"
	b.pictures[view.File] = svg
	view.Width = b.width
	tallest := modernTallest
	if b.d.Form == document.FormOfficial {
		tallest = officialTallest
	}
	if height := b.width * float64(f.Height) / float64(f.Width); height > tallest {
		view.Width = b.width * tallest / height
	}
	return view, nil
}
