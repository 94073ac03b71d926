package guard

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"

	"weir/internal/lang"
	"weir/internal/problem"
)

// walker goes through a tree and stops at the first thing that is not allowed.
type walker struct {
	text      string
	tokens    []token
	policy    Policy
	published map[string]bool
	macros    map[string]bool

	queries    int
	tables     []Reference
	called     []string
	parameters []string
	ordered    bool
}

// scope holds the names defined by the WITH clauses around a node.
type scope struct {
	name  string
	outer *scope
}

func (s *scope) has(name string) bool {
	for ; s != nil; s = s.outer {
		if s.name == name {
			return true
		}
	}
	return false
}

func (w *walker) statement(tree node) error {
	modifiers, _ := tree["modifiers"].([]any)
	for _, m := range modifiers {
		if m, _ := m.(node); m["type"] == "ORDER_MODIFIER" {
			w.ordered = true
		}
	}
	return w.any(tree, nil)
}

func (w *walker) any(v any, s *scope) error {
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			if err := w.any(e, s); err != nil {
				return err
			}
		}
	case node:
		return w.node(v, s)
	}
	return nil
}

// plain lists the objects of the tree that need no look of their own: only what they contain matters.
var plain = set([]string{
	// clauses
	"ORDER_MODIFIER", "LIMIT_MODIFIER", "LIMIT_PERCENT_MODIFIER", "DISTINCT_MODIFIER",
	"ORDER_DEFAULT", "ASCENDING", "DESCENDING",
	// tables
	"JOIN", "SUBQUERY", "EXPRESSION_LIST", "EMPTY", "PIVOT",
	// types of columns
	"UNBOUND_TYPE_INFO", "DECIMAL_TYPE_INFO", "LIST_TYPE_INFO", "STRUCT_TYPE_INFO", "ARRAY_TYPE_INFO", "STRING_TYPE_INFO",
	"GENERIC_TYPE_INFO", "INTEGER_LITERAL_TYPE_INFO",
})

// classes lists the kinds of expression that need no look of their own.
var classes = set([]string{
	"CASE", "CAST", "COMPARISON", "CONJUNCTION", "CONSTANT", "OPERATOR", "STAR", "SUBQUERY", "COLLATE", "LAMBDA",
	"LAMBDA_REF", "BETWEEN", "POSITIONAL_REFERENCE", "COLUMN_REF", "TYPE",
})

func (w *walker) node(n node, s *scope) error {
	if class, ok := n["class"].(string); ok {
		return w.expression(n, class, s)
	}
	kind, ok := n["type"].(string)
	if !ok {
		return w.children(n, s)
	}
	switch kind {
	case "SELECT_NODE", "SET_OPERATION_NODE", "RECURSIVE_CTE_NODE":
		return w.query(n, s)
	case "BASE_TABLE":
		if err := w.table(n, s); err != nil {
			return err
		}
	case "TABLE_FUNCTION":
		return w.tableFunction(n, s)
	case "SHOW_REF":
		return w.refuse(n, lang.T("不能使用 SHOW、DESCRIBE、SUMMARIZE", "SHOW, DESCRIBE and SUMMARIZE cannot be used"), showCure)
	default:
		if !plain[strings.ToLower(kind)] {
			return w.refuse(n, lang.T("不支持的语法（"+kind+"）", "this construct is not supported ("+kind+")"), lang.T("请换一种写法", "write it another way"))
		}
	}
	return w.children(without(n, "type"), s)
}

// without is a node with members left out.
func without(n node, members ...string) node {
	rest := maps.Clone(n)
	for _, m := range members {
		delete(rest, m)
	}
	return rest
}

