package typst

import (
	"encoding/binary"
	"fmt"
)

// reserved is the number of handles that are never given back: 128 empty ones
// and undefined, null, true, false, as the module's glue numbers them.
const reserved = 132

// machine is a running module with the table of values it refers to by number.
type machine struct {
	instance *instance
	table    []any
	free     []uint32
	global   *objectValue
	tasks    tasks
	notes    []string // what the module wrote to the console
}

func newMachine() *machine {
	m := &machine{global: &objectValue{}}
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

// bytes is a part of the module's memory. It is valid until the module runs
// again, which may move its memory.
func (m *machine) bytes(at, length uint64) []byte {
	memory, from, n := m.instance.bytes(), uint64(uint32(at)), uint64(uint32(length))
	if from+n > uint64(len(memory)) {
		raise(fmt.Errorf("typst refers to %d bytes at %d of its memory of %d", n, from, len(memory)))
	}
	return memory[from : from+n]
}

func (m *machine) text(at, length uint64) string { return string(m.bytes(at, length)) }

func (m *machine) write(at uint64, data []byte) { copy(m.bytes(at, uint64(len(data))), data) }

func (m *machine) word(at uint64) uint32 { return binary.LittleEndian.Uint32(m.bytes(at, 4)) }

func (m *machine) setWord(at uint64, v uint32) { binary.LittleEndian.PutUint32(m.bytes(at, 4), v) }

// call runs an exported function.
func (m *machine) call(name string, arguments ...uint64) uint64 {
	result, err := m.instance.call(name, arguments)
	if err != nil {
		raise(err)
	}
	return result
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
	room := int32(-16)
	result := m.call("__wbindgen_add_to_stack_pointer", uint64(uint32(room)))
	defer m.call("__wbindgen_add_to_stack_pointer", 16)
	f(result)
	if m.word(result+8) != 0 {
		return 0, fmt.Errorf("typst: %s", describe(m.take(uint64(m.word(result+4)))))
	}
	return m.word(result), nil
}
