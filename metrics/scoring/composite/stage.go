package composite

import "math"

// Stage is one step of the calculation as a table. A nil cell is a missing
// value, never 0.
type Stage struct {
	ID      string       `json:"id"`
	Title   Text         `json:"title"`
	Head    Text         `json:"head"` // of the first column
	Rows    []string     `json:"rows"`
	Columns []string     `json:"columns"`
	Cells   [][]*float64 `json:"cells"` // Cells[row][column]
	Notes   []Text       `json:"notes,omitempty"`
}

// Column returns a column's cells, or nil if there is none of that name.
func (s Stage) Column(name string) []*float64 {
	for k, c := range s.Columns {
		if c == name {
			out := make([]*float64, len(s.Cells))
			for i, row := range s.Cells {
				out[i] = row[k]
			}
			return out
		}
	}
	return nil
}

// cell turns NaN into a missing value.
func cell(x float64) *float64 {
	if math.IsNaN(x) {
		return nil
	}
	return &x
}

// byColumns builds a stage from columns of values, columns[c][row].
func byColumns(id string, title, head Text, rows, names []string, columns [][]float64, notes []Text) Stage {
	s := Stage{ID: id, Title: title, Head: head, Rows: rows, Columns: names, Notes: notes, Cells: make([][]*float64, len(rows))}
	for i := range rows {
		s.Cells[i] = make([]*float64, len(columns))
		for c := range columns {
			s.Cells[i][c] = cell(columns[c][i])
		}
	}
	return s
}

// Result is an index with all its stages, in order: raw, denominated, imputed,
// transformed, treated, description, normalised, weights, groups, ranking and,
// where asked for, uncertainty and sensitivity.
type Result struct {
	Units  []string   `json:"units"`
	Labels []string   `json:"labels"`
	Scores []*float64 `json:"scores"` // nil = no score
	Ranks  []*float64 `json:"ranks"`
	Stages []Stage    `json:"stages"`
}

// Stage returns the stage of the given id.
func (r Result) Stage(id string) (Stage, bool) {
	for _, s := range r.Stages {
		if s.ID == id {
			return s, true
		}
	}
	return Stage{}, false
}
