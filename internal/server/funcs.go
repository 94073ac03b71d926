package server

import (
	"fmt"
	"html/template"
	"net/url"
	"strings"
	"time"

	"weir/internal/lang"
	"weir/queries/page"
	"weir/reports/document"
)

func escapeQuery(s string) string { return url.QueryEscape(s) }

// functions are what templates may call; texts stand in the templates in both languages.
func functions(l lang.Lang, zone *time.Location) template.FuncMap {
	return template.FuncMap{
		"t":      func(zh, en string) string { return l.Pick(zh, en) },
		"in":     func(t lang.Text) string { return t.In(l) },
		"lang":   func() string { return l.Tag() },
		"num":    func(v float64, decimals int) string { return document.FormatNumber(v, decimals) },
		"signed": func(v float64, decimals int) string { return document.FormatSigned(v, decimals) },
		"count":  func(n any) string { return count(n) },
		"bytes":  func(n int64) string { return byteSize(n) },
		"at":     func(t time.Time) string { return at(t, zone) },
		"day":    func(t time.Time) string { return t.In(zone).Format(time.DateOnly) },
		"month":  func(m string) string { return monthName(m, l) },
		"seg":    url.PathEscape,
		"query":  url.QueryEscape,
		"join":   strings.Join,
		"bar":    bar,
		"add":    func(a, b int) int { return a + b },
		"map":    pairs,
		"tint":   tint,
		"cite":   func(b page.Basis) string { return b.Citation(l) },
	}
}

// pairs makes a map for a template that is given several values.
func pairs(values ...any) (map[string]any, error) {
	if len(values)%2 != 0 {
		return nil, fmt.Errorf("map needs pairs, got %d values", len(values))
	}
	m := map[string]any{}
	for i := 0; i < len(values); i += 2 {
		name, ok := values[i].(string)
		if !ok {
			return nil, fmt.Errorf("map: %v is no name", values[i])
		}
		m[name] = values[i+1]
	}
	return m, nil
}

// at writes a moment in the workspace's zone; nothing for none.
func at(t time.Time, zone *time.Location) string {
	if t.IsZero() {
		return ""
	}
	return t.In(zone).Format("2006-01-02 15:04")
}

func count(n any) string {
	switch v := n.(type) {
	case int:
		return document.FormatNumber(float64(v), 0)
	case int64:
		return document.FormatNumber(float64(v), 0)
	case float64:
		return document.FormatNumber(v, 0)
	}
	return fmt.Sprint(n)
}

func byteSize(n int64) string {
	const units = "KMGT"
	if n < 1024 {
		return fmt.Sprintf("%d B", n)
	}
	v, i := float64(n)/1024, 0
	for v >= 1024 && i < len(units)-1 {
		v, i = v/1024, i+1
	}
	return fmt.Sprintf("%.1f %ciB", v, units[i])
}

// monthName writes 2026-10 as people say it.
func monthName(m string, l lang.Lang) string {
	t, err := time.Parse("2006-01", m)
	if err != nil {
		return m
	}
	if l == lang.En {
		return t.Format("January 2006")
	}
	return fmt.Sprintf("%d年%d月", t.Year(), int(t.Month()))
}

// bar is a small bar for a share of 0 to 100 with an optional mark. It is a picture, since the content policy forbids
// styles on elements.
func bar(share, mark float64) template.HTML {
	clamp := func(v float64) float64 { return max(0, min(100, v)) }
	tick := ""
	if mark > 0 {
		tick = fmt.Sprintf(`<rect class="tick" x="%.1f" y="0" width="1" height="10"/>`, clamp(mark)-0.5)
	}
	return template.HTML(fmt.Sprintf(`<svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true"><rect class="track" width="100" height="10"/><rect class="fill" width="%.1f" height="10"/>%s</svg>`, clamp(share), tick))
}

// tint is the step of a heat map for points of 0 to 100: darker for higher, the same steps as in reports.
func tint(points float64) string {
	switch {
	case points >= 90:
		return "h5"
	case points >= 75:
		return "h4"
	case points >= 60:
		return "h3"
	case points >= 40:
		return "h2"
	}
	return "h1"
}
