package cli

import (
	"fmt"
	"slices"

	"weir/internal/calendar"
	"weir/internal/closing"
	"weir/internal/lang"
	"weir/internal/publish"
	"weir/internal/store"
	"weir/internal/workspace"
	"weir/metrics"
	"weir/queries/page"
	"weir/reports/monthly"
)

type reportCommand struct {
	Month string `arg:"" placeholder:"YYYY-MM" help:"${report_month}"`
	Out   string `placeholder:"DIR" help:"${report_out}"`
}

// Run renders the monthly overview of a closed month.
func (c reportCommand) Run(e *env) error {
	return e.withStore(func(w *workspace.Workspace, s *store.Store) error {
		if c.Out == "" {
			c.Out = w.Reports()
		}
		publisher, err := publish.New(w.Temp())
		if err != nil {
			return err
		}
		path, err := e.renderMonthly(w, s, publisher, c.Month, c.Out, e.lang)
		if err != nil {
			return err
		}
		t := &table{columns: []string{"month", "report", "language", "file"}}
		t.add(c.Month, "monthly_overview", string(e.lang), path)
		return e.print(t)
	})
}

// renderMonthly builds the overview of a month in a language and writes it.
func (e *env) renderMonthly(w *workspace.Workspace, s *store.Store, p *publish.Publisher, month, out string, l lang.Lang) (string, error) {
	in, err := e.monthlyInput(w, s, month)
	if err != nil {
		return "", err
	}
	d, err := monthly.Build(in, l)
	if err != nil {
		return "", fmt.Errorf("report of %s: %w", month, err)
	}
	return p.HTML(out, d)
}

func (e *env) monthlyInput(w *workspace.Workspace, s *store.Store, month string) (monthly.Input, error) {
	m, err := closing.Read(e.ctx, s, month)
	if err != nil {
		return monthly.Input{}, err
	}
	earlier, err := earlierMonths(e, s, m.Month)
	if err != nil {
		return monthly.Input{}, err
	}
	pages, err := pagesOf(w)
	if err != nil {
		return monthly.Input{}, err
	}
	used, err := definitions(pages, m)
	if err != nil {
		return monthly.Input{}, err
	}
	return monthly.Input{Name: w.Config.Name, Organisation: w.Config.Organisation, Month: m, Earlier: earlier, Indicators: used, Bands: w.Config.Grades, Zone: w.Config.Location()}, nil
}

// earlierMonths reads the newest revisions of the months before, as many as a trend needs.
func earlierMonths(e *env, s *store.Store, month string) ([]*metrics.Month, error) {
	closed, err := closing.List(e.ctx, s)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, c := range closed {
		if c.Month < month && !slices.Contains(names, c.Month) {
			names = append(names, c.Month)
		}
	}
	if len(names) > monthly.TrendMonths-1 {
		names = names[len(names)-(monthly.TrendMonths-1):]
	}
	var earlier []*metrics.Month
	for _, name := range names {
		m, err := closing.Read(e.ctx, s, name)
		if err != nil {
			return nil, err
		}
		earlier = append(earlier, m)
	}
	return earlier, nil
}

// definitions finds the versions of the pages that a closed month used, in the order of the catalogue.
func definitions(pages *page.Set, m *metrics.Month) ([]*page.Indicator, error) {
	versions := map[string]int{}
	for _, v := range m.Values {
		versions[v.Indicator] = v.Version
	}
	var list []*page.Indicator
	found := map[string]bool{}
	for _, id := range pages.IDs() {
		for _, p := range pages.Versions(id) {
			if p.Version == versions[id] {
				list, found[id] = append(list, p), true
			}
		}
	}
	for id, version := range versions {
		if !found[id] {
			return nil, fmt.Errorf("%s was closed with version %d of %s, whose page is gone; put it back into indicators/", m.Month, version, id)
		}
	}
	return list, nil
}

// parseMonth checks the form of a month on the command line.
func parseMonth(text string) (calendar.Month, error) {
	m, err := calendar.ParseMonth(text)
	if err != nil {
		return m, usageError{err.Error()}
	}
	return m, nil
}
