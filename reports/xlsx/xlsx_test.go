package xlsx_test

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"weir/internal/lang"
	"weir/reports/document"
	"weir/reports/reporttest"
	"weir/reports/xlsx"
)

func render(t *testing.T, l lang.Lang) []byte {
	t.Helper()
	d, err := reporttest.Document(l)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := xlsx.Render(&out, d); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func open(t *testing.T, data []byte) *excelize.File {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

func TestSameDocumentGivesSameBytes(t *testing.T) {
	for _, l := range []lang.Lang{lang.Zh, lang.En} {
		if !bytes.Equal(render(t, l), render(t, l)) {
			t.Errorf("%s: two runs gave different bytes", l)
		}
	}
}

func TestEveryPartIsWellFormedAndRefersToNothingOutside(t *testing.T) {
	r, err := zip.NewReader(bytes.NewReader(render(t, lang.Zh)), int64(len(render(t, lang.Zh))))
	if err != nil {
		t.Fatal(err)
	}
	if r.File[0].Name != "[Content_Types].xml" {
		t.Errorf("the first part is %s", r.File[0].Name)
	}
	for _, part := range r.File {
		from, err := part.Open()
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(from)
		if err != nil {
			t.Fatal(err)
		}
		decoder := xml.NewDecoder(bytes.NewReader(data))
		for {
			if _, err := decoder.Token(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatalf("%s: %v", part.Name, err)
			}
		}
		if bytes.Contains(data, []byte(`TargetMode="External"`)) {
			t.Errorf("%s refers to another file or address", part.Name)
		}
	}
}

// Sums and rates are formulas, their stored values agree with the computed ones,
// and an absent value is a word that no sum counts.
func TestFormulasAgreeWithTheirValues(t *testing.T) {
	f := open(t, render(t, lang.Zh))
	checked := 0
	for _, sheet := range f.GetSheetList() {
		rows, err := f.GetRows(sheet, excelize.Options{RawCellValue: true})
		if err != nil {
			t.Fatal(err)
		}
		for i, row := range rows {
			for j, stored := range row {
				name, _ := excelize.CoordinatesToCellName(j+1, i+1)
				formula, err := f.GetCellFormula(sheet, name)
				if err != nil {
					t.Fatal(err)
				}
				if formula == "" {
					continue
				}
				computed, err := f.CalcCellValue(sheet, name, excelize.Options{RawCellValue: true})
				if err != nil {
					t.Fatalf("%s!%s =%s: %v", sheet, name, formula, err)
				}
				a, err1 := strconv.ParseFloat(stored, 64)
				b, err2 := strconv.ParseFloat(computed, 64)
				if err1 != nil || err2 != nil || math.Abs(a-b) > 1e-9*math.Max(1, math.Abs(a)) {
					t.Errorf("%s!%s =%s stores %s, computes %s", sheet, name, formula, stored, computed)
				}
				checked++
			}
		}
	}
	if checked < 60 { // 39 rates, totals of the table, sums of the matrix
		t.Errorf("only %d formulas", checked)
	}
	if sum, _ := f.GetCellFormula("表1", "B46"); sum != "SUM(B6:B45)" {
		t.Errorf("total of the budgets is %q", sum)
	}
	if rate, _ := f.GetCellFormula("表1", "D6"); rate != `IF(N(B6)=0,"",C6/B6*100)` {
		t.Errorf("rate is %q", rate)
	}
	missing, _ := f.GetCellValue("表1", "B31")
	if formula, _ := f.GetCellFormula("表1", "D31"); missing != "缺数" || formula != "" {
		t.Errorf("the department without data has budget %q and formula %q", missing, formula)
	}
}

func TestCellsAreTypedAndHeadsFrozen(t *testing.T) {
	f := open(t, render(t, lang.Zh))
	for cell, want := range map[string]excelize.CellType{"A6": excelize.CellTypeInlineString, "B6": excelize.CellTypeUnset, "F6": excelize.CellTypeUnset} {
		got, err := f.GetCellType("表1", cell)
		if err != nil || got != want {
			t.Errorf("%s has type %v, want %v (%v)", cell, got, want, err)
		}
	}
	for cell, want := range map[string]string{"B6": "1,234,567,890,123.00", "D6": "▲ 80.0", "F6": "2026-01-01", "B5": "全年预算数", "B4": "资金"} {
		if got, _ := f.GetCellValue("表1", cell); got != want {
			t.Errorf("%s shows %q, want %q", cell, got, want)
		}
	}
	panes, err := f.GetPanes("表1")
	if err != nil || !panes.Freeze || panes.YSplit != 5 || panes.XSplit != 1 {
		t.Errorf("panes %+v, %v", panes, err)
	}
}

func TestHostileTextsStayTexts(t *testing.T) {
	f := open(t, render(t, lang.Zh))
	found := map[string]bool{}
	for _, sheet := range f.GetSheetList() {
		rows, err := f.GetRows(sheet)
		if err != nil {
			t.Fatal(err)
		}
		for i, row := range rows {
			for j, text := range row {
				name, _ := excelize.CoordinatesToCellName(j+1, i+1)
				formula, _ := f.GetCellFormula(sheet, name)
				if strings.Contains(formula, "cmd") || strings.Contains(formula, "HYPERLINK") {
					t.Errorf("%s!%s holds the formula %s", sheet, name, formula)
				}
				found[text] = true
			}
		}
	}
	for _, name := range reporttest.HostileNames {
		name = strings.ReplaceAll(name, "\u202e", "[U+202E]")
		if !found[name] {
			t.Errorf("name %q is in no cell", name)
		}
	}
}

func TestCodebookNamesEveryColumn(t *testing.T) {
	d, err := reporttest.Document(lang.En)
	if err != nil {
		t.Fatal(err)
	}
	f := open(t, render(t, lang.En))
	rows, err := f.GetRows("Codebook")
	if err != nil {
		t.Fatal(err)
	}
	listed := map[string]int{}
	for _, row := range rows[4:] {
		listed[row[0]]++
	}
	sheets := 0
	d.Blocks(func(_ *document.Section, block document.Block) {
		if table, ok := block.(*document.Table); ok {
			sheets++
			if listed["Table 1"] != len(table.Columns) {
				t.Errorf("%d columns in the codebook, %d in the table", listed["Table 1"], len(table.Columns))
			}
		}
	})
	if sheets != 1 || listed["Figure 1"] == 0 || listed["All figures"] != 15 {
		t.Errorf("codebook lists %v", listed)
	}
}

// Where LibreOffice is installed, it computes the same total.
func TestOpensInLibreOffice(t *testing.T) {
	if _, err := exec.LookPath("soffice"); err != nil {
		t.Skip("soffice is not installed")
	}
	dir := t.TempDir()
	small := &document.Document{ID: "x", Title: "t", Sections: []document.Section{{ID: "a", Title: "a", Blocks: []document.Block{&document.Table{
		ID: "t", Title: "t", Total: true,
		Columns: []document.Column{{ID: "name"}, {ID: "a", Title: "a", Kind: document.KindNumber, Total: document.TotalSum}, {ID: "b", Title: "b", Kind: document.KindNumber, Total: document.TotalSum},
			{ID: "r", Title: "r", Kind: document.KindNumber, Decimals: 1, Ratio: document.Ratio{Numerator: "a", Denominator: "b", Factor: 100}}},
		Rows: []document.Row{
			{Cells: []document.Cell{document.Text("=1+1"), document.Number(1), document.Number(4), document.Number(25)}},
			{Cells: []document.Cell{document.Text("民政局"), document.Of(document.None(document.Missing)), document.Of(document.None(document.Missing)), document.Of(document.None(document.Missing))}},
			{Cells: []document.Cell{document.Text("c"), document.Number(3), document.Number(4), document.Number(75)}},
		},
	}}}}}
	var out bytes.Buffer
	if err := xlsx.Render(&out, small); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "x.xlsx")
	if err := os.WriteFile(file, out.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	command := exec.Command("soffice", "-env:UserInstallation=file://"+filepath.Join(dir, "profile"), "--headless", "--convert-to", "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,2", "--outdir", dir, file)
	if message, err := command.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, message)
	}
	files, _ := filepath.Glob(filepath.Join(dir, "*.csv"))
	if len(files) != 1 {
		t.Fatalf("files %v", files)
	}
	csv, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"=1+1,1,4,25", "民政局,缺数,缺数,缺数", "合计,4,8,50"} {
		if !strings.Contains(string(csv), want) {
			t.Errorf("line %q is not in\n%s", want, csv)
		}
	}
}
