package typst

import (
	"encoding/binary"
	"errors"
	"maps"
	"math"
	"strings"
)

// hostFunction answers one import of the module. Arguments come in s, the result
// goes into s[0].
type hostFunction func(m *machine, s []uint64)

// imports is every import of the module by its name. The names carry hashes of
// the release, which is why the module is pinned.
func imports() map[string]hostFunction {
	all := map[string]hostFunction{}
	for _, group := range []map[string]hostFunction{tests, readers, makers, containers, calls, surroundings} {
		maps.Copy(all, group)
	}
	return all
}

func flag(b bool) uint64 {
	if b {
		return 1
	}
	return 0
}

// answer writes an optional result: a flag word, then the value 8 bytes on.
func (m *machine) answer(at uint64, present bool, value uint64) {
	m.setWord(at, uint32(flag(present)))
	binary.LittleEndian.PutUint64(m.bytes(at+8, 8), value)
}

// answerText writes an optional text as address and length.
func (m *machine) answerText(at uint64, s string, present bool) {
	var p, n uint64
	if present {
		p, n = m.put([]byte(s))
	}
	m.setWord(at+4, uint32(n))
	m.setWord(at, uint32(p))
}

// tests ask what a value is.
var tests = map[string]hostFunction{
	"__wbg___wbindgen_is_bigint_0e1a2e3f55cfae27": func(m *machine, s []uint64) {
		switch m.get(s[0]).(type) {
		case int64, uint64:
			s[0] = 1
		default:
			s[0] = 0
		}
	},
	"__wbg___wbindgen_is_function_8d400b8b1af978cd": func(m *machine, s []uint64) {
		_, ok := m.get(s[0]).(*functionValue)
		s[0] = flag(ok)
	},
	"__wbg___wbindgen_is_object_ce774f3490692386": func(m *machine, s []uint64) {
		switch m.get(s[0]).(type) {
		case *objectValue, *arrayValue, *bytesValue, *wordsValue, *errorValue, *dateValue, *handleValue, *promiseValue:
			s[0] = 1
		default:
			s[0] = 0
		}
	},
	"__wbg___wbindgen_is_string_704ef9c8fc131030": func(m *machine, s []uint64) {
		_, ok := m.get(s[0]).(string)
		s[0] = flag(ok)
	},
	"__wbg___wbindgen_is_undefined_f6b95eab589e0269": func(m *machine, s []uint64) {
		_, ok := m.get(s[0]).(undefined)
		s[0] = flag(ok)
	},
	"__wbg___wbindgen_jsval_eq_b6101cc9cef1fe36": func(m *machine, s []uint64) { s[0] = flag(m.get(s[0]) == m.get(s[1])) },
	"__wbg___wbindgen_jsval_loose_eq_766057600fdd1b0d": func(m *machine, s []uint64) {
		a, b := m.get(s[0]), m.get(s[1])
		s[0] = flag(a == b || absent(a) && absent(b))
	},
	"__wbg___wbindgen_in_0d3e1e8f0c669317": func(m *machine, s []uint64) {
		key, _ := m.get(s[0]).(string)
		ok := false
		if o, is := m.get(s[1]).(*objectValue); is {
			_, ok = o.fields[key]
		}
		s[0] = flag(ok)
	},
	"__wbg_instanceof_ArrayBuffer_f3320d2419cd0355": func(_ *machine, s []uint64) { s[0] = 0 },
	"__wbg_instanceof_Map_084be8da74364158":         func(_ *machine, s []uint64) { s[0] = 0 },
	"__wbg_instanceof_Uint8Array_da54ccc9d3e09434": func(m *machine, s []uint64) {
		_, ok := m.get(s[0]).(*bytesValue)
		s[0] = flag(ok)
	},
	"__wbg_isArray_51fd9e6422c0a395": func(m *machine, s []uint64) {
		_, ok := m.get(s[0]).(*arrayValue)
		s[0] = flag(ok)
	},
	"__wbg_isSafeInteger_ae7d3f054d55fa16": func(m *machine, s []uint64) {
		f, ok := m.get(s[0]).(float64)
		s[0] = flag(ok && f == math.Trunc(f) && math.Abs(f) < 1<<53)
	},
}

