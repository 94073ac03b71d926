package server

import (
	"cmp"
	"maps"
	"slices"
	"strconv"

	"weir/internal/lang"
	"weir/internal/notebook"
	"weir/internal/runner"
	"weir/queries/page"
)

// cellAnswer is the answer of one cell for the editor.
type cellAnswer struct {
	Name    string          `json:"name"`
	Title   string          `json:"title"`
	Columns []runner.Column `json:"columns"`
	Labels  []string        `json:"labels"`
	Rows    [][]string      `json:"rows"`
	Total   int             `json:"total"`
	Cut     bool            `json:"cut"`
	Ms      int64           `json:"ms"`
	SHA256  string          `json:"sha256"`
	Summary []columnSummary `json:"summary"`
}

// columnSummary is what a column holds.
type columnSummary struct {
	Empty    int    `json:"empty"`
	Distinct int    `json:"distinct"`
	Least    string `json:"least"`
	Most     string `json:"most"`
	// Bars are counts: of numbers in equal steps from the least to the most, of texts by value, the most frequent first.
	Bars []int `json:"bars,omitempty"`
}

// mostBars bounds the bars of a summary.
const mostBars = 12

func answerOf(n *page.Notebook, c *notebook.Cell, l lang.Lang) cellAnswer {
	a := cellAnswer{Name: c.Name, Title: notebook.Title(c, l), Columns: c.Result.Columns, Total: len(c.Result.Rows), Cut: c.Result.Cut, Ms: c.Result.Elapsed.Milliseconds(), SHA256: c.SHA256}
	for j, column := range c.Result.Columns {
		label := columnLabel(column.Name)
		if own, ok := n.Columns[column.Name]; ok {
			label = own.Text
		}
		a.Labels = append(a.Labels, heading(label.In(l)))
		a.Summary = append(a.Summary, summaryOf(c.Result.Rows, j, column))
	}
	for _, row := range c.Result.Rows[:min(shownRows, len(c.Result.Rows))] {
		texts := make([]string, len(row))
		for j, cell := range row {
			texts[j] = runner.FormatCell(cell, c.Result.Columns[j].Type)
		}
		a.Rows = append(a.Rows, texts)
	}
	return a
}

// summaryOf sums a column of the whole answer up.
func summaryOf(rows [][]any, j int, column runner.Column) columnSummary {
	var sum columnSummary
	counts := map[string]int{}
	var numbers []float64
	var least, most float64
	for _, row := range rows {
		if row[j] == nil {
			sum.Empty++
			continue
		}
		text := runner.FormatCell(row[j], column.Type)
		counts[text]++
		if number, err := strconv.ParseFloat(text, 64); column.Numeric() && err == nil {
			if len(numbers) == 0 || number < least {
				least, sum.Least = number, text
			}
			if len(numbers) == 0 || number > most {
				most, sum.Most = number, text
			}
			numbers = append(numbers, number)
			continue
		}
		if sum.Least == "" || text < sum.Least {
			sum.Least = text
		}
		sum.Most = max(sum.Most, text)
	}
	sum.Distinct = len(counts)
	switch {
	case len(numbers) > 0 && most > least:
		sum.Bars = make([]int, min(mostBars, sum.Distinct))
		for _, n := range numbers {
			sum.Bars[min(len(sum.Bars)-1, int(float64(len(sum.Bars))*(n-least)/(most-least)))]++
		}
	case len(numbers) == 0 && len(counts) > 1:
		sum.Bars = slices.SortedFunc(maps.Values(counts), func(a, b int) int { return cmp.Compare(b, a) })
		sum.Bars = sum.Bars[:min(mostBars, len(sum.Bars))]
	}
	return sum
}
