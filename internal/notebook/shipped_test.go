package notebook

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"weir/internal/lang"
	"weir/internal/runner"
	"weir/internal/store"
	"weir/queries/page"
	"weir/reports"
)

// TestShippedNotebooks runs the shipped notebooks on the sample city: their answers are those of testdata/golden, and
// they can be written in every form. go test -update writes the answers anew, after the city or an indicator changed;
// look at the difference before you commit it.
func TestShippedNotebooks(t *testing.T) {
	c := newCity(t)
	h := c.host(t, "")
	all := c.set.All()
	if len(all) < 12 {
		t.Fatalf("only %d notebooks", len(all))
	}
	runs := map[string]*Run{}
	for _, n := range all {
		t.Run(n.ID, func(t *testing.T) {
			problems, err := h.Check(context.Background(), n, lang.En)
			if err != nil || len(problems) > 0 {
				t.Fatalf("check: %v %v", err, problems)
			}
			r := c.run(t, h, n, nil)
			runs[n.ID] = r
			golden(t, r)
			namedColumns(t, r)
			t.Run("script", func(t *testing.T) { script(t, h, r, c.lake) })
			t.Run("jupyter", func(t *testing.T) { jupyterFile(t, h, r, c.lake) })
			t.Run("data", func(t *testing.T) { dataForms(t, h, r) })
		})
	}
	t.Run("documents", func(t *testing.T) { documents(t, h, runs) })
	t.Run("survival", func(t *testing.T) { survivalAgrees(t, c, h) })
	t.Run("forecast", func(t *testing.T) { forecastAgrees(t, c, h) })
	t.Run("diff", func(t *testing.T) { diffOfCloses(t, c) })
	t.Run("values", func(t *testing.T) { chosenValues(t, c, h) })
	t.Run("replay", func(t *testing.T) { replay(t, c) })
}

// golden compares the answers with those kept.
func golden(t *testing.T, r *Run) {
	t.Helper()
	path := filepath.Join("testdata", "golden", r.Notebook.ID+".csv")
	var b bytes.Buffer
	for _, c := range r.Cells {
		if c.Chart == "hidden" {
			continue
		}
		if c.Result.Cut {
			t.Errorf("%s is cut", c.Name)
		}
		fmt.Fprintf(&b, "# %s\n", c.Name)
		lines := [][]string{header(c.Result)}
		// Scores move with every page that is added; what is asked of them is held by its columns.
		if !strings.Contains(c.Query, "department_score") && !strings.Contains(c.Query, "indicator_value") {
			lines = append(lines, printed(c.Result)...)
		}
		w := csv.NewWriter(&b)
		for _, line := range lines {
			if err := w.Write(line); err != nil {
				t.Fatal(err)
			}
		}
		w.Flush()
	}
	if *update {
		if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(b.String(), "\n")); diff != "" {
		t.Errorf("answers of %s (-want +got):\n%.3000s", r.Notebook.ID, diff)
	}
}

func header(r *runner.Result) []string {
	names := make([]string, len(r.Columns))
	for i, c := range r.Columns {
		names[i] = c.Name
	}
	return names
}

func printed(r *runner.Result) [][]string {
	lines := make([][]string, len(r.Rows))
	for i, row := range r.Rows {
		for j, cell := range row {
			lines[i] = append(lines[i], runner.FormatCell(cell, r.Columns[j].Type))
		}
	}
	return lines
}

// namedColumns wants every column that is shown to have a name in both languages.
func namedColumns(t *testing.T, r *Run) {
	t.Helper()
	l := newLabels(r.Notebook, lang.En)
	for _, c := range r.Cells {
		if c.Chart == "hidden" {
			continue
		}
		if c.Title == "" || !strings.Contains(c.Title, " | ") {
			t.Errorf("cell %s has no title in both languages", c.Name)
		}
		for _, column := range c.Result.Columns {
			if !l.named(column.Name) {
				t.Errorf("cell %s: column %s has no name in both languages", c.Name, column.Name)
			}
		}
	}
}

