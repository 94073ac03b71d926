package backend

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"

	"weir/internal/lang"
	"weir/internal/server"
	"weir/internal/store"
	"weir/queries/marts"
	"weir/queries/page"
	"weir/queries/schema"
)

// Evidence lists the rows behind one department's figure, by the version of the page by which it was made.
func (b *Backend) Evidence(ctx context.Context, month string, revision int, p *page.Indicator, department string, offset, limit int) (*server.Table, error) {
	r, more, err := b.Frozen.Rows(ctx, month, revision, p, department, offset, limit)
	if err != nil {
		return nil, err
	}
	t := table(r, len(r.Rows))
	t.More = more
	return t, nil
}

// Query runs one of the service's own queries over the tables and marts of a closed month.
func (b *Backend) Query(ctx context.Context, month string, revision int, query string, parameters map[string]any) (*server.Table, error) {
	r, err := b.Frozen.Query(ctx, month, revision, query, parameters)
	if err != nil {
		return nil, err
	}
	return table(r, len(r.Rows)), nil
}

// table gives rows with the meaning of their columns; a row beyond the limit only says that there are more.
func table(r *store.Result, limit int) *server.Table {
	t := &server.Table{Rows: r.Rows}
	if len(t.Rows) > limit {
		t.Rows, t.More = t.Rows[:limit], true
	}
	for _, c := range r.Columns {
		t.Columns = append(t.Columns, server.TableColumn{Name: c.Name, Type: c.Type, Label: labels()[c.Name]})
	}
	return t
}

// labels are the meanings of columns by name: of the marts first, then of the event model.
var labels = sync.OnceValue(func() map[string]lang.Text {
	all := map[string]lang.Text{"dataset": lang.T("目录项", "dataset"), "resource": lang.T("资源", "resource"), "consumers": lang.T("使用部门数", "consuming departments")}
	for _, m := range marts.All() {
		for _, c := range m.Columns {
			if _, known := all[c.Name]; !known {
				all[c.Name] = lang.T(c.Zh, c.En)
			}
		}
	}
	model := schema.Default()
	for _, t := range model.Tables {
		for _, c := range t.Columns {
			if _, known := all[c.Name]; !known {
				all[c.Name] = c.Text
			}
		}
	}
	return all
})

var lakeTable = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)

func (b *Backend) lakeDirectory(month string, revision int) string {
	return filepath.Join(b.Lake, "month="+month, fmt.Sprintf("revision=%d", revision))
}

// LakeReader reads the tables of closed months from the lake.
type LakeReader struct{ *Backend }

// Tables lists the tables of a closed month.
func (l LakeReader) Tables(month string, revision int) []string {
	entries, err := os.ReadDir(l.lakeDirectory(month, revision))
	if err != nil {
		return nil
	}
	var names []string
	for _, e := range entries {
		if name, ok := strings.CutSuffix(e.Name(), ".parquet"); ok && lakeTable.MatchString(name) {
			names = append(names, name)
		}
	}
	return names
}

// Read gives rows of a table in the order in which it was written.
func (l LakeReader) Read(ctx context.Context, month string, revision int, name string, offset, limit int) (*server.Table, error) {
	if !slices.Contains(l.Tables(month, revision), name) {
		return nil, fmt.Errorf("table %s of %s: %w", name, month, os.ErrNotExist)
	}
	path := filepath.Join(l.lakeDirectory(month, revision), name+".parquet")
	r, err := l.Store.Query(ctx, fmt.Sprintf("SELECT * FROM read_parquet(%s) LIMIT %d OFFSET %d", schema.Literal(path), limit+1, offset), nil)
	if err != nil {
		return nil, err
	}
	return table(r, limit), nil
}
