package cli

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/width"
)

// table is rows under named columns, written as --format asks. Cells are nil, bool, integers, floats, strings or
// times; a nil prints as nothing in text and as null in JSON.
type table struct {
	columns []string
	rows    [][]any
}

func (t *table) add(cells ...any) { t.rows = append(t.rows, cells) }

func (e *env) print(t *table) error {
	switch e.format {
	case "json":
		return t.json(e.stdout)
	case "csv":
		return t.csv(e.stdout)
	case "markdown":
		return t.markdown(e.stdout)
	default:
		return t.text(e.stdout)
	}
}

// json writes an array of objects whose keys keep the order of the columns.
func (t *table) json(w io.Writer) error {
	var b strings.Builder
	b.WriteString("[")
	for i, row := range t.rows {
		if i > 0 {
			b.WriteString(",")
		}
		b.WriteString("\n  {")
		for j, cell := range row {
			if j > 0 {
				b.WriteString(", ")
			}
			if f, ok := cell.(float64); ok && (math.IsNaN(f) || math.IsInf(f, 0)) {
				cell = nil
			}
			value, err := json.Marshal(plain(cell))
			if err != nil {
				return fmt.Errorf("column %s: %w", t.columns[j], err)
			}
			name, _ := json.Marshal(t.columns[j])
			fmt.Fprintf(&b, "%s: %s", name, value)
		}
		b.WriteString("}")
	}
	if len(t.rows) > 0 {
		b.WriteString("\n")
	}
	b.WriteString("]\n")
	_, err := io.WriteString(w, b.String())
	return err
}

// plain keeps what JSON knows and writes the rest as text.
func plain(cell any) any {
	switch v := cell.(type) {
	case nil, bool, int, int64, int32, float64, string, json.Number, json.RawMessage:
		return v
	default:
		return format(v)
	}
}

func (t *table) csv(w io.Writer) error {
	out := csv.NewWriter(w)
	if err := out.Write(t.columns); err != nil {
		return err
	}
	for _, row := range t.rows {
		if err := out.Write(formatRow(row)); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

var markdownEscape = strings.NewReplacer("|", `\|`, "\n", " ", "\r", " ")

func (t *table) markdown(w io.Writer) error {
	var b strings.Builder
	line := func(cells []string) {
		for _, c := range cells {
			b.WriteString("| " + markdownEscape.Replace(c) + " ")
		}
		b.WriteString("|\n")
	}
	line(t.columns)
	for range t.columns {
		b.WriteString("|---")
	}
	b.WriteString("|\n")
	for _, row := range t.rows {
		line(formatRow(row))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

var oneLine = strings.NewReplacer("\n", " ", "\r", " ", "\t", " ", "\x1b", "␛")

// text aligns columns for a terminal, where a Han character takes two cells; numbers stand to the right.
func (t *table) text(w io.Writer) error {
	lines := [][]string{t.columns}
	for _, row := range t.rows {
		lines = append(lines, formatRow(row))
	}
	widths := make([]int, len(t.columns))
	for _, line := range lines {
		for j, cell := range line {
			widths[j] = max(widths[j], cellWidth(oneLine.Replace(cell)))
		}
	}
	var b strings.Builder
	for i, line := range lines {
		for j, cell := range line {
			cell = oneLine.Replace(cell)
			padding := strings.Repeat(" ", widths[j]-cellWidth(cell))
			switch {
			case t.numeric(j):
				b.WriteString(padding + cell)
			case j == len(line)-1:
				b.WriteString(cell)
			default:
				b.WriteString(cell + padding)
			}
			if j < len(line)-1 {
				b.WriteString("  ")
			}
		}
		b.WriteString("\n")
		if i == 0 {
			for j, n := range widths {
				b.WriteString(strings.Repeat("─", n))
				if j < len(widths)-1 {
					b.WriteString("  ")
				}
			}
			b.WriteString("\n")
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// numeric tells whether a column holds numbers only.
func (t *table) numeric(j int) bool {
	found := false
	for _, row := range t.rows {
		switch row[j].(type) {
		case nil:
		case int, int32, int64, float64, json.Number:
			found = true
		default:
			return false
		}
	}
	return found
}

func formatRow(row []any) []string {
	cells := make([]string, len(row))
	for i, c := range row {
		cells[i] = format(c)
	}
	return cells
}

// format writes a cell as text; a float as the shortest decimal that reads back the same.
func format(cell any) string {
	switch v := cell.(type) {
	case nil:
		return ""
	case string:
		return v
	case []byte:
		return string(v)
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case time.Time:
		if v.Hour() == 0 && v.Minute() == 0 && v.Second() == 0 && v.Nanosecond() == 0 {
			return v.Format(time.DateOnly)
		}
		return v.Format("2006-01-02 15:04:05.999999")
	default:
		return fmt.Sprint(v)
	}
}

// cellWidth is the number of terminal cells that a text takes.
func cellWidth(s string) int {
	n := 0
	for _, r := range s {
		switch width.LookupRune(r).Kind() {
		case width.EastAsianWide, width.EastAsianFullwidth:
			n += 2
		default:
			n++
		}
	}
	return n
}
