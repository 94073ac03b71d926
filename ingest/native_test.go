package ingest

import (
	"fmt"
	"testing"
)

func TestScratchFiles(t *testing.T) {
	for _, f := range []string{"web_access_logs/apache_combined_10k.log.gz", "web_access_logs/nasa_ksc_19950801.tsv.gz", "web_access_logs/nginxplus_json.jsonl.gz"} {
		st := open(t)
		r := ingestFile(t, st, Options{}, public(f))
		fmt.Printf("%+v\n", r)
		for _, q := range []string{"SELECT code, column_name, value, count(*), min(line) FROM quarantine GROUP BY ALL ORDER BY 4 DESC LIMIT 8"} {
			for _, l := range list(t, st, q) {
				fmt.Println("   ", l)
			}
		}
	}
}
