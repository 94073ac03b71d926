package server

import (
	"compress/gzip"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"weir/internal/lang"
	"weir/internal/server/job"
	"weir/metrics"
	"weir/metrics/scoring"
)

// TestQuarantineSpeaksTheReadersLanguage keeps reason and cure in one language.
func TestQuarantineSpeaksTheReadersLanguage(t *testing.T) {
	g := newRig(t)
	operator := g.as(t, "operator")
	for _, c := range []struct{ query, has, lacks string }{{"?lang=zh", "<td class=\"break\">改</td>", "cure</td>"}, {"?lang=en", "<td class=\"break\">cure</td>", "改</td>"}, {"?lang=en", "MZ 民政局", hostile}, {"?lang=en&load=1", "cure", "MZ 民政局"}} {
		if _, text := operator.get("/quarantine" + c.query); !strings.Contains(text, c.has) || strings.Contains(text, c.lacks) {
			t.Errorf("%s: %s", c.query, text)
		}
	}
	if got := indented(json.RawMessage(`{"warnings":[{"zh":"警告","en":"warning"}]}`), lang.En); strings.Contains(got, "警告") || !strings.Contains(got, "warning") {
		t.Error(got)
	}
}

func TestFromTheOverviewToARowInThreeClicks(t *testing.T) {
	g := newRig(t)
	for _, l := range []string{"zh", "en"} {
		p := g.as(t, "finance")
		code, overview := p.get("/months/2026-10?lang=" + l)
		if code != http.StatusOK {
			t.Fatal(code)
		}
		const figure = "/months/2026-10/departments/MZ/reply_on_time_rate"
		if !strings.Contains(overview, `href="`+figure+`"`) {
			t.Fatalf("%s: the overview does not lead to the figure", l)
		}
		_, explained := p.get(figure)
		if !strings.Contains(explained, `href="`+figure+`/evidence"`) || !strings.Contains(explained, "SELECT 1") {
			t.Fatalf("%s: the figure does not lead to its rows, or hides its SQL", l)
		}
		if formula := map[string]string{"zh": "逾期 / 已答复", "en": "late / replied"}[l]; !strings.Contains(explained, formula) {
			t.Errorf("%s: the figure does not show its formula %s", l, formula)
		}
		_, rows := p.get(figure + "/evidence?page=2")
		if !strings.Contains(rows, "Q-MZ-060") || strings.Contains(rows, "Q-MZ-010") || !strings.Contains(rows, "page=3") {
			t.Errorf("%s: page 2 of the rows is not there", l)
		}
	}
}

func TestADepartmentSeesItselfAndAggregates(t *testing.T) {
	g := newRig(t)
	own := g.as(t, "own")
	_, text := own.get("/months/2026-10")
	if !strings.Contains(text, "部门MZ") || strings.Contains(text, "/departments/GA") || strings.Contains(text, "87.00") {
		t.Error("the overview of a department shows another's score")
	}
	if !strings.Contains(text, "85.0") { // the city's total is published
		t.Error("the city's total is missing")
	}
	_, text = own.get("/api/v1/months/2026-10/values")
	if strings.Contains(text, `"GA"`) || !strings.Contains(text, `"MZ"`) || !strings.Contains(text, `"*"`) {
		t.Errorf("values: %s", text)
	}
	if code, _ := own.get("/api/v1/months/2026-10/values?department=GA"); code != http.StatusForbidden {
		t.Errorf("values of another department: %d", code)
	}
	_, text = own.get("/api/v1/months/2026-10/flows")
	if strings.Contains(text, "WJ") || !strings.Contains(text, "GA") {
		t.Errorf("flows: %s", text)
	}
	_, text = own.get("/months/2026-10/revisions/2")
	if strings.Contains(text, "部门GA") || !strings.Contains(text, "部门MZ") {
		t.Error("the differences of a revision show another department")
	}
	_, text = own.get("/months/2026-10/reports")
	if strings.Contains(text, "GA.zh.pdf") || strings.Contains(text, "monthly_overview") || !strings.Contains(text, "MZ.zh.pdf") {
		t.Error("the list of reports shows another's")
	}
	if code, _ := own.get("/months/2026-10/reports/department_scorecard-2026-10-GA.zh.pdf"); code != http.StatusForbidden {
		t.Errorf("another's scorecard: %d", code)
	}
	_, text = own.get("/months/2026-10/requests")
	if !strings.Contains(text, "Q1") || strings.Contains(text, "Q2") {
		t.Error("requests of other departments are listed")
	}
}

