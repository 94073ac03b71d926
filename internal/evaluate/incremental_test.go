package evaluate

import (
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"weir/internal/calendar"
	"weir/internal/store"
	"weir/queries/indicators"
	"weir/queries/marts"
	"weir/queries/schema"
)

// smallCity is eight months of events of six departments, drawn in SQL.
const smallCity = `
INSERT INTO department (department_id, name, line_code, class, load_id, source_line)
	SELECT 'D' || i, 'D' || i, 'L' || (i % 2), 'C' || (i % 3), 1, i FROM range(6) t(i);
INSERT INTO dataset (dataset_id, department_id, title, share_attribute, cadence, data_kind, published_at, load_id, source_line)
	SELECT 'S' || i, 'D' || (i % 6), 'S', CASE i % 5 WHEN 0 THEN 'U' ELSE 'C' END, ['P1D', 'P1W', 'P1M', 'P1Y', 'static'][1 + i % 5], 'K' || (i % 2), TIMESTAMP '2025-09-01' + INTERVAL 1 HOUR * i, 2, i FROM range(24) t(i);
INSERT INTO resource (resource_id, dataset_id, department_id, mounted_at, bytes, "rows", load_id, source_line)
	SELECT 'R' || i, 'S' || (i % 24), 'D' || (i % 6), TIMESTAMP '2025-10-01' + INTERVAL 5 DAY * i, 1000 * (i + 1), 10 * (i + 1), 3, i FROM range(30) t(i);
INSERT INTO usage_event (event_id, occurred_at, resource_id, provider_id, consumer_id, ok, "rows", data_as_of, load_id, source_line)
	SELECT 'E' || i, TIMESTAMP '2025-12-31 16:00:00' + INTERVAL 1 MINUTE * (i * 349), 'R' || (hash(i) % 30), 'D' || ((hash(i) % 30) % 6), 'D' || (hash(i + 1) % 6), hash(i + 2) % 20 > 0, hash(i + 3) % 50,
		TIMESTAMP '2025-12-20 16:00:00' + INTERVAL 1 MINUTE * (i * 349), 10 + i // 125, i FROM range(1000) t(i);
INSERT INTO update_event (resource_id, loaded_at, data_as_of, ok, source, load_id, source_line)
	SELECT 'R' || (hash(i) % 30), TIMESTAMP '2025-12-31 16:00:00' + INTERVAL 1 MINUTE * (i * 698), TIMESTAMP '2025-12-31 15:00:00' + INTERVAL 1 MINUTE * (i * 698), true, 'event', 20, i FROM range(500) t(i);
INSERT INTO request (request_id, requester_id, provider_id, resource_id, submitted_at, replied_at, decision, delivered_at, load_id, source_line)
	SELECT 'Q' || i, 'D' || (i % 6), 'D' || ((i + 1) % 6), 'R' || (i % 30), TIMESTAMP '2026-01-05 01:00:00' + INTERVAL 2 DAY * i, TIMESTAMP '2026-01-05 01:00:00' + INTERVAL 2 DAY * i + INTERVAL 1 DAY * (hash(i) % 20), 'agreed',
		TIMESTAMP '2026-01-05 01:00:00' + INTERVAL 2 DAY * i + INTERVAL 1 DAY * (hash(i) % 50), 30, i FROM range(100) t(i);
INSERT INTO spend (spend_id, department_id, fiscal_year, category, amount, paid_at, load_id, source_line)
	SELECT 'P' || i, 'D' || (i % 6), 2026, CASE i % 3 WHEN 0 THEN 'hardware' ELSE 'software' END, 100 + i, TIMESTAMP '2026-01-05 01:00:00' + INTERVAL 2 DAY * i, 40, i FROM range(100) t(i);
INSERT INTO correction_ticket (ticket_id, resource_id, rule_code, filed_by, filed_at, valid, fixed_at, feedback_at, load_id, source_line)
	SELECT 'T' || i, 'R' || (i % 30), '0301', 'D' || (i % 6), TIMESTAMP '2026-01-05 01:00:00' + INTERVAL 3 DAY * i, true, TIMESTAMP '2026-01-09 01:00:00' + INTERVAL 3 DAY * i, TIMESTAMP '2026-01-10 01:00:00' + INTERVAL 3 DAY * i, 50, i FROM range(60) t(i)`

