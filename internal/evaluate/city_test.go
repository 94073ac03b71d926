package evaluate

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"strings"
	"testing"
	"time"

	"weir/internal/calendar"
	"weir/internal/simulate"
	"weir/internal/store"
	"weir/queries/indicators"
	"weir/queries/schema"
)

const cityDir = "../../testdata/city"

// loadCity reads the sample city into a store in memory. Repeated rows are left out by their key, as a load does.
func loadCity(t testing.TB, dir string) *store.Store {
	t.Helper()
	ctx := context.Background()
	s, err := store.Open(ctx, "", store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	model := schema.Default()
	err = s.Write(ctx, func(ctx context.Context, c *sql.Conn) error {
		for i, name := range model.TableNames() {
			file := filepath.Join(dir, name+".csv.gz")
			if _, err := os.Stat(file); errors.Is(err, fs.ErrNotExist) {
				continue // the city delivers no such table
			}
			table, _ := model.Table(name)
			if _, err := c.ExecContext(ctx, loadSQL(table, file, i+1)); err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func loadSQL(table *schema.Table, file string, load int) string {
	var names, values []string
	for _, c := range table.Columns {
		names = append(names, schema.Quote(c.Name))
		value := schema.Quote(c.Name)
		if c.Type == schema.Timestamp {
			value = "timezone('UTC', CAST(" + value + " AS TIMESTAMPTZ))"
		} else {
			value = "CAST(" + value + " AS " + c.Type.SQL() + ")"
		}
		values = append(values, value)
	}
	key := make([]string, len(table.Key))
	for i, k := range table.Key {
		key[i] = schema.Quote(k)
	}
	// The header says which columns the file has; what it lacks is NULL.
	return fmt.Sprintf(`INSERT INTO %s (%s, load_id, source_line)
		SELECT %s, %d, line FROM (SELECT *, row_number() OVER () + 1 AS line FROM (
			SELECT * FROM read_csv(%s, header = true, all_varchar = true) UNION ALL BY NAME SELECT %s WHERE false))
		QUALIFY row_number() OVER (PARTITION BY %s ORDER BY line) = 1`,
		schema.Quote(table.Name), strings.Join(names, ", "), strings.Join(values, ", "), load, schema.Literal(file), nulls(names), strings.Join(key, ", "))
}

func nulls(names []string) string {
	list := make([]string, len(names))
	for i, n := range names {
		list[i] = "CAST(NULL AS VARCHAR) AS " + n
	}
	return strings.Join(list, ", ")
}

func cityMonths(t testing.TB, sheet simulate.TruthSheet) []calendar.Month {
	t.Helper()
	from, err := calendar.ParseMonth(sheet.From)
	if err != nil {
		t.Fatal(err)
	}
	to, err := calendar.ParseMonth(sheet.To)
	if err != nil {
		t.Fatal(err)
	}
	var months []calendar.Month
	for m := from; !to.Before(m); m = m.Add(1) {
		months = append(months, m)
	}
	return months
}

// TestSampleCity computes every indicator for every month of the sample city: each planted truth that speaks of an
// indicator must be found, and each check query must agree in every third month, the first and the last among them.
func TestSampleCity(t *testing.T) {
	ctx := context.Background()
	sheet, err := simulate.ReadTruths(filepath.Join(cityDir, simulate.TruthFile))
	if err != nil {
		t.Fatal(err)
	}
	s := loadCity(t, cityDir)
	e, err := New(s, indicators.BuiltIn(), DefaultSettings(), nil)
	if err != nil {
		t.Fatal(err)
	}
	results := map[string]map[string]*Result{} // indicator → month
	months := cityMonths(t, sheet)
	for i, month := range months {
		checked := i%3 == 0 || i == len(months)-1
		session, err := e.Open(ctx, month, time.Time{})
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range session.Indicators() {
			r, err := session.Run(ctx, p)
			if err != nil {
				t.Errorf("%s of %s: %v", p.ID, month, err)
				continue
			}
			if results[p.ID] == nil {
				results[p.ID] = map[string]*Result{}
			}
			results[p.ID][month.String()] = r
			if !checked {
				continue
			}
			disagreements, err := session.Check(ctx, p)
			if err != nil {
				t.Errorf("%s of %s: check: %v", p.ID, month, err)
			}
			for i, d := range disagreements {
				if i == 3 {
					t.Errorf("%s of %s: %d disagreements in all", p.ID, month, len(disagreements))
					break
				}
				t.Errorf("%s of %s: %s", p.ID, month, d)
			}
		}
		if err := session.Close(); err != nil {
			t.Error(err)
		}
	}
	found := truths{results: results}
	checked := 0
	for _, truth := range sheet.Truths {
		for _, x := range truth.Expect {
			x.Indicator = pageOf(x.Indicator)
			if results[x.Indicator] == nil || x.Set != "" {
				continue
			}
			checked++
			if complaint := found.check(x); complaint != "" {
				t.Errorf("planted truth %s: %s of %s: %s", truth.ID, x.Indicator, x.Department, complaint)
			}
		}
	}
	if checked < 80 {
		t.Errorf("%d statements of planted truths concern an indicator", checked)
	}
	t.Logf("%d statements of planted truths checked", checked)
	for id, months := range results {
		measured := 0
		for _, r := range months {
			for _, row := range append(r.Rows, r.Total) {
				if row.Value != nil {
					measured++
				}
			}
		}
		if measured == 0 {
			t.Errorf("%s: the sample city has no value for any department and month", id)
		}
	}
}
