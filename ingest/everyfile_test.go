package ingest

import (
	"io/fs"
	"path/filepath"
	"strings"
	"testing"

	"weir/internal/store"
)

// Files are loaded together where tests ask about all of them.
const (
	alone        = iota // in a store of its own
	ofPortals           // TestPublicFiles
	ofPlatforms         // TestFilesOfPlatforms
	refused             // refused as a whole; see TestAnswersWithoutRecords
	comparedWith        // what a test compares with, or names of columns
)

// publicFile is a file of testdata/public with the rows that its README states; what differs is a trap that the README
// names.
type publicFile struct {
	with                               int
	file, mapping                      string
	in, loaded, duplicate, quarantined int64
}

func (c publicFile) load(t *testing.T, st *store.Store) {
	t.Helper()
	r := ingestFile(t, st, Options{Mapping: c.mapping}, public(c.file))
	if r.RowsIn != c.in || r.RowsLoaded != c.loaded || r.RowsDuplicate != c.duplicate || r.RowsQuarantined != c.quarantined {
		t.Errorf("%s: in %d, loaded %d, duplicate %d, quarantined %d; want %d, %d, %d, %d", c.file, r.RowsIn, r.RowsLoaded, r.RowsDuplicate, r.RowsQuarantined, c.in, c.loaded, c.duplicate, c.quarantined)
	}
}

