package record

import (
	"bytes"
	"context"
	"unicode/utf8"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/zeebo/xxh3"
)

// Writer takes records from a reader and passes them on in batches. It is not safe for concurrent use.
//
// A record is Begin, any number of Field in any order, then End or Reject. A field that is not given is NULL; an
// empty one too, since a blank in a file is a missing value.
type Writer struct {
	options Options
	stream  *Stream
	pools   pools
	clock   clock
	seen    *seen
	keys    [][]byte
	keyed   int // key columns that the record has given
	next    int // place in Options.Lines
	hashed  []byte
	secrets [][]byte // personal values of the record, to be masked in its raw text
	masks   bool     // there are personal columns

	columns  []columnWriter
	line     wordColumn
	defect   textColumn
	fault    textColumn
	value    textColumn
	repeat   flagColumn
	hashes   []slot // of the batch's records; the key is 0 where there is none
	raw      textColumn
	rows     int // records in the batch
	capacity int // records that the columns have room for
	full     int // records at which the batch may be full
	compared int // records whose keys were compared with those before
	unsound  int // records of the batch that are rejected, or compared and repeated
	text     int // bytes of all texts of the batch
	counts   Counts
}

// Counts say what went through a writer.
type Counts struct {
	Rows     int64   // records, rejected ones included
	Rejected int64   // records that could not be split into columns
	Same     int64   // records that are the same, letter for letter, as the first of their key
	Repeated int64   // other records whose key was there before
	Exact    bool    // every key was compared with all before it
	Left     []int64 // lines of repeated and rejected ones; cut off at a limit, so fewer than both where there are very many
}

// maxLeft bounds the memory of Counts.Left to 64 MB.
const maxLeft = 8 << 20

type columnWriter struct {
	kind Kind
	text textColumn
	word wordColumn
	flag flagColumn
	key  int // position in the key plus one, 0: not part of it
	have int // record of the batch, counted from one, that gave a value last

	personal bool
}

// maxBatchText bounds the texts of a batch, so that long ones do not fill the memory.
const maxBatchText = 64 << 20

// firstRows is how many records the columns have room for at first: most files are small.
const firstRows = 1 << 11

func newWriter(o Options, s *Stream) *Writer {
	w := &Writer{options: o, stream: s, clock: clock{zone: o.Zone}, columns: make([]columnWriter, len(o.Columns))}
	w.line.kind = Integer
	for i, c := range o.Columns {
		w.columns[i].kind = c.Kind
		w.columns[i].word.kind = c.Kind
		w.columns[i].personal = c.Personal
		w.masks = w.masks || c.Personal
	}
	w.counts.Exact = len(o.Key) > 0
	if len(o.Key) > 0 {
		w.seen = newSeen()
		w.keys = make([][]byte, len(o.Key))
		for i, k := range o.Key {
			w.columns[k].key = i + 1
		}
	}
	w.capacity = min(firstRows, o.BatchRows)
	w.reset()
	return w
}

func (w *Writer) reset() {
	n := w.capacity
	w.line.reset(&w.pools, n)
	for _, c := range []*textColumn{&w.defect, &w.fault, &w.value, &w.raw} {
		c.reset(&w.pools, n)
	}
	w.repeat.reset(&w.pools, n)
	if w.seen != nil {
		w.hashes = append(w.hashes, make([]slot, n-len(w.hashes))...)
		clear(w.hashes)
	}
	for i := range w.columns {
		c := &w.columns[i]
		c.have = 0
		c.text.reset(&w.pools, n)
		switch c.kind {
		case Integer, Timestamp:
			c.word.reset(&w.pools, n)
		case Boolean:
			c.flag.reset(&w.pools, n)
		}
	}
	w.rows, w.compared, w.unsound, w.text = 0, 0, 0, 0
	w.full = w.options.BatchRows
}

// grow makes room for more records in the batch. Those beyond Options.BatchRows take the place of unsound ones.
func (w *Writer) grow() {
	most := w.options.BatchRows
	if w.capacity >= most {
		most += most / 4
	}
	n := min(4*w.capacity, most)
	w.capacity = n
	w.line.grow(&w.pools, n)
	for _, c := range []*textColumn{&w.defect, &w.fault, &w.value, &w.raw} {
		c.grow(&w.pools, n)
	}
	w.repeat.grow(&w.pools, n)
	if w.seen != nil {
		w.hashes = append(w.hashes, make([]slot, n-len(w.hashes))...)
	}
	for i := range w.columns {
		c := &w.columns[i]
		c.text.grow(&w.pools, n)
		switch c.kind {
		case Integer, Timestamp:
			c.word.grow(&w.pools, n)
		case Boolean:
			c.flag.grow(&w.pools, n)
		}
	}
}

