package publish

import (
	"runtime/debug"
	"sync"
)

// thrift is the garbage collector's percentage while documents are made. They and the month stay until all are made, and
// the typesetter needs its memory at the same time; collecting at double the size would let a third of it lie idle.
const thrift = 40

var thrifty struct {
	mu     sync.Mutex
	issues int // that are being made
	before int // percentage when none is
}

// saveMemory sets the percentage, which is the whole process's, until the last of the issues made at the same time has
// called done.
func saveMemory() (done func()) {
	thrifty.mu.Lock()
	defer thrifty.mu.Unlock()
	if thrifty.issues == 0 {
		thrifty.before = debug.SetGCPercent(thrift)
	}
	thrifty.issues++
	return func() {
		thrifty.mu.Lock()
		defer thrifty.mu.Unlock()
		if thrifty.issues--; thrifty.issues == 0 {
			debug.SetGCPercent(thrifty.before)
		}
	}
}
