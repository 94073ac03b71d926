package record

import "sync"

// pool recycles the memory of batches: the engine gives a block back when it has read it. It is an Arrow allocator;
// all blocks of a pool serve one purpose and so have about the same size. A sync.Pool would be emptied by every
// garbage collection, and fresh blocks cost page faults.
type pool struct {
	mu     sync.Mutex
	blocks [][]byte
}

// maxBlocks bounds what a pool keeps: a few batches of some dozen columns.
const maxBlocks = 256

// get gives a block of the length, with whatever it held before.
func (p *pool) get(size int) []byte {
	p.mu.Lock()
	defer p.mu.Unlock()
	for n := len(p.blocks); n > 0; n = len(p.blocks) {
		b := p.blocks[n-1]
		p.blocks = p.blocks[:n-1]
		if cap(b) >= size {
			return b[:size]
		}
	}
	return make([]byte, size)
}

// grow gives a block of the length that begins with what b holds, and takes b back.
func (p *pool) grow(b []byte, size int) []byte {
	larger := p.get(size)
	copy(larger, b)
	p.Free(b)
	return larger
}

// Free takes a block back.
func (p *pool) Free(b []byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.blocks) < maxBlocks {
		p.blocks = append(p.blocks, b)
	}
}

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
