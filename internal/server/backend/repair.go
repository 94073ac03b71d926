package backend

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"weir/internal/server"
)

// Repair loads rows that a person has put right as a file of their own, in the way in which the old one was read, and
// marks in the quarantine those that went in.
func (l *Loads) Repair(ctx context.Context, load int64, repaired map[int64]string) (_ server.LoadResult, err error) {
	r, err := l.Store.Query(ctx, "SELECT table_name, coalesce(mapping, '') FROM load WHERE load_id = $load", map[string]any{"load": load})
	if err != nil {
		return server.LoadResult{}, err
	}
	if len(r.Rows) == 0 {
		return server.LoadResult{}, fmt.Errorf("there is no load %d", load)
	}
	table, mapping := r.Rows[0][0].(string), r.Rows[0][1].(string)
	lines := slices.Sorted(maps.Keys(repaired))
	content, name, err := l.rebuild(ctx, load, table, lines, repaired)
	if err != nil {
		return server.LoadResult{}, err
	}
	directory, err := os.MkdirTemp(l.Directory, "repair-*")
	if err != nil {
		return server.LoadResult{}, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(directory)) }()
	path := filepath.Join(directory, name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		return server.LoadResult{}, err
	}
	from := server.Source{Table: table}
	if mapping != "" {
		from = server.Source{Mapping: mapping}
	}
	result, err := l.Ingest(ctx, path, name, from, false)
	if err != nil {
		return result, err
	}
	left, err := l.Store.Query(ctx, "SELECT DISTINCT line FROM quarantine WHERE load_id = $load", map[string]any{"load": result.Load})
	if err != nil {
		return result, err
	}
	still := map[int64]bool{}
	for _, row := range left.Rows {
		still[row[0].(int64)] = true
	}
	head := int64(strings.Count(content, "\n")) - int64(len(lines)) // lines before the first row
	var in []int64
	for i, line := range lines {
		if !still[head+int64(i)+1] {
			in = append(in, line)
		}
	}
	return result, l.mark(ctx, load, result.Load, in)
}

// rebuild writes the repaired rows as a file. Rows of JSON stand alone; rows of a delimited file need the head that
// the old file had.
func (l *Loads) rebuild(ctx context.Context, load int64, table string, lines []int64, repaired map[int64]string) (content, name string, err error) {
	var rows []string
	json := true
	for _, line := range lines {
		text := strings.TrimRight(repaired[line], "\r\n")
		if strings.ContainsAny(text, "\r\n") && !strings.Contains(text, `"`) {
			return "", "", fmt.Errorf("line %d: a row stands on one line", line)
		}
		json = json && strings.HasPrefix(strings.TrimSpace(text), "{")
		rows = append(rows, text)
	}
	base := fmt.Sprintf("%s-repair-%d-%d", table, load, l.Now().UnixMicro())
	if json {
		return strings.Join(rows, "\n") + "\n", base + ".ndjson", nil
	}
	head, err := l.Head(ctx, load)
	if err != nil {
		return "", "", err
	}
	return head + "\n" + strings.Join(rows, "\n") + "\n", base + ".csv", nil
}
