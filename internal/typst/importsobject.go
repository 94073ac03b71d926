package typst

import (
	"encoding/binary"
	"math"
	"strings"
)

// makers make values.
var makers = map[string]hostFunction{
	"__wbg_Error_52673b7de5a0ca89":     newError,
	"__wbg_new_df1173567d5ff028":       newError,
	"__wbg_new_8a6f238a6ece86ea":       func(m *machine, s []uint64) { s[0] = m.add(&errorValue{"error"}) },
	"__wbg_new_1ba21ce319a06297":       func(m *machine, s []uint64) { s[0] = m.add(&objectValue{}) },
	"__wbg_new_25f239778d6112b9":       func(m *machine, s []uint64) { s[0] = m.add(&arrayValue{}) },
	"__wbg_new_b2db8aa2650f793a":       func(m *machine, s []uint64) { s[0] = m.add(&dateValue{}) },
	"__wbg_iterator_27b7c8b35ab3e86b":  func(m *machine, s []uint64) { s[0] = m.add(iterator{}) },
	"__wbindgen_cast_2241b6af4c4b2941": func(m *machine, s []uint64) { s[0] = m.add(m.text(s[0], s[1])) },
	"__wbindgen_cast_4625c577ab2ec9ee": func(m *machine, s []uint64) { s[0] = m.add(s[0]) },
	"__wbindgen_cast_9ae0607507abb057": func(m *machine, s []uint64) { s[0] = m.add(int64(s[0])) },
	"__wbindgen_cast_d6cd19b81560fd6e": func(m *machine, s []uint64) { s[0] = m.add(math.Float64frombits(s[0])) },
	"__wbindgen_object_clone_ref":      func(m *machine, s []uint64) { s[0] = m.add(m.get(s[0])) },
	"__wbindgen_object_drop_ref":       func(m *machine, s []uint64) { m.drop(s[0]) },
	"__wbg_typstcompiler_new":          newHandle("compiler"),
	"__wbg_typstfontresolver_new":      newHandle("font resolver"),
	"__wbg_proxycontext_new":           newHandle("proxy context"),
	"__wbg_new_6421f6084cc5bc5a": func(m *machine, s []uint64) {
		b, ok := m.get(s[0]).(*bytesValue)
		if !ok {
			b = &bytesValue{}
		}
		s[0] = m.add(b)
	},
	"__wbg_new_from_slice_f9c22b9153b26992": func(m *machine, s []uint64) {
		s[0] = m.add(&bytesValue{append([]byte(nil), m.bytes(s[0], s[1])...)})
	},
	"__wbg_new_from_slice_db0691b69e9d3891": func(m *machine, s []uint64) {
		raw := m.bytes(s[0], 4*s[1])
		words := make([]uint32, len(raw)/4)
		for i := range words {
			words[i] = binary.LittleEndian.Uint32(raw[4*i:])
		}
		s[0] = m.add(&wordsValue{words})
	},
}

func newError(m *machine, s []uint64) { s[0] = m.add(&errorValue{m.text(s[0], s[1])}) }

func newHandle(class string) hostFunction {
	return func(m *machine, s []uint64) { s[0] = m.add(&handleValue{class, uint32(s[0])}) }
}

// containers read and change objects and arrays.
var containers = map[string]hostFunction{
	"__wbg_get_6b7bd52aca3f9671":              func(m *machine, s []uint64) { s[0] = m.add(property(m.get(s[0]), float64(uint32(s[1])))) },
	"__wbg_get_af9dab7e9603ea93":              getMember,
	"__wbg_get_with_ref_key_1dc361bd10053bfe": getMember,
	"__wbg_next_138a17bbf04e926c":             func(m *machine, s []uint64) { s[0] = m.add(property(m.get(s[0]), "next")) },
	"__wbg_value_57b7b035e117f7ee":            func(m *machine, s []uint64) { s[0] = m.add(property(m.get(s[0]), "value")) },
	"__wbg_queueMicrotask_9b549dfce8865860":   func(m *machine, s []uint64) { s[0] = m.add(m.enqueue()) },
	"__wbg_done_62ea16af4ce34b24": func(m *machine, s []uint64) {
		done, _ := property(m.get(s[0]), "done").(bool)
		s[0] = flag(done)
	},
	"__wbg_entries_83c79938054e065f": func(m *machine, s []uint64) {
		entries := &arrayValue{}
		if o, ok := m.get(s[0]).(*objectValue); ok {
			for _, k := range o.keys {
				entries.items = append(entries.items, &arrayValue{[]any{k, o.fields[k]}})
			}
		}
		s[0] = m.add(entries)
	},
	"__wbg_push_7d9be8f38fc13975": func(m *machine, s []uint64) {
		a, ok := m.get(s[0]).(*arrayValue)
		if !ok {
			s[0] = 0
			return
		}
		a.items = append(a.items, m.get(s[1]))
		s[0] = uint64(len(a.items))
	},
	"__wbg_set_3f1d0b984ed272ed": func(m *machine, s []uint64) {
		key, _ := m.take(s[1]).(string)
		value := m.take(s[2])
		if o, ok := m.get(s[0]).(*objectValue); ok {
			o.set(key, value)
		}
	},
	"__wbg_set_781438a03c0c3c81": func(m *machine, s []uint64) {
		o, ok := m.get(s[0]).(*objectValue)
		if ok {
			key, _ := m.get(s[1]).(string)
			o.set(key, m.get(s[2]))
		}
		s[0] = flag(ok)
	},
	"__wbg_set_7df433eea03a5c14": func(m *machine, s []uint64) {
		place, value := int(uint32(s[1])), m.take(s[2])
		if a, ok := m.get(s[0]).(*arrayValue); ok {
			for len(a.items) <= place {
				a.items = append(a.items, undefined{})
			}
			a.items[place] = value
		}
	},
}

