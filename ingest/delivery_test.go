package ingest

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"weir/internal/store"
)

// The property test by hand, for longer or again: go test -run TestDeliveries ./ingest -args -rounds 300 -seed 7
var (
	deliveryRounds = flag.Int("rounds", 2, "random deliveries of each platform that the property test tries")
	deliverySeed   = flag.Uint64("seed", 1, "seed of the property test; a failure names the one to replay")
)

// platform is a source of files: records that it may deliver, and how a file of some of them looks.
type platform struct {
	name    string
	options func(*testing.T) Options
	records []string
	file    func(random *rand.Rand, records []string) (name string, content []byte)
}

// delivery is a file on its way: which records it holds, and after which share of its bytes it breaks off. Deliveries
// of one seed are the same file.
type delivery struct {
	records []int
	seed    uint64
	cut     float64 // 1: whole
}

func (d delivery) whole() bool { return d.cut == 1 }

// Files that overlap, come twice, in any order, in any form, or broken off at any byte with the whole file before or
// after, leave the tables as one file of all their records does.
func TestDeliveriesInAnyOrderGiveTheSameTables(t *testing.T) {
	for _, p := range platforms(t) {
		t.Run(p.name, func(t *testing.T) {
			trial := trial{t: t, platform: p, store: open(t), folder: t.TempDir(), options: p.options(t)}
			for round := range *deliveryRounds {
				seed := *deliverySeed + uint64(round)
				random := rand.New(rand.NewPCG(seed, 0))
				sequence := deliveries(random, len(p.records))
				if trial.differs(sequence) == "" {
					continue
				}
				sequence = trial.shrink(sequence)
				t.Fatalf("replay with -args -seed %d -rounds 1; the shortest sequence found is\n%s%s", seed, trial.describe(sequence), trial.differs(sequence))
			}
		})
	}
}

// deliveries draws a sequence: up to four files of up to 30 records, each record in one or several of them.
func deliveries(random *rand.Rand, records int) []delivery {
	files := make([]delivery, 1+random.IntN(4))
	for i := range files {
		files[i] = delivery{seed: random.Uint64(), cut: 1}
	}
	start, n := random.IntN(max(1, records-30)), min(records, 2+random.IntN(28))
	for i := start; i < start+n; i++ {
		one := &files[random.IntN(len(files))]
		one.records = append(one.records, i)
		for k := range files {
			if &files[k] != one && random.IntN(4) == 0 {
				files[k].records = append(files[k].records, i)
			}
		}
	}
	var sequence []delivery
	for _, f := range files {
		if len(f.records) == 0 {
			continue
		}
		random.Shuffle(len(f.records), func(i, k int) { f.records[i], f.records[k] = f.records[k], f.records[i] })
		for range 1 + random.IntN(2) {
			sequence = append(sequence, f)
		}
		for range random.IntN(3) {
			broken := f
			broken.cut = random.Float64()
			sequence = append(sequence, broken)
		}
	}
	random.Shuffle(len(sequence), func(i, k int) { sequence[i], sequence[k] = sequence[k], sequence[i] })
	return sequence
}

// trial runs sequences of a platform in one store.
type trial struct {
	t *testing.T
	platform
	store   *store.Store
	folder  string
	options Options
}

// differs tells how the tables after the sequence differ from those of one file of all records, "" where they do not.
func (r *trial) differs(sequence []delivery) string {
	r.t.Helper()
	var all []int
	for _, d := range sequence {
		if d.whole() {
			all = append(all, d.records...)
		}
	}
	slices.Sort(all)
	r.empty()
	if err := r.deliver(delivery{records: slices.Compact(all), cut: 1}); err != nil {
		return "the file of all records is refused: " + err.Error()
	}
	want := r.tables()
	r.empty()
	for _, d := range sequence {
		if err := r.deliver(d); err != nil && d.whole() {
			return "a whole file is refused: " + err.Error()
		}
	}
	got := r.tables()
	if slices.Equal(got, want) {
		return ""
	}
	var b strings.Builder
	report := func(title string, rows, others []string) {
		for _, row := range rows {
			if !slices.Contains(others, row) {
				fmt.Fprintf(&b, "%s %s\n", title, row)
			}
		}
	}
	report("missing", want, got)
	report("too much", got, want)
	if b.Len() == 0 {
		return "rows are there more than once"
	}
	return b.String()
}

// deliver ingests one file, as the platform would write it.
func (r *trial) deliver(d delivery) error {
	r.t.Helper()
	name, content := r.content(d)
	path := filepath.Join(r.folder, name)
	if err := os.WriteFile(path, content, 0o600); err != nil {
		r.t.Fatal(err)
	}
	o := r.options
	o.Now = clock
	results, err := Files(context.Background(), r.store, settings, []string{path}, o)
	for _, one := range results {
		if one.RowsIn != one.RowsLoaded+one.RowsDuplicate+one.RowsQuarantined {
			r.t.Errorf("the sum does not hold: %+v", one)
		}
	}
	return err
}

