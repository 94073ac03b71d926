package ingest

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"weir/ingest/draft"
)

// grid is a table as it stands, with the line of each row.
type grid struct {
	rows  [][]string
	lines []int
}

// delimiterOf tries the usual delimiters and takes the one that gives the most rows of one width.
func delimiterOf(text []byte) (best rune, table grid) {
	score := -1
	for _, d := range []rune{',', '\t', ';', '|'} {
		t := delimitedBy(text, d)
		width := t.width()
		n := 0
		for _, r := range t.rows {
			if len(r) == width && width > 1 {
				n += min(width, 6)
			}
		}
		if n > score {
			best, table, score = d, t, n
		}
	}
	return best, table
}

func delimitedBy(text []byte, d rune) grid {
	r := csv.NewReader(bytes.NewReader(text))
	r.Comma, r.FieldsPerRecord, r.LazyQuotes = d, -1, true
	var t grid
	for len(t.rows) <= sampleRows {
		fields, err := r.Read()
		if err != nil {
			return t
		}
		line, _ := r.FieldPos(0)
		t.rows, t.lines = append(t.rows, fields), append(t.lines, line)
	}
	return t
}

// width is how many fields most rows have.
func (t grid) width() int {
	count := map[int]int{}
	best := 0
	for _, r := range t.rows {
		if n := len(r); n > 0 {
			if count[n]++; count[n] > count[best] || count[n] == count[best] && n > best {
				best = n
			}
		}
	}
	return best
}

var looksLikeData = regexp.MustCompile(`^[+-]?[\d,]+(\.\d+)?%?$|^\d{4}[-/年]\d|^(?i:https?://|true$|false$)`)

// fill finds header and rows: titles before the header have fewer fields, and a header has no numbers, dates or
// addresses.
func (t grid) fill(s *draft.Sample) {
	width, at := t.width(), 0
	for at < len(t.rows)-1 && filled(t.rows[at]) < (width+1)/2 {
		at++
	}
	s.Skip = t.lines[at] - 1
	header := t.rows[at]
	s.NoHeader = slices.ContainsFunc(header, looksLikeData.MatchString) || hasTwins(header)
	if s.NoHeader {
		for i := range width {
			s.Columns = append(s.Columns, fmt.Sprintf("column%d", i+1))
		}
	} else {
		at++
		for i, name := range header {
			if name = strings.TrimSpace(name); name == "" {
				name = fmt.Sprintf("column%d", i+1)
			}
			s.Columns = append(s.Columns, name)
		}
	}
	for _, r := range t.rows[at:] {
		if len(r) > len(s.Columns) {
			continue // a ragged row tells nothing
		}
		s.Rows = append(s.Rows, append(slices.Clone(r), make([]string, len(s.Columns)-len(r))...))
	}
}

func filled(row []string) int {
	n := 0
	for _, v := range row {
		if strings.TrimSpace(v) != "" {
			n++
		}
	}
	return n
}

func hasTwins(row []string) bool {
	seen := map[string]bool{}
	for _, v := range row {
		if v = strings.TrimSpace(v); v != "" && seen[v] {
			return true
		}
		seen[v] = true
	}
	return false
}
