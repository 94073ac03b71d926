package closing

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"weir/internal/calendar"
	"weir/queries/indicators"
	"weir/queries/page"
)

// closedCity is October 2026 of the sample city, closed into a lake of its own.
func closedCity(t *testing.T) *Closer {
	t.Helper()
	c, err := New(cityStore(t), cityRules(), t.TempDir(), clock)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Close(context.Background(), calendar.Month{Year: 2026, Month: 10}, ""); err != nil {
		t.Fatal(err)
	}
	return c
}

// lines are the findings, one a line.
func lines(v *Verification) string {
	var b strings.Builder
	for _, f := range v.Findings {
		fmt.Fprintf(&b, "%s | %s | %s | later %t\n", f.Part, f.Where, f.What.En, f.Later)
	}
	return b.String()
}

func verify(t *testing.T, c *Closer) *Verification {
	t.Helper()
	v, err := c.Verify(context.Background(), "2026-10", 0)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestVerify(t *testing.T) {
	c := closedCity(t)
	v := verify(t, c)
	if len(v.Findings) > 0 || !v.Sound() || v.Figures < 2000 || v.Scores < 20 || v.Files < 70 || v.Rows < 10_000 {
		t.Fatalf("untouched: %d figures, %d scores, %d files, %d rows, findings:\n%s", v.Figures, v.Scores, v.Files, v.Rows, lines(v))
	}
	t.Run("later data", func(t *testing.T) { laterData(t, c) })
	t.Run("rules", func(t *testing.T) { alteredRules(t, c) })
	t.Run("tampering", func(t *testing.T) { tampering(t, c) })
}

// laterData: a load that came in after the close corrects a request. What it changes is said and is no tampering.
func laterData(t *testing.T, c *Closer) {
	const corrected = `request_id = (SELECT max(request_id) FROM request WHERE provider_id = 'MZ' AND replied_at >= '2026-10-20')`
	exec(t, c.store, `CREATE TABLE kept AS SELECT * FROM request WHERE `+corrected,
		`INSERT INTO load SELECT * REPLACE (1000 AS load_id, 'ab' || sha256[3:] AS sha256) FROM load WHERE load_id = 1`,
		`INSERT INTO superseded SELECT 'request', '{}', '{}', load_id, source_line, 1000, now()::TIMESTAMP FROM kept`,
		`UPDATE request SET delivered_at = NULL, replied_at = replied_at + INTERVAL 1 YEAR, load_id = 1000 WHERE `+corrected)
	v := verify(t, c)
	if got := lines(v); !v.Sound() || v.LaterLoads != 1 || strings.Contains(got, "later false") || !strings.Contains(got, "figure | reply_on_time_rate MZ | frozen as ") {
		t.Errorf("sound %t, %d later loads\n%s", v.Sound(), v.LaterLoads, got)
	}
	exec(t, c.store, `DELETE FROM load WHERE load_id = 1000`, `DELETE FROM superseded WHERE superseded_by = 1000`, `DELETE FROM request WHERE load_id = 1000`,
		`INSERT INTO request SELECT * FROM kept`, `DROP TABLE kept`)
}

// tampering changes one thing of each kind behind Weir's back; each is found where it is, and nothing else is.
func tampering(t *testing.T, c *Closer) {
	exec(t, c.store,
		`UPDATE indicator_value SET value = value + 1 WHERE indicator_id = 'reply_on_time_rate' AND department_id = 'GA' AND data_kind = ''`,
		`UPDATE department_score SET rank = rank + 1 WHERE department_id = 'MZ' AND scope = 'total'`,
		`UPDATE correction_ticket SET feedback_at = filed_at WHERE ticket_id = (SELECT max(ticket_id) FROM correction_ticket)`,
		`DELETE FROM usage_event WHERE event_id = (SELECT max(event_id) FROM usage_event WHERE occurred_at >= '2026-10-05' AND occurred_at < '2026-10-06')`,
		`INSERT INTO staff SELECT * REPLACE ('someone' AS staff_id, 999999 AS source_line) FROM staff LIMIT 1`,
		`UPDATE month_close SET stamp = 'ff' || stamp[3:]`,
		`UPDATE load SET sha256 = 'ff' || sha256[3:] WHERE load_id = 1`)
	tamperFiles(t, lakeDirectory(c.lake, "2026-10", 1))
	got := lines(verify(t, c))
	for _, want := range []string{
		"stamp | month_close | the recorded stamp ff", "file | manifest.json | stamp is ", "load | load 1 department | the hash of its file or mapping is another",
		"frozen | indicator_value reply_on_time_rate GA  | value was ", "frozen | department_score MZ total | rank was ",
		"event | correction_ticket ", " | feedback_at was ", "event | usage_event ", " | the row is gone", "event | staff ", " | the row was not there at the close",
		"file | request.parquet | has the SHA-256 ", "file | extra.parquet | is not in the manifest", "file | spend.parquet | is missing",
		"figure | reply_on_time_rate GA | frozen as ",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no finding %q in:\n%s", want, got)
		}
	}
	for part, n := range map[Part]int{PartStamp: 1, PartFile: 4, PartFrozen: 2, PartLoad: 1, PartEvent: 3} {
		if found := strings.Count("\n"+got, "\n"+string(part)+" |"); found != n {
			t.Errorf("%d findings of %s, want %d:\n%s", found, part, n, got)
		}
	}
	if strings.Contains(got, "later true") || strings.Contains(got, "rule |") {
		t.Errorf("%s", got)
	}
}

