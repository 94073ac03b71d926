package notebook

import (
	"bytes"
	"context"
	"encoding/json"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"weir/internal/lang"
	"weir/internal/runner"
	"weir/internal/store"
)

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