// TestPagesSayWhoseFiguresASuccessorsHold reads the pages of the month of a merger and of the month before.
func TestPagesSayWhoseFiguresASuccessorsHold(t *testing.T) {
	g := newRig(t)
	own := g.as(t, "own")
	for _, l := range []struct{ name, includes, without string }{
		{"zh", "含原文化馆（至 2026-09-30）的数据。", "2026年9月及以前各月不含原文化馆的数据"},
		{"en", "Includes the figures of the former Cultural Centre (until 2026-09-30).", "September 2026 and the months before are without the former Cultural Centre"},
	} {
		for _, path := range []string{"", "/departments/MZ", "/departments/MZ/reply_on_time_rate"} {
			if _, text := own.get("/months/2026-10" + path + "?lang=" + l.name); !strings.Contains(text, l.includes) || !strings.Contains(text, l.without) {
				t.Errorf("%s of October does not say whose figures it shows: %s", path, text)
			}
			if _, text := own.get("/months/2026-09" + path + "?lang=" + l.name); strings.Contains(text, l.includes) || strings.Contains(text, l.without) {
				t.Errorf("%s of September, in which both were in being, says so", path)
			}
		}
		if _, text := g.as(t, "finance").get("/months/2026-10/departments/GA?lang=" + l.name); strings.Contains(text, l.includes) {
			t.Error("the page of another department says so")
		}
	}
}

// TestAMergerIsNeitherBetterNorWorse prints a change since the month before without a verdict.
func TestAMergerIsNeitherBetterNorWorse(t *testing.T) {
	month := func(value, score float64, p ...metrics.Predecessor) *closedMonth {
		return newClosedMonth(&metrics.Month{Month: "2026-10", Departments: []metrics.Department{{ID: "MZ"}}, Predecessors: append([]metrics.Predecessor{}, p...),
			Values: []metrics.Value{{Indicator: "reply_on_time_rate", Department: "MZ", Value: &value}},
			Scores: []scoring.Result{{Department: "MZ", Total: scoring.Tally{Scored: true, Score: score}}}}, testPages, nil)
	}
	p := metrics.Predecessor{ID: "WH", Successor: "MZ", Until: "2026-09-30"}
	for _, c := range []struct {
		before, now *closedMonth
		good        int
	}{{month(50, 60), month(90, 80), 1}, {month(50, 60), month(90, 80, p), 0}, {month(50, 60, p), month(90, 80, p), 1}} {
		if got := change(testPages[0], c.now, c.before, "MZ"); got.Good != c.good || got.Text != "+40.0" {
			t.Errorf("%+v, want %d", got, c.good)
		}
		if got := (&Server{}).score(c.now, c.before, c.now.Departments[0], lang.Zh).Change; got.Good != c.good || got.Text != "+20.00" {
			t.Errorf("score: %+v, want %d", got, c.good)
		}
	}
}

