package runner

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"weir/internal/lang"
)

// Runner starts the children. It is safe for concurrent use.
type Runner struct {
	root     string // directory under which each child gets a private one
	children sync.WaitGroup
}

// New makes a runner whose children get private directories under root, which is made where needed, and removes what
// ended processes have left there.
func New(root string) (*Runner, error) {
	root, err := filepath.Abs(root)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(root, 0o700); err != nil {
		return nil, err
	}
	removeLeftovers(root)
	return &Runner{root: root}, nil
}

// Close waits until every child has ended and its directory is removed.
func (r *Runner) Close() { r.children.Wait() }

// Query runs a query and holds its answer in memory.
func (r *Runner) Query(ctx context.Context, q Request) (*Result, error) {
	result := &Result{}
	summary, err := r.run(ctx, job{Mode: modeQuery, Request: q}, answer{
		columns: func(c []Column) error { result.Columns = c; return nil },
		row:     func(row []any) error { result.Rows = append(result.Rows, row); return nil },
	})
	if err != nil {
		return nil, err
	}
	result.Summary = *summary
	return result, nil
}

// Each runs a query and hands over its columns and then each row, without holding the answer. An error of a handler
// ends the run and is returned.
func (r *Runner) Each(ctx context.Context, q Request, columns func([]Column) error, row func([]any) error) (*Summary, error) {
	return r.run(ctx, job{Mode: modeQuery, Request: q}, answer{columns: columns, row: row})
}

// Stream runs a query and writes its answer in the format of the request.
func (r *Runner) Stream(ctx context.Context, q Request, w io.Writer) (*Summary, error) {
	if !q.Format.valid() {
		return nil, fmt.Errorf("format %q is not known: use arrow, csv, json or parquet", q.Format)
	}
	return r.run(ctx, job{Mode: modeStream, Request: q}, answer{part: func(b []byte) error { _, err := w.Write(b); return err }})
}

// Planned is what the columns of a text's answer would be, or why there would be none.
type Planned struct {
	Columns []Column `json:"columns,omitempty"`
	Failure *Failure `json:"failure,omitempty"`
}

// Plan parses and plans texts, each by itself, with the source and the values of the request, and says what columns their
// answers would have. Nothing is read. One child does it for all of them.
func (r *Runner) Plan(ctx context.Context, q Request, texts ...string) ([]Planned, error) {
	if len(texts) == 0 {
		return nil, nil
	}
	var planned []Planned
	_, err := r.run(ctx, job{Mode: modePlan, Request: q, Texts: texts}, answer{planned: func(p []Planned) error { planned = p; return nil }})
	if err == nil && len(planned) != len(texts) {
		err = fmt.Errorf("%d of %d texts were planned", len(planned), len(texts))
	}
	return planned, err
}

// Inspection is what one text names, or why it is refused.
type Inspection = inspection

// Names say what the texts of Inspect may name.
type Names struct {
	Tables, Functions []string
	Parameters        map[string]any
	Reproducible      bool
}

// Inspect parses texts and says which of the tables each reads, without opening any data.
func (r *Runner) Inspect(ctx context.Context, texts []string, n Names) ([]Inspection, error) {
	var found []Inspection
	j := job{Mode: modeInspect, Texts: texts, Tables: n.Tables, Functions: n.Functions, Request: Request{Parameters: n.Parameters, Reproducible: n.Reproducible}}
	_, err := r.run(ctx, j, answer{inspected: func(i []Inspection) error { found = i; return nil }})
	if err == nil && len(found) != len(texts) {
		err = fmt.Errorf("%d of %d texts were inspected", len(found), len(texts))
	}
	return found, err
}

// answer takes what a child sends; a kind of frame without a taker is an error.
type answer struct {
	columns   func([]Column) error
	row       func([]any) error
	part      func([]byte) error
	inspected func([]Inspection) error
	planned   func([]Planned) error
}

