package closing

import (
	"context"
	"errors"
	"fmt"

	"weir/internal/calendar"
	"weir/internal/evidence"
	"weir/internal/lang"
	"weir/internal/store"
	"weir/metrics"
	"weir/metrics/scoring"
	"weir/queries/page"
)

// Explanation is all that stands behind one frozen figure.
type Explanation struct {
	Month          string          `json:"month"`
	Revision       int             `json:"revision"`
	Stamp          string          `json:"stamp"`
	DepartmentName lang.Text       `json:"department"`
	Page           *page.Indicator `json:"indicator"`
	Value          metrics.Value   `json:"value"`
	Before         *metrics.Value  `json:"before,omitempty"` // of the month before, nil where it is not closed
	Line           *scoring.Line   `json:"points,omitempty"` // nil where the indicator is not scored
	Evidence       *store.Result   `json:"evidence"`
	More           bool            `json:"more"` // the evidence has further rows
}

// Indicators lists the ids of all indicators.
func (c *Closer) Indicators() []string { return c.rules.Pages.IDs() }

// Explain gathers what is behind a department's figure in a closed month, "" for the newest. At most limit rows of
// evidence are listed, 0 for all; they are those from which the figure was made, as the close left them in the lake.
func (c *Closer) Explain(ctx context.Context, indicator, department, month string, limit int) (_ *Explanation, err error) {
	m, err := Read(ctx, c.store, month)
	if err != nil {
		return nil, err
	}
	v, ok := m.Find(indicator, department)
	if !ok {
		return nil, fmt.Errorf("%s has no figure of %s for department %q; weir value --month %s lists what there is", m.Month, indicator, department, m.Month)
	}
	x := &Explanation{Month: m.Month, Revision: m.Revision, Stamp: m.Stamp, Value: v, DepartmentName: lang.T("全市", "all departments")}
	for _, d := range m.Departments {
		if d.ID == department {
			x.DepartmentName = d.Name
		}
	}
	if x.Page, err = c.pageOf(indicator, v.Version, m.Month); err != nil {
		return nil, err
	}
	x.Line = lineOf(m, indicator, department)
	if err := c.before(ctx, x, indicator, department); err != nil {
		return nil, err
	}
	reader := evidence.New(c.lake, c.evaluator)
	defer func() { err = errors.Join(err, reader.Close()) }()
	x.Evidence, x.More, err = reader.Rows(ctx, m.Month, m.Revision, x.Page, department, 0, limit)
	return x, err
}

func lineOf(m *metrics.Month, indicator, department string) *scoring.Line {
	for _, r := range m.Scores {
		if r.Department != department {
			continue
		}
		for i := range r.Total.Lines {
			if r.Total.Lines[i].Indicator == indicator {
				return &r.Total.Lines[i]
			}
		}
	}
	return nil
}

func (c *Closer) before(ctx context.Context, x *Explanation, indicator, department string) error {
	month, err := calendar.ParseMonth(x.Month)
	if err != nil {
		return err
	}
	earlier, err := Read(ctx, c.store, month.Add(-1).String())
	if errors.Is(err, ErrNotClosed) {
		return nil
	}
	if err != nil {
		return err
	}
	if v, ok := earlier.Find(indicator, department); ok {
		x.Before = &v
	}
	return nil
}
