// Package repair writes quarantined rows as files that departments put right, CSV or XLSX, and reads such files back.
// Load and line lead every row back to its entry in the quarantine, so that a file may come back in part, sorted anew or
// twice. Personal codes are hashed in it as they are in the quarantine. It loads nothing itself.
package repair

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"weir/ingest"
	"weir/internal/lang"
	"weir/internal/server/export"
)

// Columns of a file beside those of the rows' own file.
const (
	loadColumn   = "weir_load"
	lineColumn   = "weir_line"
	fileColumn   = "weir_file"
	faultColumn  = "weir_column"
	valueColumn  = "weir_value"
	reasonColumn = "weir_reason"
	cureColumn   = "weir_cure"
	rawColumn    = "weir_raw" // the row itself, where it cannot be split into columns
)

var leading = []string{loadColumn, lineColumn, fileColumn, faultColumn, valueColumn, reasonColumn, cureColumn}

// Unassigned names the files of rows that no department answers for.
const Unassigned = "unassigned"

// File is one file that was written.
type File struct {
	Path       string
	Department string // "" where no department answers for the rows
	Rows       int
}

// Write writes the rows into a directory, a file for each department and form of rows. Files that exist are refused:
// one may hold the work of a department.
func Write(dir, format string, l lang.Lang, rows []ingest.Unrepaired) ([]File, error) {
	if format != "csv" && format != "xlsx" {
		return nil, fmt.Errorf("format %q is not known: use csv or xlsx", format)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	type key struct{ department, source, columns string }
	groups := map[key][]ingest.Unrepaired{}
	var keys []key
	for _, r := range rows {
		k := key{r.Department, r.Table, strings.Join(r.Columns, "\x00")}
		if r.Mapping != "" {
			k.source = r.Mapping
		}
		if groups[k] == nil {
			keys = append(keys, k)
		}
		groups[k] = append(groups[k], r)
	}
	slices.SortFunc(keys, func(a, b key) int {
		return slices.Compare([]string{a.department, a.source, a.columns}, []string{b.department, b.source, b.columns})
	})
	var files []File
	taken := map[string]int{}
	for _, k := range keys {
		name := fmt.Sprintf("quarantine-%s-%s", safeName(k.department), safeName(k.source))
		if taken[name]++; taken[name] > 1 {
			name = fmt.Sprintf("%s-%d", name, taken[name])
		}
		path := filepath.Join(dir, name+"."+format)
		if err := writeFile(path, format, l, groups[k]); err != nil {
			return files, err
		}
		files = append(files, File{Path: path, Department: k.department, Rows: len(groups[k])})
	}
	return files, nil
}

func safeName(text string) string {
	if text == "" {
		return Unassigned
	}
	return strings.Map(func(r rune) rune {
		if r == '/' || r == '\\' || r == ':' || r < ' ' {
			return '_'
		}
		return r
	}, text)
}

func writeFile(path, format string, l lang.Lang, rows []ingest.Unrepaired) (err error) {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	defer func() {
		if closed := f.Close(); err == nil {
			err = closed
		}
		if err != nil {
			_ = os.Remove(path)
		}
	}()
	var columns []export.Column
	for _, name := range append(append(slices.Clone(leading), rows[0].Columns...), rawColumn) {
		columns = append(columns, export.Column{Name: name, Type: "VARCHAR"})
	}
	var table [][]any
	for _, r := range rows {
		cells := []any{fmt.Sprint(r.LoadID), fmt.Sprint(r.Line), r.File, r.Column, r.Value, r.Reason.In(l), r.Cure.In(l)}
		raw := r.Raw
		for i := range r.Columns {
			field := ""
			if r.Fields != nil {
				field, raw = r.Fields[i], ""
			}
			cells = append(cells, field)
		}
		table = append(table, append(cells, raw))
	}
	return export.Write(f, format, columns, func() ([][]any, error) {
		all := table
		table = nil
		return all, nil
	})
}
