package notebook

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"weir/internal/lang"
	"weir/internal/problem"
	"weir/internal/runner"
	"weir/queries/page"
)

// All is the value that stands for every department, dataset or option: it binds NULL.
const All = "all"

// Value is a parameter with the value chosen for it.
type Value struct {
	Param page.Param
	Text  string    // as it may be given again: 2026-10, MZ, a,b, all
	Shown lang.Text // for people: a department by its name
	Bound any       // what the query sees
}

// Bound are values by name, as queries take them.
func Bound(values []Value) map[string]any {
	bound := make(map[string]any, len(values))
	for _, v := range values {
		bound[v.Param.Name] = v.Bound
	}
	return bound
}

// Resolve chooses the values of a notebook's parameters: those given by name, else the defaults of the page. A name
// that the notebook does not have, and a value that does not fit, is an error that says what would.
func (h *Host) Resolve(ctx context.Context, n *page.Notebook, given map[string]string) ([]Value, error) {
	var names []string
	for _, p := range n.Params {
		names = append(names, p.Name)
	}
	for name := range given {
		if !slices.Contains(names, name) {
			cure := problem.DidYouMean(name, names)
			if len(names) == 0 {
				cure = "it has none"
			}
			return nil, fmt.Errorf("notebook %s has no parameter %q; %s", n.ID, name, cure)
		}
	}
	var values []Value
	for _, p := range n.Params {
		text, isGiven := given[p.Name]
		if !isGiven {
			text = p.Default
		}
		v, err := h.value(ctx, n, p, strings.TrimSpace(text))
		if err != nil {
			return nil, fmt.Errorf("parameter %s of %s: %w", p.Name, n.ID, err)
		}
		values = append(values, v)
	}
	return values, nil
}

func (h *Host) value(ctx context.Context, n *page.Notebook, p page.Param, text string) (Value, error) {
	v := Value{Param: p, Text: text, Shown: lang.Same(text)}
	switch p.Type {
	case "month":
		return h.month(v)
	case "number":
		return number(v)
	case "text":
		v.Bound = text
		return v, nil
	}
	if text == "" || text == All || text == "全部" {
		v.Text, v.Shown, v.Bound = All, lang.T("全部", "all"), nil
		return v, nil
	}
	switch p.Type {
	case "department":
		return h.listed(ctx, v, "SELECT department_id, name FROM department ORDER BY department_id")
	case "dataset":
		return h.listed(ctx, v, "SELECT dataset_id, title FROM dataset ORDER BY dataset_id")
	}
	return h.options(ctx, n, v)
}

// month is the first day of a month; without a text it is that of the close.
func (h *Host) month(v Value) (Value, error) {
	if v.Text == "" || v.Text == "latest" || v.Text == "最近" {
		v.Text = h.Snapshot.Month
	}
	first, err := time.Parse("2006-01", v.Text)
	if err != nil {
		return v, fmt.Errorf("%q is no month; write it as 2026-10", v.Text)
	}
	if v.Text > h.Snapshot.Month {
		return v, fmt.Errorf("%s lies after %s, the last month of this close; close it first, or choose a later close with --as-of", v.Text, h.Snapshot.Month)
	}
	v.Shown = lang.T(fmt.Sprintf("%d年%d月", first.Year(), first.Month()), v.Text)
	v.Bound = runner.Date(first)
	return v, nil
}

func number(v Value) (Value, error) {
	f, err := strconv.ParseFloat(v.Text, 64)
	switch {
	case v.Text == "":
		return v, fmt.Errorf("it needs a number; give it with -p %s=…, or write a default into the page", v.Param.Name)
	case err != nil:
		return v, fmt.Errorf("%q is no number", v.Text)
	case v.Param.Min != nil && f < *v.Param.Min:
		return v, fmt.Errorf("%s is below %v", v.Text, *v.Param.Min)
	case v.Param.Max != nil && f > *v.Param.Max:
		return v, fmt.Errorf("%s is above %v", v.Text, *v.Param.Max)
	}
	v.Bound = f
	if whole, err := strconv.ParseInt(v.Text, 10, 64); err == nil {
		v.Bound = whole
	}
	return v, nil
}

// listed finds an identifier, also by the name that belongs to it.
func (h *Host) listed(ctx context.Context, v Value, query string) (Value, error) {
	if h.Snapshot.Bare() {
		v.Bound = v.Text // nothing to find it in
		return v, nil
	}
	rows, err := h.ask(ctx, query)
	if err != nil {
		return v, err
	}
	var known []string
	for _, row := range rows {
		id, _ := row[0].(string)
		name, _ := row[1].(string)
		if id == v.Text || name == v.Text {
			v.Text, v.Bound, v.Shown = id, id, lang.Same(name)
			return v, nil
		}
		known = append(known, id)
	}
	near := problem.Nearest(v.Text, known)
	if near == "" {
		return v, fmt.Errorf("%q is not known; write an identifier as in: weir sql %q", v.Text, query)
	}
	return v, fmt.Errorf("%q is not known; did you mean %q?", v.Text, near)
}

// Options lists what a parameter of type list offers.
func (h *Host) Options(ctx context.Context, n *page.Notebook, p page.Param) ([]string, error) {
	options := slices.Clone(p.Options)
	if p.OptionsSQL == "" || h.Snapshot.Bare() {
		return options, nil
	}
	result, err := h.Runner.Query(ctx, h.request(n, p.OptionsSQL, nil))
	if err != nil {
		return nil, fmt.Errorf("options_sql: %w", err)
	}
	if len(result.Columns) != 1 {
		return nil, fmt.Errorf("options_sql gives %d columns, want one", len(result.Columns))
	}
	for _, row := range result.Rows {
		options = append(options, runner.FormatCell(row[0], result.Columns[0].Type))
	}
	return options, nil
}

// options takes one or several options, separated by commas.
func (h *Host) options(ctx context.Context, n *page.Notebook, v Value) (Value, error) {
	options, err := h.Options(ctx, n, v.Param)
	if err != nil {
		return v, err
	}
	if v.Param.OptionsSQL != "" && h.Snapshot.Bare() {
		options = strings.Split(v.Text, ",") // nothing to find them in
	}
	var chosen []string
	for part := range strings.SplitSeq(v.Text, ",") {
		part = strings.TrimSpace(part)
		if !slices.Contains(options, part) {
			return v, fmt.Errorf("%q is no option; %s", part, problem.DidYouMean(part, options))
		}
		chosen = append(chosen, part)
	}
	v.Text, v.Bound, v.Shown = strings.Join(chosen, ","), chosen, lang.Same(strings.Join(chosen, ", "))
	return v, nil
}
