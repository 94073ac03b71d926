package ingest

import (
	"context"
	"database/sql"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"weir/internal/store"
	"weir/queries/schema"
)

// Size of the benchmark's files: go test -bench Ingest ./ingest -args -rows 10000000
var benchRows = flag.Int("rows", 500_000, "rows of the files that the benchmarks read")

// BenchmarkIngest compares loading a file of usage_event with the engine's bare INSERT … SELECT of the same file
// into the same table with the same types, each into a new database, by turns. The metric ratio is bare time over
// loading time, so 0.8 means that loading reaches 80 % of the bare reader's rows per second; cpu is the same for
// processor time, which other work on the machine disturbs less.
func BenchmarkIngest(b *testing.B) {
	for _, c := range []struct{ name, format, repeated, bare string }{
		{"csv", "csv", "0", "read_csv('%s', auto_detect = false, header = true, columns = {%s})"},
		{"csv_10_percent_repeated", "csv", "1", "read_csv('%s', auto_detect = false, header = true, columns = {%s})"},
		{"csv_10_percent_repeated_in_other_words", "csv", "2", "read_csv('%s', auto_detect = false, header = true, columns = {%s})"},
		{"ndjson", "json", "0", "read_json('%s', format = 'newline_delimited', columns = {%s})"},
		{"parquet", "parquet", "0", "read_parquet('%s')"},
	} {
		b.Run(c.name, func(b *testing.B) {
			file := benchFile(b, c.format, c.repeated)
			source := fmt.Sprintf(c.bare, file, typedColumns())
			if c.format == "parquet" {
				source = fmt.Sprintf(c.bare, file)
			}
			var wall, cpu []float64
			for b.Loop() {
				bare := measure(b, func(st *store.Store) { bareInsert(b, st, source) })
				load := measure(b, func(st *store.Store) { benchLoad(b, st, file) })
				wall = append(wall, bare.wall.Seconds()/load.wall.Seconds())
				cpu = append(cpu, bare.cpu.Seconds()/load.cpu.Seconds())
				b.Logf("bare %.1f s (%.1f s processor), load %.1f s (%.1f s processor, peak memory %d MB)", bare.wall.Seconds(), bare.cpu.Seconds(), load.wall.Seconds(), load.cpu.Seconds(), load.peak>>20)
				b.ReportMetric(float64(load.peak>>20), "MB")
				b.ReportMetric(float64(*benchRows)/load.wall.Seconds(), "rows/s")
			}
			b.ReportMetric(median(wall), "ratio")
			b.ReportMetric(median(cpu), "cpu-ratio")
			b.ReportMetric(0, "ns/op")
		})
	}
}

type cost struct {
	wall, cpu time.Duration
	peak      int64
}

// measure runs f on a new database file with a memory limit of 1 GB; opening and closing are not counted.
func measure(b *testing.B, f func(*store.Store)) cost {
	b.Helper()
	directory := b.TempDir()
	st, err := store.Open(context.Background(), filepath.Join(directory, "bench.duckdb"), store.Options{MemoryLimit: "1GB"})
	if err != nil {
		b.Fatal(err)
	}
	benchDepartments(b, st)
	// Linux starts counting the peak anew; elsewhere it is that of the process so far.
	_ = os.WriteFile("/proc/self/clear_refs", []byte("5"), 0o200)
	start, used := time.Now(), processorTime()
	f(st)
	c := cost{wall: time.Since(start), cpu: processorTime() - used, peak: peakMemory()}
	if err := st.Close(); err != nil {
		b.Fatal(err)
	}
	if err := os.RemoveAll(directory); err != nil {
		b.Fatal(err)
	}
	return c
}

func benchDepartments(b *testing.B, st *store.Store) {
	b.Helper()
	execute(b, st, "INSERT INTO department (department_id, name, load_id, source_line) SELECT format('D{:03d}', i), format('部门{}', i), 0, i FROM range(60) t(i)")
}

func bareInsert(b *testing.B, st *store.Store, source string) {
	names := columnNames(usageTable().Columns)
	execute(b, st, fmt.Sprintf("INSERT INTO usage_event (%s, load_id, source_line) SELECT %s, 1, 0 FROM %s", quoted(names, ""), quoted(names, ""), source))
}

func benchLoad(b *testing.B, st *store.Store, file string) {
	r, err := Files(context.Background(), st, settings, []string{file}, Options{Table: "usage_event"})
	if err != nil {
		b.Fatal(err)
	}
	if r[0].RowsIn != int64(*benchRows) || r[0].RowsQuarantined != 0 {
		b.Fatalf("%+v", r[0])
	}
}

