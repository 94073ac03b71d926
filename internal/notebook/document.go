package notebook

import (
	"context"
	"fmt"
	"strings"
	"time"

	"weir/internal/lang"
	"weir/queries/views"
	"weir/reports/document"
)

// builder makes a document of a run in one language.
type builder struct {
	run    *Run
	lang   lang.Lang
	labels labels
	words  map[string]string // names of departments and indicators in the language
}

// Document makes a report of a run: the page's prose, its charts and tables, and how to get the same again.
func (h *Host) Document(ctx context.Context, r *Run, l lang.Lang) (*document.Document, error) {
	b := &builder{run: r, lang: l, labels: newLabels(r.Notebook, l)}
	if l == lang.En {
		var err error
		if b.words, err = h.english(ctx); err != nil {
			return nil, err
		}
	}
	day := asOfDay(r.Close, h.Zone)
	d := &document.Document{
		Kind: "notebook", ID: strings.ReplaceAll(r.Notebook.ID, "_", "-") + "-" + r.Close.Month, Lang: l,
		Title: r.Notebook.Title.In(l), Subtitle: r.Notebook.Description.In(l), Organisation: h.Organisation.In(l),
		Period: period(r.Close.Month, l), Date: time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, time.UTC), Stamp: r.Stamp,
		Facts: []document.Fact{
			{Label: l.Pick("月结", "Close"), Value: r.Close.Name()},
			{Label: l.Pick("数据截至", "Data until"), Value: day.Format(time.DateOnly)},
		},
	}
	if len(r.Values) > 0 {
		d.Facts = append(d.Facts, document.Fact{Label: l.Pick("参数", "Parameters"), Value: words(r.Values, l)})
	}
	if err := b.sections(d); err != nil {
		return nil, err
	}
	d.Sections = append(d.Sections, b.reproduction())
	for i := range r.Cells {
		c := &r.Cells[i]
		d.Definitions = append(d.Definitions, document.Definition{ID: definitionID(c), Name: l.Pick("单元 ", "Cell ") + c.Name,
			Meaning: b.meaning(c), SQL: strings.TrimRight(c.Query, "\n"), Notes: []string{"SHA-256: " + c.SHA256}})
	}
	return d, nil
}

// english gives the English names of departments and indicators, where they have one, by those that queries print.
func (h *Host) english(ctx context.Context) (map[string]string, error) {
	rows, err := h.ask(ctx, `SELECT unique_name, CASE WHEN unique_name = name THEN name_en ELSE name_en || ' (' || department_id || ')' END
		FROM department WHERE name_en IS NOT NULL
		UNION ALL SELECT name_zh, name_en FROM indicator WHERE name_en IS NOT NULL ORDER BY 1, 2`)
	if err != nil {
		return nil, err
	}
	words := map[string]string{}
	for _, row := range rows {
		zh, _ := row[0].(string)
		words[zh], _ = row[1].(string)
	}
	return words, nil
}

// sections turns the body into sections: a heading of the first or second level begins one.
func (b *builder) sections(d *document.Document) error {
	current := document.Section{ID: "section-1", Title: b.lang.Pick("概要", "Summary")}
	flush := func(next string) {
		if len(current.Blocks) > 0 {
			d.Sections = append(d.Sections, current)
		}
		current = document.Section{ID: fmt.Sprintf("section-%d", len(d.Sections)+1), Title: next}
	}
	for _, p := range pieces(b.run.Notebook.Body, b.lang) {
		switch {
		case p.heading > 0:
			flush(p.title)
		case p.block != nil:
			current.Blocks = append(current.Blocks, p.block)
		case p.cell >= 0 && p.cell < len(b.run.Cells):
			blocks, err := b.blocks(&b.run.Cells[p.cell])
			if err != nil {
				return err
			}
			current.Blocks = append(current.Blocks, blocks...)
		}
	}
	flush("")
	return nil
}

