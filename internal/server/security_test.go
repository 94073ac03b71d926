package server

import (
	"bufio"
	"encoding/csv"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"weir/internal/server/account"
)

func TestFormsOfOtherSitesAreRefused(t *testing.T) {
	g := newRig(t)
	admin := g.as(t, "admin")
	fields := url.Values{"user": {"mallory"}, "grants": {"admin"}, "password": {testPassword}}
	const kind = "application/x-www-form-urlencoded"
	if code, _, _ := admin.send("POST", "/users", fields.Encode(), kind); code != http.StatusForbidden {
		t.Errorf("without a token: %d", code)
	}
	fields.Set("csrf", g.as(t, "admin").csrf())
	if code, _, _ := admin.send("POST", "/users", fields.Encode(), kind); code != http.StatusForbidden {
		t.Errorf("with the token of another session: %d", code)
	}
	fields.Set("csrf", admin.csrf())
	if code, _, _ := admin.send("POST", "/users", fields.Encode(), kind, "Sec-Fetch-Site", "cross-site"); code != http.StatusForbidden {
		t.Errorf("from another site: %d", code)
	}
	if code, _, _ := admin.send("POST", "/users", fields.Encode(), kind, "Origin", "https://evil.example"); code != http.StatusForbidden {
		t.Errorf("from another origin: %d", code)
	}
	if code, _, _ := g.as(t, "").send("POST", "/login", url.Values{"user": {"admin"}, "password": {testPassword}}.Encode(), kind, "Sec-Fetch-Site", "cross-site"); code != http.StatusForbidden {
		t.Errorf("sign-in from another site: %d", code)
	}
	if _, ok := g.kept.users["mallory"]; ok {
		t.Fatal("a forged form made a user")
	}
	if code, text, _ := admin.post("/users", fields); code != http.StatusSeeOther {
		t.Errorf("the form itself: %d %s", code, text)
	}
	// A change of state is never a GET.
	for i := range g.server.routes {
		if rt := &g.server.routes[i]; rt.method == "GET" && (strings.Contains(rt.pattern, "revoke") || strings.Contains(rt.pattern, "close")) {
			t.Errorf("%s changes something by GET", rt.pattern)
		}
	}
}

// TestNamesCannotBecomeScript looks at every page that shows a name which people or files brought.
func TestNamesCannotBecomeScript(t *testing.T) {
	g := newRig(t)
	admin, finance, operator, own := g.as(t, "admin"), g.as(t, "finance"), g.as(t, "operator"), g.as(t, "own")
	admin.post("/users", url.Values{"user": {"eve"}, "name": {hostile}, "grants": {"planner"}, "password": {testPassword}})
	own.post("/account/tokens", url.Values{"name": {hostile}, "days": {"5"}})
	body, kind := form([][2]string{{"csrf", own.csrf()}, {"month", "2026-10"}, {"department", "MZ"}, {"text", hostile}}, [2]string{`..\../<script>.html`, "x"})
	if code, text, _ := own.send("POST", "/objections", body, kind); code != http.StatusSeeOther {
		t.Fatalf("objection: %d %s", code, text)
	}
	upload, kind := form([][2]string{{"csrf", operator.csrf()}, {"table", hostile}}, [2]string{hostile, "a\nb\n"})
	operator.send("POST", "/loads", upload, kind)
	pages := map[*person][]string{
		admin:       {"/users", "/users/eve", "/audit?user=" + url.QueryEscape(hostile), "/jobs"},
		finance:     {"/months/2026-10", "/months/2026-10/departments/XX", "/months/2026-10/departments/XX/reply_on_time_rate", "/months/2026-10/indicators/reply_on_time_rate", "/months/2026-10/flows", "/months/2026-10/budget", "/months/2026-10/resources/R-MZ", "/months/2026-10/datasets?q=" + url.QueryEscape(hostile), "/objections", "/objections/1", "/months/2026-10/departments/XX/reply_on_time_rate/evidence", "/codebook/indicators/reply_on_time_rate"},
		operator:    {"/loads", "/quarantine", "/quarantine?load=1", "/jobs", "/jobs/1"},
		own:         {"/account"},
		g.as(t, ""): {"/login?next=" + url.QueryEscape(hostile), "/nothing/" + url.PathEscape(hostile)},
	}
	for who, paths := range pages {
		for _, path := range paths {
			code, text := who.get(path)
			if strings.Contains(text, "<script>alert") || strings.Contains(text, "<img src=x") || strings.Contains(text, "onerror=alert") && strings.Contains(text, "<img") {
				t.Errorf("%s (%d) holds the markup of a name", path, code)
			}
		}
	}
	_, _, header := finance.send("GET", "/months/2026-10", "", "")
	if policy := header.Get("Content-Security-Policy"); strings.Contains(policy, "unsafe") || !strings.Contains(policy, "default-src 'none'") || !strings.Contains(policy, "script-src 'self'") {
		t.Errorf("policy %q", policy)
	}
	_, _, header = finance.send("GET", "/months/2026-10/reports/monthly_overview-2026-10.zh.html", "", "")
	if policy := header.Get("Content-Security-Policy"); !strings.HasPrefix(policy, "sandbox") || strings.Contains(policy, "allow-same-origin") {
		t.Errorf("a report runs with the service's rights: %q", policy)
	}
}

