package record

import "sync"

// pool recycles the memory of batches: the engine gives a block back when it has read it. It is an Arrow allocator;
// all blocks of a pool serve one purpose and so have about the same size.
type pool struct{ blocks sync.Pool }

// get gives a block of the length, with whatever it held before.
func (p *pool) get(size int) []byte {
	if b, ok := p.blocks.Get().(*[]byte); ok && cap(*b) >= size {
		return (*b)[:size]
	}
	return make([]byte, size)
}

// Free takes a block back.
func (p *pool) Free(b []byte) { p.blocks.Put(&b) }

// Allocate makes a block for Arrow.
func (p *pool) Allocate(size int) []byte { return make([]byte, size) }

// Reallocate makes a block larger for Arrow.
func (p *pool) Reallocate(size int, b []byte) []byte {
	if size <= cap(b) {
		return b[:size]
	}
	larger := make([]byte, size)
	copy(larger, b)
	return larger
}

// pools are those of one stream, shared by its columns.
type pools struct{ words, offsets, bits, text pool }
