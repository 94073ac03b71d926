package html

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html/template"
	"slices"
	"strings"

	"weir/internal/fonts"
	"weir/internal/lang"
	"weir/reports/document"
)

// builder turns the document into what the template prints.
type builder struct {
	d       *document.Document
	charts  Drawer
	options Options
	numbers document.Numbering
	w       words
	set     *fonts.Set
	letters letters
	live    map[string]json.RawMessage // options of the figures, by the id of their element
}

func newBuilder(d *document.Document, charts Drawer, o Options) (*builder, error) {
	set, err := fonts.Default()
	if err != nil {
		return nil, err
	}
	w, err := wordsIn(d.Lang)
	if err != nil {
		return nil, err
	}
	return &builder{d: d, charts: charts, options: o, numbers: d.Numbers(), w: w, set: set, live: map[string]json.RawMessage{}}, nil
}

// text is a text as it may stand on the page: controls and marks that turn the
// direction around are written as their codes.
func (b *builder) text(s string) string {
	s = b.set.Visible(lang.Quotes(b.d.Lang, s))
	b.letters.regular(s)
	return s
}

// strong is a text that is printed bold.
func (b *builder) strong(s string) string {
	s = b.set.Visible(lang.Quotes(b.d.Lang, s))
	b.letters.bold(s)
	return s
}

func (b *builder) page() (page, error) {
	d := b.d
	p := page{
		Lang: d.Lang.Tag(), W: b.w, Title: b.strong(d.Title), Subtitle: b.text(d.Subtitle), Organisation: b.text(d.Organisation),
		Period: b.strong(d.Period), Issue: b.strong(d.Issue), Stamp: d.Stamp, Official: d.Form == document.FormOfficial,
	}
	if !d.Date.IsZero() {
		p.Date = d.Date.Format("2006-01-02")
	}
	for _, f := range d.Facts {
		p.Facts = append(p.Facts, document.Fact{Label: b.text(f.Label), Value: b.text(f.Value)})
	}
	for _, s := range d.Sections {
		view, err := b.section(s, 1)
		if err != nil {
			return p, err
		}
		p.Sections = append(p.Sections, view)
	}
	p.Contents = b.contents(d.Sections)
	for _, definition := range d.Definitions {
		p.Definitions = append(p.Definitions, b.definition(definition))
	}
	if len(d.Definitions) > 0 {
		p.Contents = append(p.Contents, entry{ID: "explanations", Title: b.w.Appendix})
	}
	b.letters.words(b.w)
	scripts := b.options.scripts()
	fontFaces := ""
	if !b.options.SystemFonts {
		css, err := b.letters.css()
		if err != nil {
			return p, err
		}
		fontFaces = css
	}
	p.Style, p.Scripts = template.CSS(fontFaces+styleSource+safeStyle(b.options.Stylesheet)), scripts
	if len(b.options.Logo) > 0 {
		p.Logo = template.URL("data:" + b.options.LogoType + ";base64," + base64.StdEncoding.EncodeToString(b.options.Logo))
	}
	allowed := scripts
	if !b.options.Static && len(b.live) > 0 {
		library, err := packedLibrary()
		if err != nil {
			return p, err
		}
		options, err := json.Marshal(b.live)
		if err != nil {
			return p, err
		}
		if p.Options, err = pack(options); err != nil {
			return p, err
		}
		p.Library, allowed = library.packed, append(slices.Clone(scripts), library.script)
	}
	p.Policy = policy(p.Style, allowed, p.Logo != "")
	return p, nil
}

// safeStyle keeps a stylesheet from closing its element.
func safeStyle(css string) string { return strings.ReplaceAll(css, "</", `<\/`) }

func (b *builder) contents(sections []document.Section) []entry {
	var out []entry
	for _, s := range sections {
		out = append(out, entry{ID: s.ID, Number: b.numbers.Heading(s.ID), Title: b.set.Visible(s.Title), Sub: b.contents(s.Sections)})
	}
	return out
}

func (b *builder) section(s document.Section, level int) (section, error) {
	number := b.numbers.Heading(s.ID)
	view := section{ID: s.ID, Break: s.PageBreak}
	heading := template.HTMLEscapeString(b.strong(number + s.Title))
	view.Heading = template.HTML(fmt.Sprintf("<h%d>%s</h%d>", level+1, heading, level+1))
	half := false
	for i, block := range s.Blocks {
		html, err := b.block(block)
		if err != nil {
			return view, fmt.Errorf("section %s: %w", s.ID, err)
		}
		if isHalf(block) && !half {
			html, half = `<div class="pair">`+html, true
		}
		if half && (i+1 == len(s.Blocks) || !isHalf(s.Blocks[i+1])) {
			html, half = html+"</div>", false
		}
		view.Blocks = append(view.Blocks, html)
	}
	for _, sub := range s.Sections {
		v, err := b.section(sub, level+1)
		if err != nil {
			return view, err
		}
		view.Sections = append(view.Sections, v)
	}
	return view, nil
}

