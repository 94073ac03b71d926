package main

import (
	"bufio"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

var largeBytes = flag.Int64("large-bytes", 5_000_000_000, "size of the file of BenchmarkLargeFile")

// BenchmarkLargeFile ingests a file that is larger than memory may be, in a process whose engine is limited to 400 MB,
// and fails where the process takes more than 1 GiB. make bench-large runs it.
func BenchmarkLargeFile(b *testing.B) {
	file := filepath.Join(b.TempDir(), "usage_event.csv")
	rows := writeLarge(b, file, *largeBytes)
	for b.Loop() {
		dir := newWorkspace(b)
		settings, err := os.OpenFile(filepath.Join(dir, "weir.yaml"), os.O_APPEND|os.O_WRONLY, 0)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := settings.WriteString("memory_limit: 400MB\n"); err != nil {
			b.Fatal(err)
		}
		if err := settings.Close(); err != nil {
			b.Fatal(err)
		}
		c := weir(b, dir, "ingest", file)
		c.Env = append(c.Env, "GOMEMLIMIT=200MiB")
		if output, err := c.CombinedOutput(); err != nil {
			b.Fatalf("%v\n%s", err, output)
		}
		used := c.ProcessState.SysUsage().(*syscall.Rusage)
		peak := used.Maxrss << 10
		if peak > 1<<30 {
			b.Errorf("the process took %d MB", peak>>20)
		}
		b.ReportMetric(float64(peak>>20), "peak-MiB")
		b.ReportMetric(float64(rows)/(c.ProcessState.UserTime()+c.ProcessState.SystemTime()).Seconds(), "rows/cpu-s")
	}
}

// writeLarge writes rows of usage_event until the file has the size, and tells how many.
func writeLarge(b *testing.B, name string, size int64) (rows int) {
	f, err := os.Create(name)
	if err != nil {
		b.Fatal(err)
	}
	w := bufio.NewWriterSize(f, 1<<20)
	written, _ := fmt.Fprintln(w, "event_id,occurred_at,resource_id,provider_id,consumer_id,scenario_id,matter_id,purpose,authorization_id,channel,ok,rows,bytes,duration_ms,data_as_of,person_key,is_probe,is_personal,trace_complete")
	for total := int64(written); total < size; rows++ {
		k := rows
		n, err := fmt.Fprintf(w, "E%012d,2026-%02d-%02d %02d:%02d:%02d,R%05d,D%03d,D%03d,S%03d,M%05d,户籍核验,A%04d,api,%t,%d,%d,%d,2026-01-01 00:00:00,%016x,false,true,true\n",
			k, 1+k/3_000_000%12, 1+k/100_000%28, k/4000%24, k/66%60, k%60, k*7%800, k*7%60, k*11%60, k%40, k*13%100000, k%3000, k%50 > 0, k%5000, k%5000*120, k%900, k*17%20000)
		if err != nil {
			b.Fatal(err)
		}
		total += int64(n)
	}
	if err := w.Flush(); err != nil {
		b.Fatal(err)
	}
	if err := f.Close(); err != nil {
		b.Fatal(err)
	}
	return rows
}
