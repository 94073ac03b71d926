package ingest

import (
	"bytes"
	"compress/gzip"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"weir/internal/problem"
)

const usageHeader = "event_id,occurred_at,resource_id,provider_id,consumer_id,ok\n"

// Files that are refused as a whole: the error says where, what and what to do, and nothing is half loaded.
func TestFilesThatAreRefused(t *testing.T) {
	rows := strings.Repeat("E1,2026-10-01 08:00:00,R1,D1,D2,true\n", 3)
	cases := []struct {
		name, file, text string
		want             []string
	}{
		{"empty file", "usage_event.csv", "", []string{"empty", "zero report"}},
		{"only blanks", "usage_event.csv", "\n\n", []string{"no header"}},
		{"wrong encoding", "usage_event.csv", usageHeader + "E1,2026-10-01 08:00:00,\xE9t\xE9 \xFFx\xE8re,D1,D2,true\n", []string{":2:", "not UTF-8", "save it as UTF-8"}},
		{"unknown column", "usage_event.csv", "event_id,occured_at,resource_id,provider_id,consumer_id,ok\n" + rows, []string{"unknown column \"occured_at\"", "did you mean \"occurred_at\"?", "trace_complete"}},
		{"column twice", "usage_event.csv", "event_id,event_id,occurred_at,resource_id,provider_id,consumer_id,ok\n", []string{"twice"}},
		{"required column missing", "usage_event.csv", "event_id,occurred_at\nE1,2026-10-01\n", []string{"required column \"resource_id\""}},
		{"header missing", "usage_event.csv", rows, []string{"unknown column \"E1\"", "columns of usage_event"}},
		{"unclosed quote", "usage_event.csv", usageHeader + "E1,2026-10-01 08:00:00,\"R1,D1,D2,true\n" + rows, []string{":2:", "never closed", "3 lines"}},
		{"quote closed lines later", "usage_event.csv", usageHeader + "E1,2026-10-01 08:00:00,\"R1,D1,D2,true\nE2,2026-10-01 08:00:00,\"R1\",D1,D2,true\n", []string{":2:", "closes 1 lines later"}},
		{"two arrays", "usage_event.json", "[{\"event_id\":\"E1\"}]\n[{\"event_id\":\"E2\"}]\n", []string{":2:", "second JSON array"}},
		{"array cut off", "usage_event.json", "[{\"event_id\":\"E1\",\"occurred_at\":\"2026-10-01\",\"resource_id\":\"R1\",\"provider_id\":\"D1\",\"consumer_id\":\"D2\",\"ok\":true},\n{\"event_id\":\"E", []string{":2:", "cut off"}},
		{"unknown member", "usage_event.ndjson", "{\"event_id\":\"E1\",\"resorce_id\":\"R1\"}\n", []string{":1:", "did you mean \"resource_id\"?"}},
		{"text as JSON", "usage_event.json", "usage", []string{"unknown column"}},
		{"no Parquet at all", "usage_event.parquet", "PAR", []string{"no parquet file", "transfer"}},
		{"Parquet cut off", "usage_event.parquet", "PAR1" + strings.Repeat("x", 100), []string{"cut off or damaged"}},
		{"table not named", "events.csv", usageHeader + rows, []string{"--table or --mapping"}},
	}
	st := withDepartments(t)
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			message := refuse(t, st, Options{}, write(t, c.file, c.text))
			contains(t, message, append(c.want, c.file)...)
		})
	}
}

func TestFoldersAndMissingFilesAreRefused(t *testing.T) {
	st := open(t)
	contains(t, refuse(t, st, Options{Table: "usage_event"}, t.TempDir()), "folder")
	contains(t, refuse(t, st, Options{Table: "usage_event"}, filepath.Join(t.TempDir(), "x.csv")), "no such file")
	contains(t, refuse(t, st, Options{Table: "usage_events"}, write(t, "a.csv", "a\n1\n")), `did you mean "usage_event"?`)
	contains(t, refuse(t, st, Options{Mapping: "shangai"}, write(t, "a.csv", "a\n1\n")), `did you mean "shanghai"?`)
}

func TestCutGzipIsRefused(t *testing.T) {
	st := withDepartments(t)
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	for range 5000 {
		_, _ = z.Write([]byte(time.Now().String() + usageHeader))
	}
	_ = z.Close()
	path := write(t, "usage_event.csv.gz", string(b.Bytes()[:b.Len()/2]))
	contains(t, refuse(t, st, Options{}, path), "gzip data break off")
}

// A file that grows after its header was read is refused as a whole.
func TestFileThatChangesWhileReadIsRefused(t *testing.T) {
	st := withDepartments(t)
	path := write(t, "usage_event.csv", usageHeader+strings.Repeat("E1,2026-10-01 08:00:00,R1,D1,D2,true\n", 200_000))
	grown := false
	o := Options{Progress: func(Progress) {
		if grown {
			return
		}
		grown = true
		f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
		if err != nil {
			t.Error(err)
			return
		}
		defer f.Close()
		if _, err := f.WriteString("E2,2026-10-01 08:00:00,R1,D1,D2,true\n"); err != nil {
			t.Error(err)
		}
	}}
	contains(t, refuse(t, st, o, path), "changed while it was read", "again")
	if !grown {
		t.Error("the file was not changed")
	}
}

// A failing file does not keep the others of the call from being loaded, and is a problem with its name.
func TestOneBadFileDoesNotStopTheOthers(t *testing.T) {
	st := withDepartments(t)
	good := write(t, "usage_event.csv", usageHeader+"E1,2026-10-01 08:00:00,R1,D1,D2,true\n")
	results, err := Files(context.Background(), st, settings, []string{write(t, "usage_event.csv", ""), good}, Options{Now: clock})
	if len(results) != 1 || results[0].RowsLoaded != 1 {
		t.Errorf("results %+v", results)
	}
	if p, ok := err.(interface{ Unwrap() []error }); !ok {
		t.Errorf("error %v", err)
	} else if _, ok := p.Unwrap()[0].(problem.Problem); !ok {
		t.Errorf("%T is no problem", p.Unwrap()[0])
	}
}

// A file whose rows all fail for one reason says so instead of listing them.
func TestTooManyQuarantinedRowsRefuseTheFile(t *testing.T) {
	st := withDepartments(t)
	path := write(t, "usage_event.csv", usageHeader+"E1,2026-10-01,R1,D1,D9,true\nE2,2026-10-01,R1,D1,D9,true\nE3,2026-10-01,R1,D1,D2,true\n")
	contains(t, refuse(t, st, Options{MaxQuarantine: 1}, path), "2 of 3 rows", "consumer_id", `"D9"`)
}
