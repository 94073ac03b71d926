package cli

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"weir/ingest"
	"weir/internal/inbox"
	"weir/internal/lang"
	"weir/internal/store"
	"weir/internal/workspace"
)

type inboxCommand struct {
	Watch  bool          `help:"${inbox_watch}"`
	Every  time.Duration `default:"10s" help:"${inbox_every}"`
	Settle time.Duration `default:"-1s" help:"${inbox_settle}"`
}

func inboxTexts() map[string]lang.Text {
	return map[string]lang.Text{
		"inbox":        lang.T("装入收件目录 inbox/ 中的文件并移至 done 或 rejected", "take in the files dropped into inbox/, and move them to done or rejected"),
		"inbox_watch":  lang.T("持续查看，直至中断", "go on looking until interrupted"),
		"inbox_every":  lang.T("查看间隔", "how often to look"),
		"inbox_settle": lang.T("文件静置多久才视为完整，缺省按 weir.yaml", "how long a file must have been left alone; default as in weir.yaml"),
	}
}

// Run takes the inbox in once, or watches it. Rejected files and quarantined rows are findings.
func (c inboxCommand) Run(e *env) error {
	if c.Every <= 0 {
		return usageError{"--every must be above 0"}
	}
	if !c.Watch {
		outcomes, err := c.once(e)
		return errors.Join(e.printOutcomes(outcomes), err, findings(outcomes))
	}
	e.say("正在查看收件目录；按 Ctrl+C 结束", "watching the inbox; press Ctrl+C to end")
	for {
		// The database is held only while there is something to load, so that other commands have their turn.
		outcomes, err := c.once(e)
		if printed := e.printOutcomes(outcomes); printed != nil {
			return printed
		}
		if err != nil && e.ctx.Err() == nil {
			e.say("稍后重试："+err.Error(), "trying again: "+err.Error())
		}
		select {
		case <-e.ctx.Done():
			return nil
		case <-time.After(c.Every):
		}
	}
}

func (c inboxCommand) once(e *env) ([]inbox.Outcome, error) {
	w, err := e.workspace()
	if err != nil {
		return nil, err
	}
	if waiting, err := c.of(w, nil, ingest.Settings{}).Waiting(); err != nil || len(waiting) == 0 {
		return nil, err
	}
	var outcomes []inbox.Outcome
	err = e.withStore(func(w *workspace.Workspace, s *store.Store) error {
		settings, err := ingestSettings(w)
		if err != nil {
			return err
		}
		outcomes, err = c.of(w, s, settings).Take(e.ctx)
		return err
	})
	if errors.Is(err, context.Canceled) {
		err = nil
	}
	return outcomes, err
}

func (c inboxCommand) of(w *workspace.Workspace, s *store.Store, settings ingest.Settings) *inbox.Inbox {
	b := inboxOf(w, s, settings)
	if c.Settle >= 0 {
		b.Settle = c.Settle
	}
	return b
}

// inboxOf is the inbox of a workspace: one for the command, the month's end and the service.
func inboxOf(w *workspace.Workspace, s *store.Store, settings ingest.Settings) *inbox.Inbox {
	zone := w.Config.Location()
	b := &inbox.Inbox{Dir: w.Inbox(), Log: filepath.Join(w.Dir, "log", "inbox.ndjson"), Store: s, Settings: settings, Language: w.Config.Language,
		Settle: time.Duration(w.Config.Inbox.SettleSeconds) * time.Second, Now: func() time.Time { return now().In(zone) }}
	for _, r := range w.Config.Inbox.Rules {
		b.Rules = append(b.Rules, inbox.Rule(r))
	}
	return b
}

// printOutcomes prints what became of the files, and why those that were not loaded were not.
func (e *env) printOutcomes(outcomes []inbox.Outcome) error {
	if len(outcomes) == 0 {
		return nil
	}
	t := &table{columns: []string{"file", "state", "load_id", "rows_in", "rows_loaded", "rows_duplicate", "rows_quarantined", "table", "mapping", "moved_to"}}
	for _, o := range outcomes {
		t.add(o.File, string(o.State), o.LoadID, o.In, o.Loaded, o.Duplicate, o.Quarantined, o.Table, o.Mapping, o.MovedTo)
		if o.Reason != "" {
			e.say(o.File+"："+o.Reason, o.File+": "+o.Reason)
		}
	}
	return e.print(t)
}

// findings tells of rejected files and quarantined rows.
func findings(outcomes []inbox.Outcome) error {
	for _, o := range outcomes {
		if o.State == inbox.Rejected || o.State == inbox.Kept || o.Quarantined > 0 && o.State == inbox.Loaded {
			return errFindings
		}
	}
	return nil
}

// inboxFailures joins the reasons of files that were not loaded.
func inboxFailures(outcomes []inbox.Outcome) error {
	var failed []error
	for _, o := range outcomes {
		if o.State == inbox.Rejected || o.State == inbox.Kept {
			failed = append(failed, fmt.Errorf("%s (%s): %s", o.File, o.State, o.Reason))
		}
	}
	return errors.Join(failed...)
}

// inboxSummary says in a line what was taken in.
func inboxSummary(outcomes []inbox.Outcome) string {
	var files, loaded, quarantined int64
	for _, o := range outcomes {
		if o.State == inbox.Loaded {
			files, loaded, quarantined = files+1, loaded+o.Loaded, quarantined+o.Quarantined
		}
	}
	return fmt.Sprintf("%d files, %d loaded, %d rows loaded, %d quarantined", len(outcomes), files, loaded, quarantined)
}
