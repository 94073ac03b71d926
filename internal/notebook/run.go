package notebook

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"weir/internal/lake"
	"weir/internal/lang"
	"weir/internal/runner"
	"weir/queries/page"
)

// Run is a notebook with the answers of all its cells.
type Run struct {
	Notebook *page.Notebook
	Close    lake.Close
	Values   []Value
	Cells    []Cell
	// Stamp is the SHA-256 over the close, the values and the SQL: equal stamps mean equal answers.
	Stamp string
}

// Cell is a cell with its answer.
type Cell struct {
	page.Cell
	Query  string         // as it ran, with the cells that it uses
	SHA256 string         // of Query
	Result *runner.Result // nil where the cell was left out of the run
}

// Run runs every cell. An error of a cell is a problem with its line in the page, in the language.
func (h *Host) Run(ctx context.Context, n *page.Notebook, values []Value, l lang.Lang) (*Run, error) {
	return h.RunSome(ctx, n, values, l, func(string) bool { return true })
}

// RunSome runs the cells that are asked for by name and leaves the others without a result.
func (h *Host) RunSome(ctx context.Context, n *page.Notebook, values []Value, l lang.Lang, asked func(cell string) bool) (*Run, error) {
	r := &Run{Notebook: n, Close: h.Snapshot.Close, Values: values, Stamp: stamp(h.Snapshot.Close, n, values, h.limits(n).Rows)}
	bound := Bound(values)
	for _, cell := range n.Cells {
		c := compose(n, cell)
		answered := Cell{Cell: cell, Query: c.sql, SHA256: digest(c.sql)}
		if asked(cell.Name) {
			result, err := h.Runner.Query(ctx, h.request(n, c.sql, bound))
			if err != nil {
				return nil, located(n, c, err, l)
			}
			answered.Result = result
		}
		r.Cells = append(r.Cells, answered)
	}
	return r, nil
}

// Digest is the SHA-256 of a cell's query with the cells that it uses: equal digests under equal values on one close
// mean equal answers.
func Digest(n *page.Notebook, c page.Cell) string { return digest(compose(n, c).sql) }

// Cell finds a cell by name; "" is the last one.
func (r *Run) Cell(name string) (*Cell, error) {
	if name == "" {
		return &r.Cells[len(r.Cells)-1], nil
	}
	var names []string
	for i := range r.Cells {
		if r.Cells[i].Name == name {
			return &r.Cells[i], nil
		}
		names = append(names, r.Cells[i].Name)
	}
	return nil, fmt.Errorf("notebook %s has no cell %q; it has %s", r.Notebook.ID, name, strings.Join(names, ", "))
}

func stamp(c lake.Close, n *page.Notebook, values []Value, rows int64) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s %s %d\n", c.Name(), c.Stamp, n.ID, rows)
	for _, v := range values {
		fmt.Fprintf(&b, "%s=%q\n", v.Param.Name, v.Text)
	}
	for _, cell := range n.Cells {
		fmt.Fprintf(&b, "%s %s\n", cell.Name, digest(compose(n, cell).sql))
	}
	return digest(b.String())
}

func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// asOfDay is the last day whose data a close holds, as printed.
func asOfDay(c lake.Close, zone *time.Location) time.Time {
	// The instant is the first that is not known any more.
	return c.AsOf.Add(-time.Nanosecond).In(zone)
}
