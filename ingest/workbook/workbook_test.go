package workbook

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

// cells gives what a sheet holds as "row:column=kind text".
func cells(t *testing.T, b *Book, sheet int) []string {
	t.Helper()
	rows, err := b.Rows(b.Sheets()[sheet])
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var all []string
	for {
		row, line, err := rows.Next()
		if err == io.EOF {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range line {
			all = append(all, fmt.Sprintf("%d:%d=%d %s", row, c.Column, c.Kind, c.Text))
		}
	}
}

func openBytes(t *testing.T, content []byte) *Book {
	t.Helper()
	b, err := Open(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// packed makes a workbook of one sheet whose XML is given, with styles and shared texts.
func packed(t testing.TB, sheet string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, part := range [][2]string{
		{"_rels/.rels", `<Relationships><Relationship Id="r1" Type="http://x/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`},
		{"xl/workbook.xml", `<?xml version="1.0"?><workbook><sheets><sheet name="一" sheetId="1" r:id="r1"/></sheets></workbook>`},
		{"xl/_rels/workbook.xml.rels", `<Relationships><Relationship Id="r1" Type="http://x/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="http://x/sharedStrings" Target="sharedStrings.xml"/><Relationship Id="r3" Type="http://x/styles" Target="/xl/styles.xml"/></Relationships>`},
		{"xl/styles.xml", `<styleSheet><numFmts><numFmt numFmtId="164" formatCode="yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;"/><numFmt numFmtId="165" formatCode="[h]:mm"/><numFmt numFmtId="166" formatCode="&quot;day&quot;0.00"/></numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="166"/></cellXfs></styleSheet>`},
		{"xl/sharedStrings.xml", `<sst><si><t>甲 &amp; 乙</t></si><si><r><t>rich</t></r><r><t xml:space="preserve"> text</t></r><rPh sb="0"><t>aside</t></rPh></si><si><t>a_x000D_b</t></si></sst>`},
		{"xl/worksheets/sheet1.xml", sheet},
	} {
		w, err := z.Create(part[0])
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, part[1]); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestCellsAreGivenAsEntered(t *testing.T) {
	const sheet = `<x:worksheet><x:sheetData>
<x:row r="1"><x:c r="A1" t="s"><x:v>0</x:v></x:c><x:c t="s"><x:v>1</x:v></x:c><x:c r="D1" t="inlineStr"><x:is><x:t>in &#x4E2D;<![CDATA[<b>]]></x:t></x:is></x:c></x:row>
<x:row r="3"><x:c r="A3"><x:v>12.350000000000001</x:v></x:c><x:c r="B3"><x:v>1E+3</x:v></x:c><x:c r="C3"><x:v>1234567890123456</x:v></x:c><x:c r="D3"><x:v>-0.5</x:v></x:c></x:row>
<x:row r="4"><x:c r="A4" s="1"><x:v>46296</x:v></x:c><x:c r="B4" s="2"><x:v>46296.354166666664</x:v></x:c><x:c r="C4" s="3"><x:v>1.5</x:v></x:c><x:c r="D4" s="4"><x:v>7</x:v></x:c><x:c r="E4" s="1"><x:v>0.25</x:v></x:c></x:row>
<x:row><x:c t="b"><x:v>1</x:v></x:c><x:c t="e"><x:f>1/0</x:f><x:v>#DIV/0!</x:v></x:c><x:c><x:f>A1</x:f></x:c><x:c t="str"><x:f>A1</x:f><x:v>a_x000D_b</x:v></x:c><x:c t="str"><x:f>""</x:f><x:v></x:v></x:c><x:c t="d"><x:v>2026-10-01T08:00:00</x:v></x:c><x:c s="4"/></x:row>
</x:sheetData></x:worksheet>`
	got := cells(t, openBytes(t, packed(t, sheet)), 0)
	want := []string{
		"1:0=0 甲 & 乙", "1:1=0 rich text", "1:3=0 in 中<b>",
		"3:0=1 12.35", "3:1=1 1000", "3:2=1 1234567890123456", "3:3=1 -0.5",
		"4:0=2 2026-10-01", "4:1=2 2026-10-01 08:30:00", "4:2=1 1.5", "4:3=1 7", "4:4=2 06:00:00",
		"5:0=3 true", "5:1=4 #DIV/0!", "5:2=5 ", "5:3=0 a\rb", "5:5=2 2026-10-01T08:00:00",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// 1900 was no leap year, but programs take it for one; counted from 1904 everything is 1,462 days later.
func TestSerialDates(t *testing.T) {
	for _, c := range []struct {
		serial float64
		since  int
		want   string
	}{
		{1, 1900, "1900-01-01"}, {59, 1900, "1900-02-28"}, {60, 1900, ""}, {61, 1900, "1900-03-01"}, {44834.5, 1904, "2026-10-01 12:00:00"},
		{46296.9999999999, 1900, "2026-10-02"}, {46296.000001, 1900, "2026-10-01 00:00:00.086"}, {-1, 1900, ""}, {2958466, 1900, ""}, {0, 1904, "1904-01-01"},
	} {
		if got := date(c.serial, c.since); got != c.want {
			t.Errorf("%v since %d: %q, want %q", c.serial, c.since, got, c.want)
		}
	}
}

func TestFormatsOfDates(t *testing.T) {
	for code, want := range map[string]bool{
		"yyyy-mm-dd": true, `yyyy"年"m"月"`: true, "[$-804]d/m/yy;@": true, "h:mm AM/PM": true, "mm:ss.0": true, "[Red]hh:mm": true,
		"General": false, "0.00E+00": false, "#,##0.00": false, `"year"0`: false, `0\d`: false, "[h]:mm": false, "[Red]0": false, "@": false, "": false, `"open`: false,
	} {
		if showsDate(code) != want {
			t.Errorf("%s: %v", code, !want)
		}
	}
}

func TestMergedCellsHoldForEachRow(t *testing.T) {
	const sheet = `<worksheet><sheetData><row r="1"><c r="A1" t="str"><v>局</v></c><c r="B1"><v>5</v></c><c r="C1" s="1"><v>46296</v></c><c r="D1"><v>1</v></c></row>
<row r="2"><c r="A2"/><c r="D2"><v>2</v></c></row><row r="3"><c r="A3"/></row><row r="4"><c r="D4"><v>3</v></c></row></sheetData>
<mergeCells><mergeCell ref="A1:A3"/><mergeCell ref="B1:B2"/><mergeCell ref="C1:C2"/><mergeCell ref="D1:E1"/></mergeCells></worksheet>`
	b := openBytes(t, packed(t, sheet))
	got, want := cells(t, b, 0), []string{"1:0=0 局", "1:1=1 5", "1:2=2 2026-10-01", "1:3=1 1", "2:0=0 局", "2:2=2 2026-10-01", "2:3=1 2", "4:3=1 3"}
	if !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}

// Workbooks that are cut, hostile or something else are refused with the reason.
func TestWorkbooksThatAreRefused(t *testing.T) {
	sound := packed(t, "<worksheet><sheetData><row><c><v>1</v></c></row></sheetData></worksheet>")
	other := func(parts ...string) []byte {
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		for _, name := range parts {
			w, err := z.Create(name)
			if err != nil {
				t.Fatal(err)
			}
			_, _ = io.WriteString(w, `<Relationships><Relationship Type="x/officeDocument" Target="xl/workbook.bin"/></Relationships>`)
		}
		_ = z.Close()
		return b.Bytes()
	}
	for name, c := range map[string]struct {
		content []byte
		says    string
	}{
		"cut":           {sound[:len(sound)/2], "cut off or damaged"},
		"a zip":         {other("a.csv"), "zip archive"},
		"binary":        {other("_rels/.rels"), ".xlsb"},
		"ods":           {other("mimetype", "content.xml"), "OpenDocument"},
		"XML cut":       {packed(t, "<worksheet><sheetData><row><c><v>1</v></c></row>"), "breaks off"},
		"no number":     {packed(t, "<worksheet><sheetData><row><c><v>x</v></c></row></sheetData></worksheet>"), "no number"},
		"no such text":  {packed(t, `<worksheet><sheetData><row><c t="s"><v>9</v></c></row></sheetData></worksheet>`), "no shared text"},
		"rows twice":    {packed(t, `<worksheet><sheetData><row r="2"><c><v>1</v></c></row><row r="2"/></sheetData></worksheet>`), "row 2 behind row 2"},
		"endless row":   {packed(t, `<worksheet><sheetData><row r="99999999"/></sheetData></worksheet>`), "row 99999999"},
		"document type": {packed(t, `<!DOCTYPE x [<!ENTITY a "b">]><worksheet/>`), "document type"},
		"bomb":          {packed(t, "<worksheet><sheetData>"+strings.Repeat(" ", 100<<20)+"</sheetData></worksheet>"), "zip bomb"},
		"long value":    {packed(t, "<worksheet><sheetData><row><c t=\"str\"><v>"+strings.Repeat("x", maxToken+1)+"</v></c></row></sheetData></worksheet>"), "longer than"},
	} {
		t.Run(name, func(t *testing.T) {
			b, err := Open(bytes.NewReader(c.content), int64(len(c.content)))
			if err == nil {
				var rows *Rows
				if rows, err = b.Rows(b.Sheets()[0]); err == nil {
					for err == nil {
						_, _, err = rows.Next()
					}
				}
			}
			var p Problem
			if !errors.As(err, &p) || !strings.Contains(p.What.En, c.says) || p.Cure.Zh == "" {
				t.Errorf("%v", err)
			}
		})
	}
}

// A bit that was turned anywhere is noticed by the archive's checksums, or changes nothing that is read.
func TestDamagedBytesAreNoticed(t *testing.T) {
	content := office(t, "harvest_PLAYGROUND_2023.xlsx")
	want := cells(t, openBytes(t, content), 0)
	for at := 40; at < len(content); at += 997 {
		bad := bytes.Clone(content)
		bad[at] ^= 0x10
		b, err := Open(bytes.NewReader(bad), int64(len(bad)))
		if err != nil {
			continue
		}
		got, err := readAll(b)
		if err == nil && !slices.Equal(got, want) {
			t.Errorf("byte %d: other cells and no error", at)
		}
	}
}

func readAll(b *Book) ([]string, error) {
	rows, err := b.Rows(b.Sheets()[0])
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []string
	for {
		row, line, err := rows.Next()
		if err == io.EOF {
			return all, nil
		}
		if err != nil {
			return nil, err
		}
		for _, c := range line {
			all = append(all, fmt.Sprintf("%d:%d=%d %s", row, c.Column, c.Kind, c.Text))
		}
	}
}

// office is a workbook of testdata/public/office.
func office(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("..", "..", "testdata", "public", "office", name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// What other programs wrote is read as another library reads it.
func TestCellsAreThoseOfAnotherReader(t *testing.T) {
	for _, name := range []string{"harvest_PLAYGROUND_2023.xlsx", "taichung.xlsx", "openpyxl.xlsx"} {
		content := office(t, name)
		b := openBytes(t, content)
		x, err := excelize.OpenReader(bytes.NewReader(content), excelize.Options{RawCellValue: true})
		if err != nil {
			t.Fatal(err)
		}
		for i, s := range b.Sheets() {
			rows, err := x.GetRows(s.Name)
			if err != nil {
				t.Fatal(err)
			}
			own, err := b.Rows(b.Sheets()[i])
			if err != nil {
				t.Fatal(err)
			}
			for {
				n, line, err := own.Next()
				if err == io.EOF {
					break
				}
				if err != nil {
					t.Fatal(err)
				}
				for _, c := range line {
					var want string
					if r := rows[n-1]; c.Column < len(r) {
						want, r[c.Column] = r[c.Column], ""
					}
					if number, ok := plain([]byte(want)); ok && c.Kind == Number {
						want = number
					}
					// The other library leaves merged cells blank; what it shows for a date is its number.
					if (c.Kind == Text || c.Kind == Number) && string(c.Text) != want && (want != "" || own.Merged() == 0) {
						t.Errorf("%s %s row %d column %d: %q, want %q", name, s.Name, n, c.Column, c.Text, want)
					}
				}
			}
			_ = own.Close()
			for n, r := range rows {
				for column, c := range r {
					if strings.TrimSpace(c) != "" {
						t.Errorf("%s %s row %d column %d: %q was not read", name, s.Name, n+1, column, c)
					}
				}
			}
		}
	}
}

// FuzzWorkbook feeds the reader any XML of a sheet, and any bytes as a workbook.
func FuzzWorkbook(f *testing.F) {
	for _, name := range []string{"harvest_PLAYGROUND_2023.xlsx", "openpyxl.xlsx"} {
		content := office(f, name)
		z, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
		if err != nil {
			f.Fatal(err)
		}
		for _, part := range z.File {
			r, err := part.Open()
			if err != nil {
				f.Fatal(err)
			}
			text, err := io.ReadAll(io.LimitReader(r, 8<<10))
			if err != nil {
				f.Fatal(err)
			}
			f.Add(text)
		}
		if len(content) < 32<<10 {
			f.Add(content)
		}
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		for _, content := range [][]byte{text, packed(t, string(text)), packed(t, "<worksheet><sheetData><row>"+string(text)+"</row></sheetData></worksheet>")} {
			b, err := Open(bytes.NewReader(content), int64(len(content)))
			if err != nil {
				continue
			}
			first, err := readAll(b)
			if err != nil {
				continue
			}
			again, err := readAll(b)
			if err != nil || !slices.Equal(first, again) {
				t.Errorf("the second pass saw other cells: %v", err)
			}
		}
	})
}
