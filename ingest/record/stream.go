package record

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
)

// Stream is the engine's side of a Writer: an Arrow record reader that is read once, from one goroutine at a time.
type Stream struct {
	schema  *arrow.Schema
	fields  []arrow.Field
	batches chan arrow.RecordBatch
	ctx     context.Context
	cancel  context.CancelCauseFunc
	done    chan struct{}
	writer  *Writer

	current arrow.RecordBatch
	mu      sync.Mutex
	err     error
}

var errClosed = errors.New("the stream was closed before the file ended")

// Start runs read in a goroutine of its own and gives the stream of what it writes. Close must be called.
func Start(ctx context.Context, o Options, read func(*Writer) error) *Stream {
	if o.BatchRows == 0 {
		o.BatchRows = RowGroup
	}
	if o.Zone == nil {
		o.Zone = time.UTC
	}
	if o.RawLimit == 0 {
		o.RawLimit = 16 << 10
	}
	s := &Stream{fields: o.fields(), batches: make(chan arrow.RecordBatch, 1), done: make(chan struct{})}
	s.schema = arrow.NewSchema([]arrow.Field{{Name: Row, Type: arrow.StructOf(s.fields...)}}, nil)
	s.ctx, s.cancel = context.WithCancelCause(ctx)
	s.writer = newWriter(o, s)
	go s.run(read)
	return s
}

func (s *Stream) run(read func(*Writer) error) {
	defer close(s.done)
	defer close(s.batches)
	err := s.protect(read)
	if err == nil {
		err = s.writer.flush()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.err = err
}

// protect turns a panic of a reader on a hostile file into an error: the load is rolled back, the process goes on.
func (s *Stream) protect(read func(*Writer) error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("the reader failed on this file: %v", p)
		}
	}()
	return read(s.writer)
}

func (s *Stream) send(batch arrow.RecordBatch) error {
	select {
	case s.batches <- batch:
		return nil
	case <-s.ctx.Done():
		batch.Release()
		return context.Cause(s.ctx)
	}
}

// Close ends the stream, waits for the reader and gives its counts and its error.
func (s *Stream) Close() (Counts, error) {
	s.cancel(errClosed)
	for batch := range s.batches {
		batch.Release()
	}
	<-s.done
	if s.current != nil {
		s.current.Release()
		s.current = nil
	}
	return s.writer.Counts(), s.Err()
}

// Next, Record, RecordBatch, Err, Schema, Retain and Release make the stream an array.RecordReader.
func (s *Stream) Next() bool {
	if s.current != nil {
		s.current.Release()
		s.current = nil
	}
	batch, ok := <-s.batches
	if ok {
		s.current = batch
	}
	return ok
}

// RecordBatch is the batch that Next moved to; the stream owns it.
func (s *Stream) RecordBatch() arrow.RecordBatch { return s.current }

// Record is the old name of RecordBatch.
func (s *Stream) Record() arrow.RecordBatch { return s.current }

// Err is the error that ended the reader, nil while it runs.
func (s *Stream) Err() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.err
}

// Schema has the one struct column Row.
func (s *Stream) Schema() *arrow.Schema { return s.schema }

// Retain and Release do nothing: Close ends the stream.
func (s *Stream) Retain()  {}
func (s *Stream) Release() {}

var _ array.RecordReader = (*Stream)(nil)
