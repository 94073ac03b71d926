package cli

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"

	"weir/internal/simulate"
)

type simulateCommand struct {
	Out            string `required:"" placeholder:"DIR" help:"${simulate_out}"`
	Seed           uint64 `default:"20250501" help:"${simulate_seed}"`
	Start          string `default:"2025-05" placeholder:"YYYY-MM" help:"${simulate_start}"`
	Months         int    `default:"18" help:"${simulate_months}"`
	Departments    int    `default:"24" help:"${simulate_departments}"`
	Resources      int    `default:"400" help:"${simulate_resources}"`
	EventsPerMonth int    `default:"3000" help:"${simulate_events}"`
	Scale          int    `default:"1" help:"${simulate_scale}"`
	MonthlyParts   bool   `help:"${simulate_parts}"`
	Plain          bool   `help:"${simulate_plain}"`
	Hostile        bool   `help:"${simulate_hostile}"`
}

// Run invents a city and writes its files and the truths planted in it.
func (c simulateCommand) Run(e *env) error {
	summary, err := simulate.Generate(simulate.Dir(c.Out), simulate.Options{
		Seed: c.Seed, Start: c.Start, Months: c.Months, Departments: c.Departments, Resources: c.Resources,
		EventsPerMonth: c.EventsPerMonth, Scale: c.Scale, MonthlyParts: c.MonthlyParts, Plain: c.Plain, Hostile: c.Hostile,
	})
	if err != nil {
		return err
	}
	t := &table{columns: []string{"table", "rows"}}
	for _, name := range slices.Sorted(maps.Keys(summary.Rows)) {
		t.add(name, summary.Rows[name])
	}
	if err := e.print(t); err != nil {
		return err
	}
	e.say(fmt.Sprintf("已写入 %d 个文件；埋设的事实：%s", len(summary.Files), filepath.Join(c.Out, simulate.TruthFile)),
		fmt.Sprintf("%d files written; the planted truths: %s", len(summary.Files), filepath.Join(c.Out, simulate.TruthFile)))
	return nil
}
