package runner

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"weir/internal/lang"
	"weir/internal/runner/guard"
	"weir/internal/store"
	"weir/queries/schema"
)

// execution is one query in the child.
type execution struct {
	job
	limits    Limits
	box       *store.Sandbox
	statement *guard.Statement
	arguments []any
	columns   []Column
	out       *frameWriter
	sent      int64 // bytes of the answer
}

func (j job) run(ctx context.Context, out *frameWriter) (_ *Summary, err error) {
	limits := j.Request.Limits.withDefaults()
	e := &execution{job: j, limits: limits, out: out}
	options := store.SandboxOptions{TempDirectory: j.Directory, TempDiskLimit: limits.TempDisk, MemoryLimit: limits.Memory, Threads: limits.Threads, TimeZone: j.Request.Source.TimeZone}
	// The text is parsed by an engine that holds nothing, and only then is there something to read.
	parser, err := store.OpenSandbox(ctx, options)
	if err != nil {
		return nil, err
	}
	switch j.Mode {
	case modeInspect:
		return &Summary{}, j.inspect(ctx, parser.SyntaxTree, out)
	case modePlan:
		return &Summary{}, j.plan(ctx, parser, options, out)
	}
	err = e.admit(ctx, parser.SyntaxTree)
	if err := errors.Join(err, parser.Close()); err != nil {
		return nil, err
	}
	j.Request.Source.publish(&options, e.statement)
	// The process ends after this: what the sandbox holds ends with it.
	if e.box, err = store.OpenSandbox(ctx, options); err != nil {
		return nil, err
	}
	if err := e.plan(ctx); err != nil {
		return nil, err
	}
	if err := send(out, frameColumns, e.columns); err != nil {
		return nil, err
	}
	summary := &Summary{Ordered: e.statement.Ordered}
	switch j.Mode {
	case modeQuery:
		err = e.query(ctx, summary)
	case modeStream:
		err = e.stream(ctx, summary)
	default:
		err = fmt.Errorf("unknown mode %q", j.Mode)
	}
	summary.Bytes = e.sent
	return summary, err
}

// admit checks the text and binds the values that it names.
func (e *execution) admit(ctx context.Context, parse guard.Parser) error {
	parameters, err := decodeParameters(e.Parameters)
	if err != nil {
		return err
	}
	policy := guard.Policy{Parameters: parameters, Length: e.limits.Length, Reproducible: e.Request.Reproducible}
	for _, v := range e.Request.Source.Views {
		policy.Tables = append(policy.Tables, v.Name)
	}
	for _, f := range e.Request.Source.Functions {
		policy.Functions = append(policy.Functions, f.Name)
	}
	if e.statement, err = guard.Check(ctx, parse, e.Request.SQL, policy); err != nil {
		return err
	}
	for _, name := range e.statement.Parameters {
		e.arguments = append(e.arguments, sql.Named(name, bindable(parameters[name])))
	}
	return nil
}

// publish chooses what the accepted texts read; a view over many files is not opened for texts that do not read it.
func (s Source) publish(options *store.SandboxOptions, accepted ...*guard.Statement) {
	options.Database, options.Files = s.Database, s.Files
	wanted, called := map[string]bool{}, map[string]bool{}
	for _, statement := range accepted {
		for _, t := range statement.Tables {
			wanted[t.Name] = true
		}
		for _, f := range statement.Functions {
			called[f] = true
		}
	}
	for _, f := range s.Functions {
		if called[strings.ToLower(f.Name)] {
			options.Macros = append(options.Macros, f.SQL)
			for _, view := range f.Reads {
				wanted[strings.ToLower(view)] = true
			}
		}
	}
	for _, v := range s.Views {
		if wanted[strings.ToLower(v.Name)] {
			options.Views = append(options.Views, store.SandboxView(v))
		}
	}
}

// plan has the engine plan the query without reading, and notes its columns.
func (e *execution) plan(ctx context.Context) error {
	query := guard.Wrap(e.statement.Text) + " LIMIT 0"
	plan, err := e.box.Conn().QueryContext(ctx, query, e.arguments...)
	if err != nil {
		return e.placed(query, err)
	}
	types, err := plan.ColumnTypes()
	if err := errors.Join(err, plan.Close()); err != nil {
		return err
	}
	for _, t := range types {
		e.columns = append(e.columns, Column{Name: t.Name(), Type: t.DatabaseTypeName()})
	}
	return nil
}