func isHalf(block document.Block) bool {
	f, ok := block.(*document.Figure)
	return ok && f.Half
}

func (b *builder) block(block document.Block) (template.HTML, error) {
	switch x := block.(type) {
	case *document.Paragraph:
		return part("paragraph", b.spans(*x))
	case *document.List:
		view := list{Ordered: x.Ordered}
		for _, item := range x.Items {
			view.Items = append(view.Items, b.spans(item))
		}
		return part("list", view)
	case *document.Note:
		return part("note", b.note(x))
	case *document.KeyFigures:
		var items []keyFigure
		for _, k := range x.Items {
			items = append(items, b.keyFigure(k))
		}
		return part("key", items)
	case *document.Figure:
		return b.figure(x)
	case *document.RuledForm:
		return part("form", b.form(x))
	case *document.Table:
		t := b.table(*x)
		t.Number = fmt.Sprintf(b.w.Table, b.numbers.Tables[x.ID])
		b.letters.bold(t.Number)
		t.Title = b.strong(x.Title)
		t.LabelledBy = "table-" + x.ID + "-title"
		return part("table", t)
	}
	return "", fmt.Errorf("block of unknown kind %T", block)
}

func (b *builder) spans(p document.Paragraph) []span {
	var out []span
	for _, s := range p.Spans {
		view := span{Text: b.text(s.Text), Strong: s.Strong, Href: href(s.Link, s.Explain)}
		if s.Strong {
			b.letters.bold(s.Text)
		}
		out = append(out, view)
	}
	return out
}

// href is the address inside the file of a section or an explanation.
func href(section, explanation string) string {
	switch {
	case explanation != "":
		return "#explain-" + explanation
	case section != "":
		return "#" + section
	}
	return ""
}

func (b *builder) note(n *document.Note) note {
	view := note{Class: [3]string{"", "caution", "breach"}[n.Level], Sign: [3]string{"ⓘ", "△", "▲"}[n.Level], Kind: b.w.NoteKinds[n.Level]}
	if n.Title != "" {
		view.Kind += b.d.Lang.Pick("：", ": ") + n.Title
	}
	view.Kind = b.strong(view.Kind)
	b.letters.bold(view.Sign)
	for _, p := range n.Body {
		view.Body = append(view.Body, b.spans(p))
	}
	if len(view.Body) == 0 {
		view.Body = [][]span{nil}
	}
	return view
}

func (b *builder) keyFigure(k document.KeyFigure) keyFigure {
	l := b.d.Lang
	view := keyFigure{Label: b.text(k.Label), Unit: b.text(k.Unit), Note: b.text(k.Note), Href: href(k.Link, ""), Explain: href("", k.Explain)}
	if k.Value.Ok() {
		view.Value = document.FormatNumber(k.Value.Number, k.Decimals)
		view.Long = len(view.Value) > 9
	} else {
		view.Value, view.None = k.Value.State.Word(l), true
	}
	b.letters.bold(view.Value)
	if i := k.Interval; i != nil && k.Value.Ok() {
		view.Interval = b.text(fmt.Sprintf("%s %s–%s", document.IntervalName(l, *i), document.FormatNumber(i.Low, k.Decimals), document.FormatNumber(i.High, k.Decimals)))
	}
	if k.Target != nil {
		view.Target = b.text(b.w.Target + " " + document.FormatNumber(*k.Target, k.Decimals) + " " + k.Unit)
	}
	if k.Change.Value.Ok() || k.Change.Against != "" {
		view.Change = b.change(k.Change)
	}
	return view
}

func (b *builder) change(c document.Change) *change {
	view := &change{Text: b.strong(document.ChangeWords(b.d.Lang, c)), Against: b.text(c.Against), Class: map[int]string{1: "good", -1: "bad"}[c.Good], First: b.d.Lang != lang.En}
	return view
}

func (b *builder) figure(f *document.Figure) (template.HTML, error) {
	view := figureView{
		ID: f.ID, Number: fmt.Sprintf(b.w.Figure, b.numbers.Figures[f.ID]), Title: b.strong(f.Title), Unit: b.text(f.Unit), Source: b.text(f.Source),
		Note: b.text(f.Note), Alt: b.set.Visible(f.Alt), Explain: href("", f.Explain), Empty: b.text(f.Empty), Half: f.Half, Height: f.Height, W: b.w,
	}
	b.letters.bold(view.Number)
	if f.Option != nil {
		svg, err := b.charts.SVG(f.Option, f.Width, f.Height)
		if err != nil {
			return "", fmt.Errorf("figure %s: %w", f.ID, err)
		}
		b.letters.picture(svg)
		view.SVG = template.HTML(slim(svg))
		if !b.options.Static {
			view.Live, view.Least = true, f.Width*9/10
			b.live["figure-"+f.ID] = json.RawMessage(f.Option)
			b.letters.regular(string(f.Option))
		}
	}
	if len(f.Table.Columns) > 0 {
		t := b.table(f.Table)
		t.LabelledBy = "figure-" + f.ID + "-title"
		view.Table = &t
	}
	return part("figure", view)
}
