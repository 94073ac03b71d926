package ingest

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"
	"github.com/xuri/excelize/v2"
)

// The same records from CSV, a workbook that LibreOffice made of it, and Arrow files that pyarrow wrote (typed columns,
// dictionaries, lz4 and zstd) are the same halves: 350 rows, of which 260 are distinct.
func TestWorkbooksAndArrowFilesGiveTheSameRows(t *testing.T) {
	// A spreadsheet program takes the version 4.0 for the number 4.
	const content = "SELECT * EXCLUDE (load_id, source_line, protocol_version) FROM exchange_half ORDER BY exchange_id, side"
	csv := open(t)
	ingestFile(t, csv, Options{}, public("xroad_exchange/harvest_PLAYGROUND_2023.csv.gz"))
	want := list(t, csv, content)
	for _, name := range []string{"harvest_PLAYGROUND_2023.xlsx", "harvest.arrow", "harvest.arrows"} {
		st := open(t)
		r := ingestFile(t, st, Options{Mapping: "xroad_harvest"}, public("office/"+name))
		if r.RowsIn != 350 || r.RowsLoaded != 260 || r.RowsDuplicate != 90 {
			t.Errorf("%s: %+v", name, r)
		}
		if got := list(t, st, content); !slices.Equal(got, want) {
			t.Errorf("%s: %d halves differ from the %d of the CSV file, the first %s, want %s", name, len(got), len(want), got[0], want[0])
		}
		for _, packed := range []string{".gz", ".zst"} {
			path := compressed(t, public("office/"+name), packed)
			if r := ingestFile(t, st, Options{Mapping: "xroad_harvest"}, path); r.RowsDuplicate != 350 {
				t.Errorf("%s: %+v", path, r)
			}
		}
	}
}

