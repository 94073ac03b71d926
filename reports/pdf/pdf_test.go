package pdf_test

import (
	"bytes"
	"compress/zlib"
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"weir/internal/echarts"
	"weir/internal/lang"
	"weir/internal/typst"
	"weir/internal/typst/typsttest"
	"weir/reports/document"
	"weir/reports/figure"
	"weir/reports/pdf"
	"weir/reports/reporttest"
)

var engine = sync.OnceValues(func() (*echarts.Engine, error) {
	return echarts.New(echarts.Options{Prepare: figure.Script()})
})

func compiler(t *testing.T) *typst.Compiler {
	t.Helper()
	c, err := typst.New(context.Background(), typst.Options{CacheDir: typsttest.CacheDir(t)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

func render(t *testing.T, c *typst.Compiler, d *document.Document, o pdf.Options) ([]byte, error) {
	t.Helper()
	e, err := engine()
	if err != nil {
		t.Fatal(err)
	}
	session, err := e.Session()
	if err != nil {
		t.Fatal(err)
	}
	defer session.Close()
	var out bytes.Buffer
	err = pdf.Render(context.Background(), &out, d, session, c, o)
	return out.Bytes(), err
}

func sample(t *testing.T, l lang.Lang) *document.Document {
	t.Helper()
	d, err := reporttest.Brief(l)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// inflate adds the content of compressed streams to the plain parts of a PDF.
func inflate(data []byte) string {
	var all strings.Builder
	all.Write(data)
	for _, m := range regexp.MustCompile(`(?s)stream\r?\n(.*?)endstream`).FindAllSubmatch(data, -1) {
		if r, err := zlib.NewReader(bytes.NewReader(m[1])); err == nil {
			io.Copy(&all, r)
			all.WriteByte('\n')
		}
	}
	return all.String()
}

func TestSameDocumentGivesSameBytes(t *testing.T) {
	d := sample(t, lang.Zh)
	first, err := render(t, compiler(t), d, pdf.Options{NoFigureTables: true})
	if err != nil {
		t.Fatal(err)
	}
	second, err := render(t, compiler(t), d, pdf.Options{NoFigureTables: true})
	if err != nil || !bytes.Equal(first, second) {
		t.Errorf("two runs gave different bytes (%v)", err)
	}
}

func TestFileIsTaggedWithBookmarksAlternativeTextsAndFonts(t *testing.T) {
	c := compiler(t)
	for _, form := range []document.Form{document.FormModern, document.FormOfficial} {
		for _, l := range []lang.Lang{lang.Zh, lang.En} {
			d := sample(t, l)
			d.Form = form
			data, err := render(t, c, d, pdf.Options{NoFigureTables: true})
			if err != nil {
				t.Fatal(err)
			}
			content := inflate(data)
			for _, want := range []string{"/StructTreeRoot", "/Marked true", "/Outlines", "/Lang", "/FontFile2", "/TH", "/Figure", "NotoSansSC-Regular", "NotoSansSC-Bold"} {
				if !strings.Contains(content, want) {
					t.Errorf("%s %s: %s is not in the file", form, l, want)
				}
			}
			if alts := strings.Count(content, "/Alt"); alts < len(d.Figures())-1 {
				t.Errorf("%s %s: %d alternative texts for %d figures", form, l, alts, len(d.Figures()))
			}
			if strings.Contains(content, "/Subtype /Image") || strings.Contains(content, "/Subtype/Image") {
				t.Errorf("%s %s: a picture became pixels", form, l)
			}
			if regexp.MustCompile(`/URI\b|/Launch|/JavaScript|/EmbeddedFile`).MatchString(content) {
				t.Errorf("%s %s: the file refers to something outside", form, l)
			}
		}
	}
}

// Where poppler is installed, the texts are read back as a reader would copy
// them.
func TestTextsCanBeCopied(t *testing.T) {
	if _, err := exec.LookPath("pdftotext"); err != nil {
		t.Skip("pdftotext is not installed")
	}
	d, err := reporttest.Document(lang.Zh)
	if err != nil {
		t.Fatal(err)
	}
	data, err := render(t, compiler(t), d, pdf.Options{})
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "report.pdf")
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("pdftotext", "-layout", file, "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Join(strings.Fields(string(out)), "")
	for _, want := range []string{
		"政务数据共享月度总览", "龘犇㛃𬱖数据局", "</script><script>alert(1)</script>", "=cmd|'/Ccalc'!A0", "#text[危险]$x$*粗*_斜_", "[U+202E]exe.txt",
		"1,234,567,890,123", "未测", "缺数", "不适用", "本期没有跨部门流转", "第1页/共", "图1", "表1", "合计", "数据指纹9f86d081",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%q cannot be found in the text", want)
		}
	}
	if strings.ContainsAny(string(out), "\ufffd\u202e") {
		t.Error("the text holds characters that could not be read")
	}
}

func TestTemplateErrorsNameThePlace(t *testing.T) {
	d := sample(t, lang.Zh)
	c := compiler(t)
	_, err := render(t, c, d, pdf.Options{Template: []byte("= x\n#unknown-thing\n")})
	if err == nil || !strings.Contains(err.Error(), "/main.typ:2:2") {
		t.Errorf("error %v, want the line of the template", err)
	}
	own := []byte("#set document(date: none)\n#let d = json(\"data.json\")\n#image(\"logo.svg\")\n= #d.title\n")
	logo := []byte(`<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"><rect width="10" height="10"/></svg>`)
	if _, err := render(t, c, d, pdf.Options{Template: own, Files: map[string][]byte{"logo.svg": logo}}); err != nil {
		t.Errorf("a template of the workspace's own: %v", err)
	}
}

func TestContradictionsAreErrors(t *testing.T) {
	d := &document.Document{Sections: []document.Section{{ID: "a", Blocks: []document.Block{document.Spans(document.Span{Text: "x", Link: "nowhere"})}}}}
	if out, err := render(t, compiler(t), d, pdf.Options{}); err == nil || len(out) > 0 {
		t.Errorf("%d bytes and error %v for a link that leads nowhere", len(out), err)
	}
}
