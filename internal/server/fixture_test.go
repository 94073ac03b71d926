package server

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"weir/internal/lang"
	"weir/internal/server/access"
	"weir/internal/server/account"
	"weir/internal/server/audit"
	"weir/internal/server/job"
	"weir/internal/server/objection"
	"weir/metrics"
	"weir/metrics/scoring"
	"weir/queries/page"
)

const testPassword = "Chang-Jiang 2026"

// memory keeps everything of the service in maps.
type kept struct {
	mu         sync.Mutex
	users      map[string]account.User
	sessions   map[string]account.Session
	tokens     map[string]account.Token
	entries    []audit.Entry
	auditFails error
	objections map[int64]objection.Objection
	jobs       map[int64]job.Job
}

func (k *kept) Load(context.Context) (u []account.User, s []account.Session, t []account.Token, _ error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, v := range k.users {
		u = append(u, v)
	}
	for _, v := range k.sessions {
		s = append(s, v)
	}
	for _, v := range k.tokens {
		t = append(t, v)
	}
	return u, s, t, nil
}

func (k *kept) Save(_ context.Context, records ...any) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, r := range records {
		switch v := r.(type) {
		case account.User:
			k.users[v.ID] = v
		case account.Session:
			k.sessions[v.ID] = v
		case account.Token:
			k.tokens[v.Digest] = v
		}
	}
	return nil
}

func (k *kept) AppendAudit(_ context.Context, e audit.Entry) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.auditFails == nil {
		k.entries = append(k.entries, e)
	}
	return k.auditFails
}

func (k *kept) Audit(_ context.Context, f audit.Filter) (list []audit.Entry, _ error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for i := len(k.entries) - 1; i >= 0 && len(list) < f.Limit; i-- {
		if f.Action == "" || k.entries[i].Action == f.Action {
			list = append(list, k.entries[i])
		}
	}
	return list, nil
}

func (k *kept) WalkAudit(_ context.Context, visit func(audit.Entry) error) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, e := range k.entries {
		if err := visit(e); err != nil {
			return err
		}
	}
	return nil
}

func (k *kept) SaveObjection(_ context.Context, o objection.Objection) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.objections[o.ID] = o
	return nil
}

func (k *kept) Objections(context.Context, objection.Filter) ([]objection.Objection, error) {
	return nil, nil
}

func (k *kept) SaveJob(_ context.Context, j job.Job) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.jobs[j.ID] = j
	return nil
}

func (k *kept) Jobs(context.Context, int) ([]job.Job, error) { return nil, nil }

// acts lists the recorded acts.
func (k *kept) acts() []string {
	k.mu.Lock()
	defer k.mu.Unlock()
	var list []string
	for _, e := range k.entries {
		list = append(list, fmt.Sprintf("%s %s %v", e.Action, e.Target, e.Allowed))
	}
	return list
}

// hostile is a name as an attacker would choose it.
const hostile = `</script><script>alert(1)</script>"><img src=x onerror=alert(1)>`

// city is two closed months of seven departments.
type city struct{ mu sync.Mutex }

var departmentIDs = []string{"MZ", "GA", "WJ", "SJ", "RS", "JT", "XX"}

func (c *city) List(context.Context) ([]Closed, error) {
	at := func(m time.Month) time.Time { return time.Date(2026, m, 1, 0, 0, 0, 0, time.UTC) }
	return []Closed{{"2026-09", 1, at(10), at(10), strings.Repeat("a", 64)}, {"2026-10", 1, at(11), at(11), strings.Repeat("b", 64)}, {"2026-10", 2, at(11), at(11), strings.Repeat("c", 64)}}, nil
}

func (c *city) Held(context.Context) (Held, error) {
	return Held{Memory: map[string]int64{"base_table": 3e6, "window": 7}, File: 5, WriteLog: 6}, nil
}

