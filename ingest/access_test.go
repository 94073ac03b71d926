package ingest

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"weir/internal/store"
)

// portal says which paths and callers of an access log are whose.
const portal = `mapping: portal
format: log
target: access_event
null: ["-"]
lookups:
  page: {column: request_uri, match: prefix, rows: {/population: {resource: R1, provider: D1}, /population/old: {resource: R0, provider: D1}, /tax: {resource: R2, provider: D2}}}
  caller: {column: remote_user, rows: {app-1: {consumer: D2}, app-2: {consumer: D1}}, else: {consumer: D3}}
columns:
  access_id: {sql: "md5(concat_ws('|', address, remote_user, time_local, method, url, status, body_bytes_sent, browser))"}
  occurred_at: {sql: "strptime(time_local, '%d/%b/%Y:%H:%M:%S %z')"}
  visitor_key: {sql: "concat_ws('|', address, browser)"}
  session_id: {sql: "md5(concat_ws('|', address, browser, date_trunc('hour', strptime(time_local, '%d/%b/%Y:%H:%M:%S %z'))))"}
  url_key: url
  path: {sql: "regexp_replace(request_uri, '[?#].*$', '')"}
  method: method
  status_code: status
  bytes: body_bytes_sent
  resource_id: page.resource
  provider_id: page.provider
  consumer_id: caller.consumer
  is_robot: {sql: "coalesce(regexp_matches(http_user_agent, '(?i)bot'), false)"}
  is_probe: {sql: "method = 'HEAD'"}
`

func access(address, user, clock, request, status, agent string) string {
	return fmt.Sprintf("%s - %s [01/Oct/2026:%s +0800] \"%s HTTP/1.1\" %s 120 \"-\" \"%s\"\n", address, user, clock, request, status, agent)
}

var accesses = []string{
	access("10.1.2.3", "app-1", "10:00:00", "GET /population?id=7", "200", "client"), // followed within 30 s
	access("10.1.2.3", "app-1", "10:00:20", "GET /population?id=7", "200", "client"), // followed within 30 s of itself
	access("10.1.2.3", "app-1", "10:00:50", "GET /population?id=7", "304", "client"), // the one that counts
	access("10.1.2.3", "app-1", "10:01:21", "GET /population?id=7", "200", "client"), // 31 s later: another
	access("10.1.2.3", "app-1", "10:01:22", "GET /population?id=8", "200", "client"), // another address
	access("10.1.2.4", "app-1", "10:01:22", "GET /population?id=8", "200", "client"), // another visitor
	access("10.1.2.3", "app-1", "10:02:00", "GET /tax/2026", "200", "client"),        // its own data
	access("10.1.2.3", "app-2", "10:03:00", "GET /tax", "404", "client"),             // a failure
	access("10.1.2.3", "app-2", "10:03:10", "GET /tax", "404", "client"),             // failures are no clicks
	access("10.1.2.3", "app-2", "10:04:00", "GET /tax", "302", "client"),             // neither delivered nor failed
	access("66.249.1.1", "-", "10:05:00", "GET /tax", "200", "Somebot/2.1"),          // a robot
	access("66.249.1.2", "-", "10:05:00", "HEAD /tax", "200", "client"),              // a probe
	access("66.249.1.3", "-", "10:06:00", "GET /taxation", "200", "client"),          // nobody's path
	access("66.249.1.3", "-", "10:06:00", "GET /population/old/a.csv", "200", "client"),
}

func TestAccessesAreCountedAsCounterDoes(t *testing.T) {
	st := withDepartments(t)
	r := ingestFile(t, st, Options{Mapping: write(t, "portal.yaml", portal)}, write(t, "a.log", strings.Join(accesses, "")))
	if r.RowsLoaded != int64(len(accesses)) {
		t.Fatalf("%+v", r)
	}
	contains(t, english(r), "1 accesses stand for no resource")
	got := list(t, st, "SELECT resource_id, consumer_id, count(*) FILTER (ok AND NOT is_probe), count(*) FILTER (NOT ok), count(*) FILTER (is_probe) FROM usage_event GROUP BY ALL ORDER BY ALL")
	want := []string{"R0|D3|1|0|0", "R1|D2|4|0|0", "R2|D1|0|2|0", "R2|D2|1|0|0", "R2|D3|0|0|2"}
	if !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	// Of population, three sessions of an hour would be two visitors: unique are a session and a resource.
	if n := number(t, st, "SELECT count(DISTINCT (session_id, resource_id)) FROM access_event WHERE resource_id = 'R1' AND status_code IN (200, 304)"); n != 2 {
		t.Errorf("%d unique", n)
	}
	if n := number(t, st, "SELECT count(*) FROM access_event WHERE visitor_key LIKE '%10.1.%' OR url_key LIKE '%id=%' OR visitor_key IS NULL"); n != 0 {
		t.Errorf("%d rows show an address", n)
	}
	// Use of its own data is an event, but provider and consumer are one.
	if n := number(t, st, "SELECT count(*) FROM usage_event WHERE provider_id = consumer_id"); n != 1 {
		t.Errorf("%d own uses", n)
	}
}

// However the log is cut and in whatever order its parts come, the same accesses count.
func TestCountsDoNotDependOnTheFiles(t *testing.T) {
	events := func(parts ...[]string) []string {
		st := withDepartments(t)
		mapping := write(t, "portal.yaml", portal)
		for i, p := range parts {
			ingestFile(t, st, Options{Mapping: mapping}, write(t, fmt.Sprintf("%d.log", i), strings.Join(p, "")))
		}
		return uses(t, st)
	}
	want := events(accesses)
	for cut := 1; cut < 5; cut++ {
		for name, got := range map[string][]string{
			"in order":    events(accesses[:cut], accesses[cut:]),
			"backwards":   events(accesses[cut:], accesses[:cut]),
			"overlapping": events(accesses[cut:], accesses[:cut+2], accesses),
		} {
			if !slices.Equal(got, want) {
				t.Errorf("cut at %d, %s: %d events, want %d", cut, name, len(got), len(want))
			}
		}
	}
}

func uses(t *testing.T, st *store.Store) []string {
	return list(t, st, "SELECT * EXCLUDE (load_id, source_line) FROM usage_event ORDER BY event_id")
}

// Addresses are masked in what the quarantine keeps.
func TestQuarantinedAccessesShowNoAddress(t *testing.T) {
	st := withDepartments(t)
	bad := strings.Replace(portal, "else: {consumer: D3}", "else: {consumer: nobody}", 1)
	r := ingestFile(t, st, Options{Mapping: write(t, "portal.yaml", bad)}, write(t, "a.log", strings.Join(accesses, "")+"203.0.113.77 - - [01/Oct/2026\n"))
	if r.RowsQuarantined != 5 {
		t.Fatalf("%+v", r)
	}
	if n := number(t, st, "SELECT count(*) FROM quarantine WHERE raw LIKE '%66.249.%'"); n != 0 {
		t.Errorf("%d rows show an address", n)
	}
}
