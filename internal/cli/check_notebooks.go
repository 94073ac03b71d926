package cli

import (
	"io/fs"
	"os"
	"slices"
	"time"

	"weir/internal/calendar"
	"weir/internal/lake"
	"weir/internal/notebook"
	"weir/internal/problem"
	"weir/internal/runner"
	"weir/queries/notebooks"
	"weir/queries/page"
)

// checkNotebooks plans every cell of the notebooks against the published tables without their rows, so that what is
// found does not depend on what was closed. It gives how many there are.
func (e *env) checkNotebooks(zone *time.Location, pages *page.Set, own fs.FS) (int, problem.List, error) {
	roots := []fs.FS{notebooks.Files()}
	if own != nil {
		roots = append(roots, own)
	}
	set, problems := notebook.Load(roots...)
	directory, err := os.MkdirTemp("", "weir-check-")
	if err != nil {
		return 0, nil, err
	}
	defer os.RemoveAll(directory)
	r, err := runner.New(directory)
	if err != nil {
		return 0, nil, err
	}
	defer r.Close()
	snapshot := lake.Bare(calendar.MonthOf(now().In(zone)).Add(-1).String(), zone.String())
	h := &notebook.Host{Runner: r, Snapshot: snapshot, Source: snapshot.Source(pages), Zone: zone}
	for _, n := range set.All() {
		if slices.ContainsFunc(problems, func(p problem.Problem) bool { return p.File == n.File }) {
			continue // what could not be read cannot be planned
		}
		found, err := h.Check(e.ctx, n, e.lang)
		if err != nil {
			return 0, nil, e.failure(err)
		}
		problems = append(problems, found...)
	}
	for i := range problems {
		problems[i].File = "notebooks/" + problems[i].File
	}
	return len(set.All()), problems, nil
}
