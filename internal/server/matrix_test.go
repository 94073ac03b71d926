package server

import (
	"fmt"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"
)

// roles of the columns of testdata/matrix.txt. own and other are people of the departments MZ and GA, and division is
// finance of MZ only; every route that names a department is asked for MZ.
var matrixRoles = []string{"anonymous", "finance", "division", "own", "other", "planner", "operator", "admin", "nothing"}

// sample fills the segments of a pattern.
func sample(pattern string) string {
	return strings.NewReplacer("{$}", "", "{month}", "2026-10", "{department}", "MZ", "{indicator}", "reply_on_time_rate", "{resource}", "R-MZ", "{revision}", "2", "{name}", "department_scorecard-2026-10-MZ.zh.pdf",
		"{table}", "request", "{objection}", "1", "{attachment}", "1", "{job}", "1", "{user}", "nothing", "{token}", "x", "{notebook}", "sample").Replace(pattern)
}

// outcome is what a caller sees: allowed (also when the thing is absent or the form is incomplete), refused, or login.
func outcome(code int, header http.Header) string {
	switch {
	case code == http.StatusForbidden:
		return "refused"
	case code == http.StatusUnauthorized, code == http.StatusSeeOther && strings.HasPrefix(header.Get("Location"), "/login"):
		return "login"
	}
	return "allowed"
}

// TestMatrix asks every route as every role and compares with the table in the repository.
func TestMatrix(t *testing.T) {
	text, err := os.ReadFile("testdata/matrix.txt")
	if err != nil && os.Getenv("WEIR_WRITE_MATRIX") == "" {
		t.Fatal(err)
	}
	want := map[string]string{}
	for line := range strings.Lines(string(text)) {
		if fields := strings.Fields(line); len(fields) == 2+len(matrixRoles) && !strings.HasPrefix(line, "#") {
			want[fields[0]+" "+fields[1]] = strings.Join(fields[2:], " ")
		}
	}
	g := newRig(t)
	people := map[string]*person{"anonymous": g.as(t, "")}
	tokens := map[string]string{}
	for _, role := range matrixRoles[1:] {
		people[role] = g.as(t, role)
		tokens[role] = people[role].csrf()
	}
	// Something to be found: an objection of MZ with an attachment, and a job.
	own := people["own"]
	body, kind := form([][2]string{{"csrf", tokens["own"]}, {"month", "2026-10"}, {"department", "MZ"}, {"indicator", "reply_on_time_rate"}, {"text", "数据有误，请核对"}}, [2]string{"证据.txt", "evidence"})
	if code, text, _ := own.send("POST", "/objections", body, kind); code != http.StatusSeeOther {
		t.Fatalf("objection: %d %s", code, text)
	}
	if code, text, _ := people["operator"].post("/months/close", url.Values{"month": {"2026-11"}}); code != http.StatusSeeOther {
		t.Fatalf("close: %d %s", code, text)
	}
	var written strings.Builder
	fmt.Fprintf(&written, "# Who may do what: every route as every role, asked for the department MZ.\n# own: department MZ; other: department GA; division: finance of MZ only; nothing: a user without grants.\n# METHOD ROUTE %s\n", strings.Join(matrixRoles, " "))
	for i := range g.server.routes {
		rt := &g.server.routes[i]
		// These change who is signed in, so that somebody else asks them.
		changes := rt.pattern == "/logout" || rt.pattern == "/login" && rt.method == "POST" || rt.pattern == "/view-as"
		path := sample(rt.pattern)
		switch {
		case strings.HasSuffix(rt.pattern, "/objections/new"):
			path += "?month=2026-10&department=MZ"
		case rt.pattern == "/api/v1/loads" && rt.method == "POST":
			path += "?name=a.csv"
		}
		var got []string
		for _, role := range matrixRoles {
			asker, token := people[role], tokens[role]
			fields := url.Values{}
			if changes {
				asker = g.as(t, strings.TrimSuffix(role, "anonymous"))
				token = asker.csrf()
				fields = url.Values{"user": {"nothing"}, "password": {testPassword}}
			}
			body, kind := "", ""
			var headers []string
			if rt.method == "POST" {
				headers = []string{"X-CSRF-Token", token}
				switch {
				case strings.HasPrefix(rt.pattern, "/api/v1/events"):
					kind = "application/x-ndjson"
				case rt.streamed && !strings.HasPrefix(rt.pattern, "/api"):
					fields := [][2]string{{"csrf", token}, {"month", "2026-10"}, {"department", "MZ"}, {"text", "又一条理由，请核对"}, {"state", "open"}}
					body, kind = form(fields, [2]string{"a.csv", "x\n"})
				default:
					fields.Set("csrf", token)
					body, kind = fields.Encode(), "application/x-www-form-urlencoded"
				}
			}
			code, _, header := asker.send(rt.method, path, body, kind, headers...)
			if code >= 500 && code != http.StatusServiceUnavailable {
				t.Errorf("%s %s as %s: %d", rt.method, path, role, code)
			}
			got = append(got, outcome(code, header))
		}
		line := strings.Join(got, " ")
		fmt.Fprintf(&written, "%-5s %-75s %s\n", rt.method, rt.pattern, line)
		name := rt.method + " " + rt.pattern
		if os.Getenv("WEIR_WRITE_MATRIX") != "" {
			continue
		}
		expected, known := want[name]
		delete(want, name)
		switch {
		case !known:
			t.Errorf("%s is missing from testdata/matrix.txt; it answers: %s", name, line)
		case expected != line:
			t.Errorf("%s\n  is:   %s\n  want: %s", name, line, expected)
		}
	}
	if os.Getenv("WEIR_WRITE_MATRIX") != "" {
		if err := os.WriteFile("testdata/matrix.txt", []byte(written.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	for name := range want {
		t.Errorf("testdata/matrix.txt names %s, which is no route", name)
	}
}
