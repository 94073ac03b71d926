package closing

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"weir/internal/lang"
	"weir/internal/store"
	"weir/queries/schema"
)

// frozenTables are the tables of results, whose rows never change once they are written.
var frozenTables = []string{"indicator_value", "department_score", "grade_probability", "integrity_measure"}

// lake holds the files against their manifest, then the frozen rows of the database against the files.
func (v *verifier) lake(ctx context.Context) error {
	directory := lakeDirectory(v.Closer.lake, v.closed.Month, v.closed.Revision)
	text, err := os.ReadFile(filepath.Join(directory, "manifest.json"))
	if errors.Is(err, fs.ErrNotExist) {
		v.add(PartFile, "manifest.json", "缺失", "is missing")
		return nil
	}
	if err != nil {
		return err
	}
	var m lakeManifest
	if err := json.Unmarshal(text, &m); err != nil {
		v.add(PartFile, "manifest.json", "无法读取："+err.Error(), "cannot be read: "+err.Error())
		return nil
	}
	for _, c := range []struct{ name, was, is string }{
		{"month", v.closed.Month, m.Month}, {"revision", fmt.Sprint(v.closed.Revision), fmt.Sprint(m.Revision)}, {"stamp", v.closed.Stamp, m.Stamp},
		{"as_of", v.closed.AsOf.UTC().Format(time.RFC3339Nano), m.AsOf.UTC().Format(time.RFC3339Nano)}, {"time_zone", v.store.TimeZone(), m.TimeZone},
	} {
		if c.was != c.is {
			v.add(PartFile, "manifest.json", c.name+" 为 "+c.is+"，月结记录为 "+c.was, c.name+" is "+c.is+", the close recorded "+c.was)
		}
	}
	whole, err := v.files(directory, m)
	if err != nil {
		return err
	}
	return v.rows(ctx, directory, whole)
}

// files computes the hash of every file; it gives the names of those that are as they were written.
func (v *verifier) files(directory string, m lakeManifest) (map[string]bool, error) {
	whole := map[string]bool{}
	known := map[string]bool{"manifest.json": true}
	for _, f := range m.Files {
		known[f.Name] = true
		size, hash, err := hashFile(filepath.Join(directory, f.Name))
		switch {
		case errors.Is(err, fs.ErrNotExist):
			v.add(PartFile, f.Name, "缺失", "is missing")
			continue
		case err != nil:
			return nil, err
		case size != f.Bytes:
			v.add(PartFile, f.Name, fmt.Sprintf("有 %d 字节，清单为 %d", size, f.Bytes), fmt.Sprintf("has %d bytes, its manifest says %d", size, f.Bytes))
		case hash != f.SHA256:
			v.add(PartFile, f.Name, "SHA-256 为 "+short(hash)+"，清单为 "+short(f.SHA256), "has the SHA-256 "+short(hash)+", its manifest says "+short(f.SHA256))
		default:
			whole[strings.TrimSuffix(f.Name, ".parquet")] = true
		}
		v.found.Files++
	}
	entries, err := os.ReadDir(directory)
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		if !known[e.Name()] {
			v.add(PartFile, e.Name(), "不在清单中", "is not in the manifest")
		}
	}
	return whole, nil
}

func hashFile(path string) (size int64, hash string, err error) {
	f, err := os.Open(path)
	if err != nil {
		return 0, "", err
	}
	defer f.Close()
	sum := sha256.New()
	size, err = io.Copy(sum, f)
	return size, hex.EncodeToString(sum.Sum(nil)), err
}

// rows holds the rows of the database against those of the files that are whole: what was frozen must be there row by
// row; of events only rows of the covered loads count, and a row that a later load has replaced is not missing.
func (v *verifier) rows(ctx context.Context, directory string, whole map[string]bool) error {
	for _, q := range lakeQueries(v.store.Model(), v.period, v.closed.Revision) {
		if q.session || !whole[q.name] {
			continue
		}
		var key []string
		part := PartFrozen
		if table, event := v.store.Model().Table(q.name); event {
			key, part = publicKey(table), PartEvent
		} else {
			key = map[string][]string{"indicator_value": {"indicator_id", "department_id", "data_kind"}, "department_score": {"department_id", "scope"},
				"grade_probability": {"department_id", "varied", "grade"}, "integrity_measure": {"department_id", "indicator_id"}}[q.name]
		}
		if err := v.compareRows(ctx, q, part, key, filepath.Join(directory, q.name+".parquet")); err != nil {
			return fmt.Errorf("%s: %w", q.name, err)
		}
	}
	return nil
}

// publicKey names the columns by which a row of an event table is told: its natural key, or where that is not public
// the place that brought it.
func publicKey(t *schema.Table) []string {
	for _, name := range t.Key {
		if c, known := t.Column(name); !known || !c.Public() {
			return []string{"load_id", "source_line"}
		}
	}
	return t.Key
}

