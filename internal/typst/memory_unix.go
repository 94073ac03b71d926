//go:build unix

package typst

import (
	"context"
	"errors"
	"syscall"

	"github.com/tetratelabs/wazero/experimental"
)

// withMemory gives the module memory of the system's own, reserved up to its
// limit and touched as it grows. Growing a Go slice instead copies it each time
// and leaves the old one to the collector: four times as much memory at the peak.
func withMemory(ctx context.Context) context.Context {
	return experimental.WithMemoryAllocator(ctx, experimental.MemoryAllocatorFunc(reserve))
}

type mapped struct{ whole []byte }

func reserve(_, most uint64) experimental.LinearMemory {
	whole, err := syscall.Mmap(-1, 0, int(most), syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_PRIVATE|syscall.MAP_ANON)
	if err != nil {
		raise(errors.Join(errors.New("no memory for typst"), err))
	}
	return &mapped{whole}
}

// Reallocate grows or shrinks the part in use; nil says that it cannot.
func (m *mapped) Reallocate(size uint64) []byte {
	if size > uint64(len(m.whole)) {
		return nil
	}
	return m.whole[:size]
}

// Free gives the memory back to the system.
func (m *mapped) Free() {
	if m.whole != nil {
		syscall.Munmap(m.whole)
		m.whole = nil
	}
}
