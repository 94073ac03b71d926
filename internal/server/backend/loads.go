package backend

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"weir/ingest"
	"weir/ingest/identity"
	"weir/internal/lang"
	"weir/internal/problem"
	"weir/internal/server"
	"weir/internal/store"
)

// Loads takes files in and lists what was taken.
type Loads struct {
	Store    *store.Store
	Settings ingest.Settings
	Now      func() time.Time
}

// Ingest loads one file.
func (l *Loads) Ingest(ctx context.Context, path, name string, from server.Source, dryRun bool) (server.LoadResult, error) {
	results, err := ingest.Files(ctx, l.Store, l.Settings, []string{path}, ingest.Options{Table: from.Table, Mapping: from.Mapping, DryRun: dryRun, Now: l.Now})
	if err != nil {
		if strings.Contains(err.Error(), "Out of Memory Error") {
			return server.LoadResult{}, errors.New(from.Language.Pick(name+"：各行所需内存超过服务的上限，未装入任何内容；把文件拆成几部分，或在文件无误时调高 weir.yaml 的 memory_limit",
				name+": its rows need more memory than the service has; nothing of it was loaded; cut the file into parts, or raise memory_limit in weir.yaml where the file is sound"))
		}
		// Where the file lies is nobody's business but ours.
		return server.LoadResult{}, errors.New(strings.ReplaceAll(problem.In(err, from.Language), filepath.Dir(path)+string(filepath.Separator), ""))
	}
	r := results[0]
	return server.LoadResult{Load: r.LoadID, File: name, Table: r.Table, In: r.RowsIn, Loaded: r.RowsLoaded, Duplicate: r.RowsDuplicate, Quarantined: r.RowsQuarantined, Known: r.AlreadyLoaded, Warnings: r.Warnings}, nil
}

// List gives the newest loads first.
func (l *Loads) List(ctx context.Context, limit int) ([]server.Load, error) {
	r, err := l.Store.Query(ctx, fmt.Sprintf(`SELECT load_id, file, table_name, coalesce(mapping, ''), reader, sha256, bytes, started_at, finished_at, rows_in, rows_loaded, rows_duplicate, rows_quarantined
		FROM load ORDER BY load_id DESC LIMIT %d`, limit), nil)
	if err != nil {
		return nil, err
	}
	list := make([]server.Load, len(r.Rows))
	for i, row := range r.Rows {
		list[i] = server.Load{ID: row[0].(int64), File: filepath.Base(row[1].(string)), Table: row[2].(string), Mapping: row[3].(string), Reader: row[4].(string), SHA256: row[5].(string), Bytes: row[6].(int64),
			StartedAt: row[7].(time.Time), FinishedAt: row[8].(time.Time), In: row[9].(int64), Loaded: row[10].(int64), Duplicate: row[11].(int64), Quarantine: row[12].(int64)}
	}
	return list, nil
}

// Quarantine lists rows that could not be loaded, of one load or of all (0).
func (l *Loads) Quarantine(ctx context.Context, load int64, offset, limit int) ([]server.Quarantined, error) {
	r, err := l.Store.Query(ctx, fmt.Sprintf(`SELECT q.load_id, q.file, q.line, coalesce(q.column_name, ''), q.code, q.reason, q.cure, q.raw, coalesce(q.replayed_load_id, 0), l.table_name, coalesce(l.mapping, '')
		FROM quarantine AS q LEFT JOIN load AS l ON l.load_id = q.load_id WHERE $load = 0 OR q.load_id = $load
		ORDER BY q.replayed_load_id IS NOT NULL, q.load_id DESC, q.line LIMIT %d OFFSET %d`, limit, offset), map[string]any{"load": load})
	if err != nil {
		return nil, err
	}
	list := make([]server.Quarantined, len(r.Rows))
	for i, row := range r.Rows {
		list[i] = server.Quarantined{Load: row[0].(int64), File: filepath.Base(row[1].(string)), Line: row[2].(int64), Column: row[3].(string), Code: row[4].(string), Reason: lang.Split(row[5].(string)), Cure: lang.Split(row[6].(string)), Raw: row[7].(string), Replayed: row[8].(int64)}
		list[i].Table, _ = row[9].(string)
		list[i].Mapping, _ = row[10].(string)
	}
	return list, nil
}

// Names lists names of departments that wait for a decision.
func (l *Loads) Names(ctx context.Context) ([]server.UnknownName, error) {
	names, err := identity.Names(ctx, l.Store)
	list := make([]server.UnknownName, len(names))
	for i, n := range names {
		list[i] = server.UnknownName{Name: n.Name, Rows: n.Rows, First: n.First, Last: n.Last, Files: n.Files}
		for _, h := range n.Nearest {
			list[i].Nearest = append(list[i].Nearest, h.ID+" "+h.Name)
		}
	}
	return list, err
}

// Mappings lists the names of mappings.
func (l *Loads) Mappings() []string {
	known, _ := ingest.Mappings(l.Store.Model(), l.Settings.Mappings)
	names := make([]string, len(known))
	for i, m := range known {
		names[i] = m.ID
	}
	return names
}
