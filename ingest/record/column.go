package record

import (
	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
)

// The columns of a batch under construction. A row that is given nothing is NULL: nothing is done for it before a later
// row is given something, or the batch ends.

// bitmap is a validity or boolean bitmap under construction.
type bitmap struct {
	bits []byte
	set  int
}

func (b *bitmap) reset(p *pools, capacity int) {
	b.bits = p.bits.get(bitmapBytes(capacity))
	clear(b.bits)
	b.set = 0
}

func (b *bitmap) grow(p *pools, capacity int) {
	n := len(b.bits)
	b.bits = p.bits.grow(b.bits, bitmapBytes(capacity))
	clear(b.bits[n:])
}

func bitmapBytes(rows int) int { return (rows + 63) / 64 * 8 }

func (b *bitmap) mark(row int) {
	b.bits[row>>3] |= 1 << (row & 7)
	b.set++
}

// validity is the bitmap as a validity buffer: none when every row is valid.
func (b *bitmap) validity(p *pools, rows int) *memory.Buffer {
	if b.set == rows {
		p.bits.Free(b.bits)
		return nil
	}
	return memory.NewBufferWithAllocator(b.bits, &p.bits)
}

// textColumn collects the values of a text column of a batch.
type textColumn struct {
	data    []byte
	offsets []int32
	block   []byte // memory of the offsets
	valid   bitmap
	rows    int // rows whose end is known
}

func (c *textColumn) reset(p *pools, capacity int) {
	c.data = p.text.get(capacity * 8)[:0]
	c.block = p.offsets.get((capacity + 1) * 4)
	c.offsets = arrow.Int32Traits.CastFromBytes(c.block)
	c.offsets[0] = 0
	c.valid.reset(p, capacity)
	c.rows = 0
}

func (c *textColumn) grow(p *pools, capacity int) {
	c.block = p.offsets.grow(c.block, (capacity+1)*4)
	c.offsets = arrow.Int32Traits.CastFromBytes(c.block)
	c.valid.grow(p, capacity)
}

func (c *textColumn) set(row int, value []byte) {
	c.pad(row)
	c.data = append(c.data, value...)
	c.valid.mark(row)
	c.rows = row + 1
	c.offsets[c.rows] = int32(len(c.data))
}

// pad ends the rows before the given one.
func (c *textColumn) pad(row int) {
	for c.rows < row {
		c.rows++
		c.offsets[c.rows] = int32(len(c.data))
	}
}

func (c *textColumn) array(p *pools, rows int) arrow.Array {
	c.pad(rows)
	d := array.NewData(arrow.BinaryTypes.String, rows, []*memory.Buffer{
		c.valid.validity(p, rows),
		memory.NewBufferWithAllocator(c.block, &p.offsets),
		memory.NewBufferWithAllocator(c.data, &p.text),
	}, nil, rows-c.valid.set, 0)
	return fromData(d)
}

// wordColumn collects 64-bit values: integers and times.
type wordColumn struct {
	kind   Kind
	values []int64
	block  []byte // memory of the values
	valid  bitmap
}

func (c *wordColumn) reset(p *pools, capacity int) {
	c.block = p.words.get(capacity * 8)
	c.values = arrow.Int64Traits.CastFromBytes(c.block)
	c.valid.reset(p, capacity)
}

func (c *wordColumn) grow(p *pools, capacity int) {
	c.block = p.words.grow(c.block, capacity*8)
	c.values = arrow.Int64Traits.CastFromBytes(c.block)
	c.valid.grow(p, capacity)
}

func (c *wordColumn) set(row int, v int64) {
	c.valid.mark(row)
	c.values[row] = v
}

func (c *wordColumn) array(p *pools, rows int) arrow.Array {
	d := array.NewData(c.kind.arrow(), rows, []*memory.Buffer{
		c.valid.validity(p, rows), memory.NewBufferWithAllocator(c.block, &p.words),
	}, nil, rows-c.valid.set, 0)
	return fromData(d)
}

// flagColumn collects booleans.
type flagColumn struct{ valid, value bitmap }

func (c *flagColumn) reset(p *pools, capacity int) {
	c.valid.reset(p, capacity)
	c.value.reset(p, capacity)
}

func (c *flagColumn) grow(p *pools, capacity int) {
	c.valid.grow(p, capacity)
	c.value.grow(p, capacity)
}

func (c *flagColumn) set(row int, v bool) {
	c.valid.mark(row)
	if v {
		c.value.mark(row)
	}
}

func (c *flagColumn) array(p *pools, rows int) arrow.Array {
	d := array.NewData(arrow.FixedWidthTypes.Boolean, rows, []*memory.Buffer{
		c.valid.validity(p, rows), memory.NewBufferWithAllocator(c.value.bits, &p.bits),
	}, nil, rows-c.valid.set, 0)
	return fromData(d)
}

// fromData makes the array and gives up the own hold on its data and buffers, so that the last release of the array
// returns the memory.
func fromData(d *array.Data) arrow.Array {
	a := array.MakeFromData(d)
	for _, b := range d.Buffers() {
		if b != nil {
			b.Release()
		}
	}
	d.Release()
	return a
}