func (c *city) Read(_ context.Context, month string, revision int) (*metrics.Month, error) {
	m := &metrics.Month{Month: month, Revision: revision, AsOf: time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC), ClosedAt: time.Date(2026, 11, 3, 0, 0, 0, 0, time.UTC), Stamp: strings.Repeat("c", 64)}
	if month == "2026-09" {
		m.Stamp = strings.Repeat("a", 64)
	}
	f := func(v float64) *float64 { return &v }
	n := func(v int64) *int64 { return &v }
	for i, id := range departmentIDs {
		name := lang.T("部门"+id, "Department "+id)
		if id == "XX" {
			name = lang.Same(hostile)
		}
		m.Departments = append(m.Departments, metrics.Department{ID: id, Name: name})
		met := float64(20 - i)
		m.Values = append(m.Values, metrics.Value{Indicator: "reply_on_time_rate", Version: 1, Department: id, State: scoring.HasValue, Numerator: f(met), Denominator: f(20), Value: f(5 * met), N: n(20), Low: f(4 * met), High: f(100), Target: f(100), Unit: "%"})
		m.Scores = append(m.Scores, scoring.Result{Department: id, Grade: "良", Uncapped: "良", Rank: i + 1, Total: scoring.Tally{ID: "total", Scored: true, Score: 88 - float64(i), Points: 8, Weight: 10, Coverage: 1,
			Lines: []scoring.Line{{Indicator: "reply_on_time_rate", Weight: 10, Nominal: 10, Fraction: met / 20, Points: met / 2, Graded: true}}, Groups: []scoring.Group{{ID: "total", Weight: 10, Points: 8, Score: 80, Scored: true}}},
			Indices: []scoring.Tally{{ID: "timeliness", Scored: true, Score: 90 - float64(i)}}})
	}
	m.Values = append(m.Values, metrics.Value{Indicator: "reply_on_time_rate", Version: 1, Department: metrics.City, State: scoring.HasValue, Numerator: f(119), Denominator: f(140), Value: f(85), N: n(140), Unit: "%"},
		metrics.Value{Indicator: "satisfaction", Version: 1, Department: "MZ", State: scoring.Missing, Unit: "%"}, metrics.Value{Indicator: "satisfaction", Version: 1, Department: metrics.City, State: scoring.NotMeasured, Unit: "%"})
	m.Predecessors = []metrics.Predecessor{}
	if month == "2026-10" {
		m.Predecessors = []metrics.Predecessor{{ID: "WH", Name: lang.T("文化馆", "Cultural Centre"), Successor: "MZ", Until: "2026-09-30"}}
	}
	m.Flows = []metrics.Flow{{Provider: "MZ", Consumer: "GA", Exchanges: 120, Rows: 900}, {Provider: "WJ", Consumer: "SJ", Exchanges: 7, Rows: 9}}
	return m, nil
}

var testPages = []*page.Indicator{
	{ID: "reply_on_time_rate", Version: 1, Status: page.Active, Name: lang.T("申请答复及时率", "Reply on time"), Question: lang.T("问", "q"), Definition: lang.T("定义", "definition"), Dimension: "timeliness", Unit: "%", Decimals: 1,
		Direction: page.Higher, Kind: page.Proportion, Target: &page.Target{Default: 100}, Scoring: &page.Scoring{Group: "output/timeliness", Weight: 10},
		Basis:   []page.Basis{{Source: lang.T("政务数据共享条例", "Regulations"), Article: "21¶1", Mark: page.TextRead}},
		Formula: "late / replied", FormulaZh: "逾期 / 已答复",
		SQL: page.Query{Text: "SELECT 1"}, Evidence: page.Query{Text: "SELECT 2"}, Body: "## Meaning\n\n<script>alert(1)</script>\n"},
	{ID: "satisfaction", Version: 1, Status: page.Active, Name: lang.T("满意度", "Satisfaction"), Dimension: "performance", Unit: "%", Decimals: 1, Direction: page.Higher, Scoring: &page.Scoring{Group: "satisfaction", Weight: 10}},
}

func (c *city) Used(*metrics.Month) ([]*page.Indicator, error) { return testPages, nil }
func (c *city) IDs() []string                                  { return []string{"reply_on_time_rate", "satisfaction"} }
func (c *city) Versions(id string) []*page.Indicator {
	return slices.DeleteFunc(slices.Clone(testPages), func(p *page.Indicator) bool { return p.ID != id })
}

