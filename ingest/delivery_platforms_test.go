package ingest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/ipc"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"
)

// platforms are Weir's own tables and files as the platforms write them, most with records of real files.
func platforms(t *testing.T) []platform {
	none := func(*testing.T) Options { return Options{} }
	by := func(mapping string) func(*testing.T) Options {
		return func(*testing.T) Options { return Options{Mapping: mapping} }
	}
	return []platform{
		{"own table of facts", none, usageRecords(), ownTable("usage_event")},
		{"own table that may be corrected", none, datasetRecords(), ownTable("dataset")},
		{"X-Road raw", by("xroad_raw"), lines(t, "xroad_cases/real/records.ndjson.gz"), listed(`{"records":[`, `]}`)},
		{"X-Road open data", by("xroad_harvest"), lines(t, "xroad_exchange/harvest_PLAYGROUND_2023.csv.gz")[1:], below(lines(t, "xroad_exchange/harvest_PLAYGROUND_2023.csv.gz")[0])},
		{"X-Road without header", by("xroad_opendata"), lines(t, "xroad_exchange/opendata_sample_ee-dev.tsv.gz"), below("")},
		{"DCAT", by("dcat"), members(t, text(t, "us_datajson/treasury.json.gz"), "dataset"), listed(`{"conformsTo":"https://project-open-data.cio.gov/v1.1/schema","dataset":[`, `]}`)},
		{"catalogue of a city", by("shanghai"), elements(t, text(t, "cn_catalogue_dev/shanghai_shanghai.json.gz")), listed("[", "]")},
		{"CKAN", by("ckan"), ckanRecords(), listed(`{"help":"x","success":true,"result":{"count":40,"results":[`, `]}}`)},
		{"access log", func(t *testing.T) Options { return Options{Mapping: write(t, "portal.yaml", portal)} }, accessRecords(), below("")},
	}
}

// ownTable writes records, each an object, as one of the forms that Weir's own tables come in.
func ownTable(name string) func(*rand.Rand, []string) (string, []byte) {
	return func(random *rand.Rand, records []string) (string, []byte) {
		var rows []map[string]any
		for _, r := range records {
			var row map[string]any
			if err := json.Unmarshal([]byte(r), &row); err != nil {
				panic(err)
			}
			rows = append(rows, row)
		}
		switch random.IntN(7) {
		case 5:
			return name + ".xlsx", workbookFile(rows)
		case 6:
			return name + ".arrow", arrowFile(rows)
		case 0:
			return name + ".ndjson", []byte(strings.Join(records, "\n"))
		case 1:
			_, content := listed("[", "]")(random, records)
			return name + ".json", content
		case 2:
			return name + ".parquet", []byte(table(random, rows, ",", "\n"))
		case 3:
			content, err := simplifiedchinese.GB18030.NewEncoder().String(table(random, rows, "\t", "\r\n"))
			if err != nil {
				panic(err)
			}
			return name + ".tsv", []byte(content)
		}
		return name + ".csv", []byte(table(random, rows, ",", "\n"))
	}
}

// table writes rows as delimited text, the columns in any order and some values quoted.
func table(random *rand.Rand, rows []map[string]any, delimiter, end string) string {
	names := slices.Sorted(maps.Keys(rows[0]))
	random.Shuffle(len(names), func(i, k int) { names[i], names[k] = names[k], names[i] })
	var b strings.Builder
	b.WriteString(strings.Join(names, delimiter) + end)
	for _, row := range rows {
		for i, name := range names {
			if i > 0 {
				b.WriteString(delimiter)
			}
			value := fmt.Sprint(row[name])
			if random.IntN(6) == 0 || strings.ContainsAny(value, delimiter+"\"\n") {
				value = `"` + strings.ReplaceAll(value, `"`, `""`) + `"`
			}
			b.WriteString(value)
		}
		b.WriteString(end)
	}
	return b.String()
}

// workbookFile writes rows as the sheet of a workbook, every value as text.
func workbookFile(rows []map[string]any) []byte {
	names := slices.Sorted(maps.Keys(rows[0]))
	book := excelize.NewFile()
	for i := -1; i < len(rows); i++ {
		var cells []string
		for _, name := range names {
			if i < 0 {
				cells = append(cells, name)
				continue
			}
			cells = append(cells, fmt.Sprint(rows[i][name]))
		}
		if err := book.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+2), &cells); err != nil {
			panic(err)
		}
	}
	content, err := book.WriteToBuffer()
	if err != nil {
		panic(err)
	}
	return content.Bytes()
}

