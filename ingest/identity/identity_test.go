package identity

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"weir/ingest"
	"weir/internal/store"
)

var clock = func() time.Time { return time.Date(2026, 11, 24, 4, 0, 0, 0, time.UTC) }

func open(t *testing.T) *store.Store {
	t.Helper()
	st, err := store.Open(context.Background(), "", store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	})
	return st
}

func load(t *testing.T, st *store.Store, name, text string) ingest.Result {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	r, err := ingest.Files(context.Background(), st, ingest.Settings{}, []string{path}, ingest.Options{Now: clock})
	if err != nil {
		t.Fatal(err)
	}
	return r[0]
}

func rows(t *testing.T, st *store.Store, query string) string {
	t.Helper()
	r, err := st.Query(context.Background(), "SELECT coalesce(string_agg(x, ' '), '') FROM (SELECT concat_ws('|', *COLUMNS(*)) AS x FROM ("+query+"))", nil)
	if err != nil {
		t.Fatal(err)
	}
	return r.Rows[0][0].(string)
}

func decide(t *testing.T, st *store.Store, d Decision) Decision {
	t.Helper()
	d.By, d.Reason, d.At = "王芳", "机构改革方案", clock()
	d, err := Decide(context.Background(), st, d)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func replay(t *testing.T, st *store.Store, d Decision) (in int) {
	t.Helper()
	done, err := Replay(context.Background(), st, ingest.Settings{}, d, ingest.Options{Now: clock})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range done {
		in += len(r.In)
	}
	return in
}

const departments = "department_id,name,district,valid_from\nMZ,民政局,,2018-01-01\nLS,粮食和物资储备局,,2018-01-01\nFG,发展和改革委员会,,2018-01-01\nWLSP,行政审批局,望澜区,2019-01-01\nYQSP,行政审批局,云栖区,2019-01-01\n"

const requests = "request_id,requester_id,provider_id,submitted_at\n" +
	"R1,MZ,市发改委,2026-10-08\nR2,市发改委,MZ,2026-10-09\nR3,MZ,行政审批局,2026-10-09\nR4,MZ,大数据局,2026-10-09\nR5,大数据局,市发改委,2026-10-09\n"

// TestUnknownNamesWaitForADecision collects names with hints, records the decision and takes the rows in.
func TestUnknownNamesWaitForADecision(t *testing.T) {
	st := open(t)
	ctx := context.Background()
	load(t, st, "department.csv", departments)
	load(t, st, "request.csv", requests)
	names, err := Names(ctx, st)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, n := range names {
		got = append(got, fmt.Sprintf("%s %s %d %v %v %v", n.Name, n.Code, n.Rows, n.Files, n.Columns, n.Nearest))
	}
	// R5 has two unknown names; a row is kept under the first.
	want := []string{
		"大数据局 unknown_department 2 [request.csv] [request.provider_id request.requester_id] []",
		"市发改委 unknown_department 2 [request.csv] [request.provider_id request.requester_id] [{FG 发展和改革委员会}]",
		"行政审批局 ambiguous_department 1 [request.csv] [request.provider_id] [{WLSP 行政审批局} {YQSP 行政审批局}]",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	d := decide(t, st, Decision{Kind: Alias, Department: "FG", Name: "市发改委"})
	if n := replay(t, st, d); n != 2 {
		t.Errorf("%d rows went in", n)
	}
	d = decide(t, st, Decision{Kind: Add, Department: "DSJ", Name: "大数据局"})
	if n := replay(t, st, d); n != 2 {
		t.Errorf("%d rows went in", n)
	}
	if got := rows(t, st, "SELECT request_id, requester_id, provider_id FROM request ORDER BY 1"); got != "R1|MZ|FG R2|FG|MZ R4|MZ|DSJ R5|DSJ|FG" {
		t.Error(got)
	}
	if n := replay(t, st, d); n != 0 {
		t.Errorf("%d rows went in twice", n)
	}
	if got := rows(t, st, "SELECT value, count(*) FROM quarantine WHERE replayed_load_id IS NULL GROUP BY 1"); got != "行政审批局|1" {
		t.Error(got)
	}
	all, err := Decisions(ctx, st, "FG")
	if err != nil || len(all) != 1 || all[0].By != "王芳" || all[0].Reason != "机构改革方案" || all[0].Name != "市发改委" || !all[0].At.Equal(clock()) {
		t.Errorf("%+v %v", all, err)
	}
	if n := rows(t, st, "SELECT count(*) FROM load WHERE reader = 'decision' AND started_at = TIMESTAMP '2026-11-24 04:00:00'"); n != "2" {
		t.Error(n)
	}
	// What a decision wrote stands under a load, as every row does.
	if n := rows(t, st, "SELECT count(*) FROM department_alias a ANTI JOIN load l ON l.load_id = a.load_id"); n != "0" {
		t.Error(n)
	}
}

// TestRenamesAndMergersOutliveTheNextList keeps a decision where the platform still delivers what was before.
func TestRenamesAndMergersOutliveTheNextList(t *testing.T) {
	st := open(t)
	ctx := context.Background()
	load(t, st, "department.csv", departments)
	decide(t, st, Decision{Kind: Rename, Department: "MZ", Name: "民政和退役军人局", From: "2026-07-01"})
	decide(t, st, Decision{Kind: Merge, Department: "LS", Successor: "FG", To: "2026-01-01"})
	const now = "SELECT department_id, name, successor_id, valid_to FROM department WHERE department_id IN ('MZ', 'LS') ORDER BY 1"
	const want = "LS|粮食和物资储备局|FG|2026-01-01 MZ|民政和退役军人局"
	if got := rows(t, st, now); got != want {
		t.Error(got)
	}
	if got := rows(t, st, "SELECT name, department_id, valid_to FROM department_alias"); got != "民政局|MZ|2026-07-01" {
		t.Error(got)
	}
	if got := rows(t, st, "SELECT table_name, json_extract_string(content, '$.name') FROM superseded ORDER BY superseded_by"); got != "department|民政局 department|粮食和物资储备局" {
		t.Error(got)
	}
	r := load(t, st, "department_2026-11.csv", strings.ReplaceAll(departments, "MZ,民政局,,", "MZ,民政局,全市,"))
	if got := rows(t, st, now); got != want || len(r.Warnings) != 1 || !strings.Contains(r.Warnings[0].En, "2 departments") {
		t.Errorf("%s %+v", got, r)
	}
	if got := rows(t, st, "SELECT district FROM department WHERE department_id = 'MZ'"); got != "全市" {
		t.Errorf("the rest of the list was not taken: %q", got)
	}
	// The old name counts up to the day, the new one from it on.
	r = load(t, st, "zero_report.csv", "department_id,day\n民政局,2026-06-30\n民政局,2026-07-01\n民政和退役军人局,2026-07-01\n")
	if r.RowsLoaded != 2 || r.RowsQuarantined != 1 {
		t.Errorf("%+v", r)
	}
	list, err := Departments(ctx, st)
	if err != nil || len(list) != 5 || fmt.Sprint(list[2].Aliases) != "[民政局 [, 2026-07-01)]" {
		t.Errorf("%+v %v", list, err)
	}
}

func TestDecisionsThatMakeNoSenseAreRefused(t *testing.T) {
	st := open(t)
	load(t, st, "department.csv", departments)
	decide(t, st, Decision{Kind: Merge, Department: "LS", Successor: "FG", To: "2026-01-01"})
	decide(t, st, Decision{Kind: Alias, Department: "MZ", Name: "民政厅", From: "2020-01-01"})
	before := rows(t, st, "SELECT count(*) FROM load")
	for _, c := range []struct {
		Decision
		want string
	}{
		{Decision{Kind: Alias, Department: "MX", Name: "x"}, `did you mean "MZ"?`},
		{Decision{Kind: Alias, Department: "民政局", Name: "x"}, "is the name of MZ"},
		{Decision{Kind: Alias, Department: "FG", Name: "民政局"}, "stands for MZ"},
		{Decision{Kind: Alias, Department: "FG", Name: "民政厅"}, "stands for MZ"},
		{Decision{Kind: Alias, Department: "FG", Name: "MZ"}, "identifier of another"},
		{Decision{Kind: Alias, Department: "MZ", Name: "民政局"}, "is called"},
		{Decision{Kind: Alias, Department: "MZ", Name: "x", From: "2026-13-01"}, "YYYY-MM-DD"},
		{Decision{Kind: Alias, Department: "MZ", Name: "x", From: "2026-02-01", To: "2026-01-01"}, "not after"},
		{Decision{Kind: Rename, Department: "MZ", Name: "民政局", From: "2026-01-01"}, "already"},
		{Decision{Kind: Rename, Department: "MZ", Name: "新名"}, "the day"},
		{Decision{Kind: Merge, Department: "FG", Successor: "LS", To: "2026-06-01"}, "circle"},
		{Decision{Kind: Merge, Department: "LS", Successor: "MZ", To: "2026-06-01"}, "already"},
		{Decision{Kind: Merge, Department: "MZ", Successor: "FG", To: "2017-01-01"}, "in being since"},
		{Decision{Kind: Add, Department: "MZ", Name: "x"}, "exists already"},
		{Decision{Kind: Add, Department: "MZ2", Name: "民政局"}, "district"},
	} {
		c.By, c.Reason, c.At = "王芳", "x", clock()
		if _, err := Decide(context.Background(), st, c.Decision); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v: %v, want %q", c.Decision, err, c.want)
		}
	}
	if _, err := Decide(context.Background(), st, Decision{Kind: Alias, Department: "MZ", Name: "y", At: clock()}); err == nil {
		t.Error("a decision without reason was taken")
	}
	if after := rows(t, st, "SELECT count(*) FROM load"); after != before {
		t.Errorf("%s loads, were %s", after, before)
	}
	// The same name may go on to mean another department later.
	decide(t, st, Decision{Kind: Alias, Department: "FG", Name: "民政厅", To: "2020-01-01"})
}