// compareRows finds rows that are in the file or in the database only. Columns that came after the close are left out.
func (v *verifier) compareRows(ctx context.Context, q lakeQuery, part Part, key []string, path string) error {
	file := "read_parquet(" + schema.Literal(path) + ")"
	described, err := v.store.Query(ctx, "DESCRIBE SELECT * FROM "+file, nil)
	if err != nil {
		return err
	}
	here, err := v.store.Query(ctx, "DESCRIBE "+q.query, nil)
	if err != nil {
		return err
	}
	var columns []string
	for _, row := range described.Rows {
		if name := row[0].(string); slices.ContainsFunc(here.Rows, func(r []any) bool { return r[0] == name }) {
			columns = append(columns, name)
		}
	}
	list := quoteAll(columns)
	database := fmt.Sprintf("(SELECT %s FROM (%s))", list, q.query)
	frozen := fmt.Sprintf("(SELECT %s FROM %s)", list, file)
	replaced, back := "", ""
	parameters := map[string]any{}
	if part == PartEvent {
		ids := make([]int64, len(v.cover.Loads))
		for i, l := range v.cover.Loads {
			ids[i] = l.LoadID
		}
		parameters["covered"] = ids
		database = fmt.Sprintf("(SELECT %s FROM (%s) WHERE list_contains($covered, load_id))", list, q.query)
		// Superseded rows are kept by the place that brought them. One that was superseded may also have come back, as when
		// a log that was cut is completed.
		kept := fmt.Sprintf(" WHERE NOT EXISTS (SELECT 1 FROM superseded AS s WHERE s.table_name = %s AND s.load_id = differing.load_id AND s.source_line = differing.source_line", schema.Literal(q.name))
		replaced, back = kept+" AND NOT list_contains($covered, s.superseded_by))", kept+")"
	}
	counted, err := v.store.Query(ctx, "SELECT count(*) FROM "+frozen, nil)
	if err != nil {
		return err
	}
	v.found.Rows += counted.Rows[0][0].(int64)
	texts := make([]string, len(columns))
	for i, c := range columns {
		texts[i] = fmt.Sprintf("CAST(%s AS VARCHAR) AS %s", schema.Quote(c), schema.Quote(c))
	}
	differing := func(from, without, where string) (*store.Result, error) {
		return v.store.Query(ctx, fmt.Sprintf("SELECT %s FROM (SELECT * FROM %s EXCEPT ALL SELECT * FROM %s) AS differing%s ORDER BY ALL LIMIT 1000", strings.Join(texts, ", "), from, without, where), parameters)
	}
	gone, err := differing(frozen, database, replaced)
	if err != nil {
		return err
	}
	added, err := differing(database, frozen, back)
	if err != nil {
		return err
	}
	v.addSome(pairRows(part, q.name, key, columns, gone.Rows, added.Rows))
	return nil
}

// pairRows says of rows that differ which were altered, in which columns, which are gone and which are new.
func pairRows(part Part, table string, key, columns []string, gone, added [][]any) []Finding {
	name := func(row []any) string {
		var parts []string
		for i, c := range columns {
			if slices.Contains(key, c) {
				parts = append(parts, text(row[i]))
			}
		}
		return table + " " + strings.Join(parts, " ")
	}
	now := map[string][]any{}
	for _, row := range added {
		now[name(row)] = row
	}
	var list []Finding
	for _, was := range gone {
		where := name(was)
		is, there := now[where]
		delete(now, where)
		what := lang.T("行已不在", "the row is gone")
		if there {
			var zh, en []string
			for i, c := range columns {
				if text(was[i]) != text(is[i]) {
					zh = append(zh, fmt.Sprintf("%s 由 %s 改为 %s", c, text(was[i]), text(is[i])))
					en = append(en, fmt.Sprintf("%s was %s and is %s", c, text(was[i]), text(is[i])))
				}
			}
			what = lang.T(strings.Join(zh, "；"), strings.Join(en, "; "))
		}
		list = append(list, Finding{Part: part, Where: where, What: what})
	}
	for where := range now {
		list = append(list, Finding{Part: part, Where: where, What: lang.T("行为月结之后所添", "the row was not there at the close")})
	}
	return list
}

func text(cell any) string {
	if cell == nil {
		return "NULL"
	}
	return fmt.Sprint(cell)
}

// loads compares the loads that the stamp covers with those of the database.
func (v *verifier) loads(ctx context.Context) error {
	now, err := v.coveredLoads(ctx)
	if err != nil {
		return err
	}
	byID := map[int64]coveredLoad{}
	for _, l := range now {
		byID[l.LoadID] = l
	}
	for _, was := range v.cover.Loads {
		where := fmt.Sprintf("load %d %s", was.LoadID, was.Table)
		is, there := byID[was.LoadID]
		delete(byID, was.LoadID)
		switch {
		case !there:
			v.add(PartLoad, where, "装载批次已不在", "the load is gone")
		case is.SHA256 != was.SHA256 || is.Mapping != was.Mapping || is.Table != was.Table:
			v.add(PartLoad, where, "文件或映射的指纹不同", "the hash of its file or mapping is another")
		case is.Rows != was.Rows:
			v.add(PartLoad, where, fmt.Sprintf("装入行数由 %d 改为 %d", was.Rows, is.Rows), fmt.Sprintf("it had %d rows loaded and has %d", was.Rows, is.Rows))
		}
	}
	v.found.LaterLoads = len(byID)
	return nil
}
