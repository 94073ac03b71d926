package cli

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"weir/internal/lang"
	"weir/internal/simulate"
)

// The demo is made with two months of the city, and leaves what it lists and what it says to try next.
func TestTheDemoMakesWhatItLists(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "demo")
	var out, messages bytes.Buffer
	e := &env{ctx: context.Background(), stdin: strings.NewReader(""), stdout: &out, stderr: &messages, lang: lang.En, format: "csv"}
	c := demoCommand{Dir: dir, city: simulate.Options{Start: "2026-09", Months: 2}, formats: []string{"html"}}
	if err := c.Run(e); err != nil {
		t.Fatalf("%v\n%s", err, messages.String())
	}
	listed := strings.Split(strings.TrimSpace(out.String()), "\n")[1:]
	if len(listed) != 7 {
		t.Errorf("listed:\n%s", out.String())
	}
	for _, line := range listed {
		_, path, _ := strings.Cut(line, ",")
		if _, err := os.Stat(path); err != nil {
			t.Errorf("%s: %v", line, err)
		}
	}
	if !strings.Contains(messages.String(), "2 months closed") || !strings.Contains(messages.String(), "value --month 2026-10") {
		t.Errorf("said:\n%s", messages.String())
	}
	if err := c.Run(e); err == nil || !strings.Contains(err.Error(), "exists already") {
		t.Errorf("a second demo in the same directory: %v", err)
	}
	if code, _, stderr := weir("", "--dir", dir, "value", "--month", "2026-10", "--department", demoDepartment); code != exitDone {
		t.Errorf("a command that the demo names: exit %d\n%s", code, stderr)
	}
}