// query sends rows. Types that the driver knows only as its own are written as text or JSON by the engine.
func (e *execution) query(ctx context.Context, summary *Summary) error {
	names := make([]string, len(e.columns))
	cells := make([]string, len(e.columns))
	kinds := make([]cellKind, len(e.columns))
	for i, c := range e.columns {
		names[i] = "c" + strconv.Itoa(i)
		cells[i], kinds[i] = cellExpression(names[i], c.Type)
	}
	query := fmt.Sprintf("SELECT %s FROM (%s LIMIT %d) AS answer(%s)", strings.Join(cells, ", "), guard.Wrap(e.statement.Text), e.limits.Rows+1, strings.Join(names, ", "))
	rows, err := e.box.Conn().QueryContext(ctx, query, e.arguments...)
	if err != nil {
		return e.placed(query, err)
	}
	defer rows.Close()
	scanned := make([]any, len(e.columns))
	targets := make([]any, len(e.columns))
	for i := range scanned {
		targets[i] = &scanned[i]
	}
	var frame []byte
	for rows.Next() {
		if summary.Rows == e.limits.Rows {
			summary.Cut = true
			break
		}
		if err := rows.Scan(targets...); err != nil {
			return err
		}
		before := len(frame)
		for i, v := range scanned {
			if frame, err = appendCell(frame, kinds[i].cell(v)); err != nil {
				return fmt.Errorf("column %s: %w", e.columns[i].Name, err)
			}
		}
		if err := e.count(len(frame) - before); err != nil {
			return err
		}
		summary.Rows++
		if len(frame) >= rowsPerSend {
			if err := e.sendPart(frameRows, frame); err != nil {
				return err
			}
			frame = frame[:0]
		}
	}
	if err := rows.Err(); err != nil {
		return e.placed(query, err)
	}
	return e.sendPart(frameRows, frame)
}

// count adds to the bytes of the answer and refuses what is beyond the limit.
func (e *execution) count(bytes int) error {
	if e.sent += int64(bytes); e.sent > e.limits.Bytes {
		return tooLarge(e.limits.Bytes)
	}
	return nil
}

func (e *execution) sendPart(kind frameKind, part []byte) error {
	if len(part) > maxFrame {
		return tooLarge(maxFrame)
	}
	return e.out.write(kind, part)
}

// Write sends a part of a file or stream.
func (e *execution) Write(part []byte) (int, error) {
	for chunk := range slices.Chunk(part, maxFrame) {
		if err := e.count(len(chunk)); err != nil {
			return 0, err
		}
		if err := e.sendPart(frameBytes, chunk); err != nil {
			return 0, err
		}
	}
	return len(part), nil
}

// stream keeps the answer in a temporary table, which may spill to the private directory, cuts it, and sends it in
// the form asked for.
func (e *execution) stream(ctx context.Context, summary *Summary) error {
	query := fmt.Sprintf("CREATE TEMP TABLE answer AS %s LIMIT %d", guard.Wrap(e.statement.Text), e.limits.Rows+1)
	if _, err := e.box.Conn().ExecContext(ctx, query, e.arguments...); err != nil {
		return e.placed(query, err)
	}
	if err := e.box.Conn().QueryRowContext(ctx, "SELECT count(*) FROM temp.answer").Scan(&summary.Rows); err != nil {
		return err
	}
	if summary.Rows > e.limits.Rows {
		summary.Rows, summary.Cut = e.limits.Rows, true
	}
	cut := fmt.Sprintf("SELECT * FROM temp.answer LIMIT %d", e.limits.Rows)
	if e.Request.Format == Arrow {
		if !store.ArrowSupported {
			return failure(Refused, lang.T("此版本不含 Arrow 输出", "Arrow output is off in this build"), lang.T("请用其他格式", "ask for another format"))
		}
		return e.box.WriteArrow(ctx, cut, e)
	}
	options := map[Format]string{CSV: "FORMAT csv, HEADER", JSON: "FORMAT json, ARRAY", Parquet: "FORMAT parquet, COMPRESSION zstd"}[e.Request.Format]
	if options == "" {
		return fmt.Errorf("unknown format %q", e.Request.Format)
	}
	path := filepath.Join(e.Directory, "answer")
	if _, err := e.box.Conn().ExecContext(ctx, fmt.Sprintf("COPY (%s) TO %s (%s)", cut, schema.Literal(path), options)); err != nil {
		return err
	}
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	_, err = io.CopyBuffer(struct{ io.Writer }{e}, struct{ io.Reader }{file}, make([]byte, 1<<20))
	return err
}
