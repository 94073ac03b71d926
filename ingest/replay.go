package ingest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"weir/ingest/reason"
	"weir/internal/lang"
	"weir/internal/problem"
	"weir/internal/store"
)

// Repair is a quarantined row that is to be loaded once more, by its load and line.
type Repair struct {
	LoadID int64
	Line   int64
	Text   string   // the row as repaired; "" where Fields stand for it, or where the row is to be tried as it is
	Fields []string // the fields as repaired, in the order of the file's columns
}

// Replayed says what became of the rows of one load.
type Replayed struct {
	LoadID int64         // the load that had quarantined them
	Result Result        // the load that took them; its LoadID is 0 where none went in
	In     []int64       // lines that went in, or were loaded already
	Left   []Quarantined // rows that still cannot be loaded, with the reason that they have now
}

// ErrNothingToReplay is returned where no row of the quarantine waits under the given loads and lines.
var ErrNothingToReplay = errors.New("none of these rows waits in the quarantine")

// Replay loads quarantined rows again, in the way in which their file was read. Rows that go in are marked in the
// quarantine with the load that took them, in the same transaction; rows that still fail stay there, under the reason
// that they have now. Rows that are marked already are passed over, so that replaying twice changes nothing.
func Replay(ctx context.Context, st *store.Store, s Settings, repairs []Repair, o Options) ([]Replayed, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	known, problems := Mappings(st.Model(), s.Mappings)
	if err := problems.Err(); err != nil {
		return nil, err
	}
	l := loader{store: st, settings: s, options: o, mappings: known}
	byLoad := map[int64][]Repair{}
	var loads []int64
	for _, r := range repairs {
		if byLoad[r.LoadID] == nil {
			loads = append(loads, r.LoadID)
		}
		byLoad[r.LoadID] = append(byLoad[r.LoadID], r)
	}
	slices.Sort(loads)
	var all []Replayed
	for _, id := range loads {
		one, err := l.replay(ctx, id, byLoad[id])
		if err != nil {
			return all, err
		}
		if len(one.In)+len(one.Left) > 0 {
			all = append(all, one)
		}
	}
	if len(all) == 0 {
		return nil, ErrNothingToReplay
	}
	return all, nil
}

// waiting is a row on its way back.
type waiting struct {
	line  int64  // in the file that it came from
	text  string // of one or more records
	start int64  // line at which it begins in the file made of it
	end   int64  // line behind it
}

// errStill ends the transaction of a replay in which rows fail again: it is tried once more without them.
var errStill = errors.New("rows fail again")

func (l *loader) replay(ctx context.Context, id int64, repairs []Repair) (Replayed, error) {
	one := Replayed{LoadID: id}
	from, err := l.origin(ctx, id)
	if err != nil {
		return one, err
	}
	rows, left, err := from.rows(ctx, l.store, repairs)
	if err != nil {
		return one, err
	}
	one.Left = left
	for len(rows) > 0 {
		result, still, err := l.tryRows(ctx, from, rows)
		if err != nil {
			return one, err
		}
		if len(still) == 0 {
			one.Result = result
			for _, w := range rows {
				one.In = append(one.In, w.line)
			}
			break
		}
		rows = slices.DeleteFunc(rows, func(w waiting) bool {
			failed := false
			for _, q := range still {
				if q.Line >= w.start && q.Line < w.end {
					failed = true
					q.LoadID, q.File, q.Line = id, from.file, w.line
					one.Left = append(one.Left, q)
				}
			}
			return failed
		})
	}
	return one, l.restate(ctx, one.Left)
}

