package ingest

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// Durations of the pairs are those that X-Road Metrics computes of the same 5,230 records (expected_summary).
func TestPairsAreThoseOfThePeer(t *testing.T) {
	var expected map[string]struct{ N, Sum, Min, Max, Negatives int64 }
	var all map[string]json.RawMessage
	if err := json.Unmarshal([]byte(text(t, "xroad_cases/real/expected_summary_response1.json.gz")), &all); err != nil {
		t.Fatal(err)
	}
	expected = map[string]struct{ N, Sum, Min, Max, Negatives int64 }{}
	for name, raw := range all {
		var one struct{ N, Sum, Min, Max, Negatives int64 }
		if json.Unmarshal(raw, &one) == nil {
			expected[name] = one
		}
	}
	ms := func(from, to string) string { return fmt.Sprintf("date_diff('millisecond', %s, %s)", from, to) }
	durations := map[string]string{
		"totalDuration":                ms("c.request_in_at", "c.response_out_at"),
		"producerDurationClientView":   ms("c.request_out_at", "c.response_in_at"),
		"producerDurationProducerView": ms("p.request_in_at", "p.response_out_at"),
		"requestNwDuration":            ms("c.request_out_at", "p.request_in_at"),
		"responseNwDuration":           ms("p.response_out_at", "c.response_in_at"),
	}
	for _, file := range []string{"records.ndjson.gz", "metrics_response1.dat.gz"} {
		st := open(t)
		r := ingestFile(t, st, Options{}, public("xroad_cases/real/"+file))
		if r.RowsIn != 5230 || r.RowsLoaded != 5230 || r.Exchanges != 2615 {
			t.Fatalf("%s: %+v", file, r)
		}
		for name, expression := range durations {
			e, ok := expected[name]
			if !ok {
				t.Errorf("the peer has no %s", name)
				continue
			}
			got := list(t, st, "SELECT count(*), sum(d), min(d), max(d), count(*) FILTER (d < 0) FROM (SELECT "+expression+
				" AS d FROM exchange_half c JOIN exchange_half p USING (exchange_id) WHERE c.side = 'client' AND p.side = 'producer')")
			if want := fmt.Sprintf("%d|%d|%d|%d|%d", e.N, e.Sum, e.Min, e.Max, e.Negatives); got[0] != want {
				t.Errorf("%s of %s: %s, want %s", name, file, got[0], want)
			}
		}
		if sum := number(t, st, "SELECT sum(duration_ms) FROM usage_event"); sum != expected["totalDuration"].Sum {
			t.Errorf("events last %d ms in all, want %d", sum, expected["totalDuration"].Sum)
		}
	}
}

// The peer's own edge cases: repeats, late halves, odd case of the sides, messages without identifiers.
func TestEdgeCasesOfThePeer(t *testing.T) {
	st := open(t)
	edge := func(name string) Result {
		return ingestFile(t, st, Options{}, public("xroad_cases/edge/"+name+".json.gz"))
	}
	documents := func(name string) []string {
		var docs []struct {
			XRequestID    string `json:"xRequestId"`
			TotalDuration *int64
		}
		if err := json.Unmarshal([]byte(text(t, "xroad_cases/edge/"+name+".json.gz")), &docs); err != nil {
			t.Fatal(err)
		}
		var rows []string
		for _, d := range docs {
			switch {
			case d.XRequestID == "": // the peer keeps what nothing can be paired by; here it is quarantined
			case d.TotalDuration == nil:
				rows = append(rows, d.XRequestID)
			default:
				rows = append(rows, fmt.Sprintf("%s|%d", d.XRequestID, *d.TotalDuration))
			}
		}
		slices.Sort(rows)
		return rows
	}
	const events = "SELECT event_id, duration_ms FROM usage_event ORDER BY 1"
	if r := edge("raw_messages_batch_1"); r.RowsQuarantined != 2 || r.Exchanges != 10 {
		t.Errorf("batch 1: %+v", r)
	}
	if got, want := list(t, st, events), documents("clean_data_batch_1"); !slices.Equal(got, want) {
		t.Errorf("batch 1:\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if r := edge("raw_messages_batch_2"); r.RowsLoaded != 2 || r.Exchanges == 0 {
		t.Errorf("batch 2: %+v", r)
	}
	if got, want := list(t, st, events), documents("clean_data_after_batch_2"); !slices.Equal(got, want) {
		t.Errorf("after batch 2:\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	halves := number(t, st, "SELECT count(*) FROM exchange_half")
	if r := edge("raw_messages_duplicates"); number(t, st, "SELECT count(*) FROM exchange_half") != halves+r.RowsLoaded {
		t.Errorf("repeats were stored again: %+v", r)
	}
	// A half that came late, after a time-out too, completes its exchange whatever ran between the deliveries.
	for want, batches := range map[string][]string{
		"clean_data_batch_3":               {"raw_messages_batch_3_before_run", "raw_messages_batch_3_after_run"},
		"clean_data_after_batch_2_timeout": {"raw_messages_batch_1_timeout", "raw_messages_batch_2_timeout"},
	} {
		st = open(t)
		for _, b := range batches {
			edge(b)
		}
		if got, want := list(t, st, events), documents(want); !slices.Equal(got, want) {
			t.Errorf("%v:\n%s\nwant\n%s", batches, strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	}
	st = open(t)
	if r := edge("raw_messages_case_insensitive_enums"); r.RowsLoaded != 2 || r.Exchanges != 1 {
		t.Errorf("odd case: %+v", r)
	}
}

func TestAnswersWithoutRecords(t *testing.T) {
	st := open(t)
	if r := ingestFile(t, st, Options{}, public("xroad_cases/real/empty_response.dat.gz")); r.RowsIn != 0 {
		t.Errorf("%+v", r)
	}
	contains(t, refuse(t, st, Options{}, public("xroad_cases/real/metrics_client_proxy_ssl_auth_failed.dat.gz")), "holds no records")
	contains(t, refuse(t, st, Options{}, public("xroad_cases/real/metrics_server_proxy_access_denied_failed.dat.gz")), "not allowed")
}

// An answer from which records are missing is refused: its envelope states how many there are.
func TestAnswersStateTheirRecords(t *testing.T) {
	whole := text(t, "xroad_cases/real/metrics_response1.dat.gz")
	st := open(t)
	const stated = "recordsCount>5230<"
	if strings.Count(whole, stated) != 1 {
		t.Fatal("the answer does not state 5,230 records")
	}
	contains(t, refuse(t, st, Options{Mapping: "xroad_raw"}, write(t, "answer.dat", strings.Replace(whole, stated, "recordsCount>5231<", 1))), "5231 records, and 5230 came", "again")
}
