// Package record turns the rows of a file into a stream of column batches that the engine scans.
//
// A reader hands over fields as text; the package builds Arrow batches from them, converts the plain spellings of
// integers, booleans and times on the way, marks rows whose key was seen before and rows that the reader could not
// split into columns. It never decides what a value means: every other spelling reaches the engine as text.
package record

import (
	"fmt"
	"time"

	"github.com/apache/arrow-go/v18/arrow"

	"weir/ingest/personal"
)

// Kind says which plain spellings a column is converted from.
type Kind int

// Text columns are never converted. The others have a typed companion: where the spelling is plain the companion
// has the value and the text is NULL, else the text is kept for the engine to cast.
const (
	Text Kind = iota
	Integer
	Boolean
	Timestamp
)

// Column is a column of the file that the stream carries.
type Column struct {
	Name     string
	Kind     Kind
	Personal bool // code of a person or an address: only its keyed hash leaves the writer; text columns only
}

// Names of the fields that every stream has beside those of the file.
const (
	Line   = "line"         // physical line, or number of the record in formats without lines
	Defect = "defect"       // code of what is wrong with the record, NULL where it could be split
	Fault  = "fault_column" // column that the defect is about
	Value  = "fault_value"  // value that the defect is about
	Repeat = "repeat"       // FALSE where the record is the same as an earlier one, TRUE where only its key is
	Raw    = "raw"          // the record as it stands in the file, only when asked for
)

// TextField names the field of column i, TypedField that of its typed companion.
func TextField(i int) string  { return fmt.Sprintf("c%d", i) }
func TypedField(i int) string { return fmt.Sprintf("t%d", i) }

// Row is the name of the stream's single column, a struct of all fields. The engine's Arrow scan maps columns by
// position: a query that uses only some of them is given the wrong ones without an error. A single struct column
// cannot be mapped wrongly.
const Row = "r"

// RowGroup is how many rows the engine stores together. A batch of as many is stored by the thread that takes it, at
// once; smaller ones wait until the file is read, and one thread copies them together then.
const RowGroup = 122_880

// Options describe a stream.
type Options struct {
	Columns   []Column
	Zone      *time.Location   // zone of times without offset; nil is UTC
	Key       []int            // text columns that identify a record; empty: repeats are not looked for
	Null      []string         // spellings of a missing value beside the blank
	Hash      *personal.Hasher // for personal columns; required where there are any
	Raw       bool             // carry the raw text of each record
	RawLimit  int              // longest raw text kept, in bytes; 0 is 16 KiB
	Some      bool             // only the records of Lines are asked for, all of them repeats or rejected ones
	Lines     []int64          // in ascending order
	BatchRows int              // sound rows of a batch, which may have unsound ones beside; 0 is RowGroup
}

func (o Options) fields() []arrow.Field {
	fields := []arrow.Field{
		{Name: Line, Type: arrow.PrimitiveTypes.Int64},
		{Name: Defect, Type: arrow.BinaryTypes.String, Nullable: true},
		{Name: Fault, Type: arrow.BinaryTypes.String, Nullable: true},
		{Name: Value, Type: arrow.BinaryTypes.String, Nullable: true},
		{Name: Repeat, Type: arrow.FixedWidthTypes.Boolean, Nullable: true},
		{Name: Raw, Type: arrow.BinaryTypes.String, Nullable: true},
	}
	for i, c := range o.Columns {
		fields = append(fields, arrow.Field{Name: TextField(i), Type: arrow.BinaryTypes.String, Nullable: true})
		if t := c.Kind.arrow(); t != nil {
			fields = append(fields, arrow.Field{Name: TypedField(i), Type: t, Nullable: true})
		}
	}
	return fields
}

func (k Kind) arrow() arrow.DataType {
	switch k {
	case Integer:
		return arrow.PrimitiveTypes.Int64
	case Boolean:
		return arrow.FixedWidthTypes.Boolean
	case Timestamp:
		return &arrow.TimestampType{Unit: arrow.Microsecond}
	}
	return nil
}