func TestPathsStayInside(t *testing.T) {
	g := newRig(t)
	finance, operator := g.as(t, "finance"), g.as(t, "operator")
	for _, path := range []string{"/months/2026-10/reports/..%2f..%2f..%2fetc%2fpasswd", "/months/2026-10/reports/%2e%2e%2fhash.key", "/assets/..%2f..%2ffailure.go", "/assets/%2e%2e%2fserver.go",
		"/api/v1/months/2026-10/reports/..%2f..%2fweir.yaml", "/api/v1/months/2026-10/tables/..%2f..%2fhash", "/months/..%2f..%2f/reports/x"} {
		code, text := finance.get(path)
		if code == http.StatusOK || strings.Contains(text, "root:") {
			t.Errorf("%s: %d", path, code)
		}
	}
	for _, name := range []string{"../../../evil.csv", `..\..\evil.csv`, "/etc/evil.csv", ".hidden.csv", "evil\x00.csv", strings.Repeat("长", 400) + ".csv", "..", ""} {
		body, kind := form([][2]string{{"csrf", operator.csrf()}, {"table", "request"}}, [2]string{name, "a\nb\n"})
		if code, text, _ := operator.send("POST", "/loads", body, kind); code >= 500 {
			t.Errorf("%q: %d %s", name, code, text)
		}
	}
	err := filepath.WalkDir(g.server.parts.Files, func(path string, d os.DirEntry, err error) error {
		if err == nil && strings.Contains(path, "..") {
			t.Errorf("a path with dots: %s", path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, outside := range []string{filepath.Join(filepath.Dir(g.server.parts.Files), "evil.csv"), "/etc/evil.csv"} {
		if _, err := os.Stat(outside); err == nil {
			t.Errorf("%s was written", outside)
		}
	}
	for given, want := range map[string]string{"../../a.csv": "a.csv", `C:\x\b.csv`: "b.csv", ".bashrc": "bashrc", "": "upload", "..": "upload", "目录.csv": "目录.csv"} {
		if got := cleanName(given); got != want {
			t.Errorf("%q becomes %q, want %q", given, got, want)
		}
	}
}

func TestSpreadsheetsRunNothing(t *testing.T) {
	g := newRig(t)
	finance := g.as(t, "finance")
	const path = "/months/2026-10/departments/MZ/reply_on_time_rate/evidence?format="
	code, text := finance.get(path + "csv")
	if code != http.StatusOK {
		t.Fatalf("%d %s", code, text)
	}
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(text, "\ufeff"))).ReadAll()
	if err != nil || len(rows) != 121 {
		t.Fatalf("%d rows, want the head and all 120: %v", len(rows), err)
	}
	for _, row := range rows {
		for _, cell := range row {
			if strings.HasPrefix(cell, "=") || strings.HasPrefix(cell, "@") || strings.HasPrefix(cell, "+") {
				t.Errorf("cell %q runs as a formula", cell)
			}
		}
	}
	_, text = finance.get(path + "xlsx")
	book, err := excelize.OpenReader(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	formula, err := book.GetCellFormula("data", "A2")
	value, _ := book.GetCellValue("data", "A2")
	if err != nil || formula != "" || !strings.HasPrefix(value, "=cmd") {
		t.Errorf("formula %q, value %q, %v", formula, value, err)
	}
}

func TestASessionCannotBeFixed(t *testing.T) {
	g := newRig(t)
	p := g.as(t, "")
	planted := account.Secret()
	at, _ := url.Parse(g.URL)
	p.client.Jar.SetCookies(at, []*http.Cookie{{Name: cookieSession, Value: planted, Path: "/"}})
	code, _, header := p.send("POST", "/login", url.Values{"user": {"finance"}, "password": {testPassword}}.Encode(), "application/x-www-form-urlencoded")
	cookie := header.Get("Set-Cookie")
	if code != http.StatusSeeOther || strings.Contains(cookie, planted) || !strings.Contains(cookie, "HttpOnly") || !strings.Contains(cookie, "SameSite=Lax") {
		t.Errorf("%d %q", code, cookie)
	}
	thief := g.as(t, "")
	thief.client.Jar.SetCookies(at, []*http.Cookie{{Name: cookieSession, Value: planted, Path: "/"}})
	if code, _ := thief.get("/account"); code != http.StatusSeeOther {
		t.Errorf("the planted cookie is signed in: %d", code)
	}
	own := g.as(t, "own")
	if code, _, _ := own.post("/logout", nil); code != http.StatusSeeOther {
		t.Errorf("sign out: %d", code)
	}
	if code, _ := own.get("/account"); code != http.StatusSeeOther {
		t.Error("signed out and still in")
	}
	for _, next := range []string{"//evil.example", "https://evil.example", `/\evil.example`, "javascript:alert(1)", "/%0d%0aSet-Cookie:x"} {
		code, _, header := g.as(t, "").send("POST", "/login", url.Values{"user": {"own"}, "password": {testPassword}, "next": {next}}.Encode(), "application/x-www-form-urlencoded")
		if to := header.Get("Location"); code != http.StatusSeeOther || strings.HasPrefix(to, "//") || !strings.HasPrefix(to, "/") || strings.Contains(to, "\r") {
			t.Errorf("after the sign-in with next=%q: %d to %q", next, code, to)
		}
	}
}

func TestGuessingPasswordsIsSlowed(t *testing.T) {
	g := newRig(t)
	p := g.as(t, "")
	guess := func(password string) (int, http.Header) {
		code, _, header := p.send("POST", "/login", url.Values{"user": {"finance"}, "password": {password}}.Encode(), "application/x-www-form-urlencoded")
		return code, header
	}
	for range 5 {
		if code, _ := guess("wrong"); code != http.StatusUnauthorized {
			t.Fatal(code)
		}
	}
	code, header := guess(testPassword)
	if code != http.StatusUnauthorized || header.Get("Retry-After") == "" {
		t.Errorf("the sixth try at once: %d, Retry-After %q", code, header.Get("Retry-After"))
	}
	*g.shift += time.Minute
	if code, _ := guess(testPassword); code != http.StatusSeeOther {
		t.Errorf("after the wait: %d", code)
	}
	failed := 0
	for _, act := range g.kept.acts() {
		if act == "sign_in finance false" {
			failed++
		}
	}
	if failed != 6 {
		t.Errorf("%d failures are in the audit log, want 6", failed)
	}
}

func TestLargeAndSlowBodiesAreCutOff(t *testing.T) {
	g := newRig(t, func(c *Config, _ *Parts) { c.BodyMax, c.UploadMax, c.Timeout = 10_000, 100_000, time.Second })
	finance, operator := g.as(t, "finance"), g.as(t, "operator")
	if code, _, _ := finance.send("POST", "/account/language", strings.Repeat("a", 20_000), "application/x-www-form-urlencoded"); code != http.StatusRequestEntityTooLarge {
		t.Errorf("a large form: %d", code)
	}
	body, kind := form([][2]string{{"csrf", operator.csrf()}, {"table", "request"}}, [2]string{"a.csv", strings.Repeat("a", 200_000)})
	if code, _, _ := operator.send("POST", "/loads", body, kind); code != http.StatusRequestEntityTooLarge {
		t.Errorf("a large upload: %d", code)
	}
	if code, _, _ := operator.send("POST", "/api/v1/events/request", strings.Repeat("{}\n", 100_000), "application/x-ndjson", "X-CSRF-Token", operator.csrf()); code != http.StatusRequestEntityTooLarge {
		t.Errorf("large events: %d", code)
	}
	left, err := filepath.Glob(filepath.Join(g.server.parts.Files, "uploads", "*"))
	if err != nil || len(left) > 0 {
		t.Errorf("half of an upload is left: %v %v", left, err)
	}
	// A body that does not come: the line is cut after the time limit.
	at, _ := url.Parse(g.URL)
	line, err := net.Dial("tcp", at.Host)
	if err != nil {
		t.Fatal(err)
	}
	defer line.Close()
	if _, err := line.Write([]byte("POST /login HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000\r\n\r\nuser=a")); err != nil {
		t.Fatal(err)
	}
	if err := line.SetReadDeadline(time.Now().Add(20 * time.Second)); err != nil {
		t.Fatal(err)
	}
	answer, err := http.ReadResponse(bufio.NewReader(line), nil)
	var timeout net.Error
	if errors.As(err, &timeout) && timeout.Timeout() {
		t.Fatal("the service waits for a body that never comes")
	}
	if err == nil && answer.StatusCode < 400 {
		t.Errorf("half a form: %d", answer.StatusCode)
	}
}

func TestASlowUploadIsCutOff(t *testing.T) {
	now := time.Now()
	b := &steady{ReadCloser: dripping{&now}, control: http.NewResponseController(nil), now: func() time.Time { return now }, deadline: slowAfter}
	buffer := make([]byte, 1)
	for range 200 {
		if _, err := b.Read(buffer); err != nil {
			var f *failure
			if !errors.As(err, &f) || f.kind != slow {
				t.Fatal(err)
			}
			return
		}
	}
	t.Error("a byte a second is read for ever")
}

// dripping brings one byte a second.
type dripping struct{ now *time.Time }

func (d dripping) Read(p []byte) (int, error) { *d.now = d.now.Add(time.Second); return 1, nil }
func (dripping) Close() error                 { return nil }

func TestNothingHappensWithoutItsRecord(t *testing.T) {
	g := newRig(t)
	finance, operator := g.as(t, "finance"), g.as(t, "operator")
	token := operator.csrf()
	g.kept.auditFails = errors.New("disk full")
	if code, _ := finance.get("/months/2026-10/departments/MZ/reply_on_time_rate/evidence?format=csv"); code != http.StatusInternalServerError {
		t.Errorf("an export without a record: %d", code)
	}
	body, kind := form([][2]string{{"csrf", token}, {"table", "request"}}, [2]string{"a.csv", "a\n"})
	if code, _, _ := operator.send("POST", "/loads", body, kind); code != http.StatusInternalServerError || len(g.loader.loaded) > 0 {
		t.Errorf("a load without a record: %d %v", code, g.loader.loaded)
	}
	g.kept.auditFails = nil
	finance.get("/months/2026-10/departments/MZ/reply_on_time_rate/evidence?format=csv")
	acts := strings.Join(g.kept.acts(), "\n")
	if !strings.Contains(acts, "evidence.read 2026-10 reply_on_time_rate MZ true") {
		t.Errorf("the export is not recorded:\n%s", acts)
	}
	g.as(t, "other").get("/months/2026-10/departments/MZ")
	if acts := strings.Join(g.kept.acts(), "\n"); !strings.Contains(acts, "refused /months/2026-10/departments/MZ false") {
		t.Error("the refusal is not recorded")
	}
}

func TestRateLimit(t *testing.T) {
	g := newRig(t, func(c *Config, _ *Parts) { c.Rate, c.Burst = 1, 10 })
	p := g.as(t, "")
	limited := 0
	for range 30 {
		code, _, header := p.send("GET", "/login", "", "")
		if code == http.StatusTooManyRequests && header.Get("Retry-After") != "" {
			limited++
		}
	}
	if limited < 15 {
		t.Errorf("%d of 30 requests were limited", limited)
	}
	if code, _ := p.get("/healthz"); code != http.StatusOK {
		t.Errorf("health is limited: %d", code)
	}
}

func TestGatewayHeaderIsBelievedFromGatewaysOnly(t *testing.T) {
	header := func(c *Config, _ *Parts) { c.TrustedHeader = "X-Remote-User" }
	near := newRig(t, header).as(t, "")
	if code, _, _ := near.send("GET", "/account", "", "", "X-Remote-User", "finance"); code != http.StatusOK {
		t.Errorf("from the gateway: %d", code)
	}
	if code, _, _ := near.send("GET", "/account", "", "", "X-Remote-User", "unknown"); code == http.StatusOK {
		t.Error("an unknown user of the gateway is in")
	}
	far := newRig(t, header, func(c *Config, _ *Parts) { c.Proxies = []netip.Prefix{netip.MustParsePrefix("10.9.8.7/32")} }).as(t, "")
	if code, _, _ := far.send("GET", "/account", "", "", "X-Remote-User", "finance"); code == http.StatusOK {
		t.Error("anybody may name a user")
	}
	if code, _, _ := newRig(t).as(t, "").send("GET", "/account", "", "", "X-Remote-User", "finance"); code == http.StatusOK {
		t.Error("the header is believed without being configured")
	}
}

func TestExposure(t *testing.T) {
	for _, c := range []struct {
		config Config
		users  bool
		ok     bool
	}{
		{Config{}, false, true}, {Config{Addr: "localhost:1"}, false, true}, {Config{Addr: "[::1]:8020"}, false, true},
		{Config{Addr: "0.0.0.0:8020"}, true, false}, {Config{Addr: ":8020"}, true, false}, {Config{Addr: "10.0.0.1:80", TLS: true}, false, false},
		{Config{Addr: "10.0.0.1:443", TLS: true}, true, true}, {Config{Addr: "10.0.0.1:80", BehindProxy: true}, true, true}, {Config{Addr: "nonsense"}, true, false},
	} {
		if err := CheckExposure(c.config, c.users); (err == nil) != c.ok {
			t.Errorf("%+v users %v: %v", c.config, c.users, err)
		}
	}
}
