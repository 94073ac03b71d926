package guard

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"weir/internal/lang"
	"weir/internal/problem"
)

// Policy says what a text may use. The zero value publishes nothing.
type Policy struct {
	Tables       []string       // names of the published tables
	Functions    []string       // names of published macros, beside the engine's functions
	Parameters   map[string]any // values that the text may name as $name
	Length       int            // longest text in bytes; 0: 100,000
	Reproducible bool           // refuse what gives another answer each time: clock, chance, estimates
}

const (
	defaultLength = 100_000
	maxBrackets   = 100   // brackets inside each other
	maxQueries    = 500   // SELECTs in one statement
	maxDepth      = 2_000 // levels of the syntax tree, of which the engine itself allows 1,000 for an expression
)

// Parser gives DuckDB's syntax tree of a text as json_serialize_sql writes it, without running the text.
type Parser func(ctx context.Context, text string) (string, error)

// Reference is a place where a text names something.
type Reference struct {
	Name   string `json:"name"`
	Line   int    `json:"line"`
	Column int    `json:"column"`
}

// Statement is an accepted text.
type Statement struct {
	Text       string      // as it may be run inside brackets: without a final semicolon
	Tables     []Reference // every table that is read and is not defined in the text itself
	Functions  []string    // published macros that it calls, each once
	Parameters []string    // names of the values it needs, each once, in the order of first use
	Ordered    bool        // its outermost query has ORDER BY
}

// Check parses a text and accepts or refuses it. The error is a *Refusal, or what the parser met.
func Check(ctx context.Context, parse Parser, text string, policy Policy) (*Statement, error) {
	length := policy.Length
	if length == 0 {
		length = defaultLength
	}
	if len(text) > length {
		return nil, &Refusal{
			What: lang.T(fmt.Sprintf("语句过长：%d 字节，上限 %d 字节", len(text), length), fmt.Sprintf("the text has %d bytes, more than %d", len(text), length)),
			Cure: lang.T("把长列表作为参数传入", "pass long lists as a parameter"),
		}
	}
	cleaned, tokens, refusal := clean(text)
	if refusal != nil {
		return nil, refusal
	}
	if refusal := brackets(cleaned, tokens); refusal != nil {
		return nil, refusal
	}
	tree, err := parseTree(ctx, parse, cleaned)
	if err != nil {
		return nil, err
	}
	w := &walker{text: cleaned, tokens: tokens, policy: policy, published: set(policy.Tables), macros: set(policy.Functions)}
	if err := w.statement(tree); err != nil {
		return nil, err
	}
	for len(tokens) > 0 && tokens[len(tokens)-1].kind == semicolon {
		tokens = tokens[:len(tokens)-1]
	}
	s := &Statement{Tables: w.tables, Functions: w.called, Parameters: w.parameters, Ordered: w.ordered}
	s.Text = cleaned[:tokens[len(tokens)-1].end]
	return s, verifyWrapped(ctx, parse, s.Text, tree)
}

// brackets refuses deep nesting before any parser sees it.
func brackets(text string, tokens []token) *Refusal {
	depth := 0
	for _, t := range tokens {
		switch t.kind {
		case open:
			if depth++; depth > maxBrackets {
				return refuse(text, t.start, lang.T(fmt.Sprintf("括号嵌套超过 %d 层", maxBrackets), fmt.Sprintf("brackets nest deeper than %d", maxBrackets)),
					lang.T("把内层写成 WITH 子句", "name the inner parts in a WITH clause"))
			}
		case closing:
			depth--
		}
	}
	return nil
}

var tooDeep = &Refusal{What: lang.T("语句嵌套过深", "the statement is nested too deeply"), Cure: lang.T("把内层写成 WITH 子句", "name the inner parts in a WITH clause")}

// document is what json_serialize_sql writes.
type document struct {
	Error      bool   `json:"error"`
	Kind       string `json:"error_type"`
	Message    string `json:"error_message"`
	Position   string `json:"position"`
	Statements []struct {
		Node node `json:"node"`
	} `json:"statements"`
}

// node is one object of the tree.
type node = map[string]any

