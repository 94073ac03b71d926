package guard

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"weir/internal/lang"
)

// Limits of arguments, since one call of these functions obeys neither the engine's memory limit nor a cancel. They
// leave room for every use in a report; what still grows too large, such as calls inside each other, meets the limits
// of the child process.
const (
	maxRepeat   = 1_000   // characters asked of repeat, lpad, rpad, to_base, a width in printf and format
	maxElements = 100_000 // elements asked of a list
	maxCompared = 1_000   // characters of each text compared by edit distance
)

// bound checks the arguments of the functions that functions.txt calls bounded.
func (w *walker) bound(n node, name string) error {
	children, _ := n["children"].([]any)
	argument := func(i int) node {
		if i >= len(children) {
			return nil
		}
		a, _ := children[i].(node)
		return a
	}
	switch name {
	case "repeat", "lpad", "rpad":
		return w.number(n, name, argument(1), maxRepeat)
	case "to_base":
		if len(children) > 2 {
			return w.number(n, name, argument(2), maxRepeat)
		}
	case "list_resize", "array_resize":
		return w.number(n, name, argument(1), maxElements)
	case "range", "generate_series":
		return w.series(n, name, children)
	case "printf", "format":
		return w.template(n, name, argument(0))
	case "list_aggregate", "list_aggr", "array_aggregate", "array_aggr", "aggregate":
		return w.aggregate(n, name, argument(1))
	default:
		for i := range children[:min(2, len(children))] {
			if !w.short(argument(i)) {
				return w.refuse(n, lang.T(fmt.Sprintf("%s 只比较不超过 %d 个字符的文本", name, maxCompared), fmt.Sprintf("%s compares texts of at most %d characters", name, maxCompared)),
					lang.T(fmt.Sprintf("写成 %s(left(a, 200), left(b, 200))", name), fmt.Sprintf("write %s(left(a, 200), left(b, 200))", name)))
			}
		}
	}
	return nil
}

// number wants an argument written as a number, or given by a parameter, up to a limit.
func (w *walker) number(n node, name string, argument node, limit float64) error {
	if v, ok := w.value(argument); ok && v <= limit {
		return nil
	}
	return w.refuse(n, lang.T(fmt.Sprintf("%s 的长度须写成数字，且不超过 %.0f", name, limit), fmt.Sprintf("the length given to %s must be written as a number up to %.0f", name, limit)), lang.Text{})
}

// series wants the elements of a list made by range to be countable in advance.
func (w *walker) series(n node, name string, arguments []any) error {
	var v []float64
	for _, a := range arguments {
		a, _ := a.(node)
		x, ok := w.value(a)
		if !ok {
			break
		}
		v = append(v, x)
	}
	if len(v) == len(arguments) && len(v) > 0 {
		first, last, step := 0.0, v[0], 1.0
		if len(v) > 1 {
			first, last = v[0], v[1]
		}
		if len(v) > 2 {
			step = v[2]
		}
		if step == 0 || (last-first)/step <= maxElements {
			return nil
		}
	}
	return w.refuse(n, lang.T(fmt.Sprintf("作为列表的 %s 须写明数字，且不超过 %d 个元素", name, maxElements), fmt.Sprintf("%s as a list must be written with numbers and have at most %d elements", name, maxElements)),
		lang.T("改在 FROM 中使用：FROM "+name+"(…)", "use it in FROM: FROM "+name+"(…)"))
}

var longWidth = regexp.MustCompile(`[0-9]{4,}|\*|\{[^}]*\{`)

// template wants the pattern of printf or format written out, with no wide field.
func (w *walker) template(n node, name string, argument node) error {
	if pattern, ok := w.literal(argument); ok && !longWidth.MatchString(pattern) {
		return nil
	}
	return w.refuse(n, lang.T(name+" 的格式须写成文本，宽度不超过三位数", "the pattern of "+name+" must be written as a text with widths of at most three digits"), lang.Text{})
}

// aggregate wants the aggregate that list_aggregate calls by name to be an allowed one.
func (w *walker) aggregate(n node, name string, argument node) error {
	called, ok := w.literal(argument)
	if ok && functions[strings.ToLower(called)].call == "allow" {
		return nil
	}
	return w.refuse(n, lang.T(name+" 的聚合函数须写成文本并可用", "the aggregate given to "+name+" must be written as a text and be allowed"),
		lang.T("例如 "+name+"(列表, 'sum')", "for example "+name+"(list, 'sum')"))
}

// short tells whether an expression is surely a short text: written out, a parameter, or cut by left or substring.
func (w *walker) short(n node) bool {
	switch text(n["class"]) {
	case "CONSTANT":
		return true // bounded by the length of the statement
	case "PARAMETER":
		s, isText := w.policy.Parameters[text(n["identifier"])].(string)
		return !isText || len(s) <= maxCompared
	case "CAST":
		inner, _ := n["child"].(node)
		return w.short(inner)
	case "FUNCTION":
		children, _ := n["children"].([]any)
		if len(children) == 0 {
			return false
		}
		switch strings.ToLower(text(n["function_name"])) {
		case "left", "right":
			size, _ := children[len(children)-1].(node)
			v, ok := w.value(size)
			return ok && len(children) == 2 && v >= 0 && v <= maxCompared
		case "substr", "substring":
			size, _ := children[len(children)-1].(node)
			v, ok := w.value(size)
			return ok && len(children) == 3 && v >= 0 && v <= maxCompared
		case "lower", "upper", "trim", "ltrim", "rtrim", "lcase", "ucase", "reverse", "strip_accents":
			inner, _ := children[0].(node)
			return len(children) == 1 && w.short(inner)
		}
	}
	return false
}

// value is a number that is written out or given by a parameter.
func (w *walker) value(n node) (float64, bool) {
	switch text(n["class"]) {
	case "CONSTANT":
		constant, _ := n["value"].(node)
		kind, _ := constant["type"].(node)
		number, ok := constant["value"].(json.Number)
		switch text(kind["id"]) {
		case "INTEGER", "BIGINT", "SMALLINT", "TINYINT", "INTEGER_LITERAL":
			f, err := number.Float64()
			return f, ok && err == nil
		}
	case "PARAMETER":
		switch v := w.policy.Parameters[text(n["identifier"])].(type) {
		case int64:
			return float64(v), true
		case float64:
			return v, true
		case string:
			f, err := strconv.ParseFloat(v, 64)
			return f, err == nil
		}
	case "CAST":
		inner, _ := n["child"].(node)
		return w.value(inner)
	}
	return 0, false
}

// literal is a text that is written out.
func (w *walker) literal(n node) (string, bool) {
	if text(n["class"]) != "CONSTANT" {
		return "", false
	}
	constant, _ := n["value"].(node)
	s, ok := constant["value"].(string)
	return s, ok
}