// Wants tells whether the record of the line is asked for. A reader that asks may skip the record when not; records
// come in order of their lines.
func (w *Writer) Wants(line int64) bool {
	if !w.options.Some {
		return true
	}
	for w.next < len(w.options.Lines) && w.options.Lines[w.next] < line {
		w.next++
	}
	if w.next < len(w.options.Lines) && w.options.Lines[w.next] == line {
		return true
	}
	w.counts.Rows++
	return false
}

// Begin starts a record.
func (w *Writer) Begin(line int64) {
	w.line.set(w.rows, line)
	w.keyed = 0
	w.secrets = w.secrets[:0]
}

// Field gives the value of column i, spaces around it cut off; the bytes are copied. A second value for the same
// column of a record is ignored and false is returned.
func (w *Writer) Field(i int, value []byte) bool {
	c := &w.columns[i]
	row := w.rows
	if c.have > row {
		return false
	}
	value = trim(value)
	if len(value) == 0 || len(w.options.Null) > 0 && w.missing(value) {
		return true
	}
	c.have = row + 1
	if c.personal {
		if w.options.Raw {
			w.secrets = append(w.secrets, append([]byte(nil), value...))
		}
		w.hashed = w.options.Hash.Append(w.hashed[:0], value)
		value = w.hashed
	}
	switch c.kind {
	case Integer:
		if v, ok := plainInteger(value); ok {
			c.word.set(row, v)
			return true
		}
	case Timestamp:
		if v, ok := w.clock.plainTime(value); ok {
			c.word.set(row, v)
			return true
		}
	case Boolean:
		if v, ok := plainBoolean(value); ok {
			c.flag.set(row, v)
			return true
		}
	}
	c.text.set(row, value)
	w.text += len(value)
	if c.key > 0 {
		// The stored copy: the reader may reuse its bytes before the record ends.
		w.keys[c.key-1] = c.text.data[len(c.text.data)-len(value):]
		w.keyed++
	}
	return true
}

// Secret marks a text of the record as personal that no column carries, such as a client's address: it is masked in
// the raw text as the values of personal columns are.
func (w *Writer) Secret(value []byte) {
	if w.options.Raw && len(value) > 1 {
		w.secrets = append(w.secrets, append([]byte(nil), value...))
	}
}

// KeepsRaw tells whether the raw text of records is kept in this pass: a reader need not prepare it else.
func (w *Writer) KeepsRaw() bool { return w.options.Raw }

// missing tells whether the value is one of the spellings of NULL.
func (w *Writer) missing(value []byte) bool {
	for _, n := range w.options.Null {
		if string(value) == n {
			return true
		}
	}
	return false
}

// End completes the record; raw is its text in the file. The error is that of the stream's end.
func (w *Writer) End(raw []byte) error {
	w.counts.Rows++
	if w.keyed > 0 && w.keyed == len(w.keys) {
		w.hashes[w.rows] = slot{hashKey(w.keys), xxh3.Hash(raw)}
	}
	return w.finish(raw)
}

// Reject completes the record as one that cannot be loaded: its fields are dropped. Column and value say what the
// defect is about; both may be empty.
func (w *Writer) Reject(defect, column string, value, raw []byte) error {
	w.counts.Rows++
	w.counts.Rejected++
	w.unsound++
	w.leave(w.line.values[w.rows])
	w.defect.set(w.rows, []byte(defect))
	if len(column) > 0 {
		w.fault.set(w.rows, []byte(column))
	}
	if len(value) > 0 {
		w.value.set(w.rows, w.shorten(value))
	}
	if w.masks && w.options.Raw && len(w.secrets) == 0 {
		// The record was not split: nobody knows where in it the personal code stands.
		raw = w.options.Hash.MaskAll(raw)
	}
	return w.finish(raw)
}

func (w *Writer) finish(raw []byte) error {
	if w.options.Raw && len(raw) > 0 {
		for _, secret := range w.secrets {
			raw = bytes.ReplaceAll(raw, secret, w.mask(secret))
		}
		raw = w.shorten(raw)
		w.raw.set(w.rows, raw)
		w.text += len(raw)
	}
	w.rows++
	if w.rows < w.full && w.rows < w.capacity && w.text < maxBatchText {
		return nil
	}
	return w.roomOrFlush()
}

