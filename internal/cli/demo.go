package cli

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"weir/ingest"
	"weir/internal/calendar"
	"weir/internal/edition"
	"weir/internal/lang"
	"weir/internal/simulate"
	"weir/internal/store"
	"weir/internal/workspace"
	"weir/reports/monthly"
)

type demoCommand struct {
	Dir         string `arg:"" optional:"" default:"weir-demo" placeholder:"DIR" help:"${demo_dir}"`
	Departments int    `default:"24" help:"${simulate_departments}"`

	city    simulate.Options // the zero value is the sample city
	formats []string         // of the reports; nil for all that are files
}

// demoDepartment is the one whose scorecard the demo renders; weir month renders those of all.
const demoDepartment = "MZ"

// Run makes a workspace of the sample city: invents its files, ingests them, closes every month, renders the newest
// month's three kinds of reports in both languages, and says where everything is.
func (c demoCommand) Run(e *env) error {
	if e.lang == "" {
		e.lang = lang.Zh
	}
	if _, err := os.Stat(filepath.Join(c.Dir, workspace.ConfigFile)); err == nil {
		return fmt.Errorf("%s exists already; remove it, or name another directory: weir demo DIR", c.Dir)
	}
	if _, err := workspace.Init(c.Dir); err != nil {
		return err
	}
	e.dir = c.Dir
	if err := c.name(e); err != nil {
		return err
	}
	var files []string
	return e.withStore(func(w *workspace.Workspace, s *store.Store) error {
		e.say("生成样例城市…", "inventing the sample city…")
		if c.Departments != 0 {
			c.city.Departments = c.Departments
		}
		summary, err := simulate.Generate(simulate.Dir(w.Inbox()), c.city)
		if err != nil {
			return err
		}
		for _, name := range summary.Files {
			if filepath.Base(name) != simulate.TruthFile {
				files = append(files, filepath.Join(w.Inbox(), name))
			}
		}
		return c.run(e, w, s, files)
	})
}

func (c demoCommand) run(e *env, w *workspace.Workspace, s *store.Store, files []string) (err error) {
	e.say(fmt.Sprintf("装入 %d 个文件…", len(files)), fmt.Sprintf("ingesting %d files…", len(files)))
	settings, err := ingestSettings(w)
	if err != nil {
		return err
	}
	results, err := ingest.Files(e.ctx, s, settings, files, ingest.Options{Now: now})
	if err != nil {
		return err
	}
	rows := int64(0)
	for _, r := range results {
		rows += r.RowsLoaded
	}
	sheet, err := simulate.ReadTruths(filepath.Join(w.Inbox(), simulate.TruthFile))
	if err != nil {
		return err
	}
	months, err := closeAll(e, w, s, sheet.From, sheet.To)
	if err != nil {
		return err
	}
	newest := months[len(months)-1]
	e.say(fmt.Sprintf("生成 %s 报告…", newest), fmt.Sprintf("rendering the reports of %s…", newest))
	publisher, done, err := publisherOf(w, s)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, done()) }()
	t := &table{columns: []string{"what", "where"}}
	o := monthOrder(w, newest)
	o.kinds, o.department, o.formats, o.languages = edition.Kinds, demoDepartment, c.formats, []lang.Lang{lang.Zh, lang.En}
	if o.formats == nil {
		o.formats = []string{"html", "pdf", "xlsx"}
	}
	out, shelf, err := e.renderReports(w, s, publisher, o)
	if err != nil {
		return err
	}
	t.add("index of reports", filepath.Join(o.out, "index.html"))
	for _, f := range out.Files {
		if f.Kind == monthly.Kind && f.Format == "html" {
			t.add("report "+string(f.Language), shelf.Path(f))
		}
	}
	t.add("database", w.Database())
	t.add("files", w.Inbox())
	t.add("planted truths", filepath.Join(w.Inbox(), simulate.TruthFile))
	t.add("lake", w.Lake())
	if err := e.print(t); err != nil {
		return err
	}
	e.say(fmt.Sprintf("\n已装入 %d 行，月结 %d 个月。接着可以试：", rows, len(months)), fmt.Sprintf("\n%d rows loaded, %d months closed. Try next:", rows, len(months)))
	for _, command := range []string{
		"value --month " + newest + " --department MZ",
		"explain update_on_time_rate --department MZ --month " + newest,
		"report " + newest + " --kind all --format-file html,pdf,xlsx,data --out " + o.out,
		"close " + newest,
		"check",
	} {
		fmt.Fprintf(e.stderr, "  weir --dir %s %s\n", c.Dir, command)
	}
	return nil
}

// closeAll closes the months from the first to the last, in order.
func closeAll(e *env, w *workspace.Workspace, s *store.Store, from, to string) ([]string, error) {
	closer, err := closerOf(w, s)
	if err != nil {
		return nil, err
	}
	month, err := calendar.ParseMonth(from)
	if err != nil {
		return nil, err
	}
	last, err := calendar.ParseMonth(to)
	if err != nil {
		return nil, err
	}
	var months, notes []string
	for ; !last.Before(month); month = month.Add(1) {
		e.say("月结 "+month.String()+"…", "closing "+month.String()+"…")
		summary, err := closer.Close(e.ctx, month, "")
		if err != nil {
			return nil, err
		}
		months = append(months, summary.Month)
		for _, note := range summary.Notes {
			if !slices.Contains(notes, note) {
				notes = append(notes, note)
			}
		}
	}
	for _, note := range notes {
		e.say("注意："+note, "note: "+note)
	}
	return months, nil
}

// name gives the demo's workspace the names of the sample city.
func (c demoCommand) name(e *env) error {
	path := filepath.Join(c.Dir, workspace.ConfigFile)
	text := fmt.Sprintf(`# 样例城市的工作区 / workspace of the sample city
name: {zh: 清澜市, en: Qinglan City}
organisation: {zh: 清澜市大数据局, en: Qinglan Data Bureau}
language: %s
time_zone: Asia/Shanghai
`, e.lang)
	return os.WriteFile(path, []byte(text), 0o644)
}
