package ingest

import (
	"slices"
	"strings"
	"testing"
)

const packages = `{"help": "h", "success": true, "result": {"count": 2, "results": [
 {"id": "p1", "name": "buses", "title": "Buses", "organization": {"name": "traffic", "title": "Traffic Office"}, "metadata_created": "2026-01-02T03:04:05.123456",
  "metadata_modified": "2026-09-01T00:00:00", "extras": [{"key": "frequency", "value": "http://publications.europa.eu/resource/authority/frequency/MONTHLY"}],
  "resources": [{"format": "CSV", "size": 100, "last_modified": "2026-09-03T10:00:00"}, {"format": "JSON", "size": "23"}, {"format": "CSV", "size": null}], "tracking_summary": {"total": 91, "recent": 4}},
 {"id": "p2", "name": "stops", "title": "Stops", "organization": {"name": "traffic", "title": "Traffic Office"}, "issued": "2025-05-05", "modified": "2025-06-06", "frequency": "R/P1Y", "metadata_created": "2025-05-06T00:00:00", "resources": []}]}}`

func TestCKAN(t *testing.T) {
	st := open(t)
	ingestFile(t, st, Options{}, write(t, "answer.json", packages))
	got := list(t, st, "SELECT dataset_id, d.department_id, d.title, cadence, strftime(published_at, '%Y-%m-%dT%H'), formats, bytes, views, strftime(u.loaded_at, '%Y-%m-%dT%H') FROM dataset d JOIN resource r USING (dataset_id) JOIN update_event u ON u.resource_id = r.resource_id ORDER BY 1")
	// p2 states days of the workspace's zone, p1 times of CKAN, which are UTC.
	want := []string{"p1|Traffic Office|Buses|P1M|2026-01-02T03|CSV, JSON|123|91|2026-09-03T10", "p2|Traffic Office|Stops|P1Y|2025-05-04T16|2025-06-05T16"}
	if !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
	show := `{"success": true, "result": {"id": "p3", "title": "T", "organization": {"title": "O"}, "metadata_created": "2026-01-01T00:00:00", "resources": []}}`
	if r := ingestFile(t, st, Options{}, write(t, "show.json", show)); r.RowsLoaded != 1 || r.Mapping != "ckan" {
		t.Errorf("%+v", r)
	}
	contains(t, refuse(t, st, Options{}, write(t, "failed.json", `{"help": "h", "error": {"message": "Not found"}, "success": false}`)), "query failed", "Not found")
}

const linked = `{"@context": {"dct": "http://purl.org/dc/terms/"}, "@graph": [
 {"@id": "urn:c", "@type": "dcat:Catalog", "dcat:dataset": [{"@id": "urn:d1"}, {"@id": "urn:d2"}]},
 {"@id": "urn:d1", "@type": ["dcat:Dataset"], "dct:title": [{"@language": "de", "@value": "Bäume"}, {"@language": "en", "@value": "Trees"}], "dct:publisher": {"@id": "urn:o"},
  "dct:accrualPeriodicity": {"@id": "http://publications.europa.eu/resource/authority/frequency/ANNUAL_2"}, "dct:issued": {"@type": "xsd:date", "@value": "2024-01-05"}, "dct:modified": "2024",
  "dct:accessRights": {"@id": "http://publications.europa.eu/resource/authority/access-right/PUBLIC"}, "dcat:distribution": [{"@id": "urn:x"}, {"dct:format": "JSON", "dcat:byteSize": 20}]},
 {"@id": "urn:d2", "@type": "dcat:Dataset", "dct:identifier": "D2", "dct:title": "Parks", "dct:publisher": {"@id": "urn:o"}},
 {"@id": "urn:o", "@type": "foaf:Agent", "foaf:name": "Garden Office"},
 {"@id": "urn:x", "@type": "dcat:Distribution", "dcat:mediaType": {"@id": "https://www.iana.org/assignments/media-types/text/csv"}, "dcat:byteSize": {"@type": "xsd:decimal", "@value": "1000"}}]}`