// roomOrFlush makes room for the next record, in the batch or in a new one. The engine stores a batch of BatchRows sound
// records as it comes, and others only after it has put them together with their neighbours, at twice the work.
func (w *Writer) roomOrFlush() error {
	if w.rows >= w.full {
		w.markRepeats()
		w.full = min(w.options.BatchRows+w.unsound, w.options.BatchRows+w.options.BatchRows/4)
	}
	if w.rows >= w.full || w.text >= maxBatchText {
		return w.flush()
	}
	if w.rows == w.capacity {
		w.grow()
	}
	return nil
}

// mask is what stands for a personal text: its keyed hash, or stars where the workspace has no key.
func (w *Writer) mask(secret []byte) []byte {
	if w.options.Hash == nil {
		return []byte("***")
	}
	return w.options.Hash.Append(nil, secret)
}

// shorten cuts a text to what is kept of raw records and makes it valid UTF-8.
func (w *Writer) shorten(b []byte) []byte {
	if len(b) > w.options.RawLimit {
		b = b[:w.options.RawLimit]
		for len(b) > 0 && !utf8.RuneStart(b[len(b)-1]) {
			b = b[:len(b)-1]
		}
		b = append(b[:max(0, len(b)-1):max(0, len(b)-1)], "…"...)
	}
	if !utf8.Valid(b) {
		b = []byte(string([]rune(string(b))))
	}
	return b
}

// markRepeats compares the keys of the batch's records with all before them, as far as it was not done.
func (w *Writer) markRepeats() {
	from := w.compared
	w.compared = w.rows
	if w.options.Some {
		// All lines asked for are repeats, or were rejected before it mattered.
		for row := from; row < w.rows; row++ {
			w.repeat.set(row, true)
		}
		return
	}
	if w.seen == nil {
		return
	}
	w.seen.addAll(w.hashes[from:w.rows], func(i int, same bool) {
		row := from + i
		w.repeat.set(row, !same)
		w.unsound++
		if same {
			w.counts.Same++
			return
		}
		w.counts.Repeated++
		w.leave(w.line.values[row])
	})
}

// leave remembers a line that will not be loaded as it stands, as long as they are few.
func (w *Writer) leave(line int64) {
	if len(w.counts.Left) < maxLeft {
		w.counts.Left = append(w.counts.Left, line)
	}
}

// flush hands the batch to the stream.
func (w *Writer) flush() error {
	if w.rows == 0 {
		return nil
	}
	w.markRepeats()
	p := &w.pools
	n := w.rows
	arrays := []arrow.Array{w.line.array(p, n), w.defect.array(p, n), w.fault.array(p, n), w.value.array(p, n), w.repeat.array(p, n), w.raw.array(p, n)}
	for i := range w.columns {
		c := &w.columns[i]
		arrays = append(arrays, c.text.array(p, n))
		switch c.kind {
		case Integer, Timestamp:
			arrays = append(arrays, c.word.array(p, n))
		case Boolean:
			arrays = append(arrays, c.flag.array(p, n))
		}
	}
	row, err := array.NewStructArrayWithFields(arrays, w.stream.fields)
	for _, a := range arrays {
		a.Release()
	}
	if err != nil {
		return err
	}
	batch := array.NewRecordBatch(w.stream.schema, []arrow.Array{row}, int64(n))
	row.Release()
	w.reset()
	return w.stream.send(batch)
}

// Counts gives what went through so far.
func (w *Writer) Counts() Counts {
	c := w.counts
	c.Exact = c.Exact && !w.seen.full
	return c
}

// Context is that of the stream: a reader that waits for something else should watch it.
func (w *Writer) Context() context.Context { return w.stream.ctx }

// trim cuts blanks, tabs, line ends and ideographic spaces off both ends.
func trim(b []byte) []byte {
	if n := len(b); n > 0 && !edge[b[0]] && !edge[b[n-1]] {
		return b
	}
	return trimSpace(b)
}

// edge holds the bytes that a blank may begin or end with in UTF-8.
var edge = func() (e [256]bool) {
	for r := rune(0); r <= 0xFFFF; r++ {
		if blank(r) {
			s := string(r)
			e[s[0]], e[s[len(s)-1]] = true, true
		}
	}
	return e
}()

func trimSpace(b []byte) []byte {
	for len(b) > 0 {
		r, size := utf8.DecodeRune(b)
		if !blank(r) {
			break
		}
		b = b[size:]
	}
	for len(b) > 0 {
		r, size := utf8.DecodeLastRune(b)
		if !blank(r) {
			break
		}
		b = b[:len(b)-size]
	}
	return b
}

func blank(r rune) bool {
	return r <= ' ' || r == 0x3000 || r == 0xA0 || r == 0xFEFF
}