// blocks shows a cell: its chart with the table behind it, headline numbers, or a table.
func (b *builder) blocks(c *Cell) ([]document.Block, error) {
	var blocks []document.Block
	switch {
	case c.Chart == "hidden", c.Result == nil:
		return nil, nil
	case len(c.Result.Rows) == 0:
		title := b.title(c)
		blocks = append(blocks, &document.Note{Level: document.NoteInfo, Title: title, Body: []document.Paragraph{*document.P(b.lang.Pick("没有符合条件的记录。", "No rows meet the conditions."))}})
	case c.Chart == "number":
		blocks = append(blocks, b.keyFigures(c))
	case drawn(c.Cell):
		figures, err := b.figures(c)
		if err != nil {
			return nil, err
		}
		for _, f := range figures {
			blocks = append(blocks, f)
		}
	default:
		blocks = append(blocks, b.table(c))
	}
	if c.Result.Cut {
		blocks = append(blocks, &document.Note{Level: document.NoteCaution, Title: b.title(c), Body: []document.Paragraph{*document.P(
			b.lang.Pick(fmt.Sprintf("结果超过 %d 行的上限，其余未列出。", len(c.Result.Rows)), fmt.Sprintf("The answer has more than the limit of %d rows; the rest is left out.", len(c.Result.Rows))))}})
	}
	return blocks, nil
}

// reproduction says what was asked of what, so that anybody can ask again.
func (b *builder) reproduction() document.Section {
	s := document.Section{ID: "reproduction", Title: b.lang.Pick("数据来源与复现", "Sources and reproduction")}
	s.Blocks = append(s.Blocks, document.P(b.lang.Pick(
		"本文由 SQL 笔记本生成。以同样的参数在同一次月结上再次运行，结果相同。",
		"This text was made by an SQL notebook. Run again with the same parameters on the same close, it gives the same.")))
	run := &document.Table{ID: "reproduction-run", Title: b.lang.Pick("运行", "The run"), Columns: []document.Column{
		{ID: "item", Title: b.lang.Pick("项目", "Item")}, {ID: "value", Title: b.lang.Pick("内容", "Content")},
	}}
	for _, row := range [][2]string{{b.lang.Pick("笔记本", "Notebook"), b.run.Notebook.ID}, {b.lang.Pick("月结", "Close"), b.run.Close.Name()},
		{b.lang.Pick("月结印记", "Stamp of the close"), b.run.Close.Stamp}, {b.lang.Pick("运行印记", "Stamp of the run"), b.run.Stamp}} {
		run.Rows = append(run.Rows, document.Row{Cells: []document.Cell{document.Text(row[0]), document.Text(row[1])}})
	}
	cells := &document.Table{ID: "reproduction-cells", Title: b.lang.Pick("各单元的结果", "Answers of the cells"), Columns: []document.Column{
		{ID: "cell", Title: b.lang.Pick("单元", "Cell")}, {ID: "title", Title: b.lang.Pick("内容", "Content")},
		{ID: "rows", Title: b.lang.Pick("行数", "Rows"), Kind: document.KindNumber}, {ID: "cut", Title: b.lang.Pick("是否截断", "Cut")},
	}}
	for i := range b.run.Cells {
		c := &b.run.Cells[i]
		if c.Result == nil {
			continue
		}
		cut := b.lang.Pick("否", "no")
		if c.Result.Cut {
			cut = b.lang.Pick("是", "yes")
		}
		cells.Rows = append(cells.Rows, document.Row{Cells: []document.Cell{document.Text(c.Name), document.Text(b.meaning(c)), document.Number(float64(len(c.Result.Rows))), document.Text(cut)}})
	}
	s.Blocks = append(s.Blocks, run, cells)
	return s
}

// meaning is the title of a cell, or what a cell without one is there for.
func (b *builder) meaning(c *Cell) string {
	if c.Title == "" && c.Chart == "hidden" {
		return b.lang.Pick("中间结果，供其后的单元使用", "used by the cells after it")
	}
	return b.title(c)
}

func definitionID(c *Cell) string { return "definition-" + strings.ReplaceAll(c.Name, "_", "-") }

func period(month string, l lang.Lang) string {
	first, err := time.Parse("2006-01", month)
	if err != nil {
		return month
	}
	return l.Pick(fmt.Sprintf("%d年%d月", first.Year(), first.Month()), month)
}

// codeLabel is the label of a code of a list.
func codeLabel(list, code string) (lang.Text, bool) {
	label, ok := views.CodeList(list)[code]
	return label, ok
}