// script runs the SQL export unchanged, in an engine that knows nothing of Weir, in the directory of the lake.
func script(t *testing.T, h *Host, r *Run, lake string) {
	text, err := h.Script(context.Background(), r, lake, lang.En)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(text, lake) {
		t.Error("the script names a directory of this machine")
	}
	t.Chdir(lake)
	box, err := store.Open(context.Background(), "", store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer box.Close()
	conn, err := box.Conn(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	shown := 0
	for _, statement := range strings.SplitAfter(text, ";\n") {
		if strings.TrimSpace(statement) == "" {
			continue
		}
		answer, err := store.Collect(context.Background(), conn, statement, nil)
		if err != nil {
			t.Fatalf("%v\n%.500s", err, statement)
		}
		if isQuery.MatchString(statement) {
			for r.Cells[shown].Chart == "hidden" {
				shown++
			}
			same(t, r.Cells[shown], answer)
			shown++
		}
	}
	for ; shown < len(r.Cells); shown++ {
		if r.Cells[shown].Chart != "hidden" {
			t.Errorf("the script does not ask %s", r.Cells[shown].Name)
		}
	}
}

var isQuery = regexp.MustCompile(`(?m)\A(?:--.*\n|\s)*(?:EXECUTE|SELECT|WITH)\b`)

// same compares an answer of the bare engine with that of the runner in all cells that both give as texts or whole
// numbers.
func same(t *testing.T, c Cell, answer *store.Result) {
	t.Helper()
	if len(answer.Rows) != len(c.Result.Rows) {
		t.Errorf("%s: %d rows, want %d", c.Name, len(answer.Rows), len(c.Result.Rows))
		return
	}
	for i, row := range answer.Rows {
		for j, cell := range row {
			switch cell.(type) {
			case string, int64, nil:
				if !cmp.Equal(cell, c.Result.Rows[i][j]) {
					t.Errorf("%s row %d column %s: %v, want %v", c.Name, i+1, c.Result.Columns[j].Name, cell, c.Result.Rows[i][j])
				}
			}
		}
	}
}

// jupyterFile checks the file against the published schema of the format and runs its SQL.
func jupyterFile(t *testing.T, h *Host, r *Run, lake string) {
	text, err := h.Jupyter(context.Background(), r, lake, lang.En)
	if err != nil {
		t.Fatal(err)
	}
	if err := validJupyter(t, text); err != nil {
		t.Errorf("nbformat: %v", err)
	}
	for _, broken := range [][2]string{{`"cell_type": "code"`, `"cell_type": "sql"`}, {`"nbformat": 4`, `"nbformat": 3`}, {`"outputs": [`, `"output": [`}} {
		if err := validJupyter(t, bytes.Replace(text, []byte(broken[0]), []byte(broken[1]), 1)); err == nil {
			t.Errorf("the schema accepts %s", broken[1])
		}
	}
	t.Chdir(lake)
	runJupyter(t, text, r)
}

func validJupyter(t *testing.T, text []byte) error {
	t.Helper()
	compiler := jsonschema.NewCompiler()
	schema, err := compiler.Compile("testdata/nbformat.v4.5.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		return err
	}
	return schema.Validate(document)
}

var pythonCall = regexp.MustCompile(`(?s)(con\.execute|= ask)\(("""(.*?)"""|"(?:[^"\\]|\\.)*")((?:, "[a-z0-9_]+")*)\)`)

// runJupyter runs what the Python of the file hands to the engine, in the order of the file.
func runJupyter(t *testing.T, text []byte, r *Run) {
	t.Helper()
	var file jupyterFileForm
	if err := json.Unmarshal(text, &file); err != nil {
		t.Fatal(err)
	}
	box, err := store.Open(context.Background(), "", store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer box.Close()
	// The file makes views of its own names: it starts from an empty database.
	if _, err := box.Query(context.Background(), "CREATE SCHEMA notebook; USE notebook", nil); err != nil {
		t.Fatal(err)
	}
	conn, err := box.Conn(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	asked := 0
	for _, cell := range file.Cells {
		if cell.Type != "code" {
			continue
		}
		for _, call := range pythonCall.FindAllStringSubmatch(cell.Source, -1) {
			sql := call[3]
			if sql == "" {
				if err := json.Unmarshal([]byte(call[2]), &sql); err != nil {
					t.Fatal(err)
				}
			}
			parameters := map[string]any{}
			for name, value := range Bound(r.Values) {
				if strings.Contains(call[4], strconv.Quote(name)) {
					parameters[name] = plainValue(value)
				}
			}
			answer, err := store.Collect(context.Background(), conn, sql, parameters)
			if err != nil {
				t.Fatalf("%v\n%.500s", err, sql)
			}
			if call[1] == "= ask" {
				asked++
				c, err := r.Cell(strings.ReplaceAll(strings.TrimPrefix(cell.ID, "cell-"), "-", "_"))
				if err != nil {
					t.Fatal(err)
				}
				same(t, *c, answer)
			}
		}
	}
	if asked == 0 {
		t.Error("the file asks nothing")
	}
}

type jupyterFileForm struct {
	Cells []struct {
		ID     string `json:"id"`
		Type   string `json:"cell_type"`
		Source string `json:"source"`
	} `json:"cells"`
}

func plainValue(v any) any {
	if day, ok := v.(runner.Date); ok {
		return store.Date(time.Time(day))
	}
	return v
}

// dataForms writes the last cell as files for programs.
func dataForms(t *testing.T, h *Host, r *Run) {
	last, err := r.Cell("")
	if err != nil {
		t.Fatal(err)
	}
	for format, begin := range map[runner.Format]string{runner.CSV: last.Result.Columns[0].Name, runner.JSON: "[", runner.Parquet: "PAR1", runner.Arrow: "\xff\xff\xff\xff"} {
		if format == runner.Arrow && !store.ArrowSupported {
			continue
		}
		var out bytes.Buffer
		if err := h.Stream(context.Background(), r, "", format, &out); err != nil || !strings.HasPrefix(out.String(), begin) {
			t.Errorf("%s: %v, begins %.20q", format, err, out.String())
		}
	}
}

// allForms asks for a page and a PDF of every notebook, which takes minutes; without it some stand for all.
var allForms = os.Getenv("WEIR_TEST_ALL_FORMS") != ""

// documents builds every notebook's document in both languages and renders it: as workbooks all, as pages and for the
// file some.
func documents(t *testing.T, h *Host, runs map[string]*Run) {
	renderer, err := reports.New(reports.Options{CacheDir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := renderer.Close(); err != nil {
			t.Error(err)
		}
	}()
	for id, r := range runs {
		zh, err := h.Document(context.Background(), r, lang.Zh)
		if err != nil {
			t.Errorf("%s: %v", id, err)
			continue
		}
		en, err := h.Document(context.Background(), r, lang.En)
		if err != nil {
			t.Errorf("%s: %v", id, err)
			continue
		}
		var page, book, paper bytes.Buffer
		if allForms || id == "silos" || id == "freshness_by_kind" {
			if err := renderer.HTML(&page, zh); err != nil || !strings.Contains(page.String(), r.Stamp) {
				t.Errorf("%s: html: %v", id, err)
			}
		}
		if allForms || id == "silos" {
			if err := renderer.PDF(context.Background(), &paper, zh); err != nil || !bytes.HasPrefix(paper.Bytes(), []byte("%PDF-")) {
				t.Errorf("%s: pdf: %v", id, err)
			}
		}
		if err := renderer.XLSX(&book, en); err != nil {
			t.Errorf("%s: xlsx: %v", id, err)
		} else if _, err := zip.NewReader(bytes.NewReader(book.Bytes()), int64(book.Len())); err != nil {
			t.Errorf("%s: xlsx: %v", id, err)
		}
	}
}

// survivalAgrees computes the curve of after_opening again, case by case, from the lives that the notebook prints.
func survivalAgrees(t *testing.T, c *city, h *Host) {
	r := c.run(t, h, find(t, c, "after_opening"), nil)
	lives, curve := cellOf(t, r, "lives"), cellOf(t, r, "curve")
	for _, row := range curve.Result.Rows {
		day := row[0].(int64)
		unused := 1.0
		for at := int64(0); at <= day; at++ {
			risk, used := 0, 0
			for _, life := range lives.Result.Rows {
				days := life[8].(int64)
				if days >= at {
					risk++
				}
				if days == at && life[7].(bool) {
					used++
				}
			}
			if risk > 0 {
				unused *= 1 - float64(used)/float64(risk)
			}
		}
		if got := row[1].(float64); math.Abs(got-100*(1-unused)) > 0.051 {
			t.Errorf("day %d: %.1f, want %.3f", day, got, 100*(1-unused))
		}
	}
}

// forecastAgrees computes the forecast of load_forecast again by the textbook's formulas.
func forecastAgrees(t *testing.T, c *city, h *Host) {
	r := c.run(t, h, find(t, c, "load_forecast"), nil)
	var y []float64
	for _, row := range cellOf(t, r, "months_used").Result.Rows {
		y = append(y, row[3].(float64))
	}
	n := float64(len(y))
	var sx, sy, sxx, sxy float64
	for i, v := range y {
		x := float64(i + 1)
		sx, sy, sxx, sxy = sx+x, sy+v, sxx+x*x, sxy+x*v
	}
	slope := (n*sxy - sx*sy) / (n*sxx - sx*sx)
	intercept := (sy - slope*sx) / n
	var rss float64
	for i, v := range y {
		e := v - intercept - slope*float64(i+1)
		rss += e * e
	}
	next := n + 1
	half := 2.228 * math.Sqrt(rss/(n-2)) * math.Sqrt(1+1/n+(next-sx/n)*(next-sx/n)/(sxx-sx*sx/n)) // t with 10 degrees of freedom
	row := cellOf(t, r, "forecast").Result.Rows[0]
	days := float64(row[1].(int64))
	for i, want := range []float64{days * (intercept + slope*next), days * (intercept + slope*next - half), days * (intercept + slope*next + half)} {
		if got := row[2+i].(float64); math.Abs(got-want) > 0.51 {
			t.Errorf("column %d: %v, want %.2f", 2+i, got, want)
		}
	}
}

func find(t *testing.T, c *city, id string) *page.Notebook {
	t.Helper()
	n, err := c.set.Find(id)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func cellOf(t *testing.T, r *Run, name string) *Cell {
	t.Helper()
	c, err := r.Cell(name)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// diffOfCloses compares two months; a close compared with itself has no difference.
func diffOfCloses(t *testing.T, c *city) {
	n := find(t, c, "duplicate_collection")
	before, after := c.run(t, c.host(t, "2026-09"), n, nil), c.run(t, c.host(t, "2026-10"), n, nil)
	changes, err := Diff(before, after)
	if err != nil || len(changes) == 0 {
		t.Errorf("two months: %d changes, %v", len(changes), err)
	}
	if changes, err = Diff(after, after); err != nil || len(changes) != 0 {
		t.Errorf("itself: %v %v", changes, err)
	}
}

// chosenValues tries what a person may give for a parameter.
func chosenValues(t *testing.T, c *city, h *Host) {
	n := find(t, c, "stuck_requests")
	for given, want := range map[string]string{
		"department=MZ": "MZ", "department=民政局": "MZ", "department=all": All, "department=全部": All, "department=": All,
		"month=2026-03": "2026-03", "month=latest": "2026-10", "least_days=5": "5",
		"department=MZZ": `did you mean "MZ"`, "month=2026-11": "lies after 2026-10", "month=October": "write it as 2026-10",
		"least_days=-1": "is below 0", "least_days=many": "is no number", "departmant=MZ": `did you mean "department"`,
	} {
		name, text, _ := strings.Cut(given, "=")
		values, err := h.Resolve(context.Background(), n, map[string]string{name: text})
		got := fmt.Sprint(err)
		if err == nil {
			for _, v := range values {
				if v.Param.Name == name {
					got = v.Text
				}
			}
		}
		if got != want && !strings.Contains(got, want) || err == nil && got != want {
			t.Errorf("%s: %s, want %s", given, got, want)
		}
	}
	r := c.run(t, h, n, map[string]string{"department": "MZ", "least_days": "0"})
	for _, row := range cellOf(t, r, "longest").Result.Rows {
		if row[2] != "民政局" {
			t.Errorf("a request of %v in the answer for 民政局", row[2])
		}
	}
}

// replay runs a notebook on an earlier close and gets what that close held.
func replay(t *testing.T, c *city) {
	n := find(t, c, "silos")
	old := c.run(t, c.host(t, "2026-01"), n, nil)
	again := c.run(t, c.host(t, "2026-01.1"), n, nil)
	if old.Stamp != again.Stamp || !cmp.Equal(printed(cellOf(t, old, "trend").Result), printed(cellOf(t, again, "trend").Result)) {
		t.Error("the same close gives different answers")
	}
	last := cellOf(t, old, "trend").Result.Rows
	if month := runner.FormatCell(last[len(last)-1][0], "DATE"); month != "2026-01-01" {
		t.Errorf("a close of 2026-01 knows of %s", month)
	}
	if now := c.run(t, c.host(t, ""), n, nil); now.Stamp == old.Stamp {
		t.Error("two closes give the same stamp")
	}
}
