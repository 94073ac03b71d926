package evidence

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"strings"
	"sync"

	"weir/internal/lake"
	"weir/internal/store"
	"weir/queries/macros"
	"weir/queries/marts"
	"weir/queries/page"
	"weir/queries/schema"
)

// deskMemory bounds what one question may use.
const deskMemory = 512 << 20

// desk is an engine of its own on which the tables of one close lie. It is for one question at a time.
type desk struct {
	name       string
	snapshot   *lake.Snapshot
	parameters map[string]any
	box        *store.Sandbox
	laid       map[string]bool // tables that are defined
}

func newDesk(ctx context.Context, s *lake.Snapshot, parameters map[string]any) (*desk, error) {
	d := &desk{name: s.Name(), snapshot: s, parameters: parameters, laid: map[string]bool{}}
	seen, files := map[string]bool{}, []string{}
	for name := range tables() {
		for _, f := range d.files(name) {
			if !seen[f] {
				seen[f] = true
				files = append(files, f)
			}
		}
	}
	var err error
	d.box, err = store.OpenSandbox(ctx, store.SandboxOptions{Files: files, Macros: macros.DuckDB(), MemoryLimit: deskMemory, Threads: 1, TimeZone: s.TimeZone})
	return d, err
}

func (d *desk) close() error { return d.box.Close() }

var word = regexp.MustCompile(`[a-z][a-z0-9_]*`)

// query lays out the tables that the text names and runs it.
func (d *desk) query(ctx context.Context, text string, further map[string]any) (*store.Result, error) {
	known := tables()
	for _, name := range word.FindAllString(strings.ToLower(page.Bare(text)), -1) {
		columns, ok := known[name]
		if !ok || d.laid[name] {
			continue
		}
		if _, err := d.box.Conn().ExecContext(ctx, "CREATE VIEW "+schema.Quote(name)+" AS "+over(d.files(name), columns)); err != nil {
			return nil, fmt.Errorf("table %s of %s: %w", name, d.name, plain(err))
		}
		d.laid[name] = true
	}
	parameters := maps.Clone(d.parameters)
	maps.Copy(parameters, further)
	result, err := store.Collect(ctx, d.box.Conn(), text, parameters)
	return result, plain(err)
}

// files are those that hold a table as the close saw it: events of every month up to it, a mart with the months before
// that pages read, all else whole.
func (d *desk) files(name string) []string {
	if t, ok := schema.Default().Table(name); ok {
		return d.snapshot.FilesOf(name, t.Partition != "")
	}
	m, isMart := marts.Find(name)
	own := d.snapshot.FilesOf(name, false)
	if !isMart || m.History == 0 || len(own) == 0 {
		return own
	}
	if before := d.snapshot.FilesOf(lake.HistoryOf(name), false); len(before) > 0 {
		return append(before, own...)
	}
	return d.snapshot.FilesOf(name, true)
}

// column is a column with its type in SQL.
type column struct{ name, kind string }

// tables lists what queries may name, with its columns as they are today.
var tables = sync.OnceValue(func() map[string][]column {
	all := map[string][]column{"working_day": {{"day", "DATE"}, {"is_working", "BOOLEAN"}, {"ordinal", "BIGINT"}}}
	model := schema.Default()
	for i := range model.Tables {
		t := &model.Tables[i]
		for _, c := range t.Stored() {
			all[t.Name] = append(all[t.Name], column{c.Name, c.Type.SQL()})
		}
	}
	for _, m := range marts.All() {
		all[m.Name] = []column{{"month", "DATE"}}
		for _, c := range m.Columns {
			all[m.Name] = append(all[m.Name], column{c.Name, c.Type})
		}
	}
	return all
})

// over reads files by the names of their columns. A column that older files lack, or that is not put into the lake
// since it leads to a person, is NULL.
func over(files []string, columns []column) string {
	nulls := make([]string, len(columns))
	for i, c := range columns {
		nulls[i] = fmt.Sprintf("CAST(NULL AS %s) AS %s", c.kind, schema.Quote(c.name))
	}
	none := "SELECT " + strings.Join(nulls, ", ") + " WHERE false"
	if len(files) == 0 {
		return none
	}
	quoted := make([]string, len(files))
	for i, f := range files {
		quoted[i] = schema.Literal(f)
	}
	return fmt.Sprintf("SELECT * FROM read_parquet([%s], union_by_name = true, hive_partitioning = false) UNION ALL BY NAME %s", strings.Join(quoted, ", "), none)
}

// plain gives the words of the engine instead of its JSON.
func plain(err error) error {
	if e, ok := store.ParseEngineError(err); ok {
		return errors.New(strings.TrimSpace(e.Message))
	}
	return err
}
