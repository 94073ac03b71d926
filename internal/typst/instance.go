package typst

import (
	"errors"
	"fmt"
	"math"
	"strings"

	"github.com/bytecodealliance/wasmtime-go/v39"
)

// instance is a running module: its memory and the functions it exports. Values
// go in and out as words of 64 bits, whatever their type.
type instance struct {
	store  *wasmtime.Store
	ran    *wasmtime.Instance
	memory *wasmtime.Memory
	limit  uint64 // of the memory, bytes
	called map[string]function
}

type function struct {
	*wasmtime.Func
	takes []wasmtime.ValKind
}

// instance starts the module; the machine answers what it asks of its host.
func (l *loader) instance(m *machine) (*instance, error) {
	i := &instance{store: wasmtime.NewStore(l.engine), limit: l.limit, called: map[string]function{}}
	const unlimited = -1
	i.store.Limiter(int64(l.limit), unlimited, unlimited, unlimited, unlimited)
	hosts, err := l.hosts(i.store, m)
	if err == nil {
		i.ran, err = wasmtime.NewInstance(i.store, l.module, hosts)
	}
	if err != nil {
		i.close()
		return nil, fmt.Errorf("start typst %s: %w", Version, err)
	}
	i.memory = i.ran.GetExport(i.store, "memory").Memory()
	return i, nil
}

// hosts are the functions that the module imports, in its order.
func (l *loader) hosts(store *wasmtime.Store, m *machine) ([]wasmtime.AsExtern, error) {
	known := imports()
	var hosts []wasmtime.AsExtern
	for _, wanted := range l.module.Imports() {
		name := ""
		if n := wanted.Name(); n != nil {
			name = *n
		}
		kind := wanted.Type().FuncType()
		answer, ok := known[name]
		if !ok || kind == nil {
			return nil, fmt.Errorf("it asks for %s, which is not known: another version of the module", name)
		}
		gives := kinds(kind.Results())
		hosts = append(hosts, wasmtime.NewFunc(store, kind, func(_ *wasmtime.Caller, arguments []wasmtime.Val) ([]wasmtime.Val, *wasmtime.Trap) {
			words := make([]uint64, max(len(arguments), len(gives)))
			for i, a := range arguments {
				words[i] = word(a.Get())
			}
			answer(m, words)
			results := make([]wasmtime.Val, len(gives))
			for i, k := range gives {
				results[i] = value(k, words[i])
			}
			return results, nil
		}))
	}
	return hosts, nil
}

// call runs an exported function.
func (i *instance) call(name string, arguments []uint64) (uint64, error) {
	f, ok := i.called[name]
	if !ok {
		exported := i.ran.GetFunc(i.store, name)
		if exported == nil {
			return 0, fmt.Errorf("typst has no function %s", name)
		}
		f = function{exported, kinds(exported.Type(i.store).Params())}
		i.called[name] = f
	}
	values := make([]any, len(arguments))
	for n, a := range arguments {
		values[n] = value(f.takes[n], a)
	}
	result, err := f.Call(i.store, values...)
	if err != nil {
		return 0, i.ended(err)
	}
	return word(result), nil
}

// ended says why the module ended in the middle. The error of the runtime lists
// numbers of functions, its cause comes after them. A document that is too large
// ends as any other failure does, so the memory is told too.
func (i *instance) ended(err error) error {
	text := err.Error()
	if _, cause, ok := strings.Cut(text, "Caused by:"); ok {
		text, _, _ = strings.Cut(strings.TrimSpace(cause), "\n")
	}
	used := uint64(len(i.bytes()))
	text = fmt.Sprintf("typst ended in the middle: %s; %d of its %d MB of memory were in use", text, used>>20, i.limit>>20)
	if used > i.limit/2 {
		text += ": the document is too large, have fewer rows or pages in it"
	}
	return errors.New(text)
}

// bytes is the memory, valid until the module runs again.
func (i *instance) bytes() []byte { return i.memory.UnsafeData(i.store) }

func (i *instance) close() { i.store.Close() }

func kinds(types []*wasmtime.ValType) []wasmtime.ValKind {
	list := make([]wasmtime.ValKind, len(types))
	for i, t := range types {
		list[i] = t.Kind()
	}
	return list
}

// value is a word as a value of a type, word the other way round.
func value(k wasmtime.ValKind, w uint64) wasmtime.Val {
	switch k {
	case wasmtime.KindI32:
		return wasmtime.ValI32(int32(uint32(w)))
	case wasmtime.KindI64:
		return wasmtime.ValI64(int64(w))
	case wasmtime.KindF32:
		return wasmtime.ValF32(math.Float32frombits(uint32(w)))
	case wasmtime.KindF64:
		return wasmtime.ValF64(math.Float64frombits(w))
	}
	raise(fmt.Errorf("typst passes a value of type %s", k))
	return wasmtime.Val{}
}

func word(v any) uint64 {
	switch v := v.(type) {
	case nil: // a function without a result
		return 0
	case int32:
		return uint64(uint32(v))
	case int64:
		return uint64(v)
	case float32:
		return uint64(math.Float32bits(v))
	case float64:
		return math.Float64bits(v)
	}
	raise(fmt.Errorf("typst passes a %T", v))
	return 0
}