func (r *trial) content(d delivery) (string, []byte) {
	random := rand.New(rand.NewPCG(d.seed, 1))
	records := make([]string, len(d.records))
	for i, n := range d.records {
		records[i] = r.records[n]
	}
	name, content := r.file(random, records)
	if strings.HasSuffix(name, ".parquet") {
		content = r.parquet(content)
	} else {
		name, content = packed(r.t, random, name, content)
	}
	return name, content[:max(1, int(d.cut*float64(len(content))))]
}

// parquet has the engine write the rows of a CSV file as Parquet, with types of its own choice.
func (r *trial) parquet(csv []byte) []byte {
	r.t.Helper()
	from, to := filepath.Join(r.folder, "from.csv"), filepath.Join(r.folder, "to.parquet")
	if err := os.WriteFile(from, csv, 0o600); err != nil {
		r.t.Fatal(err)
	}
	r.run("COPY (FROM read_csv('" + from + "', header = true, delim = ',')) TO '" + to + "' (FORMAT parquet)")
	content, err := os.ReadFile(to)
	if err != nil {
		r.t.Fatal(err)
	}
	return content
}

// packed compresses some of the files, in one or two members.
func packed(t *testing.T, random *rand.Rand, name string, content []byte) (string, []byte) {
	at := random.IntN(len(content) + 1)
	switch random.IntN(5) {
	case 0:
		return name + ".gz", slices.Concat(gzipped(t, string(content[:at])), gzipped(t, string(content[at:])))
	case 1:
		return name + ".zst", slices.Concat(zstandard(t, string(content[:at])), zstandard(t, string(content[at:])))
	}
	return name, content
}

// tables gives the content of every table of the model, without load and line.
func (r *trial) tables() []string {
	r.t.Helper()
	var parts []string
	for _, name := range r.store.Model().TableNames() {
		parts = append(parts, fmt.Sprintf("SELECT '%s' AS name, to_json(x)::VARCHAR AS content FROM (SELECT * EXCLUDE (load_id, source_line) FROM %s) x", name, quotedTable(name)))
	}
	return list(r.t, r.store, strings.Join(parts, " UNION ALL ")+" ORDER BY ALL")
}

// empty leaves nothing but four departments.
func (r *trial) empty() {
	r.t.Helper()
	for _, name := range append(r.store.Model().TableNames(), "load", "quarantine", "superseded") {
		r.run("DELETE FROM " + quotedTable(name))
	}
	r.run("INSERT INTO department (department_id, name, load_id, source_line) VALUES ('D1', '甲局', 0, 0), ('D2', '乙局', 0, 0), ('D3', '丙局', 0, 0)")
}

func (r *trial) run(query string) {
	r.t.Helper()
	if _, err := r.store.Query(context.Background(), query, nil); err != nil {
		r.t.Fatalf("%s: %v", query, err)
	}
}

// shrink leaves out deliveries and records as long as the tables still differ.
func (r *trial) shrink(sequence []delivery) []delivery {
	for again := true; again; {
		again = false
		for i := 0; i < len(sequence); i++ {
			if shorter := slices.Delete(slices.Clone(sequence), i, i+1); complete(shorter) && r.differs(shorter) != "" {
				sequence, again = shorter, true
				i--
			}
		}
		for record := range r.records {
			if shorter := without(sequence, record); shorter != nil && r.differs(shorter) != "" {
				sequence, again = shorter, true
			}
		}
	}
	return sequence
}

// complete tells whether every file that breaks off comes whole too.
func complete(sequence []delivery) bool {
	return len(sequence) > 0 && !slices.ContainsFunc(sequence, func(d delivery) bool {
		return !slices.ContainsFunc(sequence, func(other delivery) bool { return other.whole() && other.seed == d.seed })
	})
}

// without leaves a record out of every file, nil where none has it or a file would be empty.
func without(sequence []delivery, record int) []delivery {
	shorter, found := slices.Clone(sequence), false
	for i, d := range shorter {
		if at := slices.Index(d.records, record); at >= 0 {
			shorter[i].records = slices.Delete(slices.Clone(d.records), at, at+1)
			found = true
		}
		if len(shorter[i].records) == 0 {
			return nil
		}
	}
	if !found {
		return nil
	}
	return shorter
}

func (r *trial) describe(sequence []delivery) string {
	var b strings.Builder
	for _, d := range sequence {
		name, content := r.content(d)
		fmt.Fprintf(&b, "%s, %d bytes (%.4f of the file), records %v: %.600q\n", name, len(content), d.cut, d.records, content)
	}
	return b.String()
}
