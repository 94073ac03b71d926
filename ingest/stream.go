package ingest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"weir/ingest/personal"
	"weir/ingest/reader"
	"weir/ingest/record"
	"weir/ingest/source"
	"weir/internal/lang"
	"weir/internal/problem"
	"weir/internal/store"
	"weir/queries/schema"
)

// streamView is the name under which the engine sees the records of the file at hand.
const streamView = "weir_stream"

// stream is a text file as a relation: each scan reads it anew from the disk.
type stream struct {
	input    *input
	options  record.Options
	place    []int   // column of the stream for each column of the file, -1 for none
	lines    []int64 // when a scan for raw text needs these lines only
	progress func(done int64)
}

// scanned says what a scan saw.
type scanned struct {
	counts record.Counts
	sha256 string
}

// scan makes the records readable under streamView while use runs, which must read them to the end.
func (s *stream) scan(ctx context.Context, c *sql.Conn, raw bool, use func() error) (scanned, error) {
	f, r, err := s.input.open()
	if err != nil {
		return scanned{}, err
	}
	sum, err := s.feed(ctx, c, f, r, raw, use)
	return sum, errors.Join(err, f.Close())
}

func (s *stream) feed(ctx context.Context, c *sql.Conn, f *source.File, r reader.Reader, raw bool, use func() error) (result scanned, err error) {
	o := s.options
	o.Raw = raw
	if raw && s.lines != nil {
		// What was repeated is known: the keys need not be compared again.
		o.Some, o.Lines, o.Key = true, s.lines, nil
	}
	f.Watch(s.progress)
	records := record.Start(ctx, o, func(w *record.Writer) error { return r.Read(w, s.place) })
	release, err := store.Stream(c, streamView, records)
	if err != nil {
		_, closed := records.Close()
		return result, errors.Join(err, closed)
	}
	used := use()
	if used == nil {
		// The view refers to memory of this process and must not outlive the scan.
		_, used = c.ExecContext(ctx, "DROP VIEW "+streamView)
	}
	counts, failed := records.Close()
	release()
	if used != nil {
		return result, cause(used, failed)
	}
	if failed != nil {
		return result, failed
	}
	if f.Stated >= 0 && f.Stated != counts.Rows {
		return result, problem.Of(s.input.path, lang.T(fmt.Sprintf("答复称含 %d 条记录，实得 %d 条，未装入任何内容", f.Stated, counts.Rows), fmt.Sprintf("the answer says that it holds %d records, and %d came; nothing of it was loaded", f.Stated, counts.Rows)),
			lang.T("向安全服务器重新请求记录", "ask the security server for the records again"))
	}
	result.counts = counts
	result.sha256, err = f.Finish()
	return result, err
}

// cause chooses between the error of the query and that of the reader behind it: the query only repeats the
// reader's, in the engine's words.
func cause(query, read error) error {
	var p problem.Problem
	if errors.As(read, &p) {
		return p
	}
	return query
}

// identity plans a file of one of Weir's own tables: the columns of the file are those of the table.
func (l *load) identity() error {
	p := l.plan
	p.input.wanted = columnNames(p.columns)
	f, r, err := p.input.open()
	if err != nil {
		return err
	}
	columns, line := r.Columns(), 1
	if h, ok := r.(interface{ HeaderLine() int }); ok {
		line = h.HeaderLine()
	}
	l.notes(r)
	if err := f.Close(); err != nil {
		return err
	}
	if err := l.checkHeader(columns, line); err != nil {
		return err
	}
	s := &stream{input: &p.input, options: l.recordOptions()}
	for _, name := range columns {
		c, _ := p.table.Column(name)
		s.place = append(s.place, len(s.options.Columns))
		s.options.Columns = append(s.options.Columns, record.Column{Name: name, Kind: kindOf(c.Type), Personal: c.Personal})
		l.projection.cells = append(l.projection.cells, &cell{column: *c, n: len(s.options.Columns) - 1, typed: kindOf(c.Type) != record.Text})
	}
	s.options.Key = keyPlaces(p.table, s.options.Columns)
	l.projection.from = func(bool) string {
		fields := make([]string, 0, 2*len(s.options.Columns))
		for i, c := range s.options.Columns {
			fields = append(fields, fmt.Sprintf("%s.%s AS x%d", record.Row, record.TextField(i), i))
			if c.Kind != record.Text {
				fields = append(fields, fmt.Sprintf("%s.%s AS t%d", record.Row, record.TypedField(i), i))
			}
		}
		return fmt.Sprintf("SELECT %s, %s FROM %s", frame(record.Row), strings.Join(fields, ", "), streamView)
	}
	l.relation = s
	return nil
}