func (c *city) Differences(context.Context, string, int) ([]Difference, error) {
	v := 85.0
	return []Difference{{Indicator: "reply_on_time_rate", Department: "MZ", After: &v, StateBefore: "missing", StateAfter: "value", Cause: "data"},
		{Indicator: "reply_on_time_rate", Department: "GA", After: &v, StateBefore: "missing", StateAfter: "value", Cause: "rule"}}, nil
}

var evidenceColumns = columnsOf("request_id VARCHAR", "provider_id VARCHAR", "late BOOLEAN", "days BIGINT")

func (c *city) Evidence(_ context.Context, _ string, _ int, _ *page.Indicator, department string, offset, limit int) (*Table, error) {
	var rows [][]any
	for i := range 120 {
		rows = append(rows, []any{fmt.Sprintf("Q-%s-%03d", department, i), department, i%3 == 0, int64(i)})
	}
	rows[0][0] = "=cmd|' /C calc'!A0"
	return memory(evidenceColumns, rows)(offset, limit)
}

func (c *city) Query(_ context.Context, _ string, _ int, query string, p map[string]any) (*Table, error) {
	switch {
	case strings.Contains(query, "mart_request"):
		t := &Table{Columns: columnsOf("request_id VARCHAR", "requester_id VARCHAR", "provider_id VARCHAR", "reply_on_time BOOLEAN")}
		for _, row := range [][]any{{"Q1", "GA", "MZ", false}, {"Q2", "SJ", "WJ", true}} {
			if p["everybody"] == true || slices.Contains(strings.Split(p["reach"].(string), "\x1f"), row[1].(string)) || slices.Contains(strings.Split(p["reach"].(string), "\x1f"), row[2].(string)) {
				t.Rows = append(t.Rows, row)
			}
		}
		return t, nil
	case strings.Contains(query, "r.resource_id = $resource"):
		owner := map[string]string{"R-MZ": "MZ", "R-GA": "GA"}[p["resource"].(string)]
		t := &Table{Columns: columnsOf("resource_id VARCHAR", "title VARCHAR", "department_id VARCHAR")}
		if owner != "" {
			t.Rows = [][]any{{p["resource"], hostile, owner}}
		}
		return t, nil
	}
	return &Table{Columns: columnsOf("resource_id VARCHAR", "department_id VARCHAR")}, nil
}

func (c *city) Tables(string, int) []string { return []string{"request"} }

// lake reads one table of the lake.
type lakeOfCity struct{ *city }

func (lakeOfCity) Read(_ context.Context, _ string, _ int, _ string, offset, limit int) (*Table, error) {
	return memory(evidenceColumns, [][]any{{"Q1", "MZ", true, int64(1)}})(offset, limit)
}

// loader records what it is given.
type loader struct {
	mu     sync.Mutex
	loaded []string
	slow   chan struct{}
}

func (l *loader) Ingest(ctx context.Context, path, name string, from Source, dryRun bool) (LoadResult, error) {
	if l.slow != nil {
		select {
		case <-l.slow:
		case <-ctx.Done():
			return LoadResult{}, ctx.Err()
		}
	}
	content, err := os.ReadFile(path)
	if err != nil {
		return LoadResult{}, err
	}
	if bytes.Contains(content, []byte("broken")) {
		return LoadResult{}, errors.New(name + ":2: no such column; did you mean \"ok\"?")
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.loaded = append(l.loaded, name+" "+from.Table+" "+string(content))
	rows := int64(bytes.Count(content, []byte("\n")))
	return LoadResult{Load: int64(len(l.loaded)), File: name, Table: from.Table, In: rows, Loaded: rows - 1, Quarantined: 1}, nil
}

func (l *loader) List(context.Context, int) ([]Load, error) {
	return []Load{{ID: 1, File: hostile, Table: "request", In: 3, Loaded: 2, Quarantine: 1}}, nil
}

func (l *loader) Quarantine(_ context.Context, load int64, _, _ int) ([]Quarantined, error) {
	return []Quarantined{{Load: 1, File: "a.csv", Line: 2, Column: "ok", Reason: lang.Same(hostile), Cure: lang.T("改", "cure"), Raw: hostile}}, nil
}

func (l *loader) Repair(_ context.Context, load int64, rows map[int64]string) (LoadResult, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.loaded = append(l.loaded, fmt.Sprint("repair ", load, rows))
	return LoadResult{Load: 9, In: int64(len(rows)), Loaded: int64(len(rows))}, nil
}

func (l *loader) Names(context.Context) ([]UnknownName, error) {
	return []UnknownName{{Name: hostile, Rows: 12, First: time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC), Last: time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC), Files: []string{"a.csv"}, Nearest: []string{"MZ 民政局"}}}, nil
}