func TestObjection(t *testing.T) {
	g := newRig(t)
	own, other, finance := g.as(t, "own"), g.as(t, "other"), g.as(t, "finance")
	body, kind := form([][2]string{{"csrf", own.csrf()}, {"month", "2026-10"}, {"department", "MZ"}, {"indicator", "reply_on_time_rate"}, {"text", "三件申请已于十月二十日答复"}}, [2]string{"答复.pdf", "%PDF evidence"})
	code, _, header := own.send("POST", "/objections", body, kind)
	if code != http.StatusSeeOther || header.Get("Location") != "/objections/1" {
		t.Fatalf("%d %s", code, header.Get("Location"))
	}
	if code, _ := other.get("/objections/1"); code != http.StatusForbidden {
		t.Errorf("another department reads it: %d", code)
	}
	if _, text := other.get("/objections"); strings.Contains(text, "#1") {
		t.Error("another department sees it in its list")
	}
	if code, text := finance.get("/objections/1/attachments/1"); code != http.StatusOK || text != "%PDF evidence" {
		t.Errorf("attachment: %d %q", code, text)
	}
	forged, kind := form([][2]string{{"csrf", own.csrf()}, {"state", "accepted"}, {"text", "自己采纳自己的申诉"}})
	if code, _, _ := own.send("POST", "/objections/1", forged, kind); code != http.StatusForbidden {
		t.Errorf("the department accepts its own objection: %d", code)
	}
	elsewhere, kind := form([][2]string{{"csrf", own.csrf()}, {"month", "2026-10"}, {"department", "GA"}, {"text", "替别的部门提出申诉"}})
	if code, _, _ := own.send("POST", "/objections", elsewhere, kind); code != http.StatusForbidden {
		t.Errorf("an objection for another department: %d", code)
	}
	answer, kind := form([][2]string{{"csrf", finance.csrf()}, {"state", "accepted"}, {"text", "核实无误，将更正数据并形成新版次"}})
	if code, _, _ := finance.send("POST", "/objections/1", answer, kind); code != http.StatusSeeOther {
		t.Errorf("the answer: %d", code)
	}
	if code, _, _ := finance.send("POST", "/objections/1", answer, kind); code != http.StatusConflict {
		t.Errorf("a second answer: %d", code)
	}
	if _, text := own.get("/months/2026-10/departments/MZ"); !strings.Contains(text, "采纳") {
		t.Error("the department's page does not show the answer")
	}
}

func TestUploadRepairClose(t *testing.T) {
	g := newRig(t)
	operator := g.as(t, "operator")
	send := func(name, content string) string {
		t.Helper()
		body, kind := form([][2]string{{"csrf", operator.csrf()}, {"table", "request"}}, [2]string{name, content})
		code, text, header := operator.send("POST", "/loads", body, kind)
		if code != http.StatusSeeOther {
			t.Fatalf("%s: %d %s", name, code, text)
		}
		return header.Get("Location")
	}
	wait := func(path string) job.Job {
		t.Helper()
		for range 200 {
			var j job.Job
			_, text := operator.get("/api/v1" + path)
			if err := json.Unmarshal([]byte(text), &j); err != nil {
				t.Fatal(err, text)
			}
			if j.Over() {
				return j
			}
			time.Sleep(5 * time.Millisecond)
		}
		t.Fatal("the job does not end")
		return job.Job{}
	}
	if j := wait(send("good.csv", "head\nrow\n")); j.State != job.Done || !strings.Contains(string(j.Result), `"rows_quarantined":1`) {
		t.Errorf("%+v", j)
	}
	path := send("bad.csv", "broken\n")
	if j := wait(path); j.State != job.Failed || !strings.Contains(j.Error, "did you mean") || strings.Contains(j.Error, g.server.parts.Files) {
		t.Errorf("%+v", j)
	}
	if _, text := operator.get(path); !strings.Contains(text, "did you mean") {
		t.Error("the page of the job hides the reason")
	}
	code, _, header := operator.post("/quarantine", url.Values{"load": {"1"}, "line-2": {"repaired row"}, "take-2": {"1"}, "line-3": {"not ticked"}})
	if code != http.StatusSeeOther {
		t.Fatal(code)
	}
	wait(header.Get("Location"))
	if got := g.loader.loaded[len(g.loader.loaded)-1]; got != "repair 1 map[2:repaired row]" {
		t.Errorf("repaired: %s", got)
	}
	code, _, header = operator.post("/months/close", url.Values{"month": {"2026-11"}})
	if code != http.StatusSeeOther {
		t.Fatal(code)
	}
	if j := wait(header.Get("Location")); j.State != job.Done {
		t.Errorf("%+v", j)
	}
}

