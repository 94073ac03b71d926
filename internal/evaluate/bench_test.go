package evaluate

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"weir/internal/calendar"
	"weir/internal/store"
	"weir/queries/indicators"
)

// The city of the benchmark: 60 departments, 800 resources, 24 months.
const (
	benchMonths    = 24
	benchPerMonth  = 416_667 // 10 million events in all
	benchReference = `
INSERT INTO department (department_id, name, line_code, class, load_id, source_line)
	SELECT 'D' || i, 'D' || i, 'L' || (i % 5), 'C' || (i % 3), 1, i FROM range(60) t(i);
INSERT INTO scenario (scenario_id, department_id, title, load_id, source_line)
	SELECT 'S' || i, 'D' || (i % 60), 'S', 1, i FROM range(20) t(i);
INSERT INTO dataset (dataset_id, department_id, title, share_attribute, cadence, data_kind, published_at, load_id, source_line)
	SELECT 'T' || i, 'D' || (i % 60), 'T', 'C', ['P1D', 'P1W', 'P1M', 'P1Y', 'static'][1 + i % 5], 'K' || (i % 4), TIMESTAMP '2024-01-01', 2, i FROM range(800) t(i);
INSERT INTO resource (resource_id, dataset_id, department_id, mounted_at, bytes, "rows", load_id, source_line)
	SELECT 'R' || i, 'T' || i, 'D' || (i % 60), TIMESTAMP '2024-02-01', 1000 * (i + 1), 10 * (i + 1), 3, i FROM range(800) t(i)`
)

// benchMonth draws the events of one month. Consumers and resources are drawn from all, scenarios by consumer.
func benchMonth(m calendar.Month, k int) string {
	start, end := m.Limits(time.FixedZone("CST", 8*3600))
	span := end.Sub(start).Microseconds() / benchPerMonth
	return fmt.Sprintf(`INSERT INTO usage_event (event_id, occurred_at, resource_id, provider_id, consumer_id, scenario_id, matter_id, channel, ok, "rows", bytes, data_as_of, trace_complete, authorization_id, load_id, source_line)
		SELECT 'E' || (%[1]d + i), TIMESTAMP '%[2]s' + to_microseconds(i * %[3]d), 'R' || (hash(%[1]d + i) %% 800), 'D' || ((hash(%[1]d + i) %% 800) %% 60), 'D' || (hash(%[1]d + i + 7) %% 60),
			'S' || (hash(%[1]d + i + 7) %% 20), CASE WHEN i %% 10 = 0 THEN 'M' || (%[1]d + i) END, 'api', i %% 50 > 0, hash(i) %% 100, hash(i) %% 10000,
			TIMESTAMP '%[2]s' + to_microseconds(i * %[3]d) - to_microseconds(CAST(hash(i) %% 10000000 AS BIGINT) * 1000000), true, 'A', %[4]d, i
		FROM range(%[5]d) t(i)`, k*benchPerMonth, instantText(start), span, 100+k, benchPerMonth)
}

// handWritten is the single scan with which the indicators of a month are compared: what one person would write to
// get exchanges, users, rows, failures and latest use by provider and resource from the raw events at once.
const handWritten = `
SELECT provider_id, resource_id, count(*), count(DISTINCT consumer_id), count(DISTINCT (consumer_id, scenario_id, hour)),
	sum("rows"), sum(bytes), count(*) FILTER (WHERE NOT ok), count(DISTINCT matter_id), max(occurred_at), avg(date_diff('minute', data_as_of, occurred_at))
FROM (SELECT *, date_trunc('hour', timezone('Asia/Shanghai', timezone('UTC', occurred_at))) AS hour FROM usage_event
	WHERE occurred_at >= $period_start AND occurred_at < $period_end AND provider_id <> consumer_id)
GROUP BY provider_id, resource_id ORDER BY provider_id, resource_id`

// BenchmarkMonth evaluates 24 months of 10 million usage events one after the other, as they come in, and reports the
// cost of the newest over that of the first, and of all indicators over the hand-written scan. Costs are CPU seconds,
// medians of three months, so that other work on the machine does not count; the largest memory is in GB.
func BenchmarkMonth(b *testing.B) {
	ctx := context.Background()
	for range b.N {
		s, err := store.Open(ctx, filepath.Join(b.TempDir(), "weir.duckdb"), store.Options{MemoryLimit: "2GB"})
		if err != nil {
			b.Fatal(err)
		}
		write := func(statement string) {
			if err := s.Write(ctx, func(ctx context.Context, c *sql.Conn) error {
				_, err := c.ExecContext(ctx, statement)
				return err
			}); err != nil {
				b.Fatal(err)
			}
		}
		write(benchReference)
		e, err := New(s, indicators.BuiltIn(), DefaultSettings(), nil)
		if err != nil {
			b.Fatal(err)
		}
		var closing, asking, scan [benchMonths]float64
		month := calendar.Month{Year: 2024, Month: time.March}
		for k := range benchMonths {
			m := month.Add(k)
			write(benchMonth(m, k))
			closing[k], asking[k], scan[k] = benchClose(b, e, m)
		}
		last := benchMonths - 1
		b.ReportMetric(median(closing[last-2:]), "cpu-s/newest")
		b.ReportMetric(median(closing[:3]), "cpu-s/first")
		b.ReportMetric(median(closing[last-2:])/median(closing[:3]), "newest/first")
		b.ReportMetric(median(asking[last-2:])/median(scan[last-2:]), "indicators/scan")
		b.ReportMetric(median(scan[last-2:]), "cpu-s/scan")
		b.ReportMetric(float64(usage(b).Maxrss)/1e6, "GB/peak")
		if testing.Verbose() {
			b.Logf("CPU seconds by month\nmarts and indicators %.2f\nindicators %.2f\nhand-written scan %.2f", closing, asking, scan)
		}
		if err := s.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

func median(v []float64) float64 {
	a, b, c := v[0], v[1], v[2]
	return max(min(a, b), min(max(a, b), c))
}

func usage(b *testing.B) syscall.Rusage {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return u
}

// cpu is the CPU time that the process has used, in seconds.
func cpu(b *testing.B) float64 {
	u := usage(b)
	return float64(u.Utime.Nano()+u.Stime.Nano()) / 1e9
}

// benchClose builds a month's marts and runs every indicator; then the hand-written scan.
func benchClose(b *testing.B, e *Evaluator, m calendar.Month) (closing, asking, scan float64) {
	ctx := context.Background()
	begin := cpu(b)
	session, err := e.Open(ctx, m, time.Time{})
	if err != nil {
		b.Fatal(err)
	}
	defer session.Close()
	ready := cpu(b)
	for _, p := range session.Indicators() {
		if _, err := session.Run(ctx, p); err != nil {
			b.Fatal(err)
		}
	}
	done := cpu(b)
	if _, err := session.Query(ctx, handWritten, nil); err != nil {
		b.Fatal(err)
	}
	return done - begin, done - ready, cpu(b) - done
}
