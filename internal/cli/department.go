package cli

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"weir/ingest"
	"weir/ingest/identity"
	"weir/internal/calendar"
	"weir/internal/closing"
	"weir/internal/lang"
	"weir/internal/store"
	"weir/internal/workspace"
)

type departmentCommand struct {
	List    departmentListCommand    `cmd:"" help:"${department_list}"`
	Unknown departmentUnknownCommand `cmd:"" help:"${department_unknown}"`
	History departmentHistoryCommand `cmd:"" help:"${department_history}"`
	Add     departmentAddCommand     `cmd:"" help:"${department_add}"`
	Alias   departmentAliasCommand   `cmd:"" help:"${department_alias}"`
	Rename  departmentRenameCommand  `cmd:"" help:"${department_rename}"`
	Merge   departmentMergeCommand   `cmd:"" help:"${department_merge}"`
}

func departmentTexts() map[string]lang.Text {
	return map[string]lang.Text{
		"departments":         lang.T("部门身份：别名、新设、更名、撤并，以及待认定的名称", "who a name means: aliases, new departments, renames, mergers, and names that wait for a decision"),
		"department_list":     lang.T("列出部门及其别名与承继关系", "list the departments with aliases and successors"),
		"department_unknown":  lang.T("列出待认定的名称：行数、首次与最近出现、文件、相近的部门", "list names that wait for a decision: rows, first and last seen, files, departments of like names"),
		"department_history":  lang.T("列出认定记录", "list what was decided, by whom and why"),
		"department_add":      lang.T("登记新部门", "register a new department"),
		"department_alias":    lang.T("登记别名", "register a name under which a department appears"),
		"department_rename":   lang.T("更名：旧名称成为该日之前的别名", "rename a department; the old name stays its alias until that day"),
		"department_merge":    lang.T("撤并：自该日后的首个整月起由承继部门计值", "a department ends; from the first whole month after that day its values count for the successor"),
		"department_id":       lang.T("部门标识", "identifier of the department"),
		"department_only":     lang.T("只列该部门", "this department only"),
		"department_name":     lang.T("名称", "name as files write it"),
		"department_district": lang.T("所在区划，用于区分同名部门", "district, tells namesakes apart"),
		"department_into":     lang.T("承继部门", "department that takes over its duties"),
		"department_from":     lang.T("首日", "first day"),
		"department_to":       lang.T("停用日（不含）", "first day no longer"),
		"department_on":       lang.T("生效日", "day on which it takes effect"),
		"department_reason":   lang.T("理由，如文号", "why, such as the number of the document"),
		"department_by":       lang.T("认定人，缺省为当前用户", "who decides; default the user at hand"),
	}
}

type departmentListCommand struct{}

// Run lists the departments.
func (departmentListCommand) Run(e *env) error {
	return e.withStore(func(_ *workspace.Workspace, s *store.Store) error {
		list, err := identity.Departments(e.ctx, s)
		if err != nil {
			return err
		}
		t := &table{columns: []string{"department_id", "name", "district", "valid_from", "valid_to", "successor_id", "aliases"}}
		for _, d := range list {
			var aliases []string
			for _, a := range d.Aliases {
				aliases = append(aliases, a.String())
			}
			t.add(d.ID, d.Name, d.District, d.From, d.To, d.Successor, strings.Join(aliases, e.lang.Pick("；", "; ")))
		}
		return e.print(t)
	})
}

type departmentUnknownCommand struct{}

// Run lists the names that wait for a decision; there being some is a finding.
func (departmentUnknownCommand) Run(e *env) error {
	return e.withStore(func(w *workspace.Workspace, s *store.Store) error {
		names, err := identity.Names(e.ctx, s)
		if err != nil {
			return err
		}
		t := &table{columns: []string{"name", "code", "rows", "first_seen", "last_seen", "files", "columns", "nearest"}}
		for _, n := range names {
			var near []string
			for _, h := range n.Nearest {
				near = append(near, h.ID+" "+h.Name)
			}
			day := func(at interface{ Format(string) string }) string { return at.Format("2006-01-02") }
			t.add(n.Name, string(n.Code), n.Rows, day(n.First.In(w.Config.Location())), day(n.Last.In(w.Config.Location())), strings.Join(n.Files, ", "), strings.Join(n.Columns, ", "), strings.Join(near, e.lang.Pick("；", "; ")))
		}
		if len(names) == 0 {
			e.say("没有待认定的名称", "no name waits for a decision")
		}
		if err := e.print(t); err != nil || len(names) == 0 {
			return err
		}
		return errFindings
	})
}

type departmentHistoryCommand struct {
	Department string `arg:"" optional:"" help:"${department_only}"`
}

// Run lists what was decided.
func (c departmentHistoryCommand) Run(e *env) error {
	return e.withStore(func(w *workspace.Workspace, s *store.Store) error {
		list, err := identity.Decisions(e.ctx, s, c.Department)
		if err != nil {
			return err
		}
		t := &table{columns: []string{"decision_id", "kind", "department_id", "name", "former_name", "successor_id", "valid_from", "valid_to", "decided_by", "decided_at", "reason", "load_id"}}
		for _, d := range list {
			t.add(d.ID, string(d.Kind), d.Department, d.Name, d.Former, d.Successor, d.From, d.To, d.By, d.At.In(w.Config.Location()), d.Reason, d.LoadID)
		}
		return e.print(t)
	})
}

