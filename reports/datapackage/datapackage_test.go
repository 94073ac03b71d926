package datapackage

import (
	"archive/zip"
	"bytes"
	"io"
	"strings"
	"testing"

	"weir/internal/lang"
	"weir/reports/document"
)

func sample() *document.Document {
	return &document.Document{ID: "x", Kind: "k", Lang: lang.Zh, Title: "t", Sections: []document.Section{{ID: "s", Title: "s", Blocks: []document.Block{&document.Table{
		ID: "t1", Title: "t", Columns: []document.Column{{ID: "name", Title: "部门"}, {ID: "value", Title: "值", Unit: "%", Kind: document.KindNumber}},
		Rows: []document.Row{
			{Cells: []document.Cell{document.Text("=cmd|' /C calc'!A0"), document.Number(1234567890123.25)}},
			{Cells: []document.Cell{document.Text("龘犇㛃𬱖\"</script><script>"), document.Of(document.None(document.Missing))}},
			{Cells: []document.Cell{document.Text("#text[x]"), document.Of(document.None(document.NotMeasured))}},
		}}}}}}
}

func TestStatesStayApartAndNamesStayText(t *testing.T) {
	var first, second bytes.Buffer
	for _, out := range []*bytes.Buffer{&first, &second} {
		if err := Render(out, sample(), nil); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(first.Bytes(), second.Bytes()) {
		t.Error("the same document must give the same bytes")
	}
	archive, err := zip.NewReader(bytes.NewReader(first.Bytes()), int64(first.Len()))
	if err != nil {
		t.Fatal(err)
	}
	f, err := archive.Open("tables/t1.csv")
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	want := "\ufeffname,value,value_state\r\n'=cmd|' /C calc'!A0,1234567890123.25,value\r\n\"龘犇㛃𬱖\"\"</script><script>\",,missing\r\n#text[x],,not_measured\r\n"
	if string(text) != want {
		t.Errorf("got\n%s\nwant\n%s", text, want)
	}
	if rows := string(gridOf(*sample().Sections[0].Blocks[0].(*document.Table)).exchange()); !strings.Contains(rows, `"1.23456789012325e+12","value"`) || !strings.Contains(rows, `\N,"missing"`) {
		t.Error(rows)
	}
}