func (l *loader) Mappings() []string { return []string{"shanghai"} }

// shelf holds reports.
type shelf struct{}

type closer struct{ *bytes.Reader }

func (closer) Close() error { return nil }

func (shelf) List(_ context.Context, month string) ([]Report, error) {
	return []Report{{Name: "monthly_overview-" + month + ".zh.html", Kind: "monthly_overview", Lang: lang.Zh, Format: "html"},
		{Name: "department_scorecard-" + month + "-MZ.zh.pdf", Kind: "department_scorecard", Department: "MZ", Lang: lang.Zh, Format: "pdf"},
		{Name: "department_scorecard-" + month + "-GA.zh.pdf", Kind: "department_scorecard", Department: "GA", Lang: lang.Zh, Format: "pdf"}}, nil
}

func (s shelf) Open(ctx context.Context, month, name string) (io.ReadSeekCloser, Report, error) {
	list, _ := s.List(ctx, month)
	for _, r := range list {
		if r.Name == name {
			return closer{bytes.NewReader([]byte("content of " + name))}, r, nil
		}
	}
	return nil, Report{}, fs.ErrNotExist
}

// rig is a service with users, reachable over a test server.
type rig struct {
	*httptest.Server
	server *Server
	kept   *kept
	loader *loader
	now    func() time.Time
	shift  *time.Duration
}

type setup func(*Config, *Parts)

func newRig(t testing.TB, changes ...setup) *rig {
	t.Helper()
	k := &kept{users: map[string]account.User{}, sessions: map[string]account.Session{}, tokens: map[string]account.Token{}, objections: map[int64]objection.Objection{}, jobs: map[int64]job.Job{}}
	ctx := t.Context()
	var shift time.Duration
	now := func() time.Time { return time.Now().Add(shift) }
	book, err := account.Open(ctx, k, account.Options{Now: now})
	if err != nil {
		t.Fatal(err)
	}
	hash, err := account.Hash(ctx, testPassword)
	if err != nil {
		t.Fatal(err)
	}
	for id, grants := range map[string][]access.Grant{
		"finance": {{Role: access.Finance}}, "division": {{Role: access.Finance, Departments: []string{"MZ"}}}, "own": {{Role: access.Department, Departments: []string{"MZ"}}},
		"other": {{Role: access.Department, Departments: []string{"GA"}}}, "planner": {{Role: access.Planner}}, "operator": {{Role: access.Operator}}, "admin": {{Role: access.Admin}}, "nothing": nil,
	} {
		k.users[id] = account.User{ID: id, Name: id, Password: hash, Grants: grants}
	}
	if book, err = account.Open(ctx, k, account.Options{Now: now}); err != nil {
		t.Fatal(err)
	}
	entries, err := audit.Open(ctx, k, now)
	if err != nil {
		t.Fatal(err)
	}
	desk, err := objection.NewDesk(ctx, k, now)
	if err != nil {
		t.Fatal(err)
	}
	c, l := &city{}, &loader{}
	log := slog.New(slog.DiscardHandler)
	work := Work{Loads: l, Close: func(_ context.Context, month, _ string) (any, error) { return map[string]string{"month": month}, nil },
		Render: func(_ context.Context, month string) (any, error) { return []string{"report " + month}, nil }}
	queue, err := job.NewQueue(ctx, k, log, now, Kinds(work)...)
	if err != nil {
		t.Fatal(err)
	}
	config := Config{Name: lang.T("清澜市", "Qinglan City"), Rate: 1e6, Burst: 1e6, AnswerWait: 5 * time.Second, UploadMax: 1 << 20}
	parts := Parts{Log: log, Now: now, Book: book, Audit: entries, Objections: desk, Jobs: queue, Timetable: job.NewTimetable(queue), Files: t.TempDir(), Bands: scoring.DefaultBands(),
		Held: c, Months: c, Definitions: c, Rows: c, Lake: lakeOfCity{c}, Loads: l, Reports: shelf{}, Revisions: c}
	for _, f := range changes {
		f(&config, &parts)
	}
	s, err := New(config, parts)
	if err != nil {
		t.Fatal(err)
	}
	running, stop := context.WithCancel(context.WithoutCancel(ctx))
	ended := make(chan struct{})
	go func() { queue.Run(running, 100*time.Millisecond); close(ended) }()
	web := httptest.NewServer(s.Handler())
	t.Cleanup(func() { web.Close(); stop(); <-ended })
	return &rig{web, s, k, l, now, &shift}
}

