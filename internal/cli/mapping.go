package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"weir/ingest"
	"weir/ingest/mapping"
	"weir/internal/lang"
	"weir/internal/problem"
	"weir/internal/store"
	"weir/internal/workspace"
	"weir/queries/schema"
)

type mappingCommand struct {
	List mappingListCommand `cmd:"" help:"${mapping_list}"`
	Show mappingShowCommand `cmd:"" help:"${mapping_show}"`
	New  mappingNewCommand  `cmd:"" help:"${mapping_new}"`
	Test mappingTestCommand `cmd:"" help:"${mapping_test}"`
}

func mappingTexts() map[string]lang.Text {
	return map[string]lang.Text{
		"mappings":        lang.T("映射文件：列出、查看、拟稿、试装入", "mapping files: list, show, draft, try"),
		"mapping_list":    lang.T("列出内置与工作区的映射", "list the mappings that ship and those of the workspace"),
		"mapping_show":    lang.T("输出一个映射的全文", "print a mapping"),
		"mapping_new":     lang.T("按文件的列名与内容拟一份映射，存疑处写在行末", "draft a mapping from names and content of a file's columns, its doubts behind the lines"),
		"mapping_test":    lang.T("试装入：显示首几行落成什么样、多少行不能装入及原因；不写入任何内容", "show how the first rows would land, how many would not and why; nothing is written"),
		"mapping_name":    lang.T("映射名称", "name of the mapping"),
		"mapping_id":      lang.T("新映射的名称，缺省取文件名", "name of the new mapping; default that of the file"),
		"mapping_target":  lang.T("填入的表，缺省按列判断", "what it fills; default by the columns"),
		"mapping_out":     lang.T("写入此文件（不覆盖），缺省输出到标准输出", "write to this file, which must not exist; default standard output"),
		"mapping_example": lang.T("样本文件", "file to go by"),
		"mapping_by":      lang.T("映射名称或映射文件，缺省与 ingest 相同", "name of a mapping, or a mapping file; default as ingest chooses"),
		"mapping_rows":    lang.T("显示行数", "rows to show"),
	}
}

// optionalWorkspace is the workspace of --dir, nil where there is none.
func (e *env) optionalWorkspace() (*workspace.Workspace, error) {
	w, err := e.workspace()
	if errors.Is(err, workspace.ErrNone) {
		return nil, nil
	}
	return w, err
}

// mappingsOf lists the mappings that ship and those of a workspace, and which of them are its own.
func (e *env) mappingsOf() (all []*mapping.Mapping, own map[string]bool, err error) {
	w, err := e.optionalWorkspace()
	if err != nil {
		return nil, nil, err
	}
	var files fs.FS
	own = map[string]bool{}
	if w != nil {
		files = w.Mappings()
		names, err := fs.Glob(files, "*.yaml")
		if err != nil {
			return nil, nil, err
		}
		for _, n := range names {
			own[strings.TrimSuffix(n, ".yaml")] = true
		}
	}
	all, problems := ingest.Mappings(schema.Default(), files)
	return all, own, problems.Err()
}

type mappingListCommand struct{}

// Run lists the mappings.
func (mappingListCommand) Run(e *env) error {
	all, own, err := e.mappingsOf()
	if err != nil {
		return err
	}
	t := &table{columns: []string{"mapping", "title", "target", "format", "files", "from"}}
	for _, m := range all {
		from := e.lang.Pick("内置", "shipped")
		if own[m.ID] {
			from = e.lang.Pick("工作区", "workspace")
		}
		t.add(m.ID, m.Title.In(e.lang), m.Target, m.Read.Format, strings.Join(m.Files, " "), from)
	}
	return e.print(t)
}

type mappingShowCommand struct {
	Name string `arg:"" help:"${mapping_name}"`
}

// Run prints a mapping as it was written.
func (c mappingShowCommand) Run(e *env) error {
	all, _, err := e.mappingsOf()
	if err != nil {
		return err
	}
	var names []string
	for _, m := range all {
		if m.ID == c.Name {
			_, err := e.stdout.Write(m.Text())
			return err
		}
		names = append(names, m.ID)
	}
	return usageError{fmt.Sprintf("there is no mapping %q; %s", c.Name, problem.DidYouMean(c.Name, names))}
}

type mappingNewCommand struct {
	Name   string `placeholder:"NAME" help:"${mapping_id}"`
	Target string `placeholder:"TABLE" help:"${mapping_target}"`
	Out    string `placeholder:"FILE" help:"${mapping_out}"`
	File   string `arg:"" help:"${mapping_example}"`
}

var notInNames = regexp.MustCompile(`[^\p{L}\p{N}_-]+`)

