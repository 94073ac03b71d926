package ingest

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// What the READMEs say of the content of platforms' files.
func TestFilesOfPlatforms(t *testing.T) {
	st := open(t)
	for _, c := range publicFiles {
		if c.with == ofPlatforms {
			c.load(t, st)
		}
	}
	of := func(mapping string) string { return "JOIN load USING (load_id) WHERE mapping = '" + mapping + "' AND " }
	for query, want := range map[string]int64{
		// "-3,935.71" and "7,472" are numbers; six amounts are negative.
		"SELECT (SELECT count(*) FROM spend WHERE amount < 0) + (SELECT count(*) FROM budget WHERE annual_amount < 0)":      6,
		"SELECT count(*) FROM budget b JOIN spend s ON s.spend_id = b.budget_id WHERE s.amount > b.annual_amount":           458,
		"SELECT count(*) FROM budget b JOIN spend s ON s.spend_id = b.budget_id WHERE s.amount > 0 AND b.annual_amount = 0": 2,
		"SELECT count(*) FROM budget WHERE fiscal_year = 2017 AND budget_id IN (SELECT spend_id FROM spend)":                0,
		"SELECT (sum(amount) * 100)::BIGINT FROM spend WHERE fiscal_year = 2016":                                            408167826055,
		"SELECT count(*) FROM resource " + of("datagov_tw_usage") + "downloads > views":                                     148,
		"SELECT count(*) FROM resource " + of("datagov_tw_usage") + "downloads = 0":                                         4890,
		"SELECT count(*) FROM resource " + of("datagov_tw_usage") + "mounted_at IS NULL":                                    704,
		// 79 spellings, of which 7 state no single period (無, 0, 1, 美日, 每月、年, 每週至每月 and two kinds of data at once).
		"SELECT count(DISTINCT cadence_text) FROM dataset " + of("taipei") + "true":                              78,
		"SELECT count(*) FROM dataset " + of("taipei") + "cadence_text = '每季，至104年12月為止' AND cadence = 'static'": 2,
		"SELECT count(*) FROM dataset " + of("taipei") + "cadence_text = '每2年' AND cadence = 'P2Y'":              2,
		"SELECT count(*) FROM department WHERE name = '社會局' AND district = '桃園市'":                                1,
		"SELECT count(*) FROM department WHERE name LIKE '%【%'":                                                  0,
		// A promise where a date should be: usaid 128, fda 18; a bare year is no date.
		"SELECT count(*) FROM dataset d " + of("dcat") + "file = 'usaid.json.gz' AND cadence IS NOT NULL":                                           128,
		"SELECT count(*) FROM dataset d JOIN load l USING (load_id) JOIN update_event u ON u.resource_id = d.dataset_id WHERE file = 'opm.json.gz'": 0,
		"SELECT count(*) FROM dataset " + of("dcat") + "file LIKE 'cms%' AND cadence = 'P3.5D'":                                                     4,
		"SELECT count(*) FROM dataset " + of("dcat") + "file = 'dhs.json.gz' AND open_attribute = 'closed'":                                         134,
		"SELECT count(*) FROM dataset d " + of("dcat") + "file = 'treasury.json.gz' AND cadence = 'irregular'":                                      79,
		// hg.nginx.org rose from 205,543 to 205,906 requests.
		"SELECT max(value) - min(value) FROM counter_reading WHERE resource_id = 'hg.nginx.org' AND counter = 'requests'": 363,
	} {
		if got := number(t, st, query); got != want {
			t.Errorf("%s: %d, want %d", query, got, want)
		}
	}
}

// The cleaned file writes 0 where the raw one states nothing; its columns stand in another order.
func TestCleanedBudgetsStateZeros(t *testing.T) {
	raw, cleaned := open(t), open(t)
	ingestFile(t, raw, Options{}, public("cook_county_budget/cook_county_budget_raw.csv.gz"))
	r := ingestFile(t, cleaned, Options{}, public("cook_county_budget/cook_county_budget_cleaned.csv.gz"))
	if r.RowsIn != 178*25 || r.RowsLoaded != r.RowsIn {
		t.Errorf("%+v", r)
	}
	const sum = "SELECT sum(annual_amount)::BIGINT FROM budget WHERE fiscal_year = 2016"
	if a, b := number(t, raw, sum), number(t, cleaned, sum); a != b || a != 4540472220 {
		t.Errorf("%d and %d", a, b)
	}
	// 213 appropriations of the raw file are 0; 1,462 blanks became 0.
	if n := number(t, cleaned, "SELECT count(*) FROM budget WHERE annual_amount = 0"); n != 213+178*25-2988 {
		t.Errorf("%d budgets of 0", n)
	}
}