func TestEventsByAPI(t *testing.T) {
	g := newRig(t)
	operator := g.as(t, "operator")
	_, page, _ := operator.post("/account/tokens", url.Values{"name": {"gateway"}, "days": {"30"}, "permission": {"load.write"}})
	_, rest, _ := strings.Cut(page, `id="new-token">`)
	secret, _, _ := strings.Cut(rest, "<")
	if !strings.HasPrefix(secret, "weir_") {
		t.Fatal("no token on the page")
	}
	machine := g.as(t, "")
	call := func(method, path, body, kind string, more ...string) (int, string, http.Header) {
		return machine.send(method, path, body, kind, append([]string{"Authorization", "Bearer " + secret}, more...)...)
	}
	code, text, _ := call("POST", "/api/v1/events/request", "{\"a\":1}\n{\"a\":2}\n", "application/x-ndjson", "Idempotency-Key", "k1")
	if code != http.StatusOK || !strings.Contains(text, `"rows_loaded":1`) || !strings.Contains(text, `"rows_quarantined":1`) {
		t.Fatalf("%d %s", code, text)
	}
	code, again, _ := call("POST", "/api/v1/events/request", "{\"a\":1}\n{\"a\":2}\n", "application/x-ndjson", "Idempotency-Key", "k1")
	if code != http.StatusOK || again != text || len(g.loader.loaded) != 1 {
		t.Errorf("the same key again: %d, %d loads", code, len(g.loader.loaded))
	}
	if code, _, _ := call("POST", "/api/v1/events/request", "{\"a\":3}\n", "application/x-ndjson", "Idempotency-Key", "k1"); code != http.StatusConflict {
		t.Errorf("the same key with other content: %d", code)
	}
	if code, text, _ := call("POST", "/api/v1/events/request", "broken\n", "application/x-ndjson"); code != http.StatusUnprocessableEntity || !strings.Contains(text, `"code":"invalid"`) {
		t.Errorf("a broken file: %d %s", code, text)
	}
	if code, _, _ := call("POST", "/api/v1/events/request", "a,b\n", "text/csv"); code != http.StatusUnsupportedMediaType {
		t.Errorf("another type: %d", code)
	}
	if code, _, _ := call("POST", "/api/v1/events/nothing", "{}\n", "application/x-ndjson"); code != http.StatusNotFound {
		t.Errorf("another table: %d", code)
	}
	if code, text, _ := call("GET", "/api/v1/quarantine", "", ""); code != http.StatusForbidden || !strings.Contains(text, "token") {
		t.Errorf("the token is not narrowed: %d %s", code, text)
	}
	if code, _, _ := machine.send("GET", "/api/v1/months", "", "", "Authorization", "Bearer weir_wrong"); code != http.StatusUnauthorized {
		t.Errorf("a wrong token: %d", code)
	}
	if code, _, _ := call("GET", "/account", "", ""); code != http.StatusForbidden {
		t.Errorf("a token manages the account: %d", code)
	}
}

func TestBackPressure(t *testing.T) {
	g := newRig(t)
	g.loader.slow = make(chan struct{})
	operator := g.as(t, "operator")
	token := operator.csrf()
	full := 0
	for i := range job.MostQueued + 5 {
		body, kind := form([][2]string{{"csrf", token}, {"table", "request"}}, [2]string{"a.csv", strings.Repeat("x", i) + "\n"})
		code, _, header := operator.send("POST", "/loads", body, kind)
		if code == http.StatusServiceUnavailable && header.Get("Retry-After") != "" {
			full++
		}
	}
	if full != 5 {
		t.Errorf("%d uploads were put off, want 5", full)
	}
	close(g.loader.slow)
}