func usageTable() *schema.Table {
	t, _ := schema.Default().Table("usage_event")
	return t
}

func typedColumns() string {
	var types []string
	for _, c := range usageTable().Columns {
		types = append(types, fmt.Sprintf("'%s': '%s'", c.Name, c.Type.SQL()))
	}
	return strings.Join(types, ", ")
}

// benchFile writes rows like those of a platform: ordered in time, 60 departments, 800 resources, 4 purposes.
func benchFile(b *testing.B, format, repeated string) string {
	b.Helper()
	file := filepath.Join(b.TempDir(), "usage_event."+format)
	st, err := store.Open(context.Background(), "", store.Options{MemoryLimit: "1GB", TempDirectory: b.TempDir()})
	if err != nil {
		b.Fatal(err)
	}
	defer st.Close()
	ok := "hash(k * 31) % 50 > 0"
	if repeated == "2" {
		ok = "CASE WHEN k <> r THEN upper((" + ok + ")::VARCHAR) ELSE (" + ok + ")::VARCHAR END"
	}
	execute(b, st, fmt.Sprintf(`COPY (SELECT
		format('E{:011d}-{}', k * 2654435761 %% 99999999977, k) AS event_id,
		TIMESTAMPTZ '2024-01-01 00:00:00+08' + to_microseconds((k * 6000000)::BIGINT + (hash(k) %% 6000000)::BIGINT) AS occurred_at,
		format('R{:05d}', hash(k * 7 + 1) %% 800) AS resource_id,
		format('D{:03d}', hash(k * 7 + 1) %% 800 %% 60) AS provider_id,
		format('D{:03d}', hash(k * 11 + 3) %% 60) AS consumer_id,
		CASE WHEN hash(k * 13) %% 3 > 0 THEN format('S{:03d}', hash(k * 13) %% 40) END AS scenario_id,
		CASE WHEN hash(k * 17) %% 4 = 0 THEN format('M{}', hash(k * 17) %% 100000) END AS matter_id,
		['户籍核验', '社保资格认证', '企业登记核验', '不动产查验'][1 + (hash(k * 19) %% 4)::INT] AS purpose,
		format('A{}', hash(k * 23) %% 3000) AS authorization_id,
		['api', 'api', 'api', 'batch', 'file'][1 + (hash(k * 29) %% 5)::INT] AS channel,
		%s AS ok,
		(hash(k * 37) %% 5000)::BIGINT AS rows,
		(hash(k * 37) %% 5000 * 120)::BIGINT AS bytes,
		(hash(k * 41) %% 900)::BIGINT AS duration_ms,
		TIMESTAMPTZ '2024-01-01 00:00:00+08' + to_seconds((k * 6 - k * 6 %% 86400)::BIGINT) AS data_as_of,
		substr(md5((hash(k * 43) %% 20000)::VARCHAR), 1, 16) AS person_key,
		hash(k * 47) %% 100 = 0 AS is_probe,
		hash(k * 53) %% 3 = 0 AS is_personal,
		hash(k * 59) %% 20 > 0 AS trace_complete
		FROM (SELECT r, CASE WHEN %s > 0 AND hash(r * 3) %% 10 = 0 AND r > 1000 THEN r - 1 - (hash(r * 5) %% 900)::BIGINT ELSE r END AS k FROM range(%d) t(r)) ORDER BY r)
		TO '%s' (FORMAT %s)`, ok, repeated, *benchRows, file, format))
	return file
}

func execute(b *testing.B, st *store.Store, query string) {
	b.Helper()
	if err := st.Write(context.Background(), func(ctx context.Context, c *sql.Conn) error {
		_, err := c.ExecContext(ctx, query)
		return err
	}); err != nil {
		b.Fatal(err)
	}
}

func processorTime() time.Duration {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// peakMemory is the largest resident set so far in bytes, 0 where the system does not say.
func peakMemory() int64 {
	status, _ := os.ReadFile("/proc/self/status")
	for _, line := range strings.Split(string(status), "\n") {
		if rest, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			var kilobytes int64
			_, _ = fmt.Sscan(rest, &kilobytes)
			return kilobytes << 10
		}
	}
	return 0
}

func median(v []float64) float64 {
	s := slices.Sorted(slices.Values(v))
	return s[len(s)/2]
}
