package record

import (
	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
)

// bitmap is a validity or boolean bitmap under construction.
type bitmap struct {
	bits []byte
	set  int
}

func (b *bitmap) reset(p *pools, capacity int) {
	b.bits = p.bits.get((capacity + 63) / 64 * 8)
	clear(b.bits)
	b.set = 0
}

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
	rows    int
}

func (c *textColumn) reset(p *pools, capacity int) {
	c.data = p.text.get(capacity * 8)[:0]
	c.block = p.offsets.get((capacity + 1) * 4)
	c.offsets = arrow.Int32Traits.CastFromBytes(c.block)
	c.offsets[0] = 0
	c.valid.reset(p, capacity)
	c.rows = 0
}

func (c *textColumn) append(value []byte) {
	c.data = append(c.data, value...)
	c.valid.mark(c.rows)
	c.rows++
	c.offsets[c.rows] = int32(len(c.data))
}

func (c *textColumn) appendNull() {
	c.rows++
	c.offsets[c.rows] = int32(len(c.data))
}

func (c *textColumn) array(p *pools) arrow.Array {
	d := array.NewData(arrow.BinaryTypes.String, c.rows, []*memory.Buffer{
		c.valid.validity(p, c.rows),
		memory.NewBufferWithAllocator(c.block, &p.offsets),
		memory.NewBufferWithAllocator(c.data, &p.text),
	}, nil, c.rows-c.valid.set, 0)
	return fromData(d)
}

// wordColumn collects 64-bit values: integers and times.
type wordColumn struct {
	kind   Kind
	values []int64
	block  []byte // memory of the values
	valid  bitmap
	rows   int
}

func (c *wordColumn) reset(p *pools, capacity int) {
	c.block = p.words.get(capacity * 8)
	c.values = arrow.Int64Traits.CastFromBytes(c.block)
	c.valid.reset(p, capacity)
	c.rows = 0
}

func (c *wordColumn) append(v int64) {
	c.valid.mark(c.rows)
	c.values[c.rows] = v
	c.rows++
}

func (c *wordColumn) appendNull() {
	c.values[c.rows] = 0
	c.rows++
}

func (c *wordColumn) array(p *pools) arrow.Array {
	d := array.NewData(c.kind.arrow(), c.rows, []*memory.Buffer{
		c.valid.validity(p, c.rows), memory.NewBufferWithAllocator(c.block, &p.words),
	}, nil, c.rows-c.valid.set, 0)
	return fromData(d)
}

// flagColumn collects booleans.
type flagColumn struct {
	valid, value bitmap
	rows         int
}

func (c *flagColumn) reset(p *pools, capacity int) {
	c.valid.reset(p, capacity)
	c.value.reset(p, capacity)
	c.rows = 0
}

func (c *flagColumn) append(v bool) {
	c.valid.mark(c.rows)
	if v {
		c.value.mark(c.rows)
	}
	c.rows++
}

func (c *flagColumn) appendNull() { c.rows++ }

func (c *flagColumn) array(p *pools) arrow.Array {
	d := array.NewData(arrow.FixedWidthTypes.Boolean, c.rows, []*memory.Buffer{
		c.valid.validity(p, c.rows), memory.NewBufferWithAllocator(c.value.bits, &p.bits),
	}, nil, c.rows-c.valid.set, 0)
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
