package publish

import (
	"bytes"
	"testing"

	"weir/internal/lang"
	"weir/metrics"
)

func TestTheIndexListsFilesInItsOwnLanguageFirst(t *testing.T) {
	s := NewShelf(t.TempDir(), &metrics.Month{Month: "2026-10", Revision: 1}, "2026-10-31")
	for _, l := range []lang.Lang{lang.En, lang.Zh} {
		s.Files = append(s.Files, File{Name: "a." + string(l) + ".pdf", Kind: "monthly_overview", Language: l, Format: "pdf"})
	}
	for _, l := range []lang.Lang{lang.Zh, lang.En} {
		page, err := s.index(l)
		if err != nil {
			t.Fatal(err)
		}
		own, other := bytes.Index(page, []byte("PDF 中文")), bytes.Index(page, []byte("PDF English"))
		if l == lang.En {
			own, other = other, own
		}
		if own < 0 || other < own {
			t.Errorf("%s: own file at %d, other at %d", l, own, other)
		}
	}
}