// compressed copies a file under a name with the ending.
func compressed(t *testing.T, path, ending string) string {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	switch ending {
	case ".gz":
		z := gzip.NewWriter(&b)
		_, _ = z.Write(content)
		_ = z.Close()
	case ".zst":
		z, err := zstd.NewWriter(&b)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = z.Write(content)
		_ = z.Close()
	default:
		b.Write(content)
	}
	copied := filepath.Join(t.TempDir(), filepath.Base(path)+ending)
	if err := os.WriteFile(copied, b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	return copied
}

// A clerk's workbook: a hidden sheet of remarks before the table, a title row, departments merged over their rows, dates
// in Chinese form, a formula that no program has calculated.
const clerk = `mapping: clerk
format: xlsx
skip: 1
target: catalogue_entry
departments: create
district: 镇江市
columns:
  entry_id: {sql: "regexp_extract(详情页网址, '[^/]+$')"}
  department: 数据提供方
  title: 资源名称
  open_attribute: 开放属性
  cadence: {column: 更新周期, words: {其他: irregular}}
  published_at: 发布时间
  updated_at: 最近更新
`

func TestClerksWorkbook(t *testing.T) {
	whole := open(t)
	ingestFile(t, whole, Options{}, public("cn_catalogue_dev/jiangsu_zhenjiang.json.gz"))
	st := open(t)
	r := ingestFile(t, st, Options{Mapping: write(t, "clerk.yaml", clerk)}, public("office/openpyxl.xlsx"))
	if r.RowsIn != 40 || r.RowsLoaded != 40 {
		t.Fatalf("%+v", r)
	}
	contains(t, english(r), `of the 2 sheets of the workbook "目录" was read, from row 2 on`, "merged over several rows")
	// The whole catalogue has times of the day where the workbook has days.
	const entries = "SELECT dataset_id, department_id, title, cadence, open_attribute, strftime(published_at + INTERVAL 8 HOUR, '%Y-%m-%d') FROM dataset"
	all := list(t, whole, entries)
	for _, e := range list(t, st, entries) {
		if !slices.Contains(all, e) {
			t.Errorf("the catalogue has no %s", e)
		}
	}
	length := write(t, "clerk.yaml", clerk+"  rows: 标题长度\n")
	r = ingestFile(t, open(t), Options{Mapping: length, Sheet: "目录"}, public("office/openpyxl.xlsx"))
	if r.RowsQuarantined != 40 {
		t.Errorf("formulas without results were taken: %+v", r)
	}
	contains(t, refuse(t, st, Options{Mapping: length, Sheet: "目录 "}, public("office/openpyxl.xlsx")), `no sheet "目录 "`, `did you mean "目录"?`)
	contains(t, refuse(t, st, Options{Mapping: length, Sheet: "说明"}, public("office/openpyxl.xlsx")), "no header and no rows")
}

// workbookOf writes a workbook of a sheet with the name, of which each row is a list of values.
func workbookOf(t *testing.T, file, sheet string, rows ...[]any) string {
	t.Helper()
	x := excelize.NewFile()
	defer x.Close()
	if err := x.SetSheetName("Sheet1", sheet); err != nil {
		t.Fatal(err)
	}
	for i, r := range rows {
		if err := x.SetSheetRow(sheet, fmt.Sprintf("A%d", i+1), &r); err != nil {
			t.Fatal(err)
		}
	}
	path := filepath.Join(t.TempDir(), file)
	if err := x.SaveAs(path); err != nil {
		t.Fatal(err)
	}
	return path
}

// One of Weir's own tables as a workbook: rows are known by their numbers in the sheet, and each mistake has its place.
func TestTablesAsWorkbooks(t *testing.T) {
	st := withDepartments(t)
	header := []any{"event_id", "occurred_at", "resource_id", "provider_id", "consumer_id", "ok", "bytes"}
	r := ingestFile(t, st, Options{}, workbookOf(t, "usage_event.xlsx", "十月", header,
		[]any{"E1", clock(), "R1", "D1", "乙局", true, 3000000000}, nil,
		[]any{"E2", "2026-10-02 08:00:00", "R1", "D1", "D2", false, 12.5},
		[]any{"E3", "2026-10-02 08:00:00", "R1", "D1", "D2", "是", nil, "one too many"},
		[]any{"E1", clock(), "R1", "D1", "乙局", true, 3000000000}))
	if r.RowsIn != 4 || r.RowsLoaded != 1 || r.RowsDuplicate != 1 || r.RowsQuarantined != 2 || r.Reader != "xlsx" {
		t.Fatalf("%+v", r)
	}
	if got := list(t, st, "SELECT source_line, event_id, occurred_at, consumer_id, ok, bytes FROM usage_event"); !slices.Equal(got, []string{"2|E1|2026-11-24 04:00:00|D2|true|3000000000"}) {
		t.Errorf("%q", got)
	}
	if got := list(t, st, "SELECT line, code, column_name, value, raw FROM quarantine ORDER BY line"); !slices.Equal(got, []string{
		"4|not_integer|bytes|12.5|E2,2026-10-02 08:00:00,R1,D1,D2,false,12.5", "5|ragged|8 ≠ 7|E3,2026-10-02 08:00:00,R1,D1,D2,是,,one too many"}) {
		t.Errorf("%q", got)
	}
	header[1] = "occured_at"
	contains(t, refuse(t, st, Options{}, workbookOf(t, "usage_event.xlsx", "a", nil, header)), ":2:", `unknown column "occured_at"`, "occurred_at")
	contains(t, refuse(t, st, Options{}, write(t, "usage_event.xlsx", "event_id\n")), "no xlsx file")
	contains(t, refuse(t, st, Options{}, write(t, "usage_event.xlsx", "PK\x03\x04"+strings.Repeat("x", 100))), "cut off or damaged")
	contains(t, refuse(t, st, Options{}, write(t, "usage_event.xls", "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1rest")), ".xls", "password", "save it as .xlsx")
}

// Arrow files that are cut anywhere are refused as a whole.
func TestCutArrowFilesAreRefused(t *testing.T) {
	for _, name := range []string{"harvest.arrow", "harvest.arrows"} {
		content, err := os.ReadFile(public("office/" + name))
		if err != nil {
			t.Fatal(err)
		}
		st := open(t)
		for cut := len(content) - 1; cut > 16; cut -= len(content) / 40 {
			message := refuse(t, st, Options{Mapping: "xroad_harvest"}, write(t, name, string(content[:cut])))
			contains(t, message, "cut off or damaged", "nothing of it was loaded")
		}
		if name == "harvest.arrows" {
			contains(t, refuse(t, st, Options{Mapping: "xroad_harvest"}, write(t, name, string(content)+string(content))), "behind the end of the stream")
		}
	}
}

// Binary files are known by their content whatever they are called, and the result says so.
func TestBinaryFormatsAreRecognised(t *testing.T) {
	st := open(t)
	contains(t, refuse(t, st, Options{}, workbookOf(t, "a.xlsx", "a", []any{"x"}, []any{1})), "nothing says which table")
	for _, ending := range []string{"arrow", "xlsx", "parquet", "arrow.gz"} {
		contains(t, refuse(t, st, Options{}, write(t, "export."+ending, "not what its name says\n")), "this is no "+strings.TrimSuffix(ending, ".gz")+" file")
	}
	for file, want := range map[string]string{"harvest_PLAYGROUND_2023.xlsx": "xlsx", "harvest.arrow": "arrow", "harvest.arrows": "arrow"} {
		content, err := os.ReadFile(public("office/" + file))
		if err != nil {
			t.Fatal(err)
		}
		path := write(t, "export.1", string(content))
		r := ingestFile(t, st, Options{Mapping: "xroad_harvest", DryRun: true}, path)
		if r.Reader != want || !strings.Contains(english(r), "since its first bytes are") {
			t.Errorf("%s was taken for %s: %v", file, r.Reader, r.Warnings)
		}
		if r := ingestFile(t, st, Options{DryRun: true}, path); r.Mapping != "xroad_harvest" || r.RowsLoaded != 260 {
			t.Errorf("%s was taken for %s: %v", file, r.Mapping, r.Warnings)
		}
	}
}
