package ingest

import (
	"slices"
	"testing"
)

func TestTheSameFileAgainDoesNothing(t *testing.T) {
	st := withDepartments(t)
	path := write(t, "usage_event.csv", usageHeader+"E1,2026-10-01,R1,D1,D2,true\n")
	first := ingestFile(t, st, Options{}, path)
	again := ingestFile(t, st, Options{}, write(t, "usage_event_copy.csv", usageHeader+"E1,2026-10-01,R1,D1,D2,true\n"))
	if !again.AlreadyLoaded || again.LoadID != first.LoadID {
		t.Errorf("%+v", again)
	}
	if n := number(t, st, "SELECT count(*) FROM usage_event"); n != 1 {
		t.Errorf("%d rows", n)
	}
}

// Repeats inside a file: the same content is a duplicate, other content is quarantined; a row whose first version
// was invalid is taken from its next one.
func TestRepeatsInsideAFile(t *testing.T) {
	for _, file := range []string{"usage_event.csv", "zero_report.csv"} {
		t.Run(file, func(t *testing.T) {
			st := withDepartments(t)
			if file == "zero_report.csv" { // a key that is no plain text
				r := ingestFile(t, st, Options{}, write(t, file, "department_id,day\nD1,2026-10-01\n甲局,2026/10/1\nD2,2026-10-01\nD2,2026-10-02\n"))
				if r.RowsLoaded != 3 || r.RowsDuplicate != 1 {
					t.Errorf("%+v", r)
				}
				return
			}
			r := ingestFile(t, st, Options{}, write(t, file, usageHeader+
				"E1,2026-10-01,R1,D1,D2,true\n"+ // loaded
				"E1,2026-10-01 00:00:00,R1,甲局,D2,true\n"+ // the same in other words
				"E1,2026-10-01,R2,D1,D2,true\n"+ // other content
				"E2,2026-13-01,R1,D1,D2,true\n"+ // invalid
				"E2,2026-10-01,R1,D1,D2,true\n"+ // loaded in its place
				"E2,2026-10-01,R1,D1,D2,true\n")) // the same
			if r.RowsIn != 6 || r.RowsLoaded != 2 || r.RowsDuplicate != 2 || r.RowsQuarantined != 2 {
				t.Errorf("%+v", r)
			}
			if got := list(t, st, "SELECT source_line, event_id FROM usage_event ORDER BY 1"); !slices.Equal(got, []string{"2|E1", "6|E2"}) {
				t.Errorf("%v", got)
			}
			if got := list(t, st, "SELECT line, code, value FROM quarantine ORDER BY 1"); !slices.Equal(got, []string{"4|key_in_file|line 2", "5|not_time|2026-13-01"}) {
				t.Errorf("%v", got)
			}
		})
	}
}

// A logged fact does not change: other content under a stored key is quarantined with the place of the first.
func TestStoredFactsAreNotRewritten(t *testing.T) {
	st := withDepartments(t)
	first := ingestFile(t, st, Options{}, write(t, "usage_event_1.csv", usageHeader+"E1,2026-10-01,R1,D1,D2,true\nE2,2026-10-01,R1,D1,D2,true\n"))
	r := ingestFile(t, st, Options{}, write(t, "usage_event_2.csv", usageHeader+"E3,2026-10-03,R1,D1,D2,true\nE1,2026-10-01,R1,D1,D2,true\nE2,2026-10-01,R1,D1,D2,false\n"))
	if r.RowsLoaded != 1 || r.RowsDuplicate != 1 || r.RowsQuarantined != 1 {
		t.Errorf("%+v", r)
	}
	if got := list(t, st, "SELECT line, code, value, raw FROM quarantine"); len(got) != 1 || got[0] != "4|key_stored|load 3, line 3|E2,2026-10-01,R1,D1,D2,false" || first.LoadID != 3 {
		t.Errorf("%v", got)
	}
}

// A row that may be corrected is replaced by a later load, and its earlier version is kept.
func TestCorrectionsKeepTheEarlierVersion(t *testing.T) {
	st := withDepartments(t)
	const header = "dataset_id,department_id,title,cadence\n"
	ingestFile(t, st, Options{}, write(t, "dataset_1.csv", header+"S1,D1,户籍,P1M\nS2,D1,婚姻,P1Y\n"))
	r := ingestFile(t, st, Options{}, write(t, "dataset_2.csv", header+"S1,D1,户籍人口,P1M\nS2,D1,婚姻,P1Y\nS3,D2,社保,P1D\n"))
	if r.RowsLoaded != 2 || r.RowsDuplicate != 1 || r.RowsCorrected != 1 {
		t.Errorf("%+v", r)
	}
	if got := list(t, st, "SELECT dataset_id, title, load_id FROM dataset ORDER BY 1"); !slices.Equal(got, []string{"S1|户籍人口|4", "S2|婚姻|3", "S3|社保|4"}) {
		t.Errorf("%v", got)
	}
	if got := list(t, st, "SELECT table_name, key, json_extract_string(content, 'title'), load_id, source_line, superseded_by FROM superseded"); !slices.Equal(got, []string{`dataset|{"dataset_id":"S1"}|户籍|3|2|4`}) {
		t.Errorf("%v", got)
	}
}

func TestDryRunKeepsNothing(t *testing.T) {
	st := withDepartments(t)
	path := write(t, "usage_event.csv", usageHeader+"E1,2026-10-01,R1,D1,D2,true\nE2,x,R1,D1,D2,true\n")
	r := ingestFile(t, st, Options{DryRun: true}, path)
	if r.RowsLoaded != 1 || r.RowsQuarantined != 1 || r.LoadID != 0 {
		t.Errorf("%+v", r)
	}
	if n := number(t, st, "SELECT (SELECT count(*) FROM usage_event) + (SELECT count(*) FROM quarantine)"); n != 0 {
		t.Errorf("%d rows were kept", n)
	}
	if r := ingestFile(t, st, Options{}, path); r.AlreadyLoaded || r.RowsLoaded != 1 {
		t.Errorf("after the dry run: %+v", r)
	}
}

// References to resources are reported, not enforced: files come in any order.
func TestUnknownResourcesAreReported(t *testing.T) {
	st := withDepartments(t)
	r := ingestFile(t, st, Options{}, write(t, "usage_event.csv", usageHeader+"E1,2026-10-01,R1,D1,D2,true\n"))
	if len(r.Warnings) != 1 {
		t.Fatalf("%v", r.Warnings)
	}
	contains(t, r.Warnings[0].En, "resource_id", "1 values", "R1")
	contains(t, r.Warnings[0].Zh, "resource_id", "1 个值", "R1")
}
