package cli

import (
	"errors"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"

	"weir/ingest"
	"weir/internal/lang"
	"weir/internal/repair"
	"weir/internal/store"
	"weir/internal/workspace"
)

type quarantineCommand struct {
	List   quarantineListCommand   `cmd:"" default:"withargs" help:"${quarantine_list}"`
	Show   quarantineShowCommand   `cmd:"" help:"${quarantine_show}"`
	Export quarantineExportCommand `cmd:"" help:"${quarantine_export}"`
	Replay quarantineReplayCommand `cmd:"" help:"${quarantine_replay}"`
}

func quarantineTexts() map[string]lang.Text {
	return map[string]lang.Text{
		"quarantine":            lang.T("未能装入的行：列出、导出修正、修正后重放", "rows that could not be loaded: list, export for repair, replay"),
		"quarantine_list":       lang.T("列出未能装入的行：位置、原因、修正办法", "list the rows that could not be loaded: place, reason, cure"),
		"quarantine_show":       lang.T("显示一行的全部内容", "show one row in full"),
		"quarantine_export":     lang.T("导出供部门修正的文件（CSV 或 XLSX），每部门一个", "write files that departments put right, CSV or XLSX, one for each"),
		"quarantine_replay":     lang.T("重放：装入修正后的文件；不给文件则按原样重试", "replay: load repaired files, or try the rows again as they are"),
		"quarantine_load":       lang.T("只取一个装载批次", "one load only"),
		"quarantine_file":       lang.T("只取一个文件", "one file only"),
		"quarantine_code":       lang.T("只取一种原因", "one reason only"),
		"quarantine_department": lang.T("只取该部门负责的行；unassigned 为未能确定部门的行", "rows that this department answers for; unassigned for those of nobody"),
		"quarantine_replayed":   lang.T("也列出修正后已装入的行", "rows loaded after repair as well"),
		"quarantine_limit":      lang.T("最多行数，0 为全部", "at most so many rows, 0 for all"),
		"quarantine_as":         lang.T("文件格式 csv 或 xlsx", "form of the files: csv or xlsx"),
		"quarantine_out":        lang.T("输出目录", "output directory"),
		"quarantine_place":      lang.T("批次:行号", "LOAD:LINE"),
		"quarantine_files":      lang.T("修正后的文件", "repaired files"),
	}
}

// chosen are the rows of the quarantine that a command is about.
type chosen struct {
	Load int64  `placeholder:"ID" help:"${quarantine_load}"`
	File string `placeholder:"NAME" help:"${quarantine_file}"`
	Code string `placeholder:"CODE" help:"${quarantine_code}"`
}

func (c chosen) filter() ingest.QuarantineFilter {
	return ingest.QuarantineFilter{LoadID: c.Load, File: c.File, Code: c.Code}
}

type quarantineListCommand struct {
	chosen   `embed:""`
	Replayed bool `help:"${quarantine_replayed}"`
	Limit    int  `default:"0" help:"${quarantine_limit}"`
}

// Run lists the rows that could not be loaded, each with its place, the reason and the cure.
func (c quarantineListCommand) Run(e *env) error {
	return e.withStore(func(_ *workspace.Workspace, s *store.Store) error {
		f := c.filter()
		f.Replayed, f.Limit = c.Replayed, c.Limit
		rows, err := ingest.Quarantine(e.ctx, s, f)
		if err != nil {
			return err
		}
		columns := []string{"load_id", "file", "line", "column", "reason", "cure", "value", "raw"}
		if c.Replayed {
			columns = append(columns, "replayed_load_id")
		}
		t := &table{columns: columns}
		for _, q := range rows {
			cells := []any{q.LoadID, q.File, q.Line, q.Column, q.Reason.In(e.lang), q.Cure.In(e.lang), q.Value, q.Raw}
			if c.Replayed {
				var load any
				if q.Replayed > 0 {
					load = q.Replayed
				}
				cells = append(cells, load)
			}
			t.add(cells...)
		}
		return e.print(t)
	})
}

type quarantineShowCommand struct {
	Place string `arg:"" help:"${quarantine_place}"`
}