func parseTree(ctx context.Context, parse Parser, text string) (node, error) {
	written, err := parse(ctx, text)
	if err != nil {
		return nil, err
	}
	if depth := nesting(written); depth > maxDepth {
		return nil, tooDeep
	}
	decoder := json.NewDecoder(strings.NewReader(written))
	decoder.UseNumber()
	var d document
	if err := decoder.Decode(&d); err != nil {
		return nil, fmt.Errorf("syntax tree: %w", err)
	}
	switch {
	case d.Error && d.Kind == "not implemented":
		return nil, &Refusal{Line: 1, Column: 1, What: lang.T("只能执行查询（SELECT）", "only a query (SELECT) can be run"), Cure: otherStatement(text)}
	case d.Error && strings.Contains(d.Message, "max_expression_depth"):
		return nil, tooDeep
	case d.Error:
		return nil, refuse(text, characterOffset(text, d.Position), lang.T("语法错误："+d.Message, d.Message), lang.Text{})
	case len(d.Statements) == 0:
		return nil, &Refusal{What: lang.T("没有语句", "there is no statement"), Cure: lang.T("写一条 SELECT 语句", "write a SELECT")}
	case len(d.Statements) > 1:
		return nil, &Refusal{What: lang.T(fmt.Sprintf("有 %d 条语句，只能有一条", len(d.Statements)), fmt.Sprintf("there are %d statements and only one may be run", len(d.Statements))),
			Cure: lang.T("去掉中间的分号，分次执行", "remove the semicolon between them and run each by itself")}
	}
	return d.Statements[0].Node, nil
}

// characterOffset is the byte at which the parser met an error; alone of all places, it counts that in characters.
func characterOffset(text, position string) int {
	n, err := strconv.Atoi(position)
	if err != nil {
		return -1
	}
	for i := range text {
		if n == 0 {
			return i
		}
		n--
	}
	return len(text)
}

// otherStatement is what to do instead of a statement that is no SELECT.
func otherStatement(text string) lang.Text {
	first, _, _ := strings.Cut(strings.ToUpper(strings.TrimSpace(text))+" ", " ")
	switch first {
	case "DESCRIBE", "SHOW", "SUMMARIZE", "DESC":
		return showCure
	case "PIVOT":
		return lang.T("写明列值：PIVOT 表 ON 列 IN (值, 值) USING 聚合", "list the values: PIVOT table ON column IN (value, value) USING aggregate")
	case "EXPLAIN":
		return lang.T("直接执行查询", "run the query itself")
	}
	return lang.T("数据只读；写入请用 weir ingest", "data are read only here; weir ingest writes them")
}

var showCure = lang.T("表与列的说明见 weir schema", "weir schema lists tables and columns")

// nesting is the depth of brackets of a JSON text, taken before it is decoded.
func nesting(text string) int {
	depth, deepest, inString := 0, 0, false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case inString && c == '\\':
			i++
		case c == '"':
			inString = !inString
		case inString:
		case c == '{' || c == '[':
			depth++
			deepest = max(deepest, depth)
		case c == '}' || c == ']':
			depth--
		}
	}
	return deepest
}

var errWrapped = errors.New("the statement means something else inside brackets")

// verifyWrapped parses the text as it will be run, inside brackets, and compares what stands inside them with what
// was checked, so that no difference between this package's lexer and the engine's can matter.
func verifyWrapped(ctx context.Context, parse Parser, text string, checked node) error {
	wrapped, err := parseTree(ctx, parse, Wrap(text))
	if err != nil {
		return fmt.Errorf("%w: %w", errWrapped, err)
	}
	from, _ := wrapped["from_table"].(node)
	inner, _ := from["subquery"].(node)
	if from["type"] != "SUBQUERY" || !same(inner["node"], checked) {
		return errWrapped
	}
	return nil
}

// Wrap makes a table expression of an accepted text. The text begins in the second line, so that its lines count
// from there.
func Wrap(text string) string { return "SELECT * FROM (\n" + text + "\n)" }

// same compares trees except for the places in the text.
func same(a, b any) bool {
	switch a := a.(type) {
	case node:
		b, ok := b.(node)
		if !ok || len(a) != len(b) {
			return false
		}
		for key, value := range a {
			other, ok := b[key]
			if !ok || key != "query_location" && !same(value, other) {
				return false
			}
		}
		return true
	case []any:
		b, ok := b.([]any)
		return ok && slices.EqualFunc(a, b, same)
	default:
		return a == b
	}
}

func set(names []string) map[string]bool {
	s := make(map[string]bool, len(names))
	for _, n := range names {
		s[strings.ToLower(n)] = true
	}
	return s
}

func didYouMean(name string, known map[string]bool) lang.Text {
	if n := problem.Nearest(name, slices.Collect(maps.Keys(known))); n != "" {
		return lang.T("是否指 "+n+"？", "did you mean "+n+"?")
	}
	return lang.Text{}
}