// Run drafts a mapping.
func (c mappingNewCommand) Run(e *env) error {
	if _, err := e.optionalWorkspace(); err != nil {
		return err
	}
	name := c.Name
	if name == "" && c.Out != "" {
		name = strings.TrimSuffix(filepath.Base(c.Out), filepath.Ext(c.Out))
	}
	if name == "" {
		name, _, _ = strings.Cut(strings.TrimLeft(filepath.Base(c.File), "."), ".")
		name = strings.Trim(notInNames.ReplaceAllString(name, "_"), "_")
	}
	if name == "" {
		name = "mapping"
	}
	model := schema.Default()
	if known := append(model.TableNames(), model.Flat.Name); c.Target != "" && !slices.Contains(known, c.Target) {
		return usageError{fmt.Sprintf("unknown target %q; %s", c.Target, problem.DidYouMean(c.Target, known))}
	}
	d, err := ingest.Draft(e.ctx, model, c.File, name, c.Target)
	if err != nil {
		return err
	}
	if c.Out == "" {
		if _, err := e.stdout.Write(d.Text); err != nil {
			return err
		}
	} else if err := writeNew(c.Out, d.Text); err != nil {
		return err
	}
	e.say(fmt.Sprintf("填入 %s 的 %d 列；存疑 %d 处，见各行末。试装入：weir --dir %s mapping test %s --mapping %s", d.Target, len(d.Mapped), d.Doubts, e.dir, c.File, or(c.Out, name+".yaml")),
		fmt.Sprintf("fills %d columns of %s; %d doubts, written behind their lines. Try it: weir --dir %s mapping test %s --mapping %s", len(d.Mapped), d.Target, d.Doubts, e.dir, c.File, or(c.Out, name+".yaml")))
	return nil
}

func or(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// writeNew writes a file that does not exist yet.
func writeNew(path string, text []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if errors.Is(err, fs.ErrExist) {
		return usageError{path + " exists already; it is not overwritten"}
	}
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	return errors.Join(err, f.Close())
}

type mappingTestCommand struct {
	Mapping string `placeholder:"NAME|FILE" help:"${mapping_by}"`
	Sheet   string `placeholder:"NAME" help:"${sheet}"`
	Rows    int    `default:"10" help:"${mapping_rows}"`
	File    string `arg:"" help:"${mapping_example}"`
}

// Run shows how a file would land. It ends with findings where rows would not.
func (c mappingTestCommand) Run(e *env) error {
	w, err := e.optionalWorkspace()
	if err != nil {
		return err
	}
	if w == nil {
		return c.try(e, nil, ingest.Settings{})
	}
	return e.withStore(func(w *workspace.Workspace, s *store.Store) error {
		settings, err := ingestSettings(w)
		if err != nil {
			return err
		}
		return c.try(e, s, settings)
	})
}

func (c mappingTestCommand) try(e *env, s *store.Store, settings ingest.Settings) error {
	trial, err := ingest.Try(e.ctx, s, settings, c.File, ingest.Options{Mapping: c.Mapping, Sheet: c.Sheet, Now: now}, c.Rows)
	if err != nil {
		return err
	}
	t := &table{columns: trial.Columns}
	for _, row := range trial.Rows {
		cells := make([]any, len(row))
		for i, v := range row {
			cells[i] = v
		}
		t.add(cells...)
	}
	if err := e.print(t); err != nil {
		return err
	}
	r := trial.Result
	for _, warning := range r.Warnings {
		e.say(r.File+": "+warning.Zh, r.File+": "+warning.En)
	}
	e.say(fmt.Sprintf("%s：按映射 %s 填入 %s；%d 行中可装入 %d，重复 %d，不能装入 %d；未写入任何内容", r.File, r.Mapping, r.Table, r.RowsIn, r.RowsLoaded, r.RowsDuplicate, r.RowsQuarantined),
		fmt.Sprintf("%s: fills %s by the mapping %s; of %d rows %d would land, %d are duplicates, %d would not land; nothing was written", r.File, r.Table, r.Mapping, r.RowsIn, r.RowsLoaded, r.RowsDuplicate, r.RowsQuarantined))
	for _, f := range trial.Faults {
		if r := []rune(f.Example); len(r) > 80 {
			f.Example = string(r[:80]) + "…"
		}
		e.say(fmt.Sprintf("  %d 行 %s：%s（如第 %d 行的 %q）；%s", f.Rows, f.Column, f.Reason.Zh, f.Line, f.Example, f.Cure.Zh),
			fmt.Sprintf("  %d rows, %s: %s (such as %q on line %d); %s", f.Rows, f.Column, f.Reason.En, f.Example, f.Line, f.Cure.En))
	}
	if r.RowsQuarantined > 0 {
		return errFindings
	}
	return nil
}
