package typst

import (
	"context"
	"fmt"

	"github.com/tetratelabs/wazero/api"
)

// reserved is the number of handles that are never given back: 128 empty ones
// and undefined, null, true, false, as the module's glue numbers them.
const reserved = 132

// machine is a running module with the table of values it refers to by number.
type machine struct {
	ctx    context.Context // of the running call
	module api.Module
	memory api.Memory
	table  []any
	free   []uint32
	global *objectValue
	tasks  tasks
	notes  []string // what the module wrote to the console
}

func newMachine(ctx context.Context) *machine {
	m := &machine{ctx: ctx, global: &objectValue{}}
	for range 128 {
		m.table = append(m.table, undefined{})
	}
	m.table = append(m.table, undefined{}, nil, true, false)
	return m
}

// raise ends the module's run with an error; catch takes it at the package's
// edge.
func raise(err error) { panic(err) }

// catch turns a raised error, and any other panic of the module's run, into an
// error.
func catch(err *error) {
	switch r := recover().(type) {
	case nil:
	case error:
		*err = r
	default:
		*err = fmt.Errorf("typst: %v", r)
	}
}

// add gives a value a number.
func (m *machine) add(v any) uint64 {
	if n := len(m.free); n > 0 {
		i := m.free[n-1]
		m.free = m.free[:n-1]
		m.table[i] = v
		return uint64(i)
	}
	m.table = append(m.table, v)
	return uint64(len(m.table) - 1)
}

func (m *machine) get(i uint64) any {
	if int(uint32(i)) >= len(m.table) {
		raise(fmt.Errorf("typst refers to value %d of %d", uint32(i), len(m.table)))
	}
	return m.table[uint32(i)]
}

func (m *machine) drop(i uint64) {
	if uint32(i) >= reserved {
		m.table[uint32(i)] = nil
		m.free = append(m.free, uint32(i))
	}
}

// take is get and drop.
func (m *machine) take(i uint64) any {
	v := m.get(i)
	m.drop(i)
	return v
}

func (m *machine) bytes(at, length uint64) []byte {
	b, ok := m.memory.Read(uint32(at), uint32(length))
	if !ok {
		raise(fmt.Errorf("typst reads past its memory: %d bytes at %d", uint32(length), uint32(at)))
	}
	return b
}

func (m *machine) text(at, length uint64) string { return string(m.bytes(at, length)) }

func (m *machine) write(at uint64, data []byte) {
	if !m.memory.Write(uint32(at), data) {
		raise(fmt.Errorf("typst writes past its memory: %d bytes at %d", len(data), uint32(at)))
	}
}

func (m *machine) word(at uint64) uint32 {
	v, ok := m.memory.ReadUint32Le(uint32(at))
	if !ok {
		raise(fmt.Errorf("typst reads past its memory at %d", uint32(at)))
	}
	return v
}

func (m *machine) setWord(at uint64, v uint32) {
	if !m.memory.WriteUint32Le(uint32(at), v) {
		raise(fmt.Errorf("typst writes past its memory at %d", uint32(at)))
	}
}

// call runs an exported function.
func (m *machine) call(name string, arguments ...uint64) uint64 {
	f := m.module.ExportedFunction(name)
	if f == nil {
		raise(fmt.Errorf("typst has no function %s", name))
	}
	results, err := f.Call(m.ctx, arguments...)
	if err != nil {
		raise(err)
	}
	if len(results) == 0 {
		return 0
	}
	return results[0]
}

// put copies data into the module's memory, which then owns it.
func (m *machine) put(data []byte) (at, length uint64) {
	at = m.call("__wbindgen_export", uint64(len(data)), 1)
	m.write(at, data)
	return at, uint64(len(data))
}

// throw hands an error to the module as an exception.
func (m *machine) throw(err error) { m.call("__wbindgen_export3", m.add(asError(err))) }

// withResult calls f with room for a result of three words and returns the
// first, or the error that the third announces.
func (m *machine) withResult(f func(result uint64)) (value uint32, err error) {
	result := m.call("__wbindgen_add_to_stack_pointer", api.EncodeI32(-16))
	defer m.call("__wbindgen_add_to_stack_pointer", 16)
	f(result)
	if m.word(result+8) != 0 {
		return 0, fmt.Errorf("typst: %s", describe(m.take(uint64(m.word(result+4)))))
	}
	return m.word(result), nil
}
