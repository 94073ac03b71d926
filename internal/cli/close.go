package cli

import (
	"fmt"

	"weir/internal/closing"
	"weir/internal/store"
	"weir/internal/workspace"
)

type closeCommand struct {
	Month string `arg:"" placeholder:"YYYY-MM" help:"${close_month}"`
	AsOf  string `placeholder:"YYYY-MM-DD" help:"${as_of}"`
}

// Run closes a month and prints what was frozen, what was reused and what changed.
func (c closeCommand) Run(e *env) error {
	month, err := parseMonth(c.Month)
	if err != nil {
		return err
	}
	return e.withStore(func(w *workspace.Workspace, s *store.Store) error {
		closer, err := closerOf(w, s)
		if err != nil {
			return err
		}
		summary, err := closer.Close(e.ctx, month, c.AsOf)
		if err != nil {
			return err
		}
		e.printNotes(summary)
		return e.printSummaries([]*closing.Summary{summary})
	})
}

func (e *env) printSummaries(list []*closing.Summary) error {
	t := &table{columns: []string{"month", "revision", "unchanged", "departments", "indicators", "values", "marts_built", "marts_reused", "changed", "stamp"}}
	for _, s := range list {
		built, reused := 0, 0
		for _, b := range s.Built {
			if b.Reused {
				reused++
			} else {
				built++
			}
		}
		t.add(s.Month, s.Revision, s.Unchanged, s.Departments, s.Indicators, s.Values, built, reused, len(s.Changes), s.Stamp[:12])
	}
	return e.print(t)
}

// printNotes tells on standard error what limits the figures and why values differ from the last revision.
func (e *env) printNotes(s *closing.Summary) {
	for _, note := range s.Notes {
		e.say("注意："+note, "note: "+note)
	}
	if s.Unchanged {
		e.say(fmt.Sprintf("%s 自第 %d 版以来没有变化", s.Month, s.Revision), fmt.Sprintf("%s: nothing changed since revision %d", s.Month, s.Revision))
	}
	causes := map[closing.Cause]int{}
	for _, c := range s.Changes {
		causes[c.Cause]++
	}
	for _, cause := range []closing.Cause{closing.DataChanged, closing.RuleChanged, closing.BothChanged} {
		if n := causes[cause]; n > 0 {
			word := map[closing.Cause]string{closing.DataChanged: "数据变化", closing.RuleChanged: "规则变化", closing.BothChanged: "数据与规则均变化"}[cause]
			e.say(fmt.Sprintf("%s 第 %d 版：%d 个值因%s而不同", s.Month, s.Revision, n, word), fmt.Sprintf("%s revision %d: %d values differ because of: %s", s.Month, s.Revision, n, cause))
		}
	}
}
