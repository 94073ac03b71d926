// Package cases reads the published cases under testdata for the tests of the
// scoring packages. Nothing outside tests uses it.
package cases

import (
	"encoding/csv"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// Table is a case file with its first row as head.
type Table struct {
	Head []string
	Rows [][]string
}

// Read reads testdata/cases/composite/<name>.
func Read(t testing.TB, name string) Table {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
		up := filepath.Dir(dir)
		if up == dir {
			t.Fatal("no go.mod above the test")
		}
		dir = up
	}
	f, err := os.Open(filepath.Join(dir, "testdata", "cases", "composite", filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.FieldsPerRecord = -1
	all, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return Table{all[0], all[1:]}
}

// Column returns the cells of a named column.
func (tab Table) Column(t testing.TB, name string) []string {
	t.Helper()
	for k, h := range tab.Head {
		if h == name {
			var out []string
			for _, r := range tab.Rows {
				out = append(out, r[k])
			}
			return out
		}
	}
	t.Fatalf("no column %q in %v", name, tab.Head)
	return nil
}

// Numbers returns a named column as numbers.
func (tab Table) Numbers(t testing.TB, name string) []float64 {
	t.Helper()
	var out []float64
	for _, s := range tab.Column(t, name) {
		out = append(out, Number(t, s))
	}
	return out
}

// Matrix returns all columns from the given one on as numbers.
func (tab Table) Matrix(t testing.TB, from int) [][]float64 {
	t.Helper()
	var out [][]float64
	for _, r := range tab.Rows {
		var row []float64
		for _, s := range r[from:] {
			row = append(row, Number(t, s))
		}
		out = append(out, row)
	}
	return out
}

// Number parses a decimal or a fraction such as 1/3; empty is NaN.
func Number(t testing.TB, s string) float64 {
	t.Helper()
	if s == "" {
		return math.NaN()
	}
	if a, b, ok := strings.Cut(s, "/"); ok {
		return Number(t, a) / Number(t, b)
	}
	x, err := strconv.ParseFloat(s, 64)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// Near fails the test unless got is within tol of want.
func Near(t testing.TB, name string, got, want, tol float64) {
	t.Helper()
	if math.IsNaN(got) || math.Abs(got-want) > tol {
		t.Errorf("%s = %.10g, want %.10g ± %g", name, got, want, tol)
	}
}