func TestLists(t *testing.T) {
	g := newRig(t)
	finance := g.as(t, "finance")
	seen := 0
	for path := "/api/v1/months/2026-10/departments/MZ/reply_on_time_rate/evidence?limit=50"; path != ""; {
		code, text := finance.get(path)
		var page struct {
			Data []map[string]any `json:"data"`
			Next *string          `json:"next"`
		}
		if err := json.Unmarshal([]byte(text), &page); err != nil || code != http.StatusOK {
			t.Fatal(code, err, text)
		}
		seen += len(page.Data)
		path = ""
		if page.Next != nil {
			path = *page.Next
		}
	}
	if seen != 120 {
		t.Errorf("%d rows over all pages, want 120", seen)
	}
	for format, magic := range map[string]string{"csv": "\ufeffrequest_id", "xlsx": "PK", "arrow": "\xff\xff\xff\xff"} {
		code, text, header := finance.send("GET", "/api/v1/months/2026-10/values?format="+format, "", "")
		if format == "csv" {
			magic = "\ufeffmonth"
		}
		if code != http.StatusOK || !strings.HasPrefix(text, magic) || !strings.Contains(header.Get("Content-Disposition"), "values-2026-10."+format) {
			t.Errorf("%s: %d %q %q", format, code, text[:min(20, len(text))], header.Get("Content-Disposition"))
		}
	}
	for _, bad := range []string{"limit=0", "limit=99999999", "offset=-1", "limit=x", "format=exe", "revision=9"} {
		if code, text := finance.get("/api/v1/months/2026-10/values?" + bad); code < 400 || code >= 500 || !strings.Contains(text, `"code"`) {
			t.Errorf("%s: %d %s", bad, code, text)
		}
	}
}

func TestViewAsShowsPagesWithoutFigures(t *testing.T) {
	g := newRig(t)
	admin := g.as(t, "admin")
	if code, _ := admin.get("/months/2026-10"); code != http.StatusForbidden {
		t.Fatalf("an administrator sees data: %d", code)
	}
	if code, _, _ := admin.post("/view-as", url.Values{"user": {"finance"}}); code != http.StatusSeeOther {
		t.Fatal(code)
	}
	code, text := admin.get("/months/2026-10")
	if code != http.StatusOK || strings.Contains(text, "85.0") || strings.Contains(text, "88.00") || !strings.Contains(text, "已隐去") {
		t.Errorf("%d: figures are shown, or nothing is", code)
	}
	for _, path := range []string{"/months/2026-10/departments/MZ/reply_on_time_rate/evidence", "/months/2026-10/requests?format=csv", "/api/v1/months/2026-10/values?format=csv", "/months/2026-10/reports", "/users"} {
		if code, text := admin.get(path); code == http.StatusOK {
			t.Errorf("%s: %d %s", path, code, text[:min(200, len(text))])
		}
	}
	if _, text := admin.get("/api/v1/months/2026-10/values"); strings.Contains(text, "85") {
		t.Error("values are given by the API")
	}
	if code, _, _ := admin.post("/view-as", url.Values{"user": {""}}); code != http.StatusSeeOther {
		t.Errorf("the way back: %d", code)
	}
	if code, _ := admin.get("/users"); code != http.StatusOK {
		t.Errorf("not oneself again: %d", code)
	}
	if code, _, _ := g.as(t, "finance").post("/view-as", url.Values{"user": {"admin"}}); code != http.StatusForbidden {
		t.Errorf("somebody else views as an administrator: %d", code)
	}
}

func TestRefusedPagesNameTheRule(t *testing.T) {
	_, text := newRig(t).as(t, "other").get("/months/2026-10/departments/MZ")
	if !strings.Contains(text, "department.read") || !strings.Contains(text, "MZ") {
		t.Error("the page does not say which rule refused")
	}
}

