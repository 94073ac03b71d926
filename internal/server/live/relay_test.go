package live_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// ownNotebook is a notebook that does not lie in the workspace.
const ownNotebook = `---
id: own
title: {zh: 自己的, en: Own}
description: {zh: 每个部门的申请, en: Requests of each department.}
params:
  - {name: month, type: month, label: {zh: 月份, en: Month}}
---
` + "```sql name=requests title=\"申请 | Requests\"\nSELECT provider_id, count(*) AS requests FROM request GROUP BY ALL ORDER BY ALL LIMIT 5\n```\n"

// TestCommandsWhileTheServiceRuns gives every command that needs the database, and notebooks, which need
// the lake, to a workspace that a service holds, from another directory, and finds the same answers as without it.
func TestCommandsWhileTheServiceRuns(t *testing.T) {
	dir, accounts := workspace(t, "")
	done(t, "--dir", dir, "close", "2026-10")
	elsewhere := t.TempDir()
	if err := os.WriteFile(filepath.Join(elsewhere, "usage_event.ndjson"), events(0, 98), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(elsewhere, "ids.json"), []byte(`["MZ", "GA"]`), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(elsewhere, "own.md"), []byte(ownNotebook), 0o600); err != nil {
		t.Fatal(err)
	}
	run := func(input string, args ...string) (int, string, string) {
		var out, messages bytes.Buffer
		c := exec.Command("weir", append([]string{"--dir", dir, "--lang", "en"}, args...)...)
		c.Dir, c.Stdin, c.Stdout, c.Stderr = elsewhere, strings.NewReader(input), &out, &messages
		c.Run()
		return c.ProcessState.ExitCode(), out.String(), messages.String()
	}
	// What only reads answers the same as it does alone.
	reading := [][]string{
		{"--format", "csv", "value", "--department", "MZ"},
		{"explain", "reply_on_time_rate", "--department", "MZ"},
		{"--format", "csv", "score"},
		{"improve", "--department", "MZ"},
		{"--format", "csv", "quarantine"},
		{"--format", "json", "sql", "SELECT count(*) AS n FROM request"},
		{"--format", "csv", "sql", "SELECT department_id FROM department WHERE list_contains($ids, department_id) ORDER BY 1", "-p", "ids:=@ids.json"},
		{"--format", "csv", "sql", "--as-of", "2026-10", "SELECT count(*) AS n FROM mart_request"},
		{"value", "--department", "XX"},
		{"sql", "SELECT nothing FROM request"},
		{"--format", "csv", "notebook", "run", "stuck_requests"},
		{"notebook", "run", "stuck_requests", "--as-of", "2026-10"},
		{"notebook", "run", "own.md"},
		{"--format", "csv", "notebook", "run", "own.md", "-p", "least_days=soon"},
		{"notebook", "check", "stuck_requests"},
	}
	type answer struct {
		code int
		out  string
	}
	var alone []answer
	for _, args := range reading {
		code, out, _ := run("", args...)
		alone = append(alone, answer{code, out})
	}
	s := serve(t, dir)
	for i, args := range reading {
		code, out, messages := run("", args...)
		if code != alone[i].code || out != alone[i].out {
			t.Errorf("%s: exit %d, alone %d\n%s%s\nalone:\n%s", args, code, alone[i].code, out, messages, alone[i].out)
		}
	}

	for _, c := range []struct {
		input string
		args  []string
		code  int
		says  string
	}{
		{"", []string{"--format", "csv", "ingest", "usage_event.ndjson"}, 0, "usage_event.ndjson,5,98,98,0,0,usage_event"},
		{"", []string{"--format", "csv", "ingest", "usage_event.ndjson"}, 0, ",true"},
		{"", []string{"ingest", "missing.csv"}, 1, "missing.csv"},
		{"SELECT count(*) AS n FROM usage_event", []string{"--format", "csv", "sql", "-"}, 0, "n\n98\n"},
		{"", []string{"--format", "csv", "close", "2026-10"}, 0, "2026-10,2,false"},
		{"", []string{"--format", "csv", "month", "--now", "2026-11-01"}, 0, "nothing to do yet"},
		{"", []string{"notebook", "run", "own.md", "-o", "own.html"}, 0, "own.html"},
		{"", []string{"notebook", "export", "own.md", "--out", "exported", "--forms", "xlsx,sql"}, 0, "own.xlsx"},
		{"", []string{"report", "2026-10", "--out", "out"}, 0, "monthly_overview-2026-10.en.html"},
		{"", []string{"backup", "--out", "copy.tar.zst"}, 0, "copy.tar.zst"},
		{"Chang-Jiang 2026\n", []string{"user", "add", "li", "--grant", "planner", "--password-stdin"}, 0, "li is added"},
		{"", []string{"--format", "csv", "user", "list"}, 0, "li,"},
		{"", []string{"user", "disable", "li"}, 0, ""},
		{"", []string{"serve", "--addr", "127.0.0.1:0"}, 1, "process"},
		{"", []string{"restore", "copy.tar.zst", "restored"}, 0, ""},
	} {
		code, out, messages := run(c.input, c.args...)
		if code != c.code || !strings.Contains(out+messages, c.says) {
			t.Errorf("%s: exit %d\n%s%s\nwant exit %d and %q", c.args, code, out, messages, c.code, c.says)
		}
	}
	for _, file := range []string{"out/monthly_overview-2026-10.en.html", "copy.tar.zst", "restored/weir.duckdb", "own.html", "exported/own.sql"} {
		if _, err := os.Stat(filepath.Join(elsewhere, file)); err != nil {
			t.Error(err)
		}
	}
	// What a command changed the pages show at once.
	if code, text, err := s.signIn(accounts, "finance").send("GET", "/api/v1/months", nil); err != nil || code != 200 || strings.Count(text, `"revision":`) != 2 {
		t.Errorf("months: %d %s %v", code, text, err)
	}
	if code := s.stop(); code != 0 {
		t.Errorf("exit %d\n%s", code, s.messages())
	}
	left(t, dir, ".service/weir.sock", ".tmp/copies/*")
	// What a killed service leaves does not stand in the way.
	s = serve(t, dir)
	s.kill()
	if code, out, messages := run("", "--format", "csv", "value", "--department", "MZ"); code != 0 {
		t.Errorf("after a kill: exit %d %s%s", code, out, messages)
	}
}

