package ingest

import (
	"context"
	"slices"
	"strings"
	"testing"
)

// Rows that cannot be loaded are quarantined with line, column, code and raw text; the others are loaded.
func TestBadRowsAreQuarantined(t *testing.T) {
	const header = "event_id,occurred_at,resource_id,provider_id,consumer_id,channel,ok,rows,is_probe\n"
	const good = "G1,2026-10-01 08:00:00,R1,D1,D2,api,true,5,false\n"
	cases := []struct{ name, row, code, column, value string }{
		{"ragged", "E1,2026-10-01 08:00:00,R1,D1,D2,api,true,5", "ragged", "", "8 ≠ 9"},
		{"too many fields", "E1,2026-10-01 08:00:00,R1,D1,D2,api,true,5,false,x", "ragged", "", "10 ≠ 9"},
		{"impossible date", "E1,2026-02-30 08:00:00,R1,D1,D2,api,true,5,false", "not_time", "occurred_at", "2026-02-30 08:00:00"},
		{"zero date", "E1,0000-00-00,R1,D1,D2,api,true,5,false", "not_time", "occurred_at", "0000-00-00"},
		{"year 1301", "E1,1301-05-06,R1,D1,D2,api,true,5,false", "out_of_range", "occurred_at", "1301-05-06"},
		{"year 3101", "E1,3101-05-06,R1,D1,D2,api,true,5,false", "out_of_range", "occurred_at", "3101-05-06"},
		{"unknown department", "E1,2026-10-01,R1,D1,D9,api,true,5,false", "unknown_department", "consumer_id", "D9"},
		{"namesake", "E1,2026-10-01,R1,D1,财政局,api,true,5,false", "ambiguous_department", "consumer_id", "财政局"},
		{"unknown code", "E1,2026-10-01,R1,D1,D2,fax,true,5,false", "unknown_code", "channel", "fax"},
		{"required empty", "E1,2026-10-01,,D1,D2,api,true,5,false", "required", "resource_id", ""},
		{"fraction", "E1,2026-10-01,R1,D1,D2,api,true,12.7,false", "not_integer", "rows", "12.7"},
		{"thousands", "E1,2026-10-01,R1,D1,D2,api,true,\"7,472\",false", "not_integer", "rows", "7,472"},
		{"not boolean", "E1,2026-10-01,R1,D1,D2,api,ok,5,false", "not_boolean", "ok", "ok"},
		{"bytes", "E1,2026-10-01,R\xFF,D1,D2,api,true,5,false", "encoding", "", ""},
		{"text behind a quote", "E1,2026-10-01,\"R\"1,D1,D2,api,true,5,false", "quote", "", ""},
		{"other content", "G1,2026-10-01 08:00:00,R2,D1,D2,api,true,5,false", "key_in_file", "event_id", "line 2"},
	}
	st := withDepartments(t)
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if _, err := st.Query(context.Background(), "DELETE FROM usage_event", nil); err != nil {
				t.Fatal(err)
			}
			more := strings.Repeat("G2,2026-10-01 09:00:00,R1,甲局,甲局（原）,,true,,是\n", 1)
			r := ingestFile(t, st, Options{}, write(t, "usage_event.csv", header+good+c.row+"\n"+more))
			if r.RowsIn != 3 || r.RowsLoaded != 2 || r.RowsQuarantined != 1 {
				t.Fatalf("%+v", r)
			}
			q, err := Quarantine(context.Background(), st, QuarantineFilter{LoadID: r.LoadID})
			if err != nil || len(q) != 1 {
				t.Fatalf("quarantine %v, %v", q, err)
			}
			if q[0].Line != 3 || q[0].Code != c.code || q[0].Column != c.column || q[0].Value != c.value {
				t.Errorf("%+v", q[0])
			}
			if want := strings.ToValidUTF8(c.row, "�"); q[0].Raw != want {
				t.Errorf("raw %q, want %q", q[0].Raw, want)
			}
			if q[0].Reason.Zh == "" || q[0].Cure.En == "" || q[0].Reason.Zh == q[0].Reason.En {
				t.Errorf("reason %+v cure %+v", q[0].Reason, q[0].Cure)
			}
			if got := list(t, st, "SELECT provider_id, consumer_id, is_probe FROM usage_event WHERE event_id = 'G2'"); !slices.Equal(got, []string{"D1|D1|true"}) {
				t.Errorf("names were not resolved: %v", got)
			}
		})
	}
}

