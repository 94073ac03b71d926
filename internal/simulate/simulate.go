// Package simulate invents a city: departments, a catalogue of data, and every event that a sharing platform logs
// over a year and a half, written as the files that Weir ingests. Beside the data it writes the truths that were
// planted in them: who is late, what lies unused, in which month a department improves. A test can therefore ask
// whether an indicator finds what is known to be there.
//
// The same seed and options give the same bytes on every machine: all draws are integers from a seeded PCG, and no
// clock, map order or locale takes part. The package never opens a database and never reads real data.
package simulate

import (
	"cmp"
	"fmt"
	"time"
)

// Options say what city to invent. The zero value is the sample city of the repository.
type Options struct {
	Seed           uint64 // 0 stands for DefaultSeed
	Start          string // first month, "2025-05" where empty
	Months         int    // months of events, 18 where 0
	Departments    int    // 24 where 0; never fewer, since the planted truths need them all
	Resources      int    // resources under the catalogue, 400 where 0
	EventsPerMonth int    // usage events in an average month, 3,000 where 0; each resource in use has at least one
	Scale          int    // requests, matters, checks, tickets and collections are multiplied by it; 1 where 0
	Repeated       int    // of 1,000 usage events, those that are written a second time, word for word
	MonthlyParts   bool   // usage events in one file per month, MONTH/usage_event.csv.gz, as platforms deliver them
	Plain          bool   // CSV without gzip
	// Hostile gives the departments names that have broken reports elsewhere, one of them a budget of 13 digits, and
	// adds a department without any data. The planted truths hold all the same.
	Hostile bool
}

// The sample city.
const (
	DefaultSeed     = 20250501
	defaultStart    = "2025-05"
	defaultMonths   = 18
	minDepartments  = 24
	defaultRes      = 400
	minResources    = 200 // below, a department may lack the resources that its truth is about
	defaultEvents   = 3000
	maxEvents       = 20_000_000
	maxResources    = 50_000
	maxScale        = 1000
	lastSettledYear = 2026
)

func (o Options) withDefaults() Options {
	o.Seed = cmp.Or(o.Seed, DefaultSeed)
	o.Start = cmp.Or(o.Start, defaultStart)
	o.Months = cmp.Or(o.Months, defaultMonths)
	o.Departments = cmp.Or(o.Departments, minDepartments)
	o.Resources = cmp.Or(o.Resources, defaultRes)
	o.EventsPerMonth = cmp.Or(o.EventsPerMonth, defaultEvents)
	o.Scale = cmp.Or(o.Scale, 1)
	return o
}

func (o Options) validate() error {
	start, err := time.Parse("2006-01", o.Start)
	if err != nil {
		return fmt.Errorf("start month %q: write it as 2025-05", o.Start)
	}
	end := start.AddDate(0, o.Months, -1)
	for _, bad := range []struct {
		when bool
		text string
	}{
		{start.Year() < 2024 || end.Year() > lastSettledYear, fmt.Sprintf("months %s to %s: working days are settled for 2022 to %d and the city's past needs two years, so start in 2024 or later and end in %d", o.Start, end.Format("2006-01"), lastSettledYear, lastSettledYear)},
		{o.Months < 1, fmt.Sprintf("%d months: at least 1", o.Months)},
		{o.Departments < minDepartments || o.Departments > maxDepartments(), fmt.Sprintf("%d departments: from %d to %d", o.Departments, minDepartments, maxDepartments())},
		{o.Resources < minResources || o.Resources > maxResources, fmt.Sprintf("%d resources: from %d to %d", o.Resources, minResources, maxResources)},
		{o.EventsPerMonth < 1 || o.EventsPerMonth > maxEvents, fmt.Sprintf("%d events a month: from 1 to %d", o.EventsPerMonth, maxEvents)},
		{o.Repeated < 0 || o.Repeated > 1000, fmt.Sprintf("%d of 1,000 events repeated: from 0 to 1,000", o.Repeated)},
		{o.Scale < 1 || o.Scale > maxScale, fmt.Sprintf("scale %d: from 1 to %d", o.Scale, maxScale)},
	} {
		if bad.when {
			return fmt.Errorf("%s", bad.text)
		}
	}
	return nil
}

// Summary says what was written.
type Summary struct {
	Files  []string       // in the order of writing, relative to the output
	Rows   map[string]int // per table
	Truths int            // planted truths in truth.yaml
}

// Generate invents the city and writes its files: TABLE.csv.gz for every table of the event model and truth.yaml.
// A file of the same name is replaced. Memory grows with resources and requests, not with usage events, of which
// only one month is held at a time (24 bytes each).
func Generate(w Output, o Options) (Summary, error) {
	o = o.withDefaults()
	if err := o.validate(); err != nil {
		return Summary{}, fmt.Errorf("simulate: %w", err)
	}
	c := newCity(o)
	s := newSink(w, o)
	for _, write := range []func(*sink){
		c.writeWho, c.writeCatalogue, c.writeExchange, c.writeUsage, c.writeUse, c.writeQuality, c.writeMechanism, c.writeMoney, c.writeTruths,
	} {
		write(s)
	}
	if s.err != nil {
		return Summary{}, fmt.Errorf("simulate: %w", s.err)
	}
	return Summary{Files: s.files, Rows: s.rows, Truths: len(c.truths)}, nil
}