// TestTheServiceStopsDuringACommand stops and kills the service while a command runs in it: the command says so, and its
// file is wholly in or wholly out.
func TestTheServiceStopsDuringACommand(t *testing.T) {
	dir, _ := workspace(t, "")
	file := filepath.Join(dir, "usage_event.ndjson")
	if err := os.WriteFile(file, events(0, 200_000), 0o600); err != nil {
		t.Fatal(err)
	}
	s := serve(t, dir)
	go s.during(`"command"`, func() { s.command.Process.Kill() })
	code, _, messages := weir(t, "", "--dir", dir, "--lang", "en", "ingest", file)
	if code != 1 || !strings.Contains(messages, "the service of this workspace stopped before the command ended") {
		t.Errorf("killed: exit %d %s", code, messages)
	}
	<-s.ended
	// A service that is asked to stop lets the command end.
	s = serve(t, dir)
	go s.during(`"command"`, func() { s.command.Process.Signal(os.Interrupt) })
	code, out, messages := weir(t, "", "--dir", dir, "--lang", "en", "--format", "csv", "ingest", file)
	<-s.ended
	if code != 3 || !strings.Contains(out, ",200000,198000,0,2000,") || s.command.ProcessState.ExitCode() != 0 {
		t.Errorf("stopped: exit %d %s%s, service exit %d", code, out, messages, s.command.ProcessState.ExitCode())
	}
	db := database(t, dir)
	if n := count(t, db, "SELECT count(*) FROM usage_event"); n != 198_000 {
		t.Errorf("%d rows", n)
	}
}
