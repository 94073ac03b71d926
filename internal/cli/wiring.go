package cli

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"weir/ingest"
	"weir/internal/calendar"
	"weir/internal/closing"
	"weir/internal/store"
	"weir/internal/workspace"
	"weir/queries/indicators"
	"weir/queries/page"
)

// now is the clock of commands; only tests of documents would need another.
func now() time.Time { return time.Now() }

// pagesOf loads the shipped pages and those of the workspace, which go before them.
func pagesOf(w *workspace.Workspace) (*page.Set, error) {
	set, problems := page.Load(indicators.Files(), w.Indicators())
	return set, problems.Err()
}

// calendarOf is the built-in calendar with the years that the workspace adds.
func calendarOf(w *workspace.Workspace) (*calendar.Calendar, error) {
	c := calendar.China()
	for _, name := range w.Config.Calendar {
		path := filepath.Join(w.Dir, name)
		text, err := os.ReadFile(path)
		if err != nil {
			return nil, fmt.Errorf("calendar: %w", err)
		}
		next, problems := c.With(path, text)
		if err := problems.Err(); err != nil {
			return nil, err
		}
		c = next
	}
	return c, nil
}

// closerOf wires the closing of months of a workspace.
func closerOf(w *workspace.Workspace, s *store.Store) (*closing.Closer, error) {
	pages, err := pagesOf(w)
	if err != nil {
		return nil, err
	}
	c, err := calendarOf(w)
	if err != nil {
		return nil, err
	}
	rules := closing.Rules{Pages: pages, Settings: w.Config.Settings, Calendar: c, Bands: w.Config.Grades, LeakCap: w.Config.LeakCap,
		Uncertainty: w.Config.Uncertainty, Integrity: w.Config.Integrity}
	return closing.New(s, rules, w.Lake(), now)
}

// ingestSettings are those of a workspace.
func ingestSettings(w *workspace.Workspace) (ingest.Settings, error) {
	key, err := w.HashKey()
	if err != nil {
		return ingest.Settings{}, err
	}
	var mappings fs.FS
	if _, err := fs.Stat(w.Mappings(), "."); err == nil {
		mappings = w.Mappings()
	}
	return ingest.Settings{Mappings: mappings, Key: key, Temp: w.Temp()}, nil
}