// Run shows one row, field by field.
func (c quarantineShowCommand) Run(e *env) error {
	first, second, _ := strings.Cut(c.Place, ":")
	load, err := strconv.ParseInt(first, 10, 64)
	line, lineErr := strconv.ParseInt(second, 10, 64)
	if err != nil || lineErr != nil {
		return usageError{fmt.Sprintf("%q is not of the form LOAD:LINE, such as 12:345", c.Place)}
	}
	return e.withStore(func(w *workspace.Workspace, s *store.Store) error {
		settings, err := ingestSettings(w)
		if err != nil {
			return err
		}
		rows, err := ingest.UnrepairedRows(e.ctx, s, settings, ingest.QuarantineFilter{LoadID: load, Replayed: true})
		if err != nil {
			return err
		}
		t := &table{columns: []string{"field", "value"}}
		for _, q := range rows {
			if q.Line != line {
				continue
			}
			for _, field := range [][2]any{{"load_id", q.LoadID}, {"file", q.File}, {"line", q.Line}, {"table", q.Table}, {"mapping", q.Mapping}, {"department", q.Department}, {"column", q.Column},
				{"code", q.Code}, {"reason", q.Reason.In(e.lang)}, {"cure", q.Cure.In(e.lang)}, {"value", q.Value}, {"replayed_load_id", q.Replayed}, {"raw", q.Raw}} {
				if field[1] != "" && field[1] != int64(0) {
					t.add(field[0], field[1])
				}
			}
			for i, name := range q.Columns {
				if q.Fields != nil {
					t.add("· "+name, q.Fields[i])
				}
			}
		}
		if len(t.rows) == 0 {
			return usageError{fmt.Sprintf("the quarantine holds no row of load %d, line %d", load, line)}
		}
		return e.print(t)
	})
}

type quarantineExportCommand struct {
	chosen     `embed:""`
	Department string `placeholder:"ID" help:"${quarantine_department}"`
	As         string `enum:"csv,xlsx" default:"xlsx" placeholder:"csv|xlsx" help:"${quarantine_as}"`
	Out        string `required:"" placeholder:"DIR" help:"${quarantine_out}"`
}

// Run writes the files that departments put right.
func (c quarantineExportCommand) Run(e *env) error {
	return e.withStore(func(w *workspace.Workspace, s *store.Store) error {
		settings, err := ingestSettings(w)
		if err != nil {
			return err
		}
		rows, err := ingest.UnrepairedRows(e.ctx, s, settings, c.filter())
		if err != nil {
			return err
		}
		var wanted []ingest.Unrepaired
		for _, r := range rows {
			if c.Department == "" || c.Department == r.Department || c.Department == repair.Unassigned && r.Department == "" {
				wanted = append(wanted, r)
			}
		}
		files, err := repair.Write(c.Out, c.As, e.lang, wanted)
		t := &table{columns: []string{"file", "department_id", "rows"}}
		for _, f := range files {
			t.add(filepath.Base(f.Path), f.Department, f.Rows)
		}
		return errors.Join(e.print(t), err)
	})
}

type quarantineReplayCommand struct {
	chosen `embed:""`
	Files  []string `arg:"" optional:"" name:"repaired" help:"${quarantine_files}"`
}

// Run loads repaired rows, or tries rows again as they are, such as after a mapping was corrected. Rows that still fail
// are a finding; rows that went in already are passed over.
func (c quarantineReplayCommand) Run(e *env) error {
	return e.withStore(func(w *workspace.Workspace, s *store.Store) error {
		settings, err := ingestSettings(w)
		if err != nil {
			return err
		}
		waiting, err := ingest.UnrepairedRows(e.ctx, s, settings, c.filter())
		if err != nil {
			return err
		}
		var repairs []ingest.Repair
		for _, r := range waiting {
			if len(c.Files) == 0 {
				repairs = append(repairs, ingest.Repair{LoadID: r.LoadID, Line: r.Line})
			}
		}
		for _, file := range c.Files {
			read, passed, err := repair.Read(file, waiting)
			if err != nil {
				return err
			}
			if passed > 0 {
				e.say(fmt.Sprintf("%s：%d 行已装入或不在隔离区，略过", file, passed), fmt.Sprintf("%s: %d rows went in already or are not in the quarantine; passed over", file, passed))
			}
			repairs = append(repairs, read...)
		}
		done, err := ingest.Replay(e.ctx, s, settings, repairs, ingest.Options{Now: now})
		if errors.Is(err, ingest.ErrNothingToReplay) {
			e.say("没有等待重放的行", "no row waits to be replayed")
			return nil
		}
		left := 0
		for _, r := range done {
			left += len(r.Left)
		}
		if err := errors.Join(e.printReplayed(done), err); err != nil {
			return err
		}
		if left > 0 {
			e.say(fmt.Sprintf("%d 行仍未能装入；查看：weir --dir %s quarantine", left, e.dir), fmt.Sprintf("%d rows still cannot be loaded; see: weir --dir %s quarantine", left, e.dir))
			return errFindings
		}
		return nil
	})
}