func tamperFiles(t *testing.T, directory string) {
	t.Helper()
	path := filepath.Join(directory, "request.parquet")
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	content[len(content)/2] ^= 1
	for _, err := range []error{os.WriteFile(path, content, 0o644), os.WriteFile(filepath.Join(directory, "extra.parquet"), nil, 0o644), os.Remove(filepath.Join(directory, "spend.parquet"))} {
		if err != nil {
			t.Fatal(err)
		}
	}
}

// alteredRules verifies under other pages and another configuration than the month was closed with.
func alteredRules(t *testing.T, c *Closer) {
	overlay := fstest.MapFS{}
	for file, alter := range map[string]func(string) string{
		"timeliness/reply_on_time_rate.md":    func(s string) string { return strings.Replace(s, "```sql\n", "```sql\n-- another query\n", 1) },
		"timeliness/delivery_on_time_rate.md": func(s string) string { return s + "\nA further sentence.\n" },
		"timeliness/update_on_time_rate.md": func(s string) string {
			return regexp.MustCompile(`effective_from: \S+`).ReplaceAllString(strings.Replace(s, "version: 1", "version: 2", 1), "effective_from: 2026-10-01")
		},
	} {
		text, err := fs.ReadFile(indicators.Files(), file)
		if err != nil {
			t.Fatal(err)
		}
		overlay[file] = &fstest.MapFile{Data: []byte(alter(string(text)))}
	}
	set, problems := page.Load(indicators.Files(), overlay)
	if err := problems.Err(); err != nil {
		t.Fatal(err)
	}
	pages, configuration := cityRules(), cityRules()
	pages.Pages = set
	configuration.Settings.FiscalYearStart, configuration.LeakCap = 4, ""
	for _, altered := range []struct {
		rules Rules
		want  string
	}{
		{pages, `rule | delivery_on_time_rate | front matter or prose of version 1 of the page was altered and its version was not | later false
rule | reply_on_time_rate | the SQL of version 1 of the page was altered and its version was not | later false
rule | update_on_time_rate | the page is version 2, it was version 1 | later false
`},
		{configuration, "rule | configuration: leak_cap, settings | the configuration is another | later false\n"},
	} {
		other, err := New(c.store, altered.rules, c.lake, clock)
		if err != nil {
			t.Fatal(err)
		}
		v := verify(t, other)
		if got := lines(v); got != altered.want || v.Sound() {
			t.Errorf("want %s, got:\n%s", altered.want, got)
		}
	}
}

// What no page of the sample city can show: targets frozen for the year, marts, macros and the engine.
func TestVerifyNamesTheRuleThatChanged(t *testing.T) {
	was := manifest{Definitions: map[string]string{"a": "1:x", "b": "1:x"}, Queries: map[string]string{"a": "q"}, Marts: map[string]string{"mart_update": "m"}, Macros: "f",
		Targets: map[string]float64{"a/city/": 3.5}, Engine: "v1.5.6", Configuration: "c"}
	now := manifest{Definitions: map[string]string{"a": "1:x", "c": "1:x"}, Queries: map[string]string{"a": "q"}, Marts: map[string]string{"mart_update": "n"}, Macros: "g",
		Targets: map[string]float64{"a/city/": 7, "c/city/": 1}, Engine: "v1.6.0", Configuration: "c"}
	v := &verifier{cover: was, found: &Verification{}}
	changed := v.rules(now)
	want := `rule | b | the page is gone | later false
rule | c | there was no such page at the close | later false
rule | mart_update | the definition of the mart is another | later false
rule | macros | the SQL functions that pages share are others | later false
rule | a/city/ | the target frozen for the year, 3.5, was altered | later false
rule | engine | the engine is v1.6.0, it was v1.5.6 | later false
`
	if got := lines(v.found); got != want || !changed.all || len(changed.indicators) != 2 {
		t.Errorf("got:\n%swant:\n%s", got, want)
	}
	// A manifest of before these were covered says nothing of them.
	was.Marts, was.Macros, was.Queries = nil, "", nil
	v = &verifier{cover: was, found: &Verification{}}
	if v.rules(now); strings.Contains(lines(v.found), "mart") {
		t.Error(lines(v.found))
	}
}