func execAll(t *testing.T, s *store.Store, statements string) {
	t.Helper()
	err := s.Write(context.Background(), func(ctx context.Context, c *sql.Conn) error {
		for statement := range strings.SplitSeq(statements, ";\n") {
			if _, err := c.ExecContext(ctx, statement); err != nil {
				return fmt.Errorf("%s: %w", statement, err)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

var smallMonths = func() (list []calendar.Month) {
	for i := range 6 {
		list = append(list, calendar.Month{Year: 2026, Month: 1}.Add(i))
	}
	return list
}()

func openMonth(t *testing.T, e *Evaluator, m calendar.Month) []Built {
	t.Helper()
	s, err := e.Open(context.Background(), m, time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return s.Built
}

// content hashes every month of every mart.
func content(t *testing.T, s *store.Store) map[string]string {
	t.Helper()
	got := map[string]string{}
	for _, m := range marts.All() {
		columns := make([]string, len(m.Columns))
		for i, c := range m.Columns {
			columns[i] = schema.Quote(c.Name)
		}
		r, err := s.Query(context.Background(), fmt.Sprintf("SELECT CAST(month AS VARCHAR), count(*) || ' ' || CAST(sum(hash(%s)) AS VARCHAR) FROM %s GROUP BY month ORDER BY month", strings.Join(columns, ", "), m.Name), nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range r.Rows {
			got[m.Name+" "+row[0].(string)] = row[1].(string)
		}
	}
	return got
}

// edit replaces some rows of a table by others within a month, as a load with corrections does.
func edit(table string, month calendar.Month, rng *rand.Rand, load int) string {
	start, end := month.Limits(time.FixedZone("CST", 8*3600))
	column, _, err := timeColumn(table)
	if err != nil {
		panic(err)
	}
	where := fmt.Sprintf("%s >= TIMESTAMP '%s' AND %s < TIMESTAMP '%s' AND hash(source_line + %d) %% 4 = 0", column, instantText(start), column, instantText(end), rng.IntN(1000))
	change := map[string]string{
		"usage_event":       `* REPLACE (NOT ok AS ok, 'X' || event_id || '` + fmt.Sprint(load) + `' AS event_id`,
		"update_event":      `* REPLACE (loaded_at + INTERVAL 1 MINUTE AS loaded_at`,
		"request":           `* REPLACE (replied_at + INTERVAL 3 DAY AS replied_at`,
		"spend":             `* REPLACE (amount + 7 AS amount`,
		"correction_ticket": `* REPLACE (feedback_at + INTERVAL 9 DAY AS feedback_at`,
	}[table]
	return fmt.Sprintf(`CREATE TEMP TABLE edited AS SELECT %s, %d AS load_id) FROM %s WHERE %s;
DELETE FROM %s WHERE %s;
INSERT INTO %s SELECT * FROM edited;
DROP TABLE edited`, change, load, table, where, table, where, table)
}

// After edits of single months, evaluating the months again must rebuild what the edits reach and no more, and leave
// the same marts as a database that was never evaluated before.
func TestIncrementalEqualsRebuild(t *testing.T) {
	ctx := context.Background()
	open := func() (*store.Store, *Evaluator) {
		s, err := store.Open(ctx, "", store.Options{})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = s.Close() })
		e, err := New(s, indicators.BuiltIn(), DefaultSettings(), nil)
		if err != nil {
			t.Fatal(err)
		}
		return s, e
	}
	s, e := open()
	execAll(t, s, smallCity)
	for _, m := range smallMonths {
		openMonth(t, e, m)
	}
	for _, m := range smallMonths {
		for _, b := range openMonth(t, e, m) {
			if !b.Reused {
				t.Fatalf("%s: %s of %s rebuilt though nothing changed", m, b.Mart, b.Month)
			}
		}
	}
	rng := rand.New(rand.NewPCG(3, 5))
	tables := []string{"usage_event", "update_event", "request", "spend", "correction_ticket"}
	var edits []string
	for round := range 5 {
		table, month := tables[round%len(tables)], smallMonths[rng.IntN(len(smallMonths))]
		edits = append(edits, edit(table, month, rng, 100+round))
		execAll(t, s, edits[round])
		rebuilt := 0
		for _, m := range smallMonths {
			for _, b := range openMonth(t, e, m) {
				if b.Reused {
					continue
				}
				rebuilt++
				mart, _ := marts.Find(b.Mart)
				switch reads := eventTables(mart); {
				case !slices.Contains(reads, table):
					t.Errorf("%s edited in %s: %s of %s rebuilt, which never reads it", table, month, b.Mart, b.Month)
				case b.Month.Before(month) && table != "update_event":
					// Only updates look ahead: to the grace after a slot.
					t.Errorf("%s edited in %s: %s of the earlier %s rebuilt", table, month, b.Mart, b.Month)
				}
			}
		}
		if rebuilt == 0 {
			t.Errorf("%s edited in %s: nothing was rebuilt", table, month)
		}
	}
	fresh, f := open()
	execAll(t, fresh, smallCity)
	for _, x := range edits {
		execAll(t, fresh, x)
	}
	// Newest first, so that states are made from all history at once instead of month by month.
	for _, m := range slices.Backward(smallMonths) {
		openMonth(t, f, m)
	}
	want, got := content(t, fresh), content(t, s)
	for key, hash := range want {
		if got[key] != hash {
			t.Errorf("%s: %s after edits, %s from nothing", key, got[key], hash)
		}
	}
	if len(want) < 100 {
		t.Errorf("only %d months of marts to compare", len(want))
	}
}

// A change of a rule rebuilds the marts that use it and only those.
func TestRuleChangeRebuildsItsMarts(t *testing.T) {
	ctx := context.Background()
	s, err := store.Open(ctx, "", store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	execAll(t, s, smallCity)
	settings := DefaultSettings()
	e, err := New(s, indicators.BuiltIn(), settings, nil)
	if err != nil {
		t.Fatal(err)
	}
	openMonth(t, e, smallMonths[3])
	settings.ShelfLife.ByKind = map[string]string{"K0": "P3D"}
	if e, err = New(s, indicators.BuiltIn(), settings, nil); err != nil {
		t.Fatal(err)
	}
	rebuilt := map[string]bool{}
	for _, b := range openMonth(t, e, smallMonths[3]) {
		if !b.Reused {
			rebuilt[b.Mart] = true
		}
	}
	if got := sortedKeys(rebuilt); !slices.Equal(got, []string{"mart_freshness", "mart_resource"}) {
		t.Errorf("a new shelf life rebuilt %v", got)
	}
}
