package simulate

import (
	"strings"
	"testing"
)

// The irregularities that the README of the city promises are in its files.
func TestTheCityIsAsIrregularAsItSays(t *testing.T) {
	f := readCity(t, sampleDir)
	count := func(table string, is func(row) bool) (n int) {
		for _, r := range f[table] {
			if is(r) {
				n++
			}
		}
		return n
	}
	names := map[string]int{}
	for _, d := range f["department"] {
		names[d["name"]]++
	}
	published := map[string]row{}
	for _, r := range f["resource"] {
		published[r["resource_id"]] = r
	}
	for _, want := range []struct {
		what     string
		low, top int
		got      int
	}{
		{"probes", 100, 2000, count("usage_event", func(r row) bool { return r.yes("is_probe") })},
		{"failed calls", 50, 2000, count("usage_event", func(r row) bool { return !r.yes("ok") })},
		{"lost answers", 100, 2000, count("usage_event", func(r row) bool { return r.yes("ok") && r["rows"] == "" && r["duration_ms"] == "" })},
		{"empty answers", 500, 5000, count("usage_event", func(r row) bool { return r["rows"] == "0" })},
		{"own uses", 500, 5000, count("usage_event", func(r row) bool { return r["consumer_id"] == r["provider_id"] })},
		{"events in the first second of a month", 18, 100, count("usage_event", func(r row) bool { return strings.HasSuffix(r["occurred_at"], "-01T00:00:00+08:00") })},
		{"events in the last second of a day", 18, 100, count("usage_event", func(r row) bool { return strings.Contains(r["occurred_at"], "T23:59:59") })},
		{"uses without a scenario", 500, 6000, count("usage_event", func(r row) bool {
			return r["scenario_id"] == "" && r["consumer_id"] != r["provider_id"] && !r.yes("is_probe")
		})},
		{"withdrawn requests", 50, 400, count("request", func(r row) bool { return r["withdrawn_at"] != "" })},
		{"resubmitted requests", 50, 600, count("request", func(r row) bool { return r["resubmitted_at"] != "" })},
		{"approved extensions", 30, 400, count("request", func(r row) bool { return r["extension_approved_at"] != "" && r["extension_notified_at"] != "" })},
		{"extensions that nobody approved", 20, 400, count("request", func(r row) bool { return r["extension_days"] != "" && r["extension_approved_at"] == "" })},
		{"requests sent at night or on a day off", 50, 400, count("request", func(r row) bool { return r["submitted_at"][11:13] >= "18" })},
		{"failed updates", 100, 3000, count("update_event", func(r row) bool { return !r.yes("ok") })},
		{"updates known from the catalogue only", 50, 3000, count("update_event", func(r row) bool { return r["source"] == "catalogue" })},
		{"datasets without a cadence", 2, 60, count("dataset", func(r row) bool { return r["cadence"] == "" })},
		{"datasets that may not be shared", 5, 80, count("dataset", func(r row) bool { return r["share_attribute"] == "N" })},
		{"namesakes", 2, 2, names["行政审批局"]},
		{"merged departments", 1, 1, count("department", func(r row) bool { return r["successor_id"] != "" })},
		{"uses logged under the successor", 1, 2000, count("usage_event", func(r row) bool { return r["provider_id"] != published[r["resource_id"]]["department_id"] })},
		{"leaks", 1, 1, count("security_incident", func(r row) bool { return r.yes("is_leak") })},
	} {
		if want.got < want.low || want.got > want.top {
			t.Errorf("%d %s, want %d to %d", want.got, want.what, want.low, want.top)
		}
	}
	late := 0
	for i, r := range f["usage_event"][1:] {
		if r["occurred_at"] < f["usage_event"][i]["occurred_at"] {
			late++
		}
	}
	if late < 50 {
		t.Errorf("only %d records arrive after later ones", late)
	}
}

func TestAChangeOfTheModelIsNoticed(t *testing.T) {
	for want, columns := range map[string][]string{
		"the event model has": {"department_id", "name", "valid_from", "valid_to"}, // another order
		"the simulator fills": {"name", "department_id", "valid_from"},
	} {
		s := newSink(Dir(t.TempDir()), Options{})
		s.table("department_alias", columns...)
		if s.err == nil || !strings.Contains(s.err.Error(), want) {
			t.Errorf("%v: error %v", columns, s.err)
		}
	}
	s := newSink(Dir(t.TempDir()), Options{})
	if s.table("no_such_table", "a"); s.err == nil {
		t.Error("a table that the model lacks is written")
	}
}
