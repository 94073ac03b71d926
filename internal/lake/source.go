package lake

import (
	"time"

	"weir/internal/runner"
	"weir/queries/page"
	"weir/queries/views"
)

// Source publishes the tables of the snapshot to queries. The codebook is that of the last day of its month.
func (s *Snapshot) Source(pages *page.Set) runner.Source {
	var files []string
	seen := map[string]bool{}
	filesOf := func(table string, everyMonth bool) []string {
		found := s.FilesOf(table, everyMonth)
		for _, f := range found {
			if !seen[f] {
				seen[f] = true
				files = append(files, f)
			}
		}
		return found
	}
	source := runner.Source{TimeZone: s.TimeZone}
	source.Publish(s.definitions(pages, filesOf), views.Functions(s.TimeZone))
	source.Files = files
	for _, c := range s.Months {
		source.Directories = append(source.Directories, c.directory)
	}
	return source
}

func (s *Snapshot) definitions(pages *page.Set, filesOf func(string, bool) []string) []views.Definition {
	return views.OverLake(pages.AllOn(s.lastDay()), s.register(), filesOf)
}

// register lists the closes of the snapshot as rows of month_close.
func (s *Snapshot) register() []views.Close {
	list := make([]views.Close, len(s.Months))
	for i, c := range s.Months {
		list[i] = views.Close{Month: c.Month, Revision: c.Revision, AsOf: c.AsOf, ClosedAt: c.ClosedAt, Stamp: c.Stamp}
	}
	return list
}

// lastDay is the last day of the month, on which its pages are in effect. A month that a manifest misspells was
// refused when the lake was opened, since its directory bears the same name.
func (s *Snapshot) lastDay() time.Time {
	first, err := time.Parse("2006-01", s.Month)
	if err != nil {
		return s.AsOf
	}
	return first.AddDate(0, 1, -1)
}
