// Package weir_test holds the house rules that are tests: the layers, the package comments, the licences.
package weir_test

import (
	"go/build"
	"io/fs"
	"path"
	"path/filepath"
	"strings"
	"testing"
)

// forbidden lists edges that may not exist, each with its reason. A trailing /... stands for a whole tree.
var forbidden = []struct{ from, to, reason string }{
	{"ingest/...", "metrics/...", "data come in before anything is measured"},
	{"ingest/...", "reports/...", "data come in before anything is reported"},
	{"queries/...", "internal/store", "pages and schema are text: they run on any engine"},
	{"queries/...", "metrics/...", "SQL knows numerators and denominators, never scores"},
	{"queries/...", "reports/...", "a number's meaning does not depend on its look"},
	{"metrics/...", "queries/...", "mathematics works on any table, without SQL"},
	{"metrics/...", "internal/store", "mathematics works without a database"},
	{"metrics/...", "reports/...", "a score does not depend on its look"},
	{"reports/...", "internal/store", "a report renders what was closed and asks no database"},
	{"reports/...", "ingest/...", "a report renders what was closed"},
	{"internal/store", "ingest/...", "the store knows tables, not files"},
	{"internal/store", "metrics/...", "the store knows tables, not meanings"},
	{"internal/evaluate", "reports/...", "nothing imports upwards"},
	{"internal/closing", "reports/...", "nothing imports upwards"},
	{"internal/evidence", "internal/closing", "a figure is explained by the files that its close left"},
	{"internal/simulate", "internal/store", "the simulated city is files, as a platform would deliver them"},
	{"...", "internal/cli", "only cmd wires"},
}

// exclusive packages may be imported from one place only.
var exclusive = map[string]string{
	"github.com/duckdb/duckdb-go/v2":          "internal/store",
	"github.com/bytecodealliance/wasmtime-go": "internal/typst",
	"modernc.org/quickjs":                     "internal/echarts",
	"github.com/go-echarts/go-echarts/v2":     "reports/figure",
	"github.com/alecthomas/kong":              "internal/cli",
}

func TestLayers(t *testing.T) {
	for _, p := range packages(t) {
		from := strings.TrimPrefix(p.ImportPath, "weir/")
		for _, imported := range p.Imports {
			for module, home := range exclusive {
				if (imported == module || strings.HasPrefix(imported, module+"/")) && !within(from, home+"/...") {
					t.Errorf("%s imports %s, which only %s may", from, imported, home)
				}
			}
			to, own := strings.CutPrefix(imported, "weir/")
			if !own || strings.HasPrefix(from, "cmd/") {
				continue
			}
			for _, edge := range forbidden {
				if within(from, edge.from) && within(to, edge.to) && !within(from, edge.to) {
					t.Errorf("%s imports %s: %s", from, to, edge.reason)
				}
			}
		}
	}
}

func TestEveryPackageStatesItsPurpose(t *testing.T) {
	for _, p := range packages(t) {
		if len(p.GoFiles) > 0 && p.Doc == "" {
			t.Errorf("package %s has no package comment", p.ImportPath)
		}
	}
}

func within(name, pattern string) bool {
	if pattern == "..." {
		return true
	}
	tree, wild := strings.CutSuffix(pattern, "/...")
	return name == tree || wild && strings.HasPrefix(name, tree+"/")
}

func packages(t *testing.T) []*build.Package {
	t.Helper()
	context := build.Default
	context.BuildTags = append(context.BuildTags, "duckdb_arrow")
	var found []*build.Package
	err := filepath.WalkDir(".", func(file string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if !d.IsDir() {
			return nil
		}
		name := d.Name()
		if file != "." && (strings.HasPrefix(name, ".") || name == "testdata" || name == "node_modules" || name == "bin") {
			return filepath.SkipDir
		}
		p, err := context.ImportDir(file, 0)
		if _, none := err.(*build.NoGoError); none {
			return nil
		}
		if err != nil {
			return err
		}
		p.ImportPath = path.Join("weir", filepath.ToSlash(file))
		found = append(found, p)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(found) < 10 {
		t.Fatalf("only %d packages found", len(found))
	}
	return found
}
