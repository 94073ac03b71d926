package guard

import (
	_ "embed"
	"fmt"
	"maps"
	"slices"
	"strings"

	"weir/internal/lang"
)

//go:embed functions.txt
var functionsText string

// verdict is what functions.txt says of a function.
type verdict struct {
	call   string // allow, volatile, bounded, deny, or "" for a name that may only stand in FROM
	reason lang.Text
	table  bool // may stand in FROM
}

var functions = mustParseFunctions(functionsText)

// mustParseFunctions reads the embedded list; a fault in it is a broken build, which the tests find.
func mustParseFunctions(text string) map[string]verdict {
	list := map[string]verdict{}
	var section verdict
	for _, line := range strings.Split(text, "\n") {
		if header, ok := strings.CutPrefix(line, "== "); ok {
			parts := strings.Split(header, " | ")
			section = verdict{call: parts[0]}
			if len(parts) == 3 {
				section.reason = lang.T(parts[1], parts[2])
			}
			continue
		}
		if strings.HasPrefix(line, "#") {
			continue
		}
		for _, name := range strings.Fields(line) {
			name = strings.ToLower(name)
			v, known := list[name]
			switch {
			case section.call == "table":
				v.table = true
			case known:
				panic("functions.txt names " + name + " twice")
			default:
				v = section
			}
			list[name] = v
		}
	}
	return list
}

// Verdict is what the list says of a function: allow, volatile, bounded, table, deny, or "" where it says nothing, which
// is as good as deny.
func Verdict(function string) string {
	v, ok := functions[strings.ToLower(function)]
	if ok && v.call == "" {
		return "table"
	}
	return v.call
}

// expression checks the kind of an expression, and functions and parameters by name.
func (w *walker) expression(n node, class string, s *scope) error {
	switch class {
	case "FUNCTION", "WINDOW":
		if err := w.function(n); err != nil {
			return err
		}
	case "PARAMETER":
		return w.parameter(text(n["identifier"]))
	case "COLUMN_REF":
		if err := w.column(n); err != nil {
			return err
		}
	default:
		if !classes[strings.ToLower(class)] {
			return w.refuse(n, lang.T("不支持的表达式（"+class+"）", "this expression is not supported ("+class+")"), lang.T("请换一种写法", "write it another way"))
		}
	}
	return w.children(without(n, "class", "type"), s)
}

func (w *walker) function(n node) error {
	name := strings.ToLower(text(n["function_name"]))
	if schema := text(n["schema"]); schema != "" && schema != "main" || text(n["catalog"]) != "" {
		return w.refuse(n, lang.T("函数 "+name+" 前不能写模式名或列名", "the function "+name+" cannot follow a dot"), lang.T("写成 "+name+"(…)", "write "+name+"(…)"))
	}
	if w.macros[name] {
		if !slices.Contains(w.called, name) {
			w.called = append(w.called, name)
		}
		return nil
	}
	v := functions[name]
	switch v.call {
	case "allow":
		return nil
	case "volatile":
		if w.policy.Reproducible {
			return w.refuse(n, notReproducible(name), lang.T("用参数给出日期等值", "pass dates and the like as parameters"))
		}
		return nil
	case "bounded":
		return w.bound(n, name)
	case "deny":
		return w.refuse(n, denied(name, v), lang.Text{})
	}
	if v.table {
		return w.refuse(n, lang.T("函数 "+name+" 只能写在 FROM 中", "the function "+name+" can only stand in FROM"), lang.Text{})
	}
	return w.refuse(n, lang.T("没有函数 "+name, "there is no function "+name), w.nearFunction(name))
}

func (w *walker) tableFunction(n node, s *scope) error {
	call, _ := n["function"].(node)
	name := strings.ToLower(text(call["function_name"]))
	v, known := functions[name]
	switch {
	case text(call["schema"]) != "" && text(call["schema"]) != "main" || text(call["catalog"]) != "":
		return w.refuse(n, lang.T("函数 "+name+" 前不能写模式名", "the function "+name+" cannot follow a dot"), lang.Text{})
	case !v.table && v.call == "deny":
		return w.refuse(n, denied(name, v), lang.T("数据来自已公布的表："+showCure.Zh, "read the published tables: "+showCure.En))
	case !v.table && known:
		return w.refuse(n, lang.T("函数 "+name+" 不能写在 FROM 中", "the function "+name+" cannot stand in FROM"), lang.Text{})
	case !v.table:
		return w.refuse(n, lang.T("没有函数 "+name, "there is no function "+name), w.nearFunction(name))
	}
	// Rows of a table function flow through the engine, within its limits: its arguments need no bound.
	if err := w.children(without(call, "class", "type"), s); err != nil {
		return err
	}
	return w.children(without(n, "function", "type"), s)
}

// clocks are words that read the clock without brackets.
var clocks = set([]string{"current_date", "current_time", "current_timestamp", "localtime", "localtimestamp"})

// column refuses the words that look like a column and tell of the session, and the clock where it is not wanted.
func (w *walker) column(n node) error {
	names, _ := n["column_names"].([]any)
	if len(names) != 1 {
		return nil
	}
	name := strings.ToLower(text(names[0]))
	if clocks[name] && w.policy.Reproducible {
		return w.refuse(n, notReproducible(name), lang.T("用参数给出日期等值", "pass dates and the like as parameters"))
	}
	switch name {
	case "current_user", "current_role", "session_user", "user", "current_catalog", "current_schema":
		return w.refuse(n, denied(name, functions[name]), lang.Text{})
	}
	return nil
}

func denied(name string, v verdict) lang.Text {
	return lang.T(fmt.Sprintf("不能使用 %s：%s", name, v.reason.Zh), fmt.Sprintf("%s cannot be used: %s", name, v.reason.En))
}

func notReproducible(name string) lang.Text {
	reason := functions["now"].reason
	return lang.T(fmt.Sprintf("此处不能使用 %s：%s", name, reason.Zh), fmt.Sprintf("%s cannot be used here: %s", name, reason.En))
}

func (w *walker) nearFunction(name string) lang.Text {
	known := maps.Clone(w.macros)
	for n, v := range functions {
		if (v.call == "allow" || v.call == "bounded") && wordLength(n) == len(n) {
			known[n] = true
		}
	}
	return didYouMean(name, known)
}
