package reports_test

import (
	"bytes"
	"context"
	"errors"
	"testing"
	"time"

	"weir/internal/lang"
	"weir/internal/typst/typsttest"
	"weir/reports"
	"weir/reports/pdf"
	"weir/reports/reporttest"
)

func renderer(t *testing.T, o reports.Options) *reports.Renderer {
	t.Helper()
	o.CacheDir = typsttest.CacheDir(t)
	r, err := reports.New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close() })
	return r
}

// All forms come out the same whichever was made first, and whatever was made
// before.
func TestFormsDoNotDependOnTheirOrder(t *testing.T) {
	d, err := reporttest.Brief(lang.Zh)
	if err != nil {
		t.Fatal(err)
	}
	other, err := reporttest.Brief(lang.En)
	if err != nil {
		t.Fatal(err)
	}
	var page, file, page2, file2, unused bytes.Buffer
	a, b := renderer(t, reports.Options{}), renderer(t, reports.Options{})
	for _, step := range []func() error{
		func() error { return a.HTML(&page, d) }, func() error { return a.PDF(context.Background(), &file, d) },
		func() error { return b.PDF(context.Background(), &unused, other) }, func() error { return b.PDF(context.Background(), &file2, d) }, func() error { return b.HTML(&page2, d) },
	} {
		if err := step(); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(page.Bytes(), page2.Bytes()) || !bytes.Equal(file.Bytes(), file2.Bytes()) {
		t.Error("the order of the forms changes their bytes")
	}
}

func TestARunThatIsCutOffDoesNotEndTheBatch(t *testing.T) {
	d, err := reporttest.Brief(lang.Zh)
	if err != nil {
		t.Fatal(err)
	}
	r := renderer(t, reports.Options{})
	var first bytes.Buffer
	if err := r.PDF(context.Background(), &first, d); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithDeadline(context.Background(), time.Now().Add(-time.Second))
	defer cancel()
	var none bytes.Buffer
	if err := r.PDF(ctx, &none, d); !errors.Is(err, context.DeadlineExceeded) || none.Len() > 0 {
		t.Errorf("error %v and %d bytes after the deadline", err, none.Len())
	}
	var second bytes.Buffer
	if err := r.PDF(context.Background(), &second, d); err != nil || !bytes.Equal(first.Bytes(), second.Bytes()) {
		t.Errorf("the next report failed or differs: %v", err)
	}
}

type stub struct{ files map[string][]byte }

func (s *stub) PDF(_ context.Context, files map[string][]byte, main string) ([]byte, []string, error) {
	s.files = files
	return files[main], nil, nil
}

func TestAnotherTypesetterGetsAllFiles(t *testing.T) {
	d, err := reporttest.Brief(lang.Zh)
	if err != nil {
		t.Fatal(err)
	}
	s := &stub{}
	r := renderer(t, reports.Options{Typesetter: s, PDF: pdf.Options{Template: []byte("own"), Files: map[string][]byte{"logo.svg": []byte("<svg/>")}}})
	charts := 0
	for _, f := range d.Figures() {
		if f.Option != nil {
			charts++
		}
	}
	var out bytes.Buffer
	if err := r.PDF(context.Background(), &out, d); err != nil {
		t.Fatal(err)
	}
	if out.String() != "own" || s.files["/logo.svg"] == nil || s.files["/data.json"] == nil || len(s.files) != 3+charts {
		t.Errorf("%d files, main %q", len(s.files), out.String())
	}
}
