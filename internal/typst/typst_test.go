package typst_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"weir/internal/typst"
	"weir/internal/typst/typsttest"
)

func compiler(t *testing.T) *typst.Compiler {
	t.Helper()
	c, err := typst.New(context.Background(), typst.Options{CacheDir: typsttest.CacheDir(t)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

func set(c *typst.Compiler, main string, more map[string]string) ([]byte, []string, error) {
	files := map[string][]byte{"/main.typ": []byte(main)}
	for name, text := range more {
		files[name] = []byte(text)
	}
	return c.PDF(context.Background(), files, "/main.typ")
}

func TestSameFilesGiveSameBytes(t *testing.T) {
	const document = "#set document(date: datetime(year: 2026, month: 11, day: 3), title: \"t\")\n= 标题 \n龘犇㛃𬱖 #json(\"data.json\").a"
	data := map[string]string{"/data.json": `{"a": "#panic() *不是* 标记"}`}
	c := compiler(t)
	first, warnings, err := set(c, document, data)
	if err != nil || len(warnings) > 0 {
		t.Fatalf("%v, warnings %q", err, warnings)
	}
	if !bytes.HasPrefix(first, []byte("%PDF-")) {
		t.Fatalf("no PDF: %.20q", first)
	}
	for _, again := range []*typst.Compiler{c, compiler(t)} {
		second, _, err := set(again, document, data)
		if err != nil || !bytes.Equal(first, second) {
			t.Errorf("another run gave other bytes (%v)", err)
		}
	}
}

func TestErrorsNameFileLineAndColumnAndTheCompilerStaysUsable(t *testing.T) {
	c := compiler(t)
	for document, want := range map[string]string{
		"= x\n#panic(\"nein\")":            "/main.typ:2:2",
		"#import \"@preview/x:1.0.0\": y":  "package not found",
		"#read(\"/etc/passwd\")":           "/main.typ:1:7",
		"#image(\"../../etc/passwd.png\")": "/main.typ:1",
		"#let f(n) = f(n + 1)\n#f(0)":      "depth exceeded",
	} {
		if _, _, err := set(c, document, nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: error %v, want one that mentions %q", document, err, want)
		}
	}
	if _, _, err := set(c, "gut", nil); err != nil {
		t.Errorf("after errors: %v", err)
	}
}

// Files of one document are not seen by the next.
func TestFilesAreForgotten(t *testing.T) {
	c := compiler(t)
	if _, _, err := set(c, "#read(\"secret.txt\")", map[string]string{"/secret.txt": "x"}); err != nil {
		t.Fatal(err)
	}
	if _, _, err := set(c, "#read(\"secret.txt\")", nil); err == nil {
		t.Error("a file of the document before can be read")
	}
}

func TestAnEndedContextStartsNothing(t *testing.T) {
	c := compiler(t)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, _, err := c.PDF(ctx, map[string][]byte{"/main.typ": []byte("x")}, "/main.typ"); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want that the context has ended", err)
	}
	if _, _, err := set(c, "x", nil); err != nil {
		t.Errorf("afterwards: %v", err)
	}
}

func TestMemoryIsBounded(t *testing.T) {
	c, err := typst.New(context.Background(), typst.Options{CacheDir: typsttest.CacheDir(t), MemoryLimit: 64 << 20})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	_, _, err = set(c, "#let a = range(1000).map(i => range(100000).map(j => str(i + j)))\n#a.len()", nil)
	if err == nil || !strings.Contains(err.Error(), "of its 64 MB of memory were in use: the document is too large") {
		t.Errorf("a document took more memory than allowed: error %v", err)
	}
	if c.MemoryBytes() > 64<<20 {
		t.Errorf("memory grew to %d bytes", c.MemoryBytes())
	}
	if _, _, err := set(c, "x", nil); err == nil || !c.Broken() {
		t.Error("a compiler that ran out of memory claims to work")
	}
	if err := c.Spare(); err != nil || c.Broken() || c.MemoryBytes() >= 64<<20 {
		t.Fatalf("started afresh: %v, broken %t, %d MB", err, c.Broken(), c.MemoryBytes()>>20)
	}
	if _, _, err := set(c, "x", nil); err != nil {
		t.Errorf("after it was started afresh: %v", err)
	}
}

// A compiled module that was damaged on the disk is compiled anew, never executed.
func TestADamagedCompiledModuleIsNotUsed(t *testing.T) {
	compiler(t) // keeps its module
	shared, err := filepath.Glob(filepath.Join(typsttest.CacheDir(t), "typst-*.compiled"))
	if err != nil || len(shared) == 0 {
		t.Fatalf("nothing is kept in %s (%v)", typsttest.CacheDir(t), err)
	}
	whole, err := os.ReadFile(shared[0])
	if err != nil {
		t.Fatal(err)
	}
	directory := t.TempDir()
	damaged := filepath.Join(directory, filepath.Base(shared[0]))
	if err := os.WriteFile(damaged, whole[:len(whole)/2], 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := typst.New(context.Background(), typst.Options{CacheDir: directory})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if _, _, err := set(c, "gut", nil); err != nil {
		t.Error(err)
	}
	left, _ := filepath.Glob(filepath.Join(directory, "*"))
	if len(left) != 1 {
		t.Fatalf("the directory holds %q, want the one that was compiled anew", left)
	}
	if again, err := os.ReadFile(left[0]); err != nil || len(again) < len(whole)/2+1 {
		t.Errorf("%d bytes are kept (%v)", len(again), err)
	}
}
