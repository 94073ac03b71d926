package edition

import (
	"archive/zip"
	"bytes"
	"context"
	"database/sql"
	"errors"
	"io"
	"reflect"
	"strings"
	"testing"
	"time"

	"weir/ingest/identity"
	"weir/internal/calendar"
	"weir/internal/closing"
	"weir/internal/lang"
	"weir/internal/store"
	"weir/internal/workspace"
	"weir/queries/indicators"
	"weir/reports"
	"weir/reports/budgetreview"
	"weir/reports/document"
	"weir/reports/monthly"
	"weir/reports/scorecard"
)

// cultural is a city in which the Cultural Centre went into Tourism on 1 June 2026. The centre is always late with its
// replies and Tourism never, so that from June on half of what counts for Tourism is late without its doing. Finance
// becomes late in June by itself.
const cultural = `
INSERT INTO department (department_id, name, name_en, line_code, load_id, source_line) VALUES
	('WHG', '文化馆', 'Cultural Centre', 'CITY', 1, 1), ('WL', '文化和旅游局', 'Bureau of Tourism', 'CITY', 1, 2),
	('CZ', '财政局', 'Bureau of Finance', 'CITY', 1, 3), ('GA', '公安局', 'Bureau of Public Security', 'CITY', 1, 4);
INSERT INTO request (request_id, requester_id, provider_id, share_attribute, submitted_at, replied_at, decision, load_id, source_line)
	SELECT p || m || '-' || i, 'GA', p, 'U', make_timestamp(2026, m, 1 + i % 12, 2, 0, 0), make_timestamp(2026, m, 1 + i % 12, 3, 0, 0)
		+ CASE WHEN p = 'WHG' OR p = 'CZ' AND m = 6 THEN INTERVAL 15 DAY ELSE INTERVAL 0 DAY END, 'agreed', 1, i
	FROM range(60) t(i), (VALUES (5), (6)) months(m), (VALUES ('WHG'), ('WL'), ('CZ')) providers(p);
INSERT INTO budget (budget_id, department_id, project_id, fiscal_year, annual_amount, load_id, source_line) VALUES ('B1', 'WL', 'P1', 2026, 500000, 1, 1)`

// culturalCity is that city in a workspace.
type culturalCity struct {
	t      *testing.T
	source Source
	closer *closing.Closer
}