// publicFiles lists every file. Those of a group are loaded in this order, so that later versions meet earlier ones.
var publicFiles = []publicFile{
	{ofPortals, "cn_catalogue_dev/guizhou_anshun.json.gz", "", 1279, 1279, 0, 0},
	{ofPortals, "cn_catalogue_dev/guizhou_bijie.json.gz", "", 1457, 1457, 0, 0},
	{ofPortals, "cn_catalogue_dev/guizhou_guiyang.json.gz", "", 2469, 2469, 0, 0},
	{ofPortals, "cn_catalogue_dev/guizhou_liupanshui.json.gz", "", 991, 991, 0, 0},
	{ofPortals, "cn_catalogue_dev/guizhou_qiandongnan.json.gz", "", 1564, 1564, 0, 0},
	{ofPortals, "cn_catalogue_dev/guizhou_qiannan.json.gz", "", 1551, 1551, 0, 0},
	{ofPortals, "cn_catalogue_dev/guizhou_qianxinan.json.gz", "", 635, 635, 0, 0},
	{ofPortals, "cn_catalogue_dev/guizhou_tongren.json.gz", "", 1017, 1017, 0, 0},
	{ofPortals, "cn_catalogue_dev/guizhou_zunyi.json.gz", "", 1443, 1443, 0, 0},
	{ofPortals, "cn_catalogue_dev/jiangsu_zhenjiang.json.gz", "", 2143, 2143, 0, 0},
	{ofPortals, "cn_catalogue_dev/shanghai_shanghai.json.gz", "", 4494, 2234, 2260, 0},
	{ofPortals, "cn_catalogue_dev/zhejiang_zhejiang.json.gz", "", 1309, 1309, 0, 0},
	{ofPortals, "xroad_exchange/harvest_PLAYGROUND_2023.csv.gz", "", 350, 260, 90, 0},
	// 178 rows of 25 years, of which 2,988 appropriations and 2,797 expenditures are stated: blank is not zero.
	{ofPlatforms, "cook_county_budget/cook_county_budget_raw.csv.gz", "cook_county_budget", 2988, 2988, 0, 0},
	{ofPlatforms, "cook_county_budget/cook_county_budget_raw.csv.gz", "cook_county_spend", 2797, 2797, 0, 0},
	{ofPlatforms, "tw_city_catalogues/taichung.csv.gz", "", 1136, 1136, 0, 0},
	// Four rows name no agency.
	{ofPlatforms, "tw_city_catalogues/taipei_cp950.csv.gz", "", 1127, 1123, 0, 4},
	{ofPlatforms, "tw_city_catalogues/taoyuan.csv.gz", "", 1444, 1444, 0, 0},
	{ofPlatforms, "tw_city_catalogues/usage_03_taoyuan.csv.gz", "", 1442, 1442, 0, 0},
	{ofPlatforms, "tw_city_catalogues/usage_08_taichung.csv.gz", "", 1134, 1134, 0, 0},
	// Twelve rows twice, two that the crawler failed on.
	{ofPlatforms, "tw_city_catalogues/usage_09_kaohsiung.csv.gz", "", 1556, 1542, 12, 2},
	{ofPlatforms, "tw_city_catalogues/usage_14_taitung.csv.gz", "", 500, 500, 0, 0},
	{ofPlatforms, "tw_city_catalogues/usage_20_chiayi_cuntry.csv.gz", "", 1209, 1209, 0, 0},
	{ofPlatforms, "tw_datagov_usage/data_gov_tw_views_downloads.csv.gz", "", 35955, 35955, 0, 0},
	{ofPlatforms, "us_datajson/cms.json.gz", "", 139, 139, 0, 0},
	{ofPlatforms, "us_datajson/consumerfinance.json.gz", "", 11, 11, 0, 0},
	{ofPlatforms, "us_datajson/dhs.json.gz", "", 1093, 1093, 0, 0},
	// Dates of the years 21, 201, 1900, 1905 and 1975 are quarantined with their rows.
	{ofPlatforms, "us_datajson/dol.json.gz", "", 465, 463, 0, 2},
	{ofPlatforms, "us_datajson/energy.json.gz", "", 482, 479, 0, 3},
	{ofPlatforms, "us_datajson/fcc.json.gz", "", 59, 59, 0, 0},
	{ofPlatforms, "us_datajson/fda.json.gz", "", 86, 79, 0, 7},
	{ofPlatforms, "us_datajson/gsa.json.gz", "", 339, 338, 0, 1},
	{ofPlatforms, "us_datajson/opm.json.gz", "", 134, 134, 0, 0},
	{ofPlatforms, "us_datajson/treasury.json.gz", "", 233, 233, 0, 0},
	{ofPlatforms, "us_datajson/usaid.json.gz", "", 316, 316, 0, 0},
	{ofPlatforms, "us_datajson/history/cms_2025-01-31T0229Z.json.gz", "", 139, 1, 138, 0},
	{ofPlatforms, "us_datajson/history/energy_2025-02-01T1434Z.json.gz", "", 480, 0, 477, 3},
	{ofPlatforms, "us_datajson/history/energy_2025-02-04T0138Z.json.gz", "", 480, 0, 477, 3},
	// One line cut short, 19 lines twice; one row twice.
	{ofPlatforms, "web_access_logs/apache_combined_10k.log.gz", "", 10000, 9980, 19, 1},
	{ofPlatforms, "web_access_logs/nasa_ksc_19950801.tsv.gz", "", 30969, 30968, 1, 0},
	// 500 snapshots of 3 zones with 10 counters each.
	{ofPlatforms, "web_access_logs/nginxplus_json.jsonl.gz", "", 15000, 15000, 0, 0},
	{ofPlatforms, "xroad_exchange/opendata_sample_ee-dev.tsv.gz", "", 100, 100, 0, 0},
	// Eight repeats, two messages without identifiers.
	{ofPlatforms, "xroad_exchange/raw_operational_monitoring.jsonl.gz", "", 30, 20, 8, 2},
	{ofPlatforms, "xroad_cases/opendata/opendata_get_harvest_all.ndjson.gz", "", 260, 260, 0, 0},
	// 178 rows of 25 years: blanks became zeros; see TestCleanedBudgetsStateZeros.
	{alone, "cook_county_budget/cook_county_budget_cleaned.csv.gz", "", 4450, 4450, 0, 0},
	// The same version of the inventory as energy.json.
	{alone, "us_datajson/history/energy_2025-02-04T0032Z.json.gz", "", 482, 479, 0, 3},
	{alone, "xroad_cases/opendata/sample.tsv.gz", "", 100, 100, 0, 0},
	{alone, "xroad_cases/real/records.ndjson.gz", "", 5230, 5230, 0, 0},
	{alone, "xroad_cases/real/metrics_response1.dat.gz", "", 5230, 5230, 0, 0},
	{alone, "xroad_cases/real/empty_response.dat.gz", "", 0, 0, 0, 0},
	{alone, "xroad_cases/real/peer_paired.ndjson.gz", "", 5230, 5230, 0, 0},
	// Rows, repeats and messages without identifiers of the peer's cases were counted apart from Weir; a corrected
	// document holds one or two halves.
	{alone, "xroad_cases/edge/raw_messages_batch_1.json.gz", "", 17, 15, 0, 2},
	{alone, "xroad_cases/edge/raw_messages_batch_1_timeout.json.gz", "", 1, 1, 0, 0},
	{alone, "xroad_cases/edge/raw_messages_batch_2.json.gz", "", 2, 2, 0, 0},
	{alone, "xroad_cases/edge/raw_messages_batch_2_timeout.json.gz", "", 1, 1, 0, 0},
	{alone, "xroad_cases/edge/raw_messages_batch_3_before_run.json.gz", "", 3, 3, 0, 0},
	{alone, "xroad_cases/edge/raw_messages_batch_3_after_run.json.gz", "", 3, 3, 0, 0},
	{alone, "xroad_cases/edge/raw_messages_case_insensitive_enums.json.gz", "", 2, 2, 0, 0},
	{alone, "xroad_cases/edge/raw_messages_duplicates.json.gz", "", 4, 3, 1, 0},
	{alone, "xroad_cases/edge/clean_data_batch_1.json.gz", "", 17, 15, 0, 2},
	{alone, "xroad_cases/edge/clean_data_after_batch_2.json.gz", "", 19, 17, 0, 2},
	{alone, "xroad_cases/edge/clean_data_after_batch_2_timeout.json.gz", "", 2, 2, 0, 0},
	{alone, "xroad_cases/edge/clean_data_batch_3.json.gz", "", 3, 3, 0, 0},
	{alone, "xroad_cases/edge/clean_data_case_insensitive_enums.json.gz", "", 2, 2, 0, 0},
	// The examples of the two specifications.
	{alone, "xroad_cases/docs/example_arc-opmond_A.2.json.gz", "", 4, 4, 0, 0},
	{alone, "xroad_cases/docs/example_pr-opmon_C.2.1.json.gz", "", 1, 1, 0, 0},
	{refused, "xroad_cases/real/metrics_client_proxy_ssl_auth_failed.dat.gz", "", 0, 0, 0, 0},
	{refused, "xroad_cases/real/metrics_server_proxy_access_denied_failed.dat.gz", "", 0, 0, 0, 0},
	{comparedWith, "xroad_exchange/opendata_sample_ee-dev.columns.txt.gz", "", 0, 0, 0, 0},
	{comparedWith, "xroad_cases/real/expected_summary_response1.json.gz", "", 0, 0, 0, 0},
	{comparedWith, "xroad_cases/real/expected_report_batch1_2022-12.json.gz", "", 0, 0, 0, 0},
	{comparedWith, "xroad_cases/real/expected_report_response1_2020-10-01_2020-10-31.json.gz", "", 0, 0, 0, 0},
	{comparedWith, "xroad_cases/real/expected_report_response1_2020-11-01_2020-11-30.json.gz", "", 0, 0, 0, 0},
}

// Every public file gives the rows that are stated of it; none is missing from the list.
func TestEveryPublicFile(t *testing.T) {
	listed := map[string]bool{}
	for _, c := range publicFiles {
		listed[c.file] = true
		if c.with == alone {
			c.load(t, open(t))
		}
	}
	err := filepath.WalkDir(public(""), func(path string, d fs.DirEntry, err error) error {
		if err == nil && strings.HasSuffix(path, ".gz") {
			if name, _ := filepath.Rel(public(""), path); !listed[filepath.ToSlash(name)] {
				t.Errorf("%s is not in the list", name)
			}
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}