// run starts a child, gives it the job and takes its frames until it is done, fails, ends, or time is up.
func (r *Runner) run(ctx context.Context, j job, a answer) (*Summary, error) {
	started := time.Now()
	limits := j.Request.Limits.withDefaults()
	j.Request.Limits = limits
	var err error
	if j.Request.Source, err = j.Request.Source.absolute(); err != nil {
		return nil, err
	}
	if j.Parameters, err = encodeParameters(j.Request.Parameters); err != nil {
		return nil, err
	}
	timed, stop := context.WithTimeout(ctx, limits.Time)
	defer stop()
	c, err := r.start(&j)
	if err != nil {
		return nil, err
	}
	defer c.end()
	// A child that is killed may take a while to give its memory back: the caller does not wait for that.
	unwatch := context.AfterFunc(timed, c.kill)
	defer unwatch()
	summary, err := r.take(c, j, a)
	switch {
	case err == nil:
	case ctx.Err() != nil:
		f := failure(Canceled, lang.T("查询已取消", "the query was canceled"), lang.Text{})
		return nil, errors.Join(f, ctx.Err())
	case timed.Err() != nil:
		return nil, timeFailure(limits.Time)
	default:
		return nil, err
	}
	summary.Elapsed, summary.PeakBytes = time.Since(started), peakMemory(c.process.Pid)
	return summary, nil
}

// take reads frames. What the child says is checked against the limits, since it may be anything.
func (r *Runner) take(c *child, j job, a answer) (*Summary, error) {
	go c.give(j)
	frames := newFrameReader(c.output)
	limits := j.Request.Limits
	var columns []Column
	var rows, bytes int64
	for {
		kind, payload, err := frames.read()
		if err != nil {
			return nil, c.ending(limits, err)
		}
		switch kind {
		case frameColumns:
			if err = json.Unmarshal(payload, &columns); err == nil && a.columns != nil {
				err = a.columns(slices.Clone(columns))
			}
		case frameRows:
			bytes += int64(len(payload))
			err = eachRow(payload, len(columns), func(row []any) error {
				if rows++; rows > limits.Rows || a.row == nil {
					return errCells
				}
				return a.row(row)
			})
		case frameBytes:
			if bytes += int64(len(payload)); a.part == nil {
				return nil, errFrame
			}
			err = a.part(payload)
		case frameInspect:
			var found []Inspection
			if err = json.Unmarshal(payload, &found); err == nil && a.inspected != nil {
				err = a.inspected(found)
			}
		case framePlan:
			var planned []Planned
			if err = json.Unmarshal(payload, &planned); err == nil && a.planned != nil {
				err = a.planned(planned)
			}
		case frameFailure:
			f := &Failure{}
			if err := json.Unmarshal(payload, f); err != nil {
				return nil, err
			}
			return nil, f
		case frameDone:
			summary := &Summary{}
			return summary, json.Unmarshal(payload, summary)
		default:
			return nil, errFrame
		}
		if err == nil && bytes > limits.Bytes {
			err = tooLarge(limits.Bytes)
		}
		if err != nil {
			return nil, err
		}
	}
}

var errFrame = errors.New("the query's process sent something unexpected")

func eachRow(payload []byte, columns int, f func([]any) error) error {
	c := cells{payload}
	for {
		row, ok, err := c.row(columns)
		if err != nil || !ok {
			return err
		}
		if err := f(row); err != nil {
			return err
		}
	}
}

// give tells the child what files it may use and what to do, and leaves its input open: an input that ends tells the
// child to end.
func (c *child) give(j job) {
	for _, message := range []any{accessOf(&j), j} {
		text, err := json.Marshal(message)
		if err != nil || len(text) > maxJob {
			c.kill()
			return
		}
		head := binary.LittleEndian.AppendUint32(nil, uint32(len(text)))
		if _, err := c.input.Write(append(head, text...)); err != nil {
			return // the child has ended, and how it ended is the answer
		}
	}
}