// children goes through the members in a fixed order, so that the same text always gets the same refusal.
func (w *walker) children(n node, s *scope) error {
	keys := make([]string, 0, len(n))
	for key := range n {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	for _, key := range keys {
		if err := w.any(n[key], s); err != nil {
			return err
		}
	}
	return nil
}

// query goes through one SELECT or set operation. A name of its WITH clause is seen by the parts that follow it, and
// by itself only where it is recursive.
func (w *walker) query(n node, s *scope) error {
	if w.queries++; w.queries > maxQueries {
		return w.refuse(n, lang.T(fmt.Sprintf("SELECT 超过 %d 个", maxQueries), fmt.Sprintf("there are more than %d SELECTs", maxQueries)),
			lang.T("用列表参数或 VALUES 代替", "use a list parameter or VALUES"))
	}
	if sample, ok := n["sample"].(node); ok && w.policy.Reproducible && sample != nil {
		return w.refuse(n, notReproducible("SAMPLE"), lang.Text{})
	}
	cte, _ := n["cte_map"].(node)
	entries, _ := cte["map"].([]any)
	for _, e := range entries {
		entry, _ := e.(node)
		name := text(entry["key"])
		if !identifier(name) {
			return &Refusal{What: lang.T("WITH 中的名称“"+name+"”不是标识符", "the name “"+name+"” in WITH is no identifier"),
				Cure: lang.T("只用字母、汉字、数字和下划线", "use letters, digits and underscores")}
		}
		if err := w.any(entry["value"], s); err != nil {
			return err
		}
		s = &scope{strings.ToLower(name), s}
	}
	rest := without(n, "cte_map", "type")
	if name := text(n["cte_name"]); name != "" {
		// The part that starts a recursion does not see the recursion.
		if err := w.any(n["left"], s); err != nil {
			return err
		}
		delete(rest, "left")
		s = &scope{strings.ToLower(name), s}
	}
	return w.children(rest, s)
}

func (w *walker) table(n node, s *scope) error {
	name, schema, catalog := text(n["table_name"]), text(n["schema_name"]), text(n["catalog_name"])
	lower := strings.ToLower(name)
	switch {
	case n["at_clause"] != nil:
		return w.refuse(n, lang.T("不支持 AT 子句", "AT is not supported"), lang.T("用 --as-of 选择月结版本", "choose a close with --as-of"))
	case w.policy.Reproducible && n["sample"] != nil:
		return w.refuse(n, notReproducible("SAMPLE"), lang.Text{})
	case schema == "" && catalog == "" && s.has(lower):
		return nil
	case catalog != "" || schema != "" && strings.ToLower(schema) != "main":
		full := strings.TrimPrefix(catalog+"."+schema+"."+name, ".")
		return w.refuse(n, lang.T("不能读取 "+full, full+" cannot be read"), lang.T("表名前不写库名和模式名", "write the table's name without catalog and schema"))
	case !w.published[lower]:
		cure := didYouMean(name, w.published)
		if cure.Empty() {
			cure = showCure
		}
		return w.refuse(n, lang.T("没有可读的表 "+name, "there is no table "+name+" to read"), cure)
	}
	line, column := w.place(n)
	w.tables = append(w.tables, Reference{Name: lower, Line: line, Column: column})
	return nil
}

// parameter notes a $name. Values are found by name only: the driver would take one by position in silence.
func (w *walker) parameter(name string) error {
	at := w.find("$" + name)
	if name == "" || unicode.IsDigit(rune(name[0])) {
		return refuse(w.text, at, lang.T("参数要有名称", "parameters need a name"), lang.T("写成 $month 这样的名称", "write a name such as $month"))
	}
	if _, ok := w.policy.Parameters[name]; !ok {
		known := make([]string, 0, len(w.policy.Parameters))
		for k := range w.policy.Parameters {
			known = append(known, k)
		}
		cure := lang.T("用 -p "+name+"=值 给出", "give it with -p "+name+"=value")
		if near := problem.Nearest(name, known); near != "" {
			cure = lang.T("是否指 $"+near+"？", "did you mean $"+near+"?")
		}
		return refuse(w.text, at, lang.T("参数 $"+name+" 没有值", "the parameter $"+name+" has no value"), cure)
	}
	if !slices.Contains(w.parameters, name) {
		w.parameters = append(w.parameters, name)
	}
	return nil
}

// find gives the place of a token by its text, since the tree does not tell where parameters stand.
func (w *walker) find(written string) int {
	for _, t := range w.tokens {
		if t.kind == parameter && w.text[t.start:t.end] == written {
			return t.start
		}
	}
	return -1
}

func (w *walker) refuse(n node, what, cure lang.Text) *Refusal {
	line, column := w.place(n)
	return &Refusal{Line: line, Column: column, What: what, Cure: cure}
}

func (w *walker) place(n node) (line, column int) {
	number, _ := n["query_location"].(json.Number)
	offset, err := number.Int64()
	if err != nil {
		return 0, 0
	}
	return Place(w.text, int(offset))
}

func text(v any) string {
	s, _ := v.(string)
	return s
}

// identifier keeps names of WITH clauses to what can never be taken for a file.
func identifier(name string) bool {
	for i, r := range name {
		if r != '_' && !unicode.IsLetter(r) && !unicode.Is(unicode.Mn, r) && (i == 0 || !unicode.IsDigit(r)) {
			return false
		}
	}
	return name != ""
}
