package evaluate

import (
	"context"
	"fmt"
	"math/big"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"weir/internal/problem"
	"weir/internal/store"
	"weir/queries/page"
)

// Evidence lists the rows behind the figure of one department, at most limit of them; 0 is no limit. More reports
// that there are further rows.
func (s *Session) Evidence(ctx context.Context, p *page.Indicator, department string, limit int) (rows *store.Result, more bool, err error) {
	query := p.Evidence.Text
	if limit > 0 {
		query = fmt.Sprintf("SELECT * FROM (\n%s\n) AS evidence LIMIT %d", query, limit+1)
	}
	parameters := s.Parameters()
	parameters["department"] = department
	rows, err = store.Collect(ctx, s.conn, query, parameters)
	if err != nil {
		return nil, false, sqlError(p, p.Evidence, err, 1)
	}
	if limit > 0 && len(rows.Rows) > limit {
		rows.Rows, more = rows.Rows[:limit], true
	}
	return rows, more, nil
}

// Disagreement is a figure that the page's independent check does not confirm.
type Disagreement struct {
	DepartmentID, DataKind string
	Column                 string // numerator, denominator or value
	Page, Check            string
}

func (d Disagreement) String() string {
	return fmt.Sprintf("department %s, kind %q: %s %s, by the check %s", d.DepartmentID, d.DataKind, d.Column, d.Page, d.Check)
}

// Tolerance is the relative difference up to which a check agrees.
var Tolerance = big.NewRat(1, 1_000_000_000)

// Check runs the independent formulation of a page and lists where it disagrees. A row without denominator and
// value says nothing and need not stand in both.
func (s *Session) Check(ctx context.Context, p *page.Indicator) ([]Disagreement, error) {
	if p.Method != "" {
		return s.checkTable(ctx, p)
	}
	main, err := s.query(ctx, p, p.SQL)
	if err != nil {
		return nil, err
	}
	check, err := s.query(ctx, p, p.Check)
	if err != nil {
		return nil, err
	}
	type key struct {
		department, kind string
		all              [2]bool
	}
	pairs := map[key][2]cell{}
	for side, cells := range [][]cell{main, check} {
		for _, c := range cells {
			if c.value == nil && (c.denominator == nil || c.denominator.Sign() == 0) {
				continue
			}
			k := key{c.department, c.kind, [2]bool{c.allDepartments, c.allKinds}}
			pair := pairs[k]
			pair[side] = c
			pairs[k] = pair
		}
	}
	var found []Disagreement
	for k, pair := range pairs {
		for name, of := range map[string]func(cell) *big.Rat{
			"numerator":   func(c cell) *big.Rat { return c.numerator },
			"denominator": func(c cell) *big.Rat { return c.denominator },
			"value":       func(c cell) *big.Rat { return c.value },
		} {
			if a, b := of(pair[0]), of(pair[1]); !agree(a, b) {
				found = append(found, Disagreement{k.department, k.kind, name, numberText(a), numberText(b)})
			}
		}
	}
	slices.SortFunc(found, func(a, b Disagreement) int {
		return strings.Compare(a.DepartmentID+"\x00"+a.DataKind+"\x00"+a.Column, b.DepartmentID+"\x00"+b.DataKind+"\x00"+b.Column)
	})
	return found, nil
}

func agree(a, b *big.Rat) bool {
	if a == nil || b == nil {
		return a == b
	}
	difference := new(big.Rat).Sub(a, b)
	difference.Abs(difference)
	scale := new(big.Rat).Abs(b)
	if one := big.NewRat(1, 1); scale.Cmp(one) < 0 {
		scale = one
	}
	return difference.Cmp(scale.Mul(scale, Tolerance)) <= 0
}

func numberText(r *big.Rat) string {
	if r == nil {
		return "nothing"
	}
	if r.IsInt() {
		return r.Num().String()
	}
	return r.FloatString(12)
}

var engineLine = regexp.MustCompile(`\n\nLINE (\d+): (.*)\n( *)\^`)

// sqlError puts an engine's error at the line of the page. added is the number of lines that were put before the
// page's SQL.
func sqlError(p *page.Indicator, q page.Query, err error, added int) error {
	return sqlProblem(p, q, err, added)
}

func sqlProblem(p *page.Indicator, q page.Query, err error, added int) problem.Problem {
	text := err.Error()
	found := problem.Problem{File: p.File, Line: q.Line, Cure: "correct the SQL; weir schema lists tables and columns"}
	if at := engineLine.FindStringSubmatchIndex(text); at != nil {
		line, _ := strconv.Atoi(text[at[2]:at[3]])
		prefix := len("LINE : ") + (at[3] - at[2])
		found.Line = q.Line + line - 1 - added
		found.Column = max(1, at[7]-at[6]-prefix+1)
		text = text[:at[0]]
	}
	what, candidates, ok := strings.Cut(text, "\nCandidate bindings: ")
	if ok {
		first, _, _ := strings.Cut(candidates, "\n")
		found.Cure = "columns at hand: " + first
	}
	found.What = strings.Join(strings.Fields(what), " ")
	return found
}