func newCulturalCity(t *testing.T) *culturalCity {
	t.Helper()
	ctx := context.Background()
	w, err := workspace.Init(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	s, err := store.Open(ctx, w.Database(), store.Options{TimeZone: w.Config.TimeZone})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := s.Write(ctx, func(ctx context.Context, c *sql.Conn) error {
		_, err := c.ExecContext(ctx, cultural)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	c := &culturalCity{t: t, source: Source{Workspace: w, Store: s, Pages: indicators.BuiltIn()}}
	rules := closing.Rules{Pages: c.source.Pages, Settings: w.Config.Settings, Bands: w.Config.Grades, LeakCap: w.Config.LeakCap, Integrity: w.Config.Integrity}
	if c.closer, err = closing.New(s, rules, w.Lake(), july); err != nil {
		t.Fatal(err)
	}
	return c
}

func july() time.Time { return time.Date(2026, 7, 5, 0, 0, 0, 0, time.UTC) }

// merge decides that the centre goes into Tourism.
func (c *culturalCity) merge() {
	c.t.Helper()
	if _, err := identity.Decide(context.Background(), c.source.Store, identity.Decision{Kind: identity.Merge, Department: "WHG", Successor: "WL", To: "2026-06-01",
		Reason: "机构改革方案", By: "王芳", At: july()}); err != nil {
		c.t.Fatal(err)
	}
}

func (c *culturalCity) close(name string) *Edition {
	c.t.Helper()
	month, err := calendar.ParseMonth(name)
	if err != nil {
		c.t.Fatal(err)
	}
	if _, err := c.closer.Close(context.Background(), month, ""); err != nil {
		c.t.Fatal(err)
	}
	return c.open(name)
}

func (c *culturalCity) open(name string) *Edition {
	c.t.Helper()
	e, err := c.source.Open(context.Background(), name)
	if err != nil {
		c.t.Fatal(err)
	}
	return e
}

// words are those of a report.
func words(t *testing.T, e *Edition, r Report) string {
	t.Helper()
	d, err := e.Build(r)
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Validate(); err != nil {
		t.Errorf("%s: %v", r.Kind, err)
	}
	return text(d)
}

// text joins what the document says in running text, lists, notes and below figures and tables.
func text(d *document.Document) string {
	var b strings.Builder
	spans := func(list ...document.Paragraph) {
		for _, p := range list {
			for _, s := range p.Spans {
				b.WriteString(s.Text)
			}
			b.WriteString("\n")
		}
	}
	for _, f := range d.Facts {
		b.WriteString(f.Label + ": " + f.Value + "\n")
	}
	d.Blocks(func(s *document.Section, block document.Block) {
		switch x := block.(type) {
		case *document.Paragraph:
			spans(*x)
		case *document.List:
			spans(x.Items...)
		case *document.Note:
			spans(x.Body...)
		case *document.KeyFigures:
			for _, k := range x.Items {
				b.WriteString(k.Change.Against + "\n")
			}
		case *document.Figure:
			b.WriteString(x.Title + " " + x.Note + "\n")
		case *document.Table:
			b.WriteString(x.Title + " " + x.Note + "\n")
		}
	})
	return b.String()
}

// TestReportsSayWhoseFiguresASuccessorsHold reads every report of the month before and the month of a merger.
func TestReportsSayWhoseFiguresASuccessorsHold(t *testing.T) {
	c := newCulturalCity(t)
	c.merge()
	may, june := c.close("2026-05"), c.close("2026-06")
	says := map[lang.Lang]string{lang.Zh: "含原文化馆（至 2026-05-31）的数据", lang.En: "Includes the figures of the former Cultural Centre (until 2026-05-31)"}
	unlike := map[lang.Lang]string{lang.Zh: "2026年5月及以前各月不含原文化馆的数据", lang.En: "May 2026 and the months before are without the former Cultural Centre"}
	changed := map[lang.Lang]string{lang.Zh: "显著", lang.En: " significantly, from "}
	for l := range says {
		for _, r := range []Report{{Kind: scorecard.Kind, Department: "WL", Lang: l}, {Kind: monthly.Kind, Lang: l}, {Kind: budgetreview.Kind, Lang: l}} {
			if got := words(t, may, r); strings.Contains(got, says[l]) || strings.Contains(got, unlike[l]) {
				t.Errorf("%s of May, in which both were in being:\n%s", r.Kind, got)
			}
			got := words(t, june, r)
			if !strings.Contains(got, says[l]) || !strings.Contains(got, unlike[l]) {
				t.Errorf("%s of June does not say whose figures it shows:\n%s", r.Kind, got)
			}
			// That Tourism replies late from June on is not its own doing, and no finding.
			for line := range strings.Lines(got) {
				if strings.HasPrefix(line, map[lang.Lang]string{lang.Zh: "文化和旅游局的", lang.En: "Bureau of Tourism: "}[l]) && strings.Contains(line, changed[l]) {
					t.Errorf("%s: %s", r.Kind, line)
				}
			}
		}
		// Finance changed by itself, which is one.
		for _, r := range []Report{{Kind: scorecard.Kind, Department: "CZ", Lang: l}, {Kind: monthly.Kind, Lang: l}} {
			got := words(t, june, r)
			if !strings.Contains(got, map[lang.Lang]string{lang.Zh: "财政局的申请答复及时率显著下降", lang.En: "fell significantly (worse), from 100"}[l]) {
				t.Errorf("%s of Finance: no finding\n%s", r.Kind, got)
			}
			if r.Department == "CZ" && strings.Contains(got, says[l]) {
				t.Errorf("%s of Finance holds what is not its own", r.Kind)
			}
		}
	}
}

// rendered is a document as a page and as a workbook.
func rendered(t *testing.T, e *Edition, r Report) [2][]byte {
	t.Helper()
	renderer, err := reports.New(reports.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer renderer.Close()
	d, err := e.Build(r)
	if err != nil {
		t.Fatal(err)
	}
	var page, book bytes.Buffer
	if err := errors.Join(renderer.HTML(&page, d), renderer.XLSX(&book, d)); err != nil {
		t.Fatal(err)
	}
	return [2][]byte{page.Bytes(), book.Bytes()}
}

// cells are the parts of a workbook as they lie in it.
func cells(t *testing.T, book []byte) string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(book), int64(len(book)))
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, f := range z.File {
		part, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(&all, part); err != nil {
			t.Fatal(err)
		}
	}
	return all.String()
}

// TestAMergerLeavesReportsOfMonthsBeforeAsTheyAre renders May, decides on the merger, closes June and renders both again.
func TestAMergerLeavesReportsOfMonthsBeforeAsTheyAre(t *testing.T) {
	c := newCulturalCity(t)
	r := Report{Kind: scorecard.Kind, Department: "WL", Lang: lang.Zh}
	before := rendered(t, c.close("2026-05"), r)
	c.merge()
	june := rendered(t, c.close("2026-06"), r)
	if !bytes.Contains(june[0], []byte("含原文化馆（至 2026-05-31）的数据")) {
		t.Error("the page of June does not say whose figures it shows")
	}
	if book := cells(t, june[1]); !strings.Contains(book, "原文化馆（至 2026-05-31）") {
		t.Error("the workbook of June does not say whose figures it shows")
	}
	if again := rendered(t, c.open("2026-05"), r); !reflect.DeepEqual(again, before) {
		t.Error("the merger changed reports of May")
	}
	if again := rendered(t, c.open("2026-06"), r); !reflect.DeepEqual(again, june) {
		t.Error("reports of June have other bytes the second time")
	}
}