// tryRows loads the rows as a file of their own. Where some fail, nothing is kept and they are returned.
func (l *loader) tryRows(ctx context.Context, from *origin, rows []waiting) (_ Result, still []Quarantined, err error) {
	if l.settings.Temp != "" {
		if err := os.MkdirAll(l.settings.Temp, 0o700); err != nil {
			return Result{}, nil, err
		}
	}
	directory, err := os.MkdirTemp(l.settings.Temp, "weir-replay-*")
	if err != nil {
		return Result{}, nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(directory)) }()
	path := filepath.Join(directory, "rows")
	content, err := from.content(rows)
	if err != nil {
		return Result{}, nil, err
	}
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		return Result{}, nil, err
	}
	p, err := from.plan(l, path)
	if err != nil {
		return Result{}, nil, err
	}
	one := &load{loader: l, plan: p, started: l.options.Now().UTC()}
	one.result = Result{File: from.file, Table: p.target(), Reader: p.input.format, Mapping: from.mapping}
	err = l.store.Write(ctx, func(ctx context.Context, c *sql.Conn) error {
		// The register names the file from which the rows came.
		done := one.transaction(ctx, c)
		if done != nil && !errors.Is(done, errDryRun) {
			return done
		}
		if still, err = quarantined(ctx, c, QuarantineFilter{LoadID: one.id}); err != nil || len(still) > 0 {
			return errors.Join(err, errStill)
		}
		if done != nil {
			return done
		}
		for _, w := range rows {
			if _, err := c.ExecContext(ctx, "UPDATE quarantine SET replayed_load_id = ? WHERE load_id = ? AND line = ? AND replayed_load_id IS NULL", one.id, from.id, w.line); err != nil {
				return err
			}
		}
		return nil
	})
	switch {
	case errors.Is(err, errStill) && len(still) > 0:
		return Result{}, still, nil
	case errors.Is(err, errDryRun):
		one.result.LoadID = 0
		return one.result, nil, nil
	}
	return one.result, nil, err
}

// restate keeps the reason that a row has now, such as the next fault after the first was cured.
func (l *loader) restate(ctx context.Context, left []Quarantined) error {
	if len(left) == 0 || l.options.DryRun {
		return nil
	}
	return l.store.Write(ctx, func(ctx context.Context, c *sql.Conn) error {
		for _, q := range left {
			if _, err := c.ExecContext(ctx, `UPDATE quarantine SET column_name = nullif(?, ''), code = ?, reason = ?, cure = ?, value = nullif(?, '')
				WHERE load_id = ? AND line = ? AND replayed_load_id IS NULL`, q.Column, q.Code, q.Reason.Joined(), q.Cure.Joined(), q.Value, q.LoadID, q.Line); err != nil {
				return err
			}
		}
		return nil
	})
}

// origin is the load that quarantined rows.
type origin struct {
	id                   int64
	file, table, mapping string
	reader               string
	layout               layout
}

func (l *loader) origin(ctx context.Context, id int64) (*origin, error) {
	r, err := l.store.Query(ctx, "SELECT file, table_name, coalesce(mapping, ''), reader, coalesce(column_names, ''), coalesce(delimiter, '') FROM load WHERE load_id = $load", map[string]any{"load": id})
	if err != nil {
		return nil, err
	}
	if len(r.Rows) == 0 {
		return nil, fmt.Errorf("there is no load %d", id)
	}
	row := r.Rows[0]
	o := &origin{id: id, file: row[0].(string), table: row[1].(string), mapping: row[2].(string), reader: row[3].(string)}
	if o.layout, err = readLayout(row[4].(string), row[5].(string)); err != nil {
		return nil, err
	}
	if o.mapping != "" {
		m, err := l.mapping(o.mapping)
		if err != nil {
			return nil, err
		}
		o.layout.noQuotes = m.Read.NoQuotes && o.reader != "xlsx"
	}
	if o.delimited() && o.layout.columns == nil {
		return nil, problem.Of(o.file, lang.T(fmt.Sprintf("批次 %d 的列名不详：由旧版本装入", id), fmt.Sprintf("the column names of load %d are not known: it was loaded by an earlier version", id)),
			lang.T("把修正后的行连同表头存成文件再装入", "put the repaired rows into a file with its head and ingest that"))
	}
	return o, nil
}

