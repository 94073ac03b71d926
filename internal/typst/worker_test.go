package typst_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"weir/internal/typst"
	"weir/internal/typst/typsttest"
)

// The test program is its own child: with this variable it serves documents.
const childVariable = "WEIR_TEST_TYPST_CHILD"

func TestMain(m *testing.M) {
	if cache := os.Getenv(childVariable); cache != "" {
		if err := typst.Serve(context.Background(), os.Stdin, os.Stdout, typst.Options{CacheDir: cache}); err != nil {
			os.Stderr.WriteString(err.Error())
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func worker(t *testing.T) *typst.Worker {
	t.Helper()
	t.Setenv(childVariable, typsttest.CacheDir(t))
	w := typst.NewWorker(os.Args[0])
	t.Cleanup(func() { w.Close() })
	return w
}

func TestWorkerSetsWhatTheCompilerSets(t *testing.T) {
	files := map[string][]byte{"/main.typ": []byte("#set document(date: none)\n= 标题 龘")}
	want, _, err := compiler(t).PDF(context.Background(), files, "/main.typ")
	if err != nil {
		t.Fatal(err)
	}
	w := worker(t)
	for range 2 {
		got, _, err := w.PDF(context.Background(), files, "/main.typ")
		if err != nil || !bytes.Equal(got, want) {
			t.Fatalf("%d bytes instead of %d, %v", len(got), len(want), err)
		}
	}
	if _, _, err := w.PDF(context.Background(), map[string][]byte{"/main.typ": []byte("#panic(\"nein\")")}, "/main.typ"); err == nil || !strings.Contains(err.Error(), "/main.typ:1:2") {
		t.Errorf("error %v, want the place in the document", err)
	}
}

func TestWorkerIsKilledAndStartsAgain(t *testing.T) {
	w := worker(t)
	if _, _, err := w.PDF(context.Background(), map[string][]byte{"/main.typ": []byte("x")}, "/main.typ"); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	endless := "#for i in range(100000) { for j in range(100000) { for k in range(100000) { let x = i + j + k } } }"
	if _, _, err := w.PDF(ctx, map[string][]byte{"/main.typ": []byte(endless)}, "/main.typ"); !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("error %v, want the deadline", err)
	}
	if _, _, err := w.PDF(context.Background(), map[string][]byte{"/main.typ": []byte("x")}, "/main.typ"); err != nil {
		t.Errorf("after a kill: %v", err)
	}
}

func TestWorkerThatDiesIsAnError(t *testing.T) {
	w := typst.NewWorker("/bin/sh", "-c", "echo broken machine >&2; exit 3")
	defer w.Close()
	if _, _, err := w.PDF(context.Background(), map[string][]byte{"/main.typ": []byte("x")}, "/main.typ"); err == nil || !strings.Contains(err.Error(), "broken machine") {
		t.Errorf("error %v, want what the child said", err)
	}
}

// A stand-in for the program notes its arguments and copies the document.
func TestBinaryGetsFilesFontsAndNothingElse(t *testing.T) {
	dir := t.TempDir()
	program := filepath.Join(dir, "typst")
	script := `#!/bin/sh
test "$1" = compile && test "$2" = --root && test "$4" = --font-path && test "$6" = --ignore-system-fonts || exit 2
test -f "$5/NotoSansSC-Regular.ttf" && test -f "$3/data.json" || exit 3
case "$(cat "${11}")" in *broken*) echo "${11}:1:2: error: broken" >&2; exit 1;; esac
{ printf '%%PDF-'; cat "${11}"; } > "${12}"
`
	if err := os.WriteFile(program, []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	b := typst.Binary{Path: program}
	pdf, _, err := b.PDF(context.Background(), map[string][]byte{"/main.typ": []byte("good"), "/data.json": []byte("{}")}, "/main.typ")
	if err != nil || string(pdf) != "%PDF-good" {
		t.Errorf("%q, %v", pdf, err)
	}
	_, _, err = b.PDF(context.Background(), map[string][]byte{"/main.typ": []byte("broken"), "/data.json": nil}, "/main.typ")
	if err == nil || !strings.Contains(err.Error(), "/main.typ:1:2: error: broken") || strings.Contains(err.Error(), "weir-typst-") {
		t.Errorf("error %v, want the place without the temporary directory", err)
	}
	_, _, err = b.PDF(context.Background(), map[string][]byte{"/main.typ": []byte("good"), "/../../escape": []byte("x"), "/data.json": nil}, "/main.typ")
	if err != nil {
		t.Errorf("a name with .. : %v", err)
	}
}
