package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"weir/internal/lake"
	"weir/internal/lang"
	"weir/internal/notebook"
	"weir/internal/problem"
	"weir/internal/runner"
	"weir/internal/workspace"
	"weir/queries/notebooks"
	"weir/queries/page"
)

type notebookCommand struct {
	New    notebookNew    `cmd:"" help:"${notebook_new}"`
	List   notebookList   `cmd:"" help:"${notebook_list}"`
	Check  notebookCheck  `cmd:"" help:"${notebook_check}"`
	Run    notebookRun    `cmd:"" help:"${notebook_run}"`
	Export notebookExport `cmd:"" help:"${notebook_export}"`
	Diff   notebookDiff   `cmd:"" help:"${notebook_diff}"`
}

// notebookOptions are those of every command that runs queries.
type notebookOptions struct {
	Param   []string      `short:"p" sep:"none" placeholder:"NAME=VALUE" help:"${notebook_param}"`
	Limit   int64         `default:"10000" placeholder:"N" help:"${sql_limit}"`
	Timeout time.Duration `default:"30s" placeholder:"DURATION" help:"${notebook_timeout}"`
	Memory  int64         `default:"1024" placeholder:"MIB" help:"${sql_memory}"`
}

// values reads -p name=value.
func (o notebookOptions) values() (map[string]string, error) {
	given := map[string]string{}
	for _, p := range o.Param {
		name, value, ok := strings.Cut(p, "=")
		if !ok || name == "" {
			return nil, usageError{fmt.Sprintf("-p %s: write name=value", p)}
		}
		given[name] = value
	}
	return given, nil
}

// host opens the lake of a close for notebooks. The runner is closed by the caller.
func (o notebookOptions) host(w *workspace.Workspace, asOf string) (*notebook.Host, error) {
	if o.Limit < 1 || o.Timeout <= 0 || o.Memory < 1 {
		return nil, usageError{"--limit, --timeout and --memory must be above 0"}
	}
	pages, err := pagesOf(w)
	if err != nil {
		return nil, err
	}
	l, err := lake.Open(w.Lake())
	if err != nil {
		return nil, err
	}
	snapshot, err := l.At(asOf)
	if err != nil {
		return nil, err
	}
	r, err := newRunner(w)
	if err != nil {
		return nil, err
	}
	return &notebook.Host{Runner: r, Snapshot: snapshot, Source: snapshot.Source(pages), Organisation: w.Config.Organisation, Zone: w.Config.Location(),
		Limits: runner.Limits{Rows: o.Limit, Time: o.Timeout, Memory: o.Memory << 20}}, nil
}

// notebooksOf loads the shipped notebooks and those of the workspace.
func notebooksOf(w *workspace.Workspace) (*notebook.Set, error) {
	set, problems := notebook.Load(notebooks.Files(), os.DirFS(w.Notebooks()))
	return set, problems.Err()
}

// findNotebook takes a file, or the id of a notebook that ships or lies in the workspace.
func findNotebook(w *workspace.Workspace, name string) (*page.Notebook, error) {
	if !strings.HasSuffix(name, ".md") {
		set, err := notebooksOf(w)
		if err != nil {
			return nil, err
		}
		return set.Find(name)
	}
	content, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("no file %s; weir notebook list names the notebooks, weir notebook new makes one", name)
	}
	if err != nil {
		return nil, err
	}
	n, problems := page.ParseNotebook(name, content)
	return n, problems.Err()
}

type notebookNew struct {
	ID string `arg:"" placeholder:"ID" help:"${notebook_id}"`
}

// Run writes a small notebook that runs, to start from.
func (c notebookNew) Run(e *env) error {
	w, err := e.workspace()
	if err != nil {
		return err
	}
	text, err := notebook.Template(c.ID)
	if err != nil {
		return usageError{err.Error()}
	}
	if err := os.MkdirAll(w.Notebooks(), 0o755); err != nil {
		return err
	}
	path := filepath.Join(w.Notebooks(), c.ID+".md")
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("%s exists already; edit it, or choose another id", path)
	}
	if err != nil {
		return err
	}
	if _, err := file.WriteString(text); err != nil {
		return errors.Join(err, file.Close())
	}
	if err := file.Close(); err != nil {
		return err
	}
	fmt.Fprintln(e.stdout, path)
	e.say("编辑它，然后运行：weir --dir "+e.dir+" notebook run "+path, "edit it, then run: weir --dir "+e.dir+" notebook run "+path)
	return nil
}

type notebookList struct{}

// Run lists the notebooks with the values that they take.
func (notebookList) Run(e *env) error {
	w, err := e.workspace()
	if err != nil {
		return err
	}
	set, err := notebooksOf(w)
	if err != nil {
		return err
	}
	own, _ := notebook.Load(os.DirFS(w.Notebooks()))
	t := &table{columns: []string{"id", "title", "parameters", "origin"}}
	for _, n := range set.All() {
		var parameters []string
		for _, p := range n.Params {
			parameters = append(parameters, p.Name)
		}
		origin := e.lang.Pick("随附", "shipped")
		if _, err := own.Find(n.ID); err == nil {
			origin = e.lang.Pick("工作区", "workspace")
		}
		t.add(n.ID, n.Title.In(e.lang), strings.Join(parameters, ", "), origin)
	}
	return e.print(t)
}

type notebookCheck struct {
	notebookOptions
	Notebook []string `arg:"" optional:"" placeholder:"FILE|ID" help:"${notebook_files}"`
	AsOf     string   `placeholder:"CLOSE" help:"${notebook_as_of}"`
}