func TestDCATAsLinkedData(t *testing.T) {
	const expanded = `[{"@id": "urn:d1", "@type": ["http://www.w3.org/ns/dcat#Dataset"], "http://purl.org/dc/terms/title": [{"@value": "Trees"}], "http://purl.org/dc/terms/publisher": [{"http://xmlns.com/foaf/0.1/name": [{"@value": "Garden Office"}]}]}]`
	st := open(t)
	if r := ingestFile(t, st, Options{}, write(t, "catalogue", linked)); r.RowsLoaded != 2 || r.Mapping != "dcat" {
		t.Errorf("%+v", r)
	}
	got := list(t, st, "SELECT dataset_id, d.department_id, d.title, cadence, open_attribute, formats, bytes FROM dataset d JOIN resource USING (dataset_id) ORDER BY 1")
	if want := []string{"D2|Garden Office|Parks", "urn:d1|Garden Office|Trees|P6M|unconditional|csv, JSON|1020"}; !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
	if n := number(t, st, "SELECT count(*) FROM update_event"); n != 0 {
		t.Errorf("a bare year became %d dates", n)
	}
	st = open(t)
	ingestFile(t, st, Options{}, write(t, "expanded", expanded))
	if got := list(t, st, "SELECT dataset_id, department_id, title FROM dataset"); !slices.Equal(got, []string{"urn:d1|Garden Office|Trees"}) {
		t.Errorf("%q", got)
	}
	contains(t, refuse(t, st, Options{}, write(t, "cut.jsonld", linked[:len(linked)/2])), "cannot be read", "nothing of it was loaded")
}

const runs = `{"eventTime": "2026-10-01T00:00:00Z", "eventType": "START", "run": {"runId": "r1"}, "job": {"namespace": "D2", "name": "merge"}, "inputs": [], "outputs": []}
{"eventTime": "2026-10-01T00:05:00Z", "eventType": "COMPLETE", "run": {"runId": "r1", "facets": {"nominalTime": {"nominalEndTime": "2026-09-30T16:00:00Z"}}}, "job": {"namespace": "D2", "name": "merge"}, "inputs": [{"namespace": "D1", "name": "people", "inputFacets": {"dataQualityMetrics": {"rowCount": 900, "bytes": 8000}}}, {"namespace": "D2", "name": "own"}], "outputs": [{"namespace": "D2", "name": "a", "outputFacets": {"outputStatistics": {"rowCount": 42, "size": 4200}}}, {"namespace": "D2", "name": "b"}]}
{"eventTime": "2026-10-02T00:05:00Z", "eventType": "FAIL", "run": {"runId": "r2"}, "job": {"namespace": "D2", "name": "merge"}, "outputs": [{"namespace": "D2", "name": "a"}]}
`

func TestOpenLineage(t *testing.T) {
	st := withDepartments(t)
	file := write(t, "events.ndjson", runs)
	if r := ingestFile(t, st, Options{}, file); r.RowsIn != 3 || r.Mapping != "openlineage" {
		t.Errorf("%+v", r)
	}
	if got, want := list(t, st, "SELECT resource_id, loaded_at, data_as_of, rows_changed, ok FROM update_event ORDER BY loaded_at, resource_id"),
		[]string{"D2/a|2026-10-01 00:05:00|2026-09-30 16:00:00|42|true", "D2/b|2026-10-01 00:05:00|2026-09-30 16:00:00|true", "D2/a|2026-10-02 00:05:00|false"}; !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
	ingestFile(t, st, Options{Mapping: "openlineage_inputs"}, file)
	if got, want := list(t, st, "SELECT resource_id, provider_id, consumer_id, channel, rows, bytes, ok FROM usage_event ORDER BY 1"),
		[]string{"D1/people|D1|D2|batch|900|8000|true", "D2/own|D2|D2|batch|true"}; !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
	ingestFile(t, st, Options{Mapping: "openlineage_sources"}, file)
	if n := number(t, st, "SELECT count(*) FROM lineage"); n != 4 {
		t.Errorf("%d pairs", n)
	}
}

