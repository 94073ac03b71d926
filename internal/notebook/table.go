package notebook

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"weir/internal/lang"
	"weir/internal/runner"
	"weir/reports/document"
)

// documentRows is how many rows of an answer a document prints. The files hold them all.
const documentRows = 500

// table makes the table of a cell.
func (b *builder) table(c *Cell) *document.Table {
	t := &document.Table{ID: tableID(c), Title: b.title(c), Source: b.source(), Note: b.note(c)}
	for i, column := range c.Result.Columns {
		d := document.Column{ID: fmt.Sprintf("c%d", i+1), Title: b.labels.name(column.Name), Unit: b.labels.columnUnit(column.Name), Meaning: column.Name}
		switch {
		case column.Numeric():
			d.Kind, d.Decimals = document.KindNumber, b.decimals(c, i)
		case column.Type == "DATE" && b.isMonth(c, i):
			d.Kind = document.KindMonth
		case column.Type == "DATE":
			d.Kind = document.KindDate
		}
		t.Columns = append(t.Columns, d)
	}
	for _, row := range c.Result.Rows[:min(len(c.Result.Rows), documentRows)] {
		cells := make([]document.Cell, len(row))
		for i, v := range row {
			cells[i] = b.cell(t.Columns[i], c.Result.Columns[i], v)
		}
		t.Rows = append(t.Rows, document.Row{Cells: cells})
	}
	return t
}

// Headings are the columns of a cell's answer in words, with their units.
func Headings(r *Run, c *Cell, l lang.Lang) []string {
	s := newLabels(r.Notebook, l)
	list := make([]string, len(c.Result.Columns))
	for i, column := range c.Result.Columns {
		list[i] = s.name(column.Name)
		if unit := s.columnUnit(column.Name); unit != "" {
			list[i] += l.Pick("（"+unit+"）", " ("+unit+")")
		}
	}
	return list
}

// Worded gives the rows of a cell's answer with the words of their codes and names in the language; months are written as 2026-10. Numbers stay
// numbers.
func (h *Host) Worded(ctx context.Context, r *Run, c *Cell, l lang.Lang) ([][]any, error) {
	b := &builder{run: r, lang: l, labels: newLabels(r.Notebook, l)}
	if l == lang.En {
		var err error
		if b.words, err = h.english(ctx); err != nil {
			return nil, err
		}
	}
	months := make([]bool, len(c.Result.Columns))
	for i := range months {
		months[i] = b.isMonth(c, i)
	}
	rows := make([][]any, len(c.Result.Rows))
	for n, row := range c.Result.Rows {
		rows[n] = make([]any, len(row))
		for i, v := range row {
			switch day, isTime := v.(time.Time); {
			case v == nil || c.Result.Columns[i].Numeric():
				rows[n][i] = v
			case isTime && months[i]:
				rows[n][i] = day.Format("2006-01")
			default:
				rows[n][i] = b.cell(document.Column{}, c.Result.Columns[i], v).Text
			}
		}
	}
	return rows, nil
}

func (b *builder) cell(d document.Column, column runner.Column, v any) document.Cell {
	switch {
	case v == nil:
		return document.Empty()
	case d.Kind == document.KindNumber:
		if f, ok := float(v); ok {
			return document.Number(f)
		}
		return document.Empty()
	case d.Kind == document.KindMonth:
		return document.Text(v.(time.Time).Format("2006-01"))
	}
	switch v := v.(type) {
	case bool:
		if v {
			return document.Text(b.lang.Pick("是", "yes"))
		}
		return document.Text(b.lang.Pick("否", "no"))
	case string:
		return document.Text(b.code(column.Name, v))
	}
	return document.Text(runner.FormatCell(v, column.Type))
}

// code writes a text for people: the word of a value or code that is known, a name in the language.
func (b *builder) code(column, text string) string {
	own := b.run.Notebook.Columns[column]
	if word, ok := own.Values[text]; ok {
		return word.In(b.lang)
	}
	list := own.Codes
	if c, ok := published(column); ok && list == "" {
		list = c.Codes
	}
	if label, ok := codeLabel(list, text); ok {
		return label.In(b.lang)
	}
	if text == "*" && column == "department_id" {
		return b.lang.Pick("全市", "all departments")
	}
	// A list of names that string_agg joined.
	names := strings.Split(text, "、")
	for i, name := range names {
		if word, ok := b.words[name]; ok {
			names[i] = word
		}
	}
	return strings.Join(names, b.lang.Pick("、", ", "))
}

// isMonth tells whether a column holds months: first days only, under a name that says so.
func (b *builder) isMonth(c *Cell, column int) bool {
	if !strings.Contains(c.Result.Columns[column].Name, "month") {
		return false
	}
	for _, row := range c.Result.Rows {
		if day, ok := row[column].(time.Time); ok && day.Day() != 1 {
			return false
		}
	}
	return true
}

// decimals are those stated, else as many as the values need, up to two.
func (b *builder) decimals(c *Cell, column int) int {
	if n, ok := b.labels.decimals(c.Result.Columns[column].Name); ok {
		return n
	}
	most := 0
	for _, row := range c.Result.Rows {
		f, ok := float(row[column])
		if !ok {
			continue
		}
		for n := most; n < 2; n++ {
			if scaled := f * math.Pow10(n); math.Abs(scaled-math.Round(scaled)) > 1e-9*math.Max(1, math.Abs(scaled)) {
				most = n + 1
			}
		}
	}
	return most
}

// float is the number of a cell.
func float(v any) (float64, bool) {
	switch v := v.(type) {
	case int64:
		return float64(v), true
	case float64:
		return v, !math.IsNaN(v) && !math.IsInf(v, 0)
	case json.Number:
		f, err := strconv.ParseFloat(v.String(), 64)
		return f, err == nil
	}
	return 0, false
}

// value is the number of a cell as a figure takes it.
func value(v any) document.Value {
	if f, ok := float(v); ok {
		return document.Num(f)
	}
	return document.None(document.NotMeasured)
}

func tableID(c *Cell) string { return "cell-" + strings.ReplaceAll(c.Name, "_", "-") }

// note says how many rows there are, whether the answer was cut, and what of it is printed.
func (b *builder) note(c *Cell) string {
	shown, rows := min(len(c.Result.Rows), documentRows), len(c.Result.Rows)
	text := b.lang.Pick(fmt.Sprintf("共 %d 行", rows), fmt.Sprintf("Rows: %d", rows))
	if shown < rows {
		text += b.lang.Pick(fmt.Sprintf("，此处列出前 %d 行", shown), fmt.Sprintf(", of which the first %d are printed", shown))
	}
	if c.Result.Cut {
		text += b.lang.Pick("；结果超过上限，已截断", "; the answer was cut at the row limit")
	}
	return text + b.lang.Pick("。", ".")
}

func (b *builder) title(c *Cell) string {
	if c.Title == "" {
		return b.labels.name(c.Name)
	}
	return lang.Split(c.Title).In(b.lang)
}

func (b *builder) source() string {
	return b.lang.Pick("数据湖月结 ", "lake, close ") + b.run.Close.Name()
}

// words joins the shown values of a run.
func words(values []Value, l lang.Lang) string {
	var parts []string
	for _, v := range values {
		label := v.Param.Label.In(l)
		if label == "" {
			label = v.Param.Name
		}
		parts = append(parts, label+l.Pick("：", ": ")+v.Shown.In(l))
	}
	return strings.Join(parts, l.Pick("；", "; "))
}
