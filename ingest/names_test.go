package ingest

import (
	"strings"
	"testing"
	"time"
)

// TestAnAliasHoldsBetweenItsDates resolves names by the day of the record, in the workspace's zone: the moment at which
// an alias ends belongs to the name that follows.
func TestAnAliasHoldsBetweenItsDates(t *testing.T) {
	st := withDepartments(t)
	ingestFile(t, st, Options{}, write(t, "department_alias.csv", "name,department_id,valid_from,valid_to\n"+
		"市环保局,D1,,2026-01-01\n市环保局,D2,2026-01-01,\n旧局,D1,2025-01-01,2026-01-01\n"))
	rows := "event_id,occurred_at,resource_id,provider_id,consumer_id,ok\n" +
		"E1,2025-12-31 23:59:59,R1,市环保局,D3,true\n" +
		"E2,2026-01-01 00:00:00,R1,市环保局,D3,true\n" +
		"E3,2025-06-01 08:00:00,R1,旧局,D3,true\n" +
		"E4,2026-01-01 00:00:00,R1,旧局,D3,true\n" + // no longer
		"E5,2024-12-31 23:00:00,R1,旧局,D3,true\n" + // not yet
		"E6,2026-01-01 00:00:00,R1,甲局（原）,D3,true\n" + // an alias without dates
		"E7,2026-01-01 00:00:00,R1,没有的局,D3,true\n" +
		"E8,不是时间,R1,旧局,D3,true\n"
	r := ingestFile(t, st, Options{}, write(t, "usage_event.csv", rows))
	if r.RowsLoaded != 4 || r.RowsQuarantined != 4 {
		t.Fatalf("%+v", r)
	}
	got := list(t, st, "SELECT event_id, provider_id FROM usage_event ORDER BY event_id")
	if want := "E1|D1 E2|D2 E3|D1 E6|D1"; strings.Join(got, " ") != want {
		t.Errorf("%v, want %s", got, want)
	}
	got = list(t, st, "SELECT line, code, value FROM quarantine ORDER BY line")
	if want := "5|department_name_date|旧局 6|department_name_date|旧局 8|unknown_department|没有的局 9|not_time|不是时间"; strings.Join(got, " ") != want {
		t.Errorf("%v, want %s", got, want)
	}
}

// TestAListStatesNamesOfTheDayOfItsLoad: a catalogue or a budget has no date of its own.
func TestAListStatesNamesOfTheDayOfItsLoad(t *testing.T) {
	st := withDepartments(t)
	ingestFile(t, st, Options{}, write(t, "department_alias.csv", "name,department_id,valid_from,valid_to\n前名,D1,,2026-11-24\n今名,D1,2026-11-24,\n"))
	r := ingestFile(t, st, Options{}, write(t, "dataset.csv", "dataset_id,department_id,title\nS1,前名,甲\nS2,今名,乙\n")) // on 2026-11-24, by the clock of the tests
	if r.RowsLoaded != 1 || r.RowsQuarantined != 1 {
		t.Errorf("%+v", r)
	}
}

// TestNamesakesOfDistrictsAreKeptApart: a short name alone is never guessed, with its district it is plain.
func TestNamesakesOfDistrictsAreKeptApart(t *testing.T) {
	st := withDepartments(t)
	r := ingestFile(t, st, Options{}, write(t, "zero_report.csv", "department_id,day\n财政局,2026-10-01\n东区财政局,2026-10-02\nD4,2026-10-03\n"))
	if r.RowsLoaded != 2 || r.RowsQuarantined != 1 {
		t.Fatalf("%+v", r)
	}
	if got := strings.Join(list(t, st, "SELECT department_id FROM zero_report ORDER BY day"), " "); got != "D3 D4" {
		t.Error(got)
	}
	// Nine bureaus, from 警察局 to 社會局, have the same short name in the real lists of Taoyuan and Kaohsiung; Taoyuan
	// names 社會局 in 58 entries, Kaohsiung in 2 (README of tw_city_catalogues: columns 資料來源(部會單位), 第一層級).
	for _, file := range []string{"usage_03_taoyuan", "usage_09_kaohsiung"} {
		ingestFile(t, st, Options{}, public("tw_city_catalogues/"+file+".csv.gz"))
	}
	got := list(t, st, "SELECT department_id, count(*) FROM dataset WHERE department_id LIKE '%社會局' GROUP BY ALL ORDER BY 1")
	if want := "桃園市政府社會局|58 高雄市政府社會局|2"; strings.Join(got, " ") != want {
		t.Errorf("%v, want %s", got, want)
	}
}

func TestMeaningOfNamesOverTime(t *testing.T) {
	day := func(y int) time.Time { return time.Date(y, 1, 1, 0, 0, 0, 0, time.UTC) }
	n := &names{zone: time.UTC, byText: map[string][]claim{
		"renamed":   {{id: "A", name: true, to: day(2020)}, {id: "B", name: true, from: day(2020)}},
		"gone":      {{id: "A", name: true, to: day(2020)}},
		"alias":     {{id: "A", from: day(2019), to: day(2020)}},
		"overlap":   {{id: "A", to: day(2021)}, {id: "B", from: day(2020)}},
		"own alias": {{id: "A", name: true}, {id: "A", from: day(2020)}},
		"id":        {{id: "id", identifier: true}, {id: "B", from: day(2020)}},
	}}
	for text, want := range map[string]string{
		"renamed": "..2020 A, 2020.. B", "gone": ".. A", "alias": "2019..2020 A", "overlap": "..2020 A, 2020..2021 ?, 2021.. B", "own alias": ".. A", "id": ".. id", "nobody": "",
	} {
		var got []string
		for _, p := range n.meaning(text) {
			year := func(t, open time.Time) string {
				if t.Equal(open) {
					return ""
				}
				return t.Format("2006")
			}
			id := p.id
			if id == "" {
				id = "?"
			}
			got = append(got, year(p.from, beginOfTime)+".."+year(p.to, endOfTime)+" "+id)
		}
		if strings.Join(got, ", ") != want {
			t.Errorf("%s: %v, want %s", text, got, want)
		}
	}
}