// Run plans every cell of notebooks without reading data, and lists every problem with its place.
func (c notebookCheck) Run(e *env) error {
	w, err := e.workspace()
	if err != nil {
		return err
	}
	var list []*page.Notebook
	if len(c.Notebook) == 0 {
		set, err := notebooksOf(w)
		if err != nil {
			return err
		}
		list = set.All()
	}
	for _, name := range c.Notebook {
		n, err := findNotebook(w, name)
		if err != nil {
			return err
		}
		list = append(list, n)
	}
	h, err := c.host(w, c.AsOf)
	if err != nil {
		return err
	}
	defer h.Runner.Close()
	var problems problem.List
	for _, n := range list {
		found, err := h.Check(e.ctx, n, e.lang)
		if err != nil {
			return e.failure(err)
		}
		problems = append(problems, found...)
	}
	if len(problems) == 0 {
		e.say(fmt.Sprintf("%d 个笔记本无误", len(list)), fmt.Sprintf("%d notebooks, no problem", len(list)))
	}
	return problems.Err()
}

type notebookDiff struct {
	notebookOptions
	Notebook string `arg:"" placeholder:"FILE|ID" help:"${notebook_file}"`
	From     string `required:"" placeholder:"CLOSE" help:"${notebook_from}"`
	To       string `placeholder:"CLOSE" help:"${notebook_to}"`
}

// Run compares the answers of a notebook on two closes.
func (c notebookDiff) Run(e *env) error {
	w, err := e.workspace()
	if err != nil {
		return err
	}
	n, err := findNotebook(w, c.Notebook)
	if err != nil {
		return err
	}
	given, err := c.values()
	if err != nil {
		return err
	}
	runs := map[string]*notebook.Run{}
	for _, asOf := range []string{c.From, c.To} {
		h, err := c.host(w, asOf)
		if err != nil {
			return err
		}
		run, err := e.runNotebook(h, n, given)
		h.Runner.Close()
		if err != nil {
			return err
		}
		runs[asOf] = run
	}
	changes, err := notebook.Diff(runs[c.From], runs[c.To])
	if err != nil {
		return err
	}
	t := &table{columns: []string{"cell", "row", "change", "column", "before", "after"}}
	for _, change := range changes {
		t.add(change.Cell, change.Key, change.Kind, change.Column, change.Before, change.After)
	}
	if err := e.print(t); err != nil {
		return err
	}
	e.say(fmt.Sprintf("%s 与 %s 相比：%d 处不同", runs[c.From].Close.Name(), runs[c.To].Close.Name(), len(changes)),
		fmt.Sprintf("%s against %s: %d differences", runs[c.From].Close.Name(), runs[c.To].Close.Name(), len(changes)))
	return nil
}

// runNotebook resolves the values and runs the cells, with failures in the language of the call.
func (e *env) runNotebook(h *notebook.Host, n *page.Notebook, given map[string]string) (*notebook.Run, error) {
	values, err := h.Resolve(e.ctx, n, given)
	if err != nil {
		return nil, usageError{e.failure(err).Error()}
	}
	run, err := h.Run(e.ctx, n, values, e.lang)
	if err != nil {
		return nil, e.failure(err)
	}
	return run, nil
}

func notebookTexts() map[string]lang.Text {
	return map[string]lang.Text{
		"notebook":            lang.T("SQL 笔记本：新建、列出、检查、运行、导出、比较", "SQL notebooks: new, list, check, run, export, diff"),
		"notebook_new":        lang.T("在工作区新建一个可运行的笔记本", "make a notebook in the workspace, ready to run"),
		"notebook_list":       lang.T("列出笔记本及其参数", "list the notebooks and their parameters"),
		"notebook_check":      lang.T("检查笔记本的每个单元，不读数据，列出所有问题的位置", "plan every cell without reading data; list every problem with its place"),
		"notebook_run":        lang.T("运行笔记本，打印结果或写成文件", "run a notebook; print its answers or write a file"),
		"notebook_export":     lang.T("把笔记本写成多种文件", "write notebooks in several forms"),
		"notebook_diff":       lang.T("比较笔记本在两次月结上的结果", "compare a notebook's answers on two closes"),
		"notebook_id":         lang.T("新笔记本的标识：小写字母、数字、下划线", "id of the new notebook: small letters, digits, underscores"),
		"notebook_file":       lang.T("笔记本文件，或标识", "file of a notebook, or its id"),
		"notebook_files":      lang.T("笔记本文件或标识，缺省为全部", "files or ids of notebooks; default all"),
		"notebook_param":      lang.T("参数值，如 month=2026-10、department=MZ、all 表示全部", "value of a parameter, such as month=2026-10, department=MZ, all"),
		"notebook_as_of":      lang.T("在某次月结上运行，如 2026-10 或 2026-10.2，缺省为最近一次", "run on a close, such as 2026-10 or 2026-10.2; default the newest"),
		"notebook_timeout":    lang.T("每个单元的时限", "time limit of each cell"),
		"notebook_out":        lang.T("输出文件，以结尾定格式：.html .pdf .xlsx .ipynb .sql .csv .json .parquet .arrow", "file to write; its ending says the form: .html .pdf .xlsx .ipynb .sql .csv .json .parquet .arrow"),
		"notebook_cell":       lang.T("只取一个单元（数据格式缺省为最后一个）", "one cell only (of data formats: default the last)"),
		"notebook_watch":      lang.T("文件保存后自动重新运行", "run again whenever the file is saved"),
		"notebook_export_out": lang.T("输出目录", "output directory"),
		"notebook_forms":      lang.T("格式，以逗号分隔", "forms, separated by commas"),
		"notebook_from":       lang.T("作为基准的月结", "close to compare with"),
		"notebook_to":         lang.T("被比较的月结，缺省为最近一次", "close that is compared; default the newest"),
	}
}
