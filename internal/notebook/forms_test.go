package notebook

import (
	"archive/zip"
	"bytes"
	"context"
	"os"
	"strings"
	"testing"

	"weir/internal/lang"
	"weir/internal/runner"
	"weir/internal/store"
	"weir/internal/typst/typsttest"
	"weir/reports"
)

// dataForms writes the last cell as files for programs.
func dataForms(t *testing.T, h *Host, r *Run) {
	last, err := r.Cell("")
	if err != nil {
		t.Fatal(err)
	}
	for format, begin := range map[runner.Format]string{runner.CSV: last.Result.Columns[0].Name, runner.JSON: "[", runner.Parquet: "PAR1", runner.Arrow: "\xff\xff\xff\xff"} {
		if format == runner.Arrow && !store.ArrowSupported {
			continue
		}
		var out bytes.Buffer
		if err := h.Stream(context.Background(), r, "", format, &out); err != nil || !strings.HasPrefix(out.String(), begin) {
			t.Errorf("%s: %v, begins %.20q", format, err, out.String())
		}
	}
}

// allForms asks for a page and a PDF of every notebook, which takes minutes; without it some stand for all.
var allForms = os.Getenv("WEIR_TEST_ALL_FORMS") != ""

// documents builds every notebook's document in both languages and renders it: as workbooks all, as pages and for the
// file some.
func documents(t *testing.T, h *Host, runs map[string]*Run) {
	renderer, err := reports.New(reports.Options{CacheDir: typsttest.CacheDir(t)})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := renderer.Close(); err != nil {
			t.Error(err)
		}
	}()
	for id, r := range runs {
		zh, err := h.Document(context.Background(), r, lang.Zh)
		if err != nil {
			t.Errorf("%s: %v", id, err)
			continue
		}
		en, err := h.Document(context.Background(), r, lang.En)
		if err != nil {
			t.Errorf("%s: %v", id, err)
			continue
		}
		var page, book, paper bytes.Buffer
		if allForms || id == "silos" || id == "freshness_by_kind" {
			if err := renderer.HTML(&page, zh); err != nil || !strings.Contains(page.String(), r.Stamp) {
				t.Errorf("%s: html: %v", id, err)
			}
		}
		if allForms || id == "silos" {
			if err := renderer.PDF(context.Background(), &paper, zh); err != nil || !bytes.HasPrefix(paper.Bytes(), []byte("%PDF-")) {
				t.Errorf("%s: pdf: %v", id, err)
			}
		}
		if err := renderer.XLSX(&book, en); err != nil {
			t.Errorf("%s: xlsx: %v", id, err)
		} else if _, err := zip.NewReader(bytes.NewReader(book.Bytes()), int64(book.Len())); err != nil {
			t.Errorf("%s: xlsx: %v", id, err)
		}
	}
}