// readers give the module the content of a plain value.
var readers = map[string]hostFunction{
	"__wbg_Number_2d1dcfcf4ec51736": func(m *machine, s []uint64) {
		f, ok := m.get(s[0]).(float64)
		if !ok {
			f = math.NaN()
		}
		s[0] = math.Float64bits(f)
	},
	"__wbg___wbindgen_bigint_get_as_i64_6e32f5e6aff02e1d": func(m *machine, s []uint64) {
		switch v := m.get(s[1]).(type) {
		case int64:
			m.answer(s[0], true, uint64(v))
		case uint64:
			m.answer(s[0], true, v)
		default:
			m.answer(s[0], false, 0)
		}
	},
	"__wbg___wbindgen_boolean_get_dea25b33882b895b": func(m *machine, s []uint64) {
		b, ok := m.get(s[0]).(bool)
		s[0] = flag(b)
		if !ok {
			s[0] = 0xFFFFFF
		}
	},
	"__wbg___wbindgen_number_get_9619185a74197f95": func(m *machine, s []uint64) {
		f, ok := m.get(s[1]).(float64)
		m.answer(s[0], ok, math.Float64bits(f))
	},
	"__wbg___wbindgen_string_get_a2a31e16edf96e42": func(m *machine, s []uint64) {
		text, ok := m.get(s[1]).(string)
		m.answerText(s[0], text, ok)
	},
	"__wbg___wbindgen_debug_string_adfb662ae34724b6": func(m *machine, s []uint64) { m.answerText(s[0], describe(m.get(s[1])), true) },
	"__wbg_stack_0ed75d68575b0f3c":                   func(m *machine, s []uint64) { m.answerText(s[0], "", true) },
	"__wbg_prototypesetcall_dfe9b766cdc1f1fd": func(m *machine, s []uint64) {
		if b, ok := m.get(s[2]).(*bytesValue); ok {
			m.write(s[0], b.data[:min(len(b.data), int(uint32(s[1])))])
		}
	},
	"__wbg_length_22ac23eaec9d8053": length,
	"__wbg_length_d45040a40c570362": length,
}

func length(m *machine, s []uint64) {
	n, _ := property(m.get(s[0]), "length").(float64)
	s[0] = uint64(n)
}

// surroundings is the browser around the module: no window, no clock, a console
// that is kept for error messages.
var surroundings = map[string]hostFunction{
	"__wbg_static_accessor_GLOBAL_769e6b65d6557335":      func(m *machine, s []uint64) { s[0] = m.add(m.global) },
	"__wbg_static_accessor_GLOBAL_THIS_60cf02db4de8e1c1": func(m *machine, s []uint64) { s[0] = m.add(m.global) },
	"__wbg_static_accessor_SELF_08f5a74c69739274":        func(_ *machine, s []uint64) { s[0] = 0 },
	"__wbg_static_accessor_WINDOW_a8924b26aa92d024":      func(_ *machine, s []uint64) { s[0] = 0 },
	"__wbg_now_69d776cd24f5215b":                         func(_ *machine, s []uint64) { s[0] = math.Float64bits(0) },
	"__wbg_getTimezoneOffset_45389e26d6f46823":           func(_ *machine, s []uint64) { s[0] = math.Float64bits(0) },
	"__wbg_error_7534b8e9a36f1ab4": func(m *machine, s []uint64) {
		m.notes = append(m.notes, strings.TrimSpace(m.text(s[0], s[1])))
		m.call("__wbindgen_export4", s[0], s[1], 1)
	},
	"__wbg_error_85faeb8919b11cc6": func(m *machine, s []uint64) { m.notes = append(m.notes, describe(m.get(s[0]))) },
	"__wbg_info_ce6bcc489c22f6f0":  func(*machine, []uint64) {},
	"__wbg___wbindgen_throw_dd24417ed36fc46e": func(m *machine, s []uint64) {
		raise(errors.New("typst: " + m.text(s[0], s[1])))
	},
}
