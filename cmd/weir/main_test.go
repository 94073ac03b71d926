package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"weir/internal/cli"
)

// asWeir in the environment makes the test binary the program itself, so that tests can kill a real process.
const asWeir = "WEIR_TEST_AS_WEIR"

func TestMain(m *testing.M) {
	if os.Getenv(asWeir) != "" {
		os.Exit(cli.Run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
	}
	os.Exit(m.Run())
}

// weir prepares the program for a workspace.
func weir(t testing.TB, dir string, arguments ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c := exec.Command(self, append([]string{"--dir", dir}, arguments...)...)
	c.Env = append(os.Environ(), asWeir+"=1")
	return c
}

// must runs the program to its end and gives how long it took.
func must(t testing.TB, dir string, arguments ...string) time.Duration {
	t.Helper()
	start := time.Now()
	if output, err := weir(t, dir, arguments...).CombinedOutput(); err != nil {
		t.Fatalf("weir %v: %v\n%s", arguments, err, output)
	}
	return time.Since(start)
}

// newWorkspace makes one with 60 departments.
func newWorkspace(t testing.TB) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "workspace")
	must(t, dir, "init")
	var b bytes.Buffer
	b.WriteString("department_id,name\n")
	for i := range 60 {
		fmt.Fprintf(&b, "D%03d,部门%d\n", i, i)
	}
	must(t, dir, "ingest", writeFile(t, "department.csv", b.Bytes()))
	return dir
}

func writeFile(t testing.TB, name string, content []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// usageFile writes rows of usage_event from the number on; one in fifty repeats the row before, one in a thousand
// names nobody's department.
func usageFile(t *testing.T, name string, from, rows int) string {
	t.Helper()
	var b bytes.Buffer
	b.WriteString("event_id,occurred_at,resource_id,provider_id,consumer_id,purpose,channel,ok,rows,person_key\n")
	for i := from; i < from+rows; i++ {
		k, consumer := i, fmt.Sprintf("D%03d", i*7%60)
		if i%50 == 1 {
			k, consumer = i-1, fmt.Sprintf("D%03d", (i-1)*7%60)
		}
		if i%1000 == 999 {
			consumer = "D999"
		}
		fmt.Fprintf(&b, "E%09d,2026-%02d-%02d %02d:%02d:00,R%03d,D%03d,%s,户籍核验,api,%t,%d,P%d\n", k, 1+k%12, 1+k%28, k%24, k%60, k%800, k%60, consumer, k%50 > 0, k%5000, k%20000)
	}
	return writeFile(t, name, b.Bytes())
}
