package runner

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"weir/internal/runner/guard"
	"weir/internal/store"
)

// BenchmarkOverhead compares a query over 10 million rows run by the runner with the same query run bare, that is, by
// an engine of the same settings opened in this process. Allowed: 10 % and 150 ms over bare.
//
//	go test -tags duckdb_arrow -run '^$' -bench Overhead -benchtime 10x ./internal/runner
func BenchmarkOverhead(b *testing.B) {
	database := filepath.Join(b.TempDir(), "weir.duckdb")
	s, err := store.Open(context.Background(), database, store.Options{})
	if err != nil {
		b.Fatal(err)
	}
	_, err = s.Query(context.Background(), `CREATE TABLE call AS SELECT i AS event, hash(i) % 60 AS provider, hash(i * 7) % 60 AS consumer,
		hash(i * 13) % 800 AS dataset, hash(i * 3) % 1000 AS bytes, TIMESTAMP '2025-01-01' + to_minutes(i // 10) AS occurred_at FROM range(10000000) r(i)`, nil)
	if err != nil {
		b.Fatal(err)
	}
	if err := s.Close(); err != nil {
		b.Fatal(err)
	}
	source := Source{Database: database, Views: []View{{Name: "call", SQL: "SELECT * FROM workspace.call"}}}
	for name, sql := range map[string]string{
		"aggregate": `SELECT provider, date_trunc('month', occurred_at) AS month, count(*) AS calls, sum(bytes) AS bytes FROM call GROUP BY ALL ORDER BY ALL`,
		"distinct":  `SELECT provider, count(DISTINCT (consumer, dataset)) AS pairs, quantile_cont(bytes, 0.95) AS p95 FROM call GROUP BY ALL ORDER BY ALL`,
		"rows":      `SELECT * FROM call ORDER BY event DESC LIMIT 10000`,
	} {
		b.Run(name, func(b *testing.B) {
			r, err := New(b.TempDir())
			if err != nil {
				b.Fatal(err)
			}
			defer r.Close()
			var bare, run time.Duration
			for b.Loop() {
				started := time.Now()
				bareRun(b, source, sql)
				bare += time.Since(started)
				result, err := r.Query(context.Background(), Request{SQL: sql, Source: source})
				if err != nil || len(result.Rows) == 0 {
					b.Fatal(err)
				}
				run += result.Elapsed
			}
			n := float64(b.N)
			b.ReportMetric(bare.Seconds()*1000/n, "bare-ms")
			b.ReportMetric(run.Seconds()*1000/n, "runner-ms")
			b.ReportMetric((run.Seconds()-1.1*bare.Seconds())*1000/n, "over-110%-ms")
		})
	}
}

func bareRun(b *testing.B, source Source, sql string) {
	limits := DefaultLimits()
	box, err := store.OpenSandbox(context.Background(), store.SandboxOptions{Database: source.Database, MemoryLimit: limits.Memory, Threads: limits.Threads,
		TempDirectory: b.TempDir(), Views: []store.SandboxView{store.SandboxView(source.Views[0])}})
	if err != nil {
		b.Fatal(err)
	}
	defer box.Close()
	if _, err := store.Collect(context.Background(), box.Conn(), guard.Wrap(sql), nil); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkCancel measures how long a caller waits after giving up, for a query that hears the engine's cancel and for
// one that does not. Allowed: 100 ms.
func BenchmarkCancel(b *testing.B) {
	for name, sql := range map[string]string{"pipeline": endless, "single call": deaf} {
		b.Run(name, func(b *testing.B) {
			r, err := New(b.TempDir())
			if err != nil {
				b.Fatal(err)
			}
			defer r.Close()
			var waited, longest time.Duration
			for b.Loop() {
				ctx, cancel := context.WithCancel(context.Background())
				var canceled time.Time
				time.AfterFunc(700*time.Millisecond, func() { canceled = time.Now(); cancel() })
				if _, err := r.Query(ctx, Request{SQL: sql}); err == nil {
					b.Fatal("it ended by itself")
				}
				wait := time.Since(canceled)
				waited, longest = waited+wait, max(longest, wait)
				cancel()
			}
			b.ReportMetric(waited.Seconds()*1000/float64(b.N), "cancel-ms")
			b.ReportMetric(longest.Seconds()*1000, "longest-ms")
		})
	}
}