// Times with offset are honoured, those without are Chinese time; all are stored as UTC.
func TestTimesAreStoredInUTC(t *testing.T) {
	st := withDepartments(t)
	rows := map[string]string{
		"2026-10-01 08:00:00":           "2026-10-01 00:00:00",
		"2026-10-01T08:00:00+08:00":     "2026-10-01 00:00:00",
		"2026-10-01T00:00:00Z":          "2026-10-01 00:00:00",
		"2026-10-01 00:00:00.250+02:00": "2026-09-30 22:00:00.25",
		"2026-10-01":                    "2026-09-30 16:00:00",
		"2026/10/1 8:00:00":             "2026-10-01 00:00:00",
		"2026-10-01 08:00:00+08":        "2026-10-01 00:00:00",
		"1990-07-01 08:00:00":           "1990-06-30 23:00:00", // summer time was in force
	}
	text, want := usageHeader, []string{}
	n := 0
	for in, out := range rows {
		id := string(rune('a' + n))
		n++
		text += id + "," + in + ",R1,D1,D2,true\n"
		want = append(want, id+"|"+out)
	}
	ingestFile(t, st, Options{}, write(t, "usage_event.csv", text))
	slices.Sort(want)
	if got := list(t, st, "SELECT event_id, occurred_at FROM usage_event ORDER BY 1"); !slices.Equal(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
}

// Any delimiter, line end, quoting and compression gives the same rows with the physical lines they begin on.
func TestFormsOfDelimitedText(t *testing.T) {
	want := []string{"2|E1|R, \"1\"\nx|true", "4|E2|R2|false"}
	for name, text := range map[string]string{
		"comma":   "event_id,occurred_at,resource_id,provider_id,consumer_id,ok\nE1,2026-10-01,\"R, \"\"1\"\"\nx\",D1,D2,true\nE2,2026-10-02,R2,D2,D1,false\n",
		"windows": "\xEF\xBB\xBFevent_id,occurred_at,resource_id,provider_id,consumer_id,ok\r\nE1,2026-10-01,\"R, \"\"1\"\"\nx\",D1,D2,true\r\nE2,2026-10-02,R2,D2,D1,false\r\n",
		"bars":    "event_id|occurred_at|resource_id|provider_id|consumer_id|ok\nE1|2026-10-01|\"R, \"\"1\"\"\nx\"|D1|D2|true\nE2|2026-10-02|R2|D2|D1|false\n\n",
	} {
		t.Run(name, func(t *testing.T) {
			st := withDepartments(t)
			ingestFile(t, st, Options{}, write(t, "usage_event.csv", text))
			if got := list(t, st, "SELECT source_line, event_id, resource_id, ok FROM usage_event ORDER BY 1"); !slices.Equal(got, want) {
				t.Errorf("got %q", got)
			}
		})
	}
}

// The last line of a file that ends without a line end may be cut short: E12 may have been E123.
func TestTheLastLineNeedsItsEnd(t *testing.T) {
	st := withDepartments(t)
	const rows = usageHeader + "E1,2026-10-01,R1,D1,D2,true\nE2,2026-10-01,R1,D1,D2,true"
	if r := ingestFile(t, st, Options{}, write(t, "usage_event.csv", rows)); r.RowsLoaded != 1 || r.RowsQuarantined != 1 {
		t.Errorf("%+v", r)
	}
	if got := list(t, st, "SELECT line, code, raw FROM quarantine"); !slices.Equal(got, []string{"3|unfinished|E2,2026-10-01,R1,D1,D2,true"}) {
		t.Errorf("%q", got)
	}
	if r := ingestFile(t, st, Options{}, write(t, "usage_event.csv", rows+"\n")); r.RowsLoaded != 1 || r.RowsDuplicate != 1 {
		t.Errorf("%+v", r)
	}
}

func TestJSONForms(t *testing.T) {
	const one = `{"event_id":"E1","occurred_at":"2026-10-01T00:00:00Z","resource_id":"R\u00311","provider_id":"D1","consumer_id":"D2","ok":true,"rows":12,"purpose":null}`
	for name, c := range map[string]struct {
		text string
		want []string
		bad  []string
	}{
		"lines":  {one + "\n\n" + strings.Replace(one, "E1", "E2", 1) + "\nnot json\n", []string{"1|E1|R11|12", "3|E2|R11|12"}, []string{"4|json"}},
		"array":  {"[\n" + one + ",\n" + strings.Replace(one, "E1", "E2", 1) + "\n]\n", []string{"2|E1|R11|12", "3|E2|R11|12"}, nil},
		"inline": {"[" + one + ", " + strings.Replace(one, "E1", "E2", 1) + "]", []string{"1|E1|R11|12", "2|E2|R11|12"}, nil},
		"cut":    {one + "\n" + one[:40] + "\n", []string{"1|E1|R11|12"}, []string{"2|json"}},
	} {
		t.Run(name, func(t *testing.T) {
			st := withDepartments(t)
			ingestFile(t, st, Options{}, write(t, "usage_event.json", c.text))
			if got := list(t, st, "SELECT source_line, event_id, resource_id, rows FROM usage_event ORDER BY 1"); !slices.Equal(got, c.want) {
				t.Errorf("got %q", got)
			}
			if got := list(t, st, "SELECT line, code FROM quarantine"); !slices.Equal(got, c.bad) {
				t.Errorf("quarantine %q", got)
			}
		})
	}
}

// The table's content is the same from CSV, NDJSON and Parquet.
func TestParquetGivesTheSameRows(t *testing.T) {
	st := withDepartments(t)
	csv := write(t, "usage_event.csv", "event_id,occurred_at,resource_id,provider_id,consumer_id,ok,rows,person_key\nE1,2026-10-01 08:00:00,R1,D1,D2,true,5,110105\nE2,2026-10-02 08:00:00,R1,D1,乙局,false,,\n")
	ingestFile(t, st, Options{}, csv)
	want := list(t, st, "SELECT * EXCLUDE (load_id) FROM usage_event ORDER BY event_id")
	parquet := t.TempDir() + "/usage_event.parquet"
	for _, q := range []string{
		`COPY (SELECT event_id, timezone('UTC', occurred_at) AS occurred_at, resource_id, provider_id, CASE WHEN ok THEN 'D2' ELSE '乙局' END AS consumer_id, ok, rows::INTEGER AS rows,
			CASE WHEN ok THEN '110105' END AS person_key FROM usage_event ORDER BY event_id) TO '` + parquet + `'`,
		"DELETE FROM usage_event",
	} {
		if _, err := st.Query(context.Background(), q, nil); err != nil {
			t.Fatal(err)
		}
	}
	r := ingestFile(t, st, Options{}, parquet)
	if r.RowsLoaded != 2 {
		t.Fatalf("%+v", r)
	}
	got := list(t, st, "SELECT * EXCLUDE (load_id) REPLACE (source_line + 1 AS source_line) FROM usage_event ORDER BY event_id")
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	if strings.Contains(strings.Join(got, ""), "110105") {
		t.Error("a personal code was stored")
	}
}

// Blanks around a personal code do not make another person, whatever the format, and blank texts are missing values.
func TestPersonalCodesOfParquet(t *testing.T) {
	st := withDepartments(t)
	path := t.TempDir() + "/usage_event.parquet"
	if _, err := st.Query(context.Background(), `COPY (SELECT 'E' || i AS event_id, TIMESTAMP '2026-10-01 08:00:00' AS occurred_at, 'R1' AS resource_id, 'D1' AS provider_id, 'D2' AS consumer_id, true AS ok,
		['110105', ' 110105 ', chr(9) || '110105', '　', '', NULL][i] AS person_key, ['', 'p'][1 + i % 2] AS purpose FROM range(1, 7) t(i)) TO '`+path+`'`, nil); err != nil {
		t.Fatal(err)
	}
	ingestFile(t, st, Options{}, write(t, "usage_event.csv", "event_id,occurred_at,resource_id,provider_id,consumer_id,ok,person_key\nE0,2026-10-01,R1,D1,D2,true,110105\n"))
	ingestFile(t, st, Options{}, path)
	if got := list(t, st, "SELECT string_agg(event_id, ',' ORDER BY event_id), count(purpose) FROM usage_event GROUP BY person_key ORDER BY 1"); !slices.Equal(got, []string{"E0,E1,E2,E3|2", "E4,E5,E6|1"}) {
		t.Errorf("%q", got)
	}
}

func TestPersonalCodesAreHashedAlsoInTheQuarantine(t *testing.T) {
	st := withDepartments(t)
	ingestFile(t, st, Options{}, write(t, "usage_event.csv", "event_id,occurred_at,resource_id,provider_id,consumer_id,ok,person_key\n"+
		"E1,2026-10-01,R1,D1,D2,true,110105199003078812\nE2,2026-13-01,R1,D1,D2,true,110105199003078812\nE3,2026-10-01,R1,D1,110105199003078812\n"))
	all := strings.Join(append(list(t, st, "FROM usage_event"), list(t, st, "FROM quarantine")...), "\n")
	if strings.Contains(all, "1990") || strings.Count(all, "h_") != 3 {
		t.Errorf("stored: %s", all)
	}
	if _, err := Files(context.Background(), st, Settings{}, []string{write(t, "usage_event.csv", "event_id,occurred_at,resource_id,provider_id,consumer_id,ok,person_key\n")}, Options{}); err == nil {
		t.Error("a file with personal codes was taken without a key")
	}
}