func (o *origin) delimited() bool {
	return o.reader == "csv" || o.reader == "tsv" || o.reader == "xlsx"
}

// unwise are rows that must not go in as they stand: what was cut short looks whole with an end put to it, and what
// could not be told apart would take its neighbours along.
var unwise = []string{string(reason.Unfinished), string(reason.Encoding), string(reason.Quote)}

// rows finds the text of each row that still waits; left are those that cannot be tried as they are.
func (o *origin) rows(ctx context.Context, st *store.Store, repairs []Repair) (rows []waiting, left []Quarantined, err error) {
	all, err := Quarantine(ctx, st, QuarantineFilter{LoadID: o.id})
	if err != nil {
		return nil, nil, err
	}
	byLine := map[int64][]Quarantined{}
	for _, q := range all {
		byLine[q.Line] = append(byLine[q.Line], q)
	}
	slices.SortFunc(repairs, func(a, b Repair) int { return int(a.Line - b.Line) })
	repairs = slices.CompactFunc(repairs, func(a, b Repair) bool { return a.Line == b.Line })
	for _, r := range repairs {
		found := byLine[r.Line]
		if len(found) == 0 {
			continue // not quarantined, or loaded since
		}
		w := waiting{line: r.Line, text: strings.TrimRight(r.Text, "\r\n")}
		switch {
		case w.text != "":
		case r.Fields != nil:
			if w.text, err = o.layout.join(r.Fields); err != nil {
				return nil, nil, fmt.Errorf("load %d, line %d: %w", o.id, r.Line, err)
			}
		case slices.Contains(unwise, found[0].Code):
			left = append(left, found...)
			continue
		default:
			// One document may have made several rows.
			var texts []string
			for _, q := range found {
				if text := o.whole(q.Raw); !slices.Contains(texts, text) {
					texts = append(texts, text)
				}
			}
			w.text = strings.Join(texts, "\n")
		}
		rows = append(rows, w)
	}
	return rows, left, nil
}

// whole is the raw text of a row as a line of the file that is made of it.
func (o *origin) whole(raw string) string {
	if o.reader == "xlsx" {
		if fields, ok := o.layout.split(raw, true); ok {
			if line, err := o.layout.join(fields); err == nil {
				return line
			}
		}
	}
	return raw
}

// content writes the rows as a file and notes where each begins.
func (o *origin) content(rows []waiting) (string, error) {
	var b strings.Builder
	line := int64(1)
	write := func(text string) {
		b.WriteString(text + "\n")
		line += int64(strings.Count(text, "\n")) + 1
	}
	if o.delimited() {
		head, err := o.layout.join(o.layout.columns)
		if err != nil {
			return "", err
		}
		write(head)
	}
	if o.reader == "dcat" {
		write(`{"dataset":[`)
	}
	for i := range rows {
		rows[i].start = line
		text := rows[i].text
		if o.reader == "dcat" && i < len(rows)-1 {
			text += ","
		}
		write(text)
		rows[i].end = line
	}
	if o.reader == "dcat" {
		write("]}")
	}
	return b.String(), nil
}

// plan reads the rows as their file was read, but for what lay around them in it.
func (o *origin) plan(l *loader, path string) (*plan, error) {
	one := *l
	one.options.Table, one.options.Mapping = o.table, o.mapping
	if o.mapping != "" {
		one.options.Table = ""
	}
	p, err := one.plan(path)
	if err != nil {
		return nil, err
	}
	p.input.read.Encoding, p.input.read.Path, p.input.read.Sheet = "", "", ""
	format := o.reader
	switch format {
	case "csv", "tsv", "xlsx":
		format = "csv"
		p.input.read.Delimiter, p.input.read.NoHeader, p.input.read.Names, p.input.read.Skip = string(rune(o.layout.delimiter)), false, nil, 0
	case "ndjson", "parquet", "arrow":
		format = "json"
	}
	p.input.read.Format = format
	return p, p.input.detect("")
}
