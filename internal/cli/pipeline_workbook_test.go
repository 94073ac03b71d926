package cli

import (
	"archive/zip"
	"bytes"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
	"golang.org/x/net/html"
)

func TestHostileNamesAreTextInWorkbooks(t *testing.T) {
	for name, content := range reportsOfHostileNames(t).files(t, ".xlsx") {
		book, err := excelize.OpenReader(bytes.NewReader(content))
		if err != nil {
			t.Fatal(err)
		}
		text := &strings.Builder{}
		for _, sheet := range book.GetSheetList() {
			rows, err := book.GetRows(sheet)
			if err != nil {
				t.Fatal(err)
			}
			for _, row := range rows {
				text.WriteString(strings.Join(row, "\n") + "\n")
			}
		}
		expectNames(t, name, text.String())
		for _, f := range formulas(t, content) {
			if !allowedFormula.MatchString(f.text) {
				t.Errorf("%s: the formula %q", name, f.text)
			}
		}
		if err := book.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// allowedFormula is sums and quotients of cells.
var allowedFormula = regexp.MustCompile(`^(IF|IFERROR|SUM|COUNT|ROUND|AND|OR|ISNUMBER|[-+*/(),.:<>="0-9$A-Z])+$`)

type formula struct{ text, cached string }

var formulaCell = regexp.MustCompile(`<f>([^<]*)</f>(?:<v>([^<]*)</v>)?`)

// formulas reads the formulas of a workbook with the results that it carries.
func formulas(t *testing.T, workbook []byte) []formula {
	t.Helper()
	var list []formula
	for name, part := range unzipped(t, workbook) {
		if !strings.HasPrefix(name, "xl/worksheets/") {
			continue
		}
		for _, m := range formulaCell.FindAllSubmatch(part, -1) {
			list = append(list, formula{html.UnescapeString(string(m[1])), string(m[2])})
		}
	}
	return list
}

// The sums of a workbook are formulas, and LibreOffice, which is given no results, computes what the workbook carries.
func TestSumsAgreeInLibreOffice(t *testing.T) {
	if _, err := exec.LookPath("soffice"); err != nil {
		t.Skip("soffice is not installed")
	}
	dir := t.TempDir()
	files := reportsOfHostileNames(t).files(t, ".xlsx")
	convert := []string{"-env:UserInstallation=file://" + filepath.Join(dir, "profile"), "--headless", "--convert-to", "xlsx", "--outdir", filepath.Join(dir, "out")}
	for name, content := range files {
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, withoutResults(t, content), 0o600); err != nil {
			t.Fatal(err)
		}
		convert = append(convert, file)
	}
	if message, err := exec.Command("soffice", convert...).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, message)
	}
	for name, content := range files {
		computed, err := os.ReadFile(filepath.Join(dir, "out", name))
		if err != nil {
			t.Fatal(err)
		}
		want, got := results(t, content), results(t, computed)
		for cell, w := range want {
			if g := got[cell]; math.Abs(g-w) > 1e-6*max(1, math.Abs(w)) {
				t.Errorf("%s %s: LibreOffice computes %v, the workbook carries %v", name, cell, g, w)
			}
		}
		if len(want) == 0 && strings.HasPrefix(name, "budget_review") {
			t.Errorf("%s has no formula", name)
		}
		t.Logf("%s: %d formulas agree", name, len(want))
	}
}

// withoutResults takes the results of formulas out of a workbook.
func withoutResults(t *testing.T, workbook []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for name, part := range unzipped(t, workbook) {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasPrefix(name, "xl/worksheets/") {
			part = formulaCell.ReplaceAll(part, []byte("<f>$1</f>"))
		}
		if _, err := w.Write(part); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// results are the numbers of the cells with formulas.
func results(t *testing.T, workbook []byte) map[string]float64 {
	t.Helper()
	book, err := excelize.OpenReader(bytes.NewReader(workbook))
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	list := map[string]float64{}
	for _, sheet := range book.GetSheetList() {
		rows, err := book.GetRows(sheet, excelize.Options{RawCellValue: true})
		if err != nil {
			t.Fatal(err)
		}
		for r, row := range rows {
			for c, value := range row {
				cell, err := excelize.CoordinatesToCellName(c+1, r+1)
				if err != nil {
					t.Fatal(err)
				}
				if f, err := book.GetCellFormula(sheet, cell); err != nil || f == "" {
					continue
				}
				if v, err := strconv.ParseFloat(value, 64); err == nil {
					list[sheet+" "+cell] = v
				}
			}
		}
	}
	return list
}