// notes passes on what the reader has to say of the file, and keeps how its lines are made.
func (l *load) notes(r reader.Reader) {
	if lines, ok := r.(interface{ Layout() ([]string, byte) }); ok {
		l.layout.columns, l.layout.delimiter = lines.Layout()
	}
	if n, ok := r.(interface{ Notes() []lang.Text }); ok {
		l.result.Warnings = append(l.result.Warnings, n.Notes()...)
	}
}

// checkHeader compares the columns of a file with those of its table.
func (l *load) checkHeader(columns []string, line int) error {
	p := l.plan
	names := columnNames(p.columns)
	known := lang.T("；"+p.table.Name+" 的列："+strings.Join(names, ", "), "; columns of "+p.table.Name+": "+strings.Join(names, ", "))
	seen := map[string]bool{}
	for _, name := range columns {
		if _, ok := p.table.Column(name); !ok {
			cure := problem.Meant(name, names)
			if problem.Nearest(name, names) != "" {
				cure = lang.T(cure.Zh+known.Zh, cure.En+known.En)
			}
			return problem.Of(p.input.path, lang.T(fmt.Sprintf("%s 没有列 %q，未装入任何内容", p.table.Name, name), fmt.Sprintf("unknown column %q in %s; nothing was loaded", name, p.table.Name)), cure).At(line)
		}
		if seen[name] {
			return problem.Of(p.input.path, lang.T(fmt.Sprintf("列 %q 出现两次，未装入任何内容", name), fmt.Sprintf("the column %q occurs twice; nothing was loaded", name)), lang.T("去掉一个", "remove one")).At(line)
		}
		seen[name] = true
	}
	for _, c := range p.columns {
		if c.Required && !seen[c.Name] {
			return problem.Of(p.input.path, lang.T(fmt.Sprintf("缺少 %s 必需的列 %q，未装入任何内容", p.table.Name, c.Name), fmt.Sprintf("the required column %q of %s is missing; nothing was loaded", c.Name, p.table.Name)),
				lang.T("补上该列"+known.Zh, "add it"+known.En)).At(line)
		}
	}
	return nil
}

// keyPlaces gives the columns of the stream that make the key, nil where the key is not plain text: other spellings
// of one value would then be taken for different keys.
func keyPlaces(t *schema.Table, columns []record.Column) []int {
	var places []int
	for _, k := range t.Key {
		c, _ := t.Column(k)
		for i := range columns {
			if columns[i].Name == k && c.Type == schema.Text && c.Ref != "department" {
				places = append(places, i)
			}
		}
	}
	if len(places) != len(t.Key) {
		return nil
	}
	return places
}

func kindOf(t schema.Type) record.Kind {
	switch t {
	case schema.Integer:
		return record.Integer
	case schema.Boolean:
		return record.Boolean
	case schema.Timestamp:
		return record.Timestamp
	}
	return record.Text
}

func (l *load) recordOptions() record.Options {
	zone, err := time.LoadLocation(l.store.TimeZone())
	if err != nil {
		// The store was opened with this zone; the engine casts every time itself then.
		zone = nil
	}
	o := record.Options{Zone: zone, Null: l.plan.input.read.Null}
	if l.settings.Key != nil {
		o.Hash = personal.New(l.settings.Key)
	}
	return o
}