func TestOpenAPIDescribesEveryRoute(t *testing.T) {
	g := newRig(t)
	var d struct {
		OpenAPI string                               `json:"openapi"`
		Paths   map[string]map[string]map[string]any `json:"paths"`
	}
	_, text := g.as(t, "finance").get("/api/v1/openapi.json")
	if err := json.Unmarshal([]byte(text), &d); err != nil || d.OpenAPI != "3.1.0" {
		t.Fatal(err)
	}
	ids := map[string]bool{}
	for i := range g.server.routes {
		rt := &g.server.routes[i]
		if !rt.api() {
			continue
		}
		o := d.Paths[rt.pattern][strings.ToLower(rt.method)]
		id, _ := o["operationId"].(string)
		if id == "" || ids[id] {
			t.Errorf("%s %s: operation %q", rt.method, rt.pattern, id)
		}
		ids[id] = true
		if rt.doc.summary.In(lang.Zh) == rt.doc.summary.In(lang.En) {
			t.Errorf("%s is described in one language", id)
		}
		for _, segment := range strings.Split(rt.pattern, "/") {
			if name := strings.Trim(segment, "{}"); name != segment && !strings.Contains(text, `"name":"`+name+`"`) {
				t.Errorf("%s: parameter %s is not described", id, name)
			}
		}
	}
}

func TestHealthAndMetrics(t *testing.T) {
	g := newRig(t)
	p := g.as(t, "finance")
	p.get("/months/2026-10")
	_, text := g.as(t, "").get("/metrics")
	for _, want := range []string{`weir_http_requests_total{route="GET /months/{month}",code="200"} 1`, "weir_sessions_open", "weir_http_request_seconds_bucket", "# TYPE weir_sign_ins_total counter",
		"# TYPE weir_engine_memory_bytes gauge\nweir_engine_memory_bytes{tag=\"base_table\"} 3e+06\nweir_engine_memory_bytes{tag=\"window\"} 7\n", "weir_kept_pages 1\n", "weir_memory_go_bytes ", "weir_database_bytes 5\n", "weir_database_log_bytes 6\n"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %s in\n%s", want, text)
		}
	}
	g.server.stopping.Store(true)
	if code, _ := p.get("/readyz"); code != http.StatusServiceUnavailable {
		t.Errorf("ready while stopping: %d", code)
	}
}

func TestLanguages(t *testing.T) {
	g := newRig(t)
	p := g.as(t, "finance")
	if _, text := p.get("/months/2026-10?lang=en"); !strings.Contains(text, `lang="en"`) || !strings.Contains(text, "What needs a decision") {
		t.Error("English is not English")
	}
	if _, text := p.get("/months"); !strings.Contains(text, "Months and revisions") {
		t.Error("the language is forgotten")
	}
	if _, text := p.get("/months?lang=zh"); !strings.Contains(text, "月结与版次") {
		t.Error("Chinese is not Chinese")
	}
}

// TestAPageIsTheSameCompressed reads pages that are kept and pages that are not, plain and compressed, first and again.
func TestAPageIsTheSameCompressed(t *testing.T) {
	p := newRig(t).as(t, "finance")
	for _, path := range []string{"/months/2026-10", "/months/2026-10/departments/MZ?lang=en", "/months/2026-10/requests"} {
		_, plain := p.get(path)
		for range 2 {
			_, packed, header := p.send("GET", path, "", "", "Accept-Encoding", "gzip")
			if header.Get("Content-Encoding") != "gzip" || !strings.Contains(header.Get("Vary"), "Accept-Encoding") {
				t.Fatalf("%s: %v", path, header)
			}
			z, err := gzip.NewReader(strings.NewReader(packed))
			if err != nil {
				t.Fatal(err)
			}
			text, err := io.ReadAll(z) // checks length and CRC
			if err != nil {
				t.Fatalf("%s: %v", path, err)
			}
			if string(text) != plain || !strings.Contains(plain, "<main") || !strings.HasSuffix(strings.TrimSpace(plain), "</html>") {
				t.Errorf("%s differs when compressed", path)
			}
		}
	}
}

func TestAMonthIsShownInItsNewestRevision(t *testing.T) {
	if _, text := newRig(t).as(t, "finance").get("/months/2026-10"); !strings.Contains(text, "版次 2 ·") {
		t.Error("the overview is not of the newest revision, which is the second")
	}
}