// arrowFile writes rows as an Arrow file of texts, in batches of three.
func arrowFile(rows []map[string]any) []byte {
	names := slices.Sorted(maps.Keys(rows[0]))
	var fields []arrow.Field
	for _, name := range names {
		fields = append(fields, arrow.Field{Name: name, Type: arrow.BinaryTypes.String, Nullable: true})
	}
	var file bytes.Buffer
	schema := arrow.NewSchema(fields, nil)
	w, err := ipc.NewFileWriter(&file, ipc.WithSchema(schema))
	if err != nil {
		panic(err)
	}
	for part := range slices.Chunk(rows, 3) {
		b := array.NewRecordBuilder(memory.DefaultAllocator, schema)
		for _, row := range part {
			for i, name := range names {
				b.Field(i).(*array.StringBuilder).Append(fmt.Sprint(row[name]))
			}
		}
		if err := w.Write(b.NewRecordBatch()); err != nil {
			panic(err)
		}
	}
	if err := w.Close(); err != nil {
		panic(err)
	}
	return file.Bytes()
}

// listed writes JSON records as lines or as the elements of an array between head and tail.
func listed(head, tail string) func(*rand.Rand, []string) (string, []byte) {
	return func(random *rand.Rand, records []string) (string, []byte) {
		between := ",\n"
		if random.IntN(2) == 0 {
			between = ","
		}
		return "delivered.json", []byte(head + strings.Join(records, between) + tail)
	}
}

// below writes records as lines below a header.
func below(header string) func(*rand.Rand, []string) (string, []byte) {
	return func(_ *rand.Rand, records []string) (string, []byte) {
		if header != "" {
			records = append([]string{header}, records...)
		}
		return "delivered.txt", []byte(strings.Join(records, "\n") + "\n")
	}
}

func usageRecords() []string {
	random := rand.New(rand.NewPCG(1, 1))
	var records []string
	for i := range 60 {
		records = append(records, fmt.Sprintf(`{"event_id":"E%d","occurred_at":"2026-10-%02d %02d:30:00","resource_id":"R%d","provider_id":"D1","consumer_id":"%s","ok":%t,"rows":%d,"purpose":"户籍人口, \"核验\"社会保险资格 %d","person_key":"1101%d"}`,
			i*i, 1+i/3, random.IntN(24), random.IntN(20), []string{"D2", "丙局"}[i%2], i%7 > 0, random.IntN(100000), i, 1000+i))
	}
	return records
}

func datasetRecords() []string {
	var records []string
	for i := range 60 {
		records = append(records, fmt.Sprintf(`{"dataset_id":"S%d","department_id":"%s","title":"不动产登记信息共享目录%d","cadence":"%s","cadence_text":"每月%d"}`, i*i, []string{"D1", "乙局"}[i%2], i, []string{"P1M", "P1D", "static"}[i%3], i))
	}
	return records
}

func ckanRecords() []string {
	var records []string
	for i := range 40 {
		records = append(records, fmt.Sprintf(`{"id":"p%d","name":"population-%d","title":"人口统计%d","metadata_modified":"2026-10-%02dT08:00:00","organization":{"title":"统计局%d"},"resources":[{"id":"r%d","format":"CSV","last_modified":"2026-09-%02dT08:00:00"},{"id":"q%d","format":"JSON"}]}`,
			i, i, i, 1+i%28, i%5, i, 1+i%28, i))
	}
	return records
}

// accessRecords are accesses of few visitors to few addresses within seconds of one another, so that what counts
// depends on many of them.
func accessRecords() []string {
	random := rand.New(rand.NewPCG(2, 2))
	var records []string
	for i := range 120 {
		records = append(records, strings.TrimSuffix(access(fmt.Sprintf("10.1.2.%d", random.IntN(2)), []string{"app-1", "app-2", "-"}[random.IntN(3)],
			fmt.Sprintf("10:%02d:%02d", i/8, random.IntN(60)), []string{"GET /population?id=7", "GET /tax"}[random.IntN(2)], []string{"200", "304", "404"}[random.IntN(3)], "client"), "\n"))
	}
	return records
}

func lines(t *testing.T, name string) []string {
	t.Helper()
	return strings.Split(strings.TrimRight(text(t, name), "\n"), "\n")
}

// elements are those of a JSON array.
func elements(t *testing.T, array string) []string {
	t.Helper()
	var all []json.RawMessage
	if err := json.Unmarshal([]byte(array), &all); err != nil {
		t.Fatal(err)
	}
	texts := make([]string, len(all))
	for i, e := range all {
		texts[i] = string(e)
	}
	return texts
}

// members are the elements of the array that a member of an object holds.
func members(t *testing.T, object, name string) []string {
	t.Helper()
	var all map[string]json.RawMessage
	if err := json.Unmarshal([]byte(object), &all); err != nil {
		t.Fatal(err)
	}
	return elements(t, string(all[name]))
}