// decided is what every decision is given.
type decided struct {
	Reason string `required:"" placeholder:"TEXT" help:"${department_reason}"`
	By     string `placeholder:"NAME" help:"${department_by}"`
}

type departmentAddCommand struct {
	Department string `arg:"" help:"${department_id}"`
	Name       string `arg:"" help:"${department_name}"`
	District   string `placeholder:"NAME" help:"${department_district}"`
	From       string `placeholder:"YYYY-MM-DD" help:"${department_from}"`
	decided    `embed:""`
}

// Run registers a department.
func (c departmentAddCommand) Run(e *env) error {
	return c.decide(e, identity.Decision{Kind: identity.Add, Department: c.Department, Name: c.Name, District: c.District, From: c.From})
}

type departmentAliasCommand struct {
	Name       string `arg:"" help:"${department_name}"`
	Department string `arg:"" help:"${department_id}"`
	From       string `placeholder:"YYYY-MM-DD" help:"${department_from}"`
	To         string `placeholder:"YYYY-MM-DD" help:"${department_to}"`
	decided    `embed:""`
}

// Run registers an alias.
func (c departmentAliasCommand) Run(e *env) error {
	return c.decide(e, identity.Decision{Kind: identity.Alias, Department: c.Department, Name: c.Name, From: c.From, To: c.To})
}

type departmentRenameCommand struct {
	Department string `arg:"" help:"${department_id}"`
	Name       string `arg:"" help:"${department_name}"`
	On         string `required:"" placeholder:"YYYY-MM-DD" help:"${department_on}"`
	decided    `embed:""`
}

// Run renames a department.
func (c departmentRenameCommand) Run(e *env) error {
	return c.decide(e, identity.Decision{Kind: identity.Rename, Department: c.Department, Name: c.Name, From: c.On})
}

type departmentMergeCommand struct {
	Department string `arg:"" help:"${department_id}"`
	Into       string `required:"" placeholder:"ID" help:"${department_into}"`
	On         string `required:"" placeholder:"YYYY-MM-DD" help:"${department_on}"`
	decided    `embed:""`
}

// Run ends a department in favour of another.
func (c departmentMergeCommand) Run(e *env) error {
	return c.decide(e, identity.Decision{Kind: identity.Merge, Department: c.Department, Successor: c.Into, To: c.On})
}

// decides tells whether a command records a decision.
func decides(command string) bool {
	name, rest, _ := strings.Cut(command, " ")
	kind, _, _ := strings.Cut(rest, " ")
	return name == "department" && slices.Contains([]string{"add", "alias", "rename", "merge"}, kind)
}

// decide records a decision, replays the rows that waited for it, and tells which closed months it would change.
func (c decided) decide(e *env, d identity.Decision) error {
	return e.withStore(func(w *workspace.Workspace, s *store.Store) error {
		settings, err := ingestSettings(w)
		if err != nil {
			return err
		}
		d.Reason, d.By, d.At = c.Reason, c.By, now()
		if d.By == "" {
			d.By = os.Getenv("USER")
		}
		var refused identity.Refused
		if d, err = identity.Decide(e.ctx, s, d); errors.As(err, &refused) {
			return usageError{err.Error()}
		} else if err != nil {
			return err
		}
		e.say(fmt.Sprintf("认定 %d 已记录（装载批次 %d）", d.ID, d.LoadID), fmt.Sprintf("decision %d is recorded (load %d)", d.ID, d.LoadID))
		if d.Kind == identity.Merge {
			if err := e.tellClosed(s, d); err != nil {
				return err
			}
		}
		done, err := identity.Replay(e.ctx, s, settings, d, ingest.Options{Now: now})
		return errors.Join(e.printReplayed(done), err)
	})
}

// tellClosed names the closed months whose figures a merger would change: they stay as they are until closed again.
func (e *env) tellClosed(s *store.Store, d identity.Decision) error {
	closed, err := closing.List(e.ctx, s)
	if err != nil {
		return err
	}
	var months []string
	for _, c := range closed {
		month, err := calendar.ParseMonth(c.Month)
		if err != nil {
			return err
		}
		if month.Day().Format("2006-01-02") >= d.To && (len(months) == 0 || months[len(months)-1] != c.Month) {
			months = append(months, c.Month)
		}
	}
	if len(months) > 0 {
		list := strings.Join(months, ", ")
		e.say("以下已结月份保持不变，重新月结后才由承继部门计值："+list, "these closed months stay as they are until they are closed again: "+list)
	}
	return nil
}

// printReplayed prints what became of quarantined rows.
func (e *env) printReplayed(done []ingest.Replayed) error {
	if len(done) == 0 {
		return nil
	}
	t := &table{columns: []string{"load_id", "file", "rows_replayed", "rows_loaded", "rows_duplicate", "rows_left", "replayed_load_id"}}
	for _, r := range done {
		file := r.Result.File
		if file == "" && len(r.Left) > 0 {
			file = r.Left[0].File
		}
		t.add(r.LoadID, file, len(r.In), r.Result.RowsLoaded, r.Result.RowsDuplicate, len(r.Left), r.Result.LoadID)
	}
	return e.print(t)
}