func getMember(m *machine, s []uint64) { s[0] = m.add(property(m.get(s[0]), m.get(s[1]))) }

// enqueue is the function that puts a function behind the current script.
func (m *machine) enqueue() *functionValue {
	return &functionValue{call: func(arguments []any) (any, error) {
		if len(arguments) > 0 {
			m.queue(arguments[0])
		}
		return undefined{}, nil
	}}
}

func (m *machine) queue(v any) {
	if f, ok := v.(*functionValue); ok {
		m.tasks.later(func() {
			if _, err := f.call([]any{undefined{}}); err != nil {
				raise(err)
			}
		})
	}
}

// calls run functions and promises.
var calls = map[string]hostFunction{
	"__wbg_call_abb4ff46ce38be40":           func(m *machine, s []uint64) { m.apply(s) },
	"__wbg_call_3020136f7a2d6e44":           func(m *machine, s []uint64) { m.apply(s, m.get(s[2])) },
	"__wbg_call_78f94eb02ec7f9b2":           func(m *machine, s []uint64) { m.apply(s, m.get(s[2]), m.get(s[3]), m.get(s[4])) },
	"__wbg_queueMicrotask_fca69f5bfad613a5": func(m *machine, s []uint64) { m.queue(m.get(s[0])) },
	"__wbg_next_3cfe5c0fe2a4cc53": func(m *machine, s []uint64) {
		next, _ := property(m.get(s[0]), "next").(*functionValue)
		if next == nil {
			m.throw(&errorValue{"value has no next"})
			s[0] = 0
			return
		}
		v, _ := next.call(nil)
		s[0] = m.add(v)
	},
	// The module asks for `return this` only, to find its surroundings.
	"__wbg_new_no_args_cb138f77cf6151ee": func(m *machine, s []uint64) {
		isThis := strings.Contains(m.text(s[0], s[1]), "return this")
		s[0] = m.add(&functionValue{call: func([]any) (any, error) {
			if isThis {
				return m.global, nil
			}
			return undefined{}, nil
		}})
	},
	"__wbg_new_with_args_df9e7125ffe55248": func(m *machine, s []uint64) {
		s[0] = m.add(&functionValue{call: func([]any) (any, error) { return undefined{}, nil }})
	},
	"__wbg_new_ff12d2b041fb48f1": func(m *machine, s []uint64) {
		p := m.tasks.promise()
		settle := func(rejected bool) *functionValue {
			return &functionValue{call: func(arguments []any) (any, error) {
				var v any = undefined{}
				if len(arguments) > 0 {
					v = arguments[0]
				}
				p.settle(v, rejected)
				return undefined{}, nil
			}}
		}
		m.call("__wasm_bindgen_func_elem_37350", s[0], s[1], m.add(settle(false)), m.add(settle(true)))
		s[0] = m.add(p)
	},
	"__wbg_resolve_fd5bfbaa4ce36e1e": func(m *machine, s []uint64) {
		p, ok := m.get(s[0]).(*promiseValue)
		if !ok {
			p = m.tasks.promise()
			p.settle(m.get(s[0]), false)
		}
		s[0] = m.add(p)
	},
	"__wbg_then_4f95312d68691235": func(m *machine, s []uint64) {
		p, isPromise := m.get(s[0]).(*promiseValue)
		f, isFunction := m.get(s[1]).(*functionValue)
		if !isPromise || !isFunction {
			s[0] = m.add(undefined{})
			return
		}
		s[0] = m.add(p.then(f))
	},
	"__wbindgen_cast_3334ea73b4b28ba3": func(m *machine, s []uint64) { s[0] = m.add(m.closure(s[0], s[1])) },
	"__wbg__wbg_cb_unref_87dfb5aaa0cbcea7": func(m *machine, s []uint64) {
		if f, ok := m.get(s[0]).(*functionValue); ok && f.release != nil {
			f.release()
		}
	},
}

// apply calls the function s[0]; an error goes to the module as an exception.
func (m *machine) apply(s []uint64, arguments ...any) {
	f, ok := m.get(s[0]).(*functionValue)
	if !ok {
		m.throw(&errorValue{"value is no function"})
		s[0] = 0
		return
	}
	v, err := f.call(arguments)
	if err != nil {
		m.throw(err)
		s[0] = 0
		return
	}
	s[0] = m.add(v)
}

// closure wraps a closure of the module. It is counted: each run holds it, so
// that it is not freed while it runs.
func (m *machine) closure(data, vtable uint64) *functionValue {
	holders := 1
	f := &functionValue{}
	f.release = func() {
		if holders--; holders == 0 {
			m.call("__wasm_bindgen_func_elem_957", data, vtable)
			data = 0
		}
	}
	f.call = func(arguments []any) (any, error) {
		var argument any = undefined{}
		if len(arguments) > 0 {
			argument = arguments[0]
		}
		holders++
		held := data
		data = 0 // the module must not enter the closure twice
		m.call("__wasm_bindgen_func_elem_944", held, vtable, m.add(argument))
		data = held
		f.release()
		return undefined{}, nil
	}
	return f
}
