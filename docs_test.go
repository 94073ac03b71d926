package weir_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"weir/internal/cli"
	"weir/internal/runner"
	"weir/internal/testcity"
)

// asWeir makes this test binary act as the command weir, so that documents run against the code under test.
const asWeir = "WEIR_TEST_AS_COMMAND"

func TestMain(m *testing.M) {
	// Queries run in a child whose environment is empty: it is known by its argument.
	if os.Getenv(asWeir) != "" || len(os.Args) > 1 && os.Args[1] == runner.WorkerCommand {
		os.Exit(cli.Run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
	}
	os.Exit(m.Run())
}

// TestDocumentsRun runs the sh blocks of each document, in order, in one shell. The directory holds weir-demo, a workspace
// as weir demo makes it but for the reports, and testdata. Lines that begin with make are what .ci/run runs on a clean checkout.
func TestDocumentsRun(t *testing.T) {
	documents, err := filepath.Glob("docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	documents = append(documents, "README.md", "CONTRIBUTING.md")
	bin := commandDirectory(t)
	for _, document := range documents {
		script := shellBlocks(t, document)
		if script == "" {
			continue
		}
		t.Run(document, func(t *testing.T) {
			dir := t.TempDir()
			testcity.Copy(t, filepath.Join(dir, "weir-demo"))
			source, err := filepath.Abs("testdata")
			if err != nil {
				t.Fatal(err)
			}
			if err := os.Symlink(source, filepath.Join(dir, "testdata")); err != nil {
				t.Fatal(err)
			}
			run(t, bin, dir, script)
		})
	}
}

// commandDirectory holds a command weir that is this binary.
func commandDirectory(t *testing.T) string {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.Symlink(self, filepath.Join(dir, "weir")); err != nil {
		t.Fatal(err)
	}
	return dir
}

func run(t *testing.T, bin, dir, script string) {
	t.Helper()
	c := exec.Command("sh", "-eu", "-c", script)
	c.Dir = dir
	c.Env = append(os.Environ(), asWeir+"=1", "PATH="+bin+string(os.PathListSeparator)+os.Getenv("PATH"))
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s\n--- script\n%s", err, out, script)
	}
}

// shellBlocks gathers the sh blocks of a document, without the lines that CI runs.
func shellBlocks(t *testing.T, document string) string {
	t.Helper()
	text, err := os.ReadFile(document)
	if err != nil {
		t.Fatal(err)
	}
	ci, err := os.ReadFile(".ci/run")
	if err != nil {
		t.Fatal(err)
	}
	var script strings.Builder
	inside := false
	for i, line := range strings.Split(string(text), "\n") {
		switch {
		case strings.HasPrefix(line, "```sh"):
			inside = true
		case strings.HasPrefix(line, "```"):
			inside = false
		case inside && strings.HasPrefix(line, "make "):
			if !strings.Contains(string(ci), "\n"+line+"\n") {
				t.Errorf("%s:%d: %q is not run by .ci/run", document, i+1, line)
			}
		case inside:
			fmt.Fprintln(&script, line)
		}
	}
	return strings.TrimSpace(script.String())
}

// TestPicturesOfTheDocumentsExist finds the pictures that the documents show, none heavier than a page may be.
func TestPicturesOfTheDocumentsExist(t *testing.T) {
	documents, err := filepath.Glob("docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	picture := regexp.MustCompile(`!\[[^\]]*\]\(([^)]+\.png)\)`)
	for _, document := range append(documents, "README.md") {
		text, err := os.ReadFile(document)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range picture.FindAllSubmatch(text, -1) {
			file := filepath.Join(filepath.Dir(document), string(m[1]))
			info, err := os.Stat(file)
			if err != nil || info.Size() > 300_000 {
				t.Errorf("%s shows %s: %v", document, file, err)
			}
		}
	}
}