// Files under names that say nothing are recognised by their content, and the result says why.
func TestFilesAreRecognisedByContent(t *testing.T) {
	for file, want := range map[string]string{
		"xroad_cases/real/records.ndjson.gz":                      "xroad_raw",
		"xroad_cases/real/metrics_response1.dat.gz":               "xroad_raw",
		"xroad_cases/real/empty_response.dat.gz":                  "xroad_raw",
		"xroad_cases/edge/raw_messages_batch_1.json.gz":           "xroad_raw",
		"xroad_cases/edge/clean_data_batch_1.json.gz":             "xroad_corrected",
		"xroad_cases/real/peer_paired.ndjson.gz":                  "xroad_corrected",
		"xroad_exchange/opendata_sample_ee-dev.tsv.gz":            "xroad_opendata",
		"xroad_exchange/harvest_PLAYGROUND_2023.csv.gz":           "xroad_harvest",
		"xroad_cases/opendata/opendata_get_harvest_all.ndjson.gz": "xroad_harvest",
		"us_datajson/energy.json.gz":                              "dcat",
		"web_access_logs/apache_combined_10k.log.gz":              "web_access_combined",
		"web_access_logs/nginxplus_json.jsonl.gz":                 "nginx_status",
	} {
		content, err := os.ReadFile(public(file))
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(t.TempDir(), "export.1")
		if err := os.WriteFile(path, content, 0o644); err != nil {
			t.Fatal(err)
		}
		r := ingestFile(t, open(t), Options{DryRun: true}, path)
		if r.Mapping != want || !strings.Contains(english(r), "lands by the mapping "+want) {
			t.Errorf("%s was taken for %s: %v", file, r.Mapping, r.Warnings)
		}
	}
	// Catalogues of the mainland's portals are tables of their cities, not of a platform: nothing is guessed.
	contains(t, refuse(t, open(t), Options{}, write(t, "x.json", `[{"标题":"甲","数据提供方":"乙"}]`)), "nothing says which table")
}

// Raw records and corrected documents of the same exchanges are the same halves.
func TestCorrectedDocumentsAreTheSameHalves(t *testing.T) {
	st := open(t)
	ingestFile(t, st, Options{}, public("xroad_cases/real/records.ndjson.gz"))
	r := ingestFile(t, st, Options{}, public("xroad_cases/real/peer_paired.ndjson.gz"))
	if r.RowsIn != 5230 || r.RowsDuplicate != 5230 {
		t.Errorf("%+v", r)
	}
	// Sizes as the peer sums them: the MIME message where there is one.
	if n := number(t, st, "SELECT sum(response_bytes) FROM exchange_half WHERE side = 'client'"); n != 3322438 {
		t.Errorf("responses of %d bytes, the peer has 3322438", n)
	}
	if n := number(t, st, "SELECT sum(request_bytes) FROM exchange_half WHERE side = 'producer'"); n != 1767427 {
		t.Errorf("requests of %d bytes, the peer has 1767427", n)
	}
}

// The peer's reports of October and November 2020 count 385 and 1,905 + 325 calls. Its minimum request size of
// November is printed as 1,847, the maximum; the figures say 1,466. Metaservices are probes here.
func TestReportsOfThePeer(t *testing.T) {
	st := open(t)
	ingestFile(t, st, Options{}, public("xroad_cases/real/metrics_response1.dat.gz"))
	const of = "SELECT concat_ws('|', count(*), min(u.duration_ms), sum(u.duration_ms), max(u.duration_ms), min(request_bytes), max(response_bytes)) FROM usage_event u JOIN exchange_half h ON h.exchange_id = u.event_id AND h.side = 'client' WHERE occurred_at >= "
	for where, want := range map[string]string{
		"TIMESTAMP '2020-10-01' AND occurred_at < TIMESTAMP '2020-11-01' AND u.is_probe": "385|80|72022|3532|1847|2639",
		"TIMESTAMP '2020-11-01' AND occurred_at < TIMESTAMP '2020-12-01' AND u.is_probe": "325|94|58396|2725|1466|117641",
	} {
		if got := list(t, st, of+where); len(got) != 1 || got[0] != want {
			t.Errorf("%s: %v, want %s", where, got, want)
		}
	}
	if n := number(t, st, "SELECT count(*) FROM usage_event WHERE NOT is_probe AND provider_id = consumer_id"); n != 1905 {
		t.Errorf("%d calls of RestTest, the peer has 1905", n)
	}
	// 1,178 answers seem to arrive before they left: the clocks differ, so such times are flagged, never averaged.
	if n := number(t, st, "SELECT count(*) FROM exchange_half c JOIN exchange_half p USING (exchange_id) WHERE c.side = 'client' AND p.side = 'producer' AND c.response_in_at < p.response_out_at"); n != 1178 {
		t.Errorf("%d negative network times", n)
	}
}
