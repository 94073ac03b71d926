package simulate

import "testing"

func TestAHostileCityHoldsWhatBreaksReports(t *testing.T) {
	dir, _ := generate(t, Options{Hostile: true, Departments: 40, Months: 2, EventsPerMonth: 500, Start: "2026-07"})
	f := readCity(t, dir)
	names := map[string]bool{}
	for _, d := range f["department"] {
		names[d["name"]] = true
	}
	for _, name := range hostileNames {
		if !names[name] {
			t.Errorf("no department is called %q", name)
		}
	}
	most := 0
	for _, b := range f["budget"] {
		most = max(most, b.fen("annual_amount"))
	}
	if most/100 < 1_000_000_000_000 {
		t.Errorf("the largest budget is %d yuan, want 13 digits", most/100)
	}
	for table, rows := range f {
		for _, r := range rows {
			if table != "department" && (r["department_id"] == "SILENT" || r["provider_id"] == "SILENT" || r["consumer_id"] == "SILENT") {
				t.Fatalf("table %s has a row of the department without data", table)
			}
		}
	}
}