func TestGateways(t *testing.T) {
	const kong = `{"started_at": 1790812800000, "client_ip": "10.9.8.7", "latencies": {"proxy": -1, "kong": 3, "request": 31}, "request": {"id": "q1", "method": "GET", "uri": "/p?id=110101199003070011", "size": 90, "headers": {"authorization": "Bearer secret"}}, "response": {"status": 200, "size": "5123"}, "service": {"name": "people", "tags": ["D1"]}, "consumer": {"username": "%s"}}`
	const apisix = `[{"start_time": 1790812800123, "client_ip": "10.9.8.7", "route_id": "1", "service_id": "D1", "latency": 12.6, "consumer": {"username": "D2"}, "request": {"method": "GET", "uri": "/p", "size": "90", "headers": {"apikey": "secret"}}, "response": {"status": 503, "size": 10}}]`
	st := withDepartments(t)
	known, unknown := strings.Replace(kong, "%s", "D2", 1), strings.Replace(strings.Replace(kong, "%s", "who", 1), "q1", "q2", 1)
	r := ingestFile(t, st, Options{}, write(t, "gateway.txt", known+"\n"+unknown+"\n"))
	if r.Mapping != "kong" || r.RowsLoaded != 1 || r.RowsQuarantined != 1 {
		t.Errorf("%+v", r)
	}
	if r := ingestFile(t, st, Options{}, write(t, "gateway2.txt", apisix)); r.Mapping != "apisix" || r.RowsLoaded != 1 {
		t.Errorf("%+v", r)
	}
	if got, want := list(t, st, "SELECT resource_id, provider_id, consumer_id, ok, bytes, duration_ms, occurred_at, length(person_key) FROM usage_event ORDER BY occurred_at"),
		[]string{"people|D1|D2|true|5123|31|2026-10-01 00:00:00|18", "D1|D1|D2|false|10|13|2026-10-01 00:00:00.123|18"}; !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
	if raw := list(t, st, "SELECT raw FROM quarantine")[0]; strings.Contains(raw, "secret") || strings.Contains(raw, "10.9.8.7") {
		t.Errorf("the quarantine keeps %s", raw)
	}
}

func TestNginxJSON(t *testing.T) {
	st := withDepartments(t)
	r := ingestFile(t, st, Options{}, write(t, "log.1", `{"time_local": "01/Oct/2026:10:00:00 +0800", "remote_addr": "10.9.8.7", "request": "GET /a.csv?x=1 HTTP/1.1", "status": 200, "body_bytes_sent": "77", "http_user_agent": "Googlebot", "request_time": "0.012"}`+"\n"))
	if r.Mapping != "nginx_json" || r.RowsLoaded != 1 {
		t.Errorf("%+v", r)
	}
	if got, want := list(t, st, "SELECT occurred_at, path, method, status_code, bytes, duration_ms, channel, is_robot FROM access_event"), []string{"2026-10-01 02:00:00|/a.csv|GET|200|77|12|file|true"}; !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}

// Counters that fall were set back: what stands behind the fall was counted since.
func TestCountersThatFallWereSetBack(t *testing.T) {
	line := func(at, requests string) string {
		return `{"nginx_version": "1", "timestamp": ` + at + `, "server_zones": {"z": {"requests": ` + requests + `, "responses": {"2xx": 1}}}}` + "\n"
	}
	st := open(t)
	ingestFile(t, st, Options{}, write(t, "s.jsonl", line("1790812800000", "100")+line("1790812805000", "130")+line("1790812810000", "7")+line("1790812815000", "9")))
	const differences = `SELECT sum(CASE WHEN value >= before THEN value - before ELSE value END)::BIGINT FROM
		(SELECT value, lag(value) OVER (PARTITION BY resource_id, counter ORDER BY read_at) AS before FROM counter_reading WHERE counter = 'requests') WHERE before IS NOT NULL`
	if n := number(t, st, differences); n != 30+7+2 {
		t.Errorf("%d requests", n)
	}
}
