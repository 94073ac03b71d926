package closing

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/big"
	"slices"
	"strings"

	"weir/internal/lang"
	"weir/metrics"
)

// frozenText is a value as the tables hold it, written so that equal texts mean equal bits.
func frozenText(v metrics.Value, numerator, denominator string) (string, error) {
	v.Numerator, v.Denominator = nil, nil // their decimals are compared
	text, err := json.Marshal(v)
	return numerator + " / " + denominator + " " + string(text), err
}

func storedText(r *big.Rat) string {
	if r == nil {
		return ""
	}
	return r.FloatString(storedDecimals)
}

// values compares the values computed anew with those frozen, bit for bit.
func (v *verifier) values(ctx context.Context, d *draft, changed ruleChanges) error {
	list, err := readValues(ctx, v.store, v.closed)
	if err != nil {
		return err
	}
	r, err := v.store.Query(ctx, `SELECT coalesce(CAST(numerator AS VARCHAR), ''), coalesce(CAST(denominator AS VARCHAR), '') FROM indicator_value
		WHERE month = $month AND revision = $revision ORDER BY indicator_id, department_id, data_kind`, map[string]any{"month": v.closed.Month, "revision": v.closed.Revision})
	if err != nil {
		return err
	}
	frozen, shown := map[valueKey]string{}, map[valueKey]metrics.Value{}
	for i, value := range list {
		k := valueKey{value.Indicator, value.Department, value.DataKind}
		if frozen[k], err = frozenText(value, r.Rows[i][0].(string), r.Rows[i][1].(string)); err != nil {
			return err
		}
		shown[k] = value
	}
	var differ []Finding
	for _, now := range d.values {
		if changed.indicators[now.Indicator] {
			continue
		}
		k := valueKey{now.Indicator, now.Department, now.DataKind}
		text, err := frozenText(now.Value, storedText(now.numerator), storedText(now.denominator))
		if err != nil {
			return err
		}
		v.found.Figures++
		if was, known := frozen[k]; !known || was != text {
			differ = append(differ, v.figure(k, written(shown[k], known), written(now.Value, true)))
		}
		delete(frozen, k)
	}
	for k := range frozen {
		if !changed.indicators[k.indicator] {
			differ = append(differ, v.figure(k, written(shown[k], true), written(metrics.Value{}, false)))
		}
	}
	v.addSome(differ)
	return nil
}

func (v *verifier) figure(k valueKey, was, now lang.Text) Finding {
	where := k.indicator + " " + k.department
	if k.kind != "" {
		where += " " + k.kind
	}
	return Finding{Part: PartFigure, Where: where, Later: v.found.LaterLoads > 0,
		What: lang.T("冻结为 "+was.Zh+"，重算为 "+now.Zh, "frozen as "+was.En+", computed anew it is "+now.En)}
}

// written is a value in words: its number, or its state, and what of it may differ besides.
func written(v metrics.Value, known bool) lang.Text {
	switch {
	case !known:
		return lang.T("无", "nothing")
	case v.Value == nil:
		return lang.Same(string(v.State))
	}
	text := fmt.Sprintf("%v", *v.Value)
	if v.N != nil {
		text += fmt.Sprintf(" (n = %d)", *v.N)
	}
	if v.Low != nil && v.High != nil {
		text += fmt.Sprintf(" [%v, %v]", *v.Low, *v.High)
	}
	if v.Target != nil {
		text += fmt.Sprintf(" → %v", *v.Target)
	}
	return lang.Same(text)
}

// content compares the scores and what else was frozen beside the values.
func (v *verifier) content(ctx context.Context, now content) error {
	var was content
	if err := readJSON(ctx, v.store, "content", v.closed, &was); err != nil {
		return err
	}
	differ, err := listed(was.Scores, now.Scores, "score", func(i int) string { return was.Scores[i].Department })
	if err != nil {
		return err
	}
	v.found.Scores = len(was.Scores)
	for _, part := range []struct {
		name     string
		was, now any
	}{
		{"departments", was.Departments, now.Departments}, {"predecessors", was.Predecessors, now.Predecessors}, {"scheme", was.Scheme, now.Scheme}, {"caps", was.Caps, now.Caps},
		{"standings", was.Standings, now.Standings}, {"integrity", was.Integrity, now.Integrity}, {"flows", was.Flows, now.Flows}, {"sources", was.Sources, now.Sources},
	} {
		if part.name == "sources" && v.found.LaterLoads > 0 {
			continue // they count every load
		}
		if part.name == "predecessors" && was.Predecessors == nil {
			continue // closed before they were kept
		}
		same, err := sameJSON(part.was, part.now)
		if err != nil {
			return err
		}
		if !same {
			differ = append(differ, part.name)
		}
	}
	var list []Finding
	for _, where := range differ {
		list = append(list, Finding{Part: PartFigure, Where: where, Later: v.found.LaterLoads > 0, What: lang.T("冻结的内容与重算的不同", "what was frozen is not what is computed anew")})
	}
	v.addSome(list)
	return nil
}

// listed names the entries of two lists that differ.
func listed[T any](was, now []T, kind string, name func(int) string) ([]string, error) {
	if len(was) != len(now) {
		return []string{fmt.Sprintf("%s: %d → %d", kind, len(was), len(now))}, nil
	}
	var differ []string
	for i := range was {
		same, err := sameJSON(was[i], now[i])
		if err != nil {
			return nil, err
		}
		if !same {
			differ = append(differ, kind+" "+name(i))
		}
	}
	return differ, nil
}

// sameJSON compares as the database keeps it: JSON writes a float so that it reads back to the same bits.
func sameJSON(a, b any) (bool, error) {
	x, err := json.Marshal(a)
	if err != nil {
		return false, err
	}
	y, err := json.Marshal(b)
	return bytes.Equal(x, y), err
}

// addSome adds findings of one part, at most findingsAPart of them, and how many there are besides.
func (v *verifier) addSome(list []Finding) {
	slices.SortStableFunc(list, func(a, b Finding) int { return strings.Compare(a.Where, b.Where) })
	for i, f := range list {
		if i == findingsAPart {
			n := len(list) - i
			f.Where, f.What = "…", lang.T(fmt.Sprintf("另有 %d 处", n), fmt.Sprintf("and %d more", n))
			v.addFinding(f)
			return
		}
		v.addFinding(f)
	}
}
