package cli

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"weir/internal/lang"
	"weir/queries/indicators"
	"weir/queries/page"
)

const soundNotebook = `---
id: own_page
title: {zh: 一页, en: A page}
params:
  - {name: department, type: department, default: MZ}
---
` + "```sql name=months title=\"月份 | Months\"\nSELECT month, revision FROM month_close ORDER BY month\n```\n"

// Notebooks are checked as the other pages are, without a closed month, and each problem has its place.
func TestCheckFindsProblemsOfNotebooks(t *testing.T) {
	pages, problems := page.Load(indicators.Files())
	if err := problems.Err(); err != nil {
		t.Fatal(err)
	}
	zone, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		t.Fatal(err)
	}
	var out, messages bytes.Buffer
	e := &env{ctx: context.Background(), stdin: strings.NewReader(""), stdout: &out, stderr: &messages, lang: lang.En}
	own := fstest.MapFS{
		"own_page.md": {Data: []byte(soundNotebook)},
		"misspelt.md": {Data: []byte(strings.NewReplacer("own_page", "misspelt", "SELECT month,", "SELECT moth,").Replace(soundNotebook))},
		"broken.md":   {Data: []byte(strings.NewReplacer("own_page", "broken", "params:", "parms:").Replace(soundNotebook))},
	}
	n, problems, err := e.checkNotebooks(zone, pages, own)
	if err != nil {
		t.Fatal(err)
	}
	if n < 14 {
		t.Errorf("%d notebooks, want those shipped and two of the workspace", n)
	}
	var lines []string
	for _, p := range problems {
		lines = append(lines, p.Error())
	}
	if len(lines) != 2 || !strings.HasPrefix(lines[0], "notebooks/broken.md:4") || !strings.Contains(lines[0], "parms") ||
		!strings.HasPrefix(lines[1], "notebooks/misspelt.md:8:8: cell months") || !strings.Contains(lines[1], "moth") {
		t.Errorf("%s", strings.Join(lines, "\n"))
	}
}
