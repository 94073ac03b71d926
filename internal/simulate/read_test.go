package simulate

import (
	"compress/gzip"
	"encoding/csv"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"weir/queries/schema"
)

const sampleDir = "../../testdata/city"

// row is one row of a file by column name; an empty cell is absent.
type row map[string]string

func (r row) at(column string) time.Time {
	if r[column] == "" {
		return time.Time{}
	}
	at, err := time.Parse(time.RFC3339, r[column])
	if err != nil {
		panic(err)
	}
	return at.In(zone)
}

func (r row) whole(column string) int {
	n, err := strconv.Atoi(r[column])
	if err != nil {
		panic(err)
	}
	return n
}

// fen reads an amount of yuan with two decimals, or any decimal with two places, as a whole number.
func (r row) fen(column string) int {
	n, err := strconv.Atoi(strings.Replace(r[column], ".", "", 1))
	if err != nil {
		panic(err)
	}
	return n
}

func (r row) yes(column string) bool { return r[column] == "true" }

// files is a city as a reader of its files sees it.
type files map[string][]row

func readCity(t testing.TB, dir string) files {
	t.Helper()
	f := files{}
	for _, table := range schema.Default().Delivered() {
		f[table.Name] = readTable(t, filepath.Join(dir, table.Name+".csv.gz"))
	}
	return f
}

func readTable(t testing.TB, path string) []row {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	packed, err := gzip.NewReader(file)
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	records, err := csv.NewReader(packed).ReadAll()
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	rows := make([]row, len(records)-1)
	for i, cells := range records[1:] {
		rows[i] = make(row, len(cells))
		for k, cell := range cells {
			if cell != "" {
				rows[i][records[0][k]] = cell
			}
		}
	}
	return rows
}