// person is a browser in which somebody is signed in.
type person struct {
	*rig
	t      testing.TB
	client *http.Client
}

// as signs a user in; "" stays outside.
func (g *rig) as(t testing.TB, user string) *person {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	p := &person{g, t, &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
	if user == "" {
		return p
	}
	code, _, _ := p.send("POST", "/login", url.Values{"user": {user}, "password": {testPassword}}.Encode(), "application/x-www-form-urlencoded")
	if code != http.StatusSeeOther {
		t.Fatalf("%s cannot sign in: %d", user, code)
	}
	return p
}

func (p *person) send(method, path, body, contentType string, headers ...string) (int, string, http.Header) {
	p.t.Helper()
	r, err := http.NewRequest(method, p.URL+path, strings.NewReader(body))
	if err != nil {
		p.t.Fatal(err)
	}
	if contentType != "" {
		r.Header.Set("Content-Type", contentType)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	answer, err := p.client.Do(r)
	if err != nil {
		p.t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		p.t.Fatal(err)
	}
	return answer.StatusCode, string(text), answer.Header
}

func (p *person) get(path string) (int, string) {
	code, text, _ := p.send("GET", path, "", "")
	return code, text
}

var tokenField = regexp.MustCompile(`name="csrf" value="([^"]+)"`)

// csrf reads the form token from a page that the person may see.
func (p *person) csrf() string {
	for _, path := range []string{"/account", "/codebook", "/login"} {
		if _, text := p.get(path); tokenField.MatchString(text) {
			return tokenField.FindStringSubmatch(text)[1]
		}
	}
	return ""
}

// post sends a form with its token.
func (p *person) post(path string, fields url.Values) (int, string, http.Header) {
	if fields == nil {
		fields = url.Values{}
	}
	fields.Set("csrf", p.csrf())
	return p.send("POST", path, fields.Encode(), "application/x-www-form-urlencoded")
}

// form writes a multipart form; fields come before files.
func form(fields [][2]string, files ...[2]string) (body, contentType string) {
	const boundary = "XXboundaryXX"
	var b strings.Builder
	for _, f := range fields {
		fmt.Fprintf(&b, "--%s\r\nContent-Disposition: form-data; name=%q\r\n\r\n%s\r\n", boundary, f[0], f[1])
	}
	for _, f := range files {
		fmt.Fprintf(&b, "--%s\r\nContent-Disposition: form-data; name=\"file\"; filename=\"%s\"\r\nContent-Type: application/octet-stream\r\n\r\n%s\r\n", boundary, f[0], f[1])
	}
	fmt.Fprintf(&b, "--%s--\r\n", boundary)
	return b.String(), "multipart/form-data; boundary=" + boundary
}
