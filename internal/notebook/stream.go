package notebook

import (
	"context"
	"io"
	"regexp"
	"strings"

	"weir/internal/lang"
	"weir/internal/runner"
)

// Stream writes the answer of one cell in a format for programs: of the cell named, or of the last one.
func (h *Host) Stream(ctx context.Context, r *Run, cell string, format runner.Format, w io.Writer) error {
	c, err := r.Cell(cell)
	if err != nil {
		return err
	}
	q := h.request(r.Notebook, c.Query, Bound(r.Values))
	q.Format = format
	_, err = h.Runner.Stream(ctx, q, w)
	return err
}

// Title is the title of a cell in a language.
func Title(c *Cell, l lang.Lang) string {
	if c.Title == "" {
		return strings.ReplaceAll(c.Name, "_", " ")
	}
	return lang.Split(c.Title).In(l)
}

var validID = regexp.MustCompile(`^[a-z][a-z0-9_]{2,47}$`)
