package cli

import (
	"archive/zip"
	"bytes"
	"compress/zlib"
	"encoding/csv"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"weir/reports/reporttest"
)

// shown is a name as reports print it: a mark that turns the direction around stands as its code.
func shown(name string) string { return strings.ReplaceAll(name, "\u202e", "[U+202E]") }

// squeezed leaves out what line breaks may add.
func squeezed(text string) string {
	return strings.NewReplacer(" ", "", "\n", "", "\u200b", "", "\u00a0", "").Replace(text)
}

// wanted are the names of departments that a report must show: the overview and the budget review all of them, the
// scorecard that of its own department.
func wanted(file string) []string {
	if strings.HasPrefix(file, "department_scorecard") {
		return reporttest.HostileNames[:1]
	}
	return reporttest.HostileNames
}

func TestHostileNamesAreTextInHTML(t *testing.T) {
	for name, content := range reportsOfHostileNames(t).files(t, ".zh.html") {
		if strings.HasPrefix(name, "index") {
			continue
		}
		root, err := html.Parse(bytes.NewReader(content))
		if err != nil {
			t.Fatal(err)
		}
		scripts, text := 0, &strings.Builder{}
		var walk func(n *html.Node)
		walk = func(n *html.Node) {
			typed := false
			for _, a := range n.Attr {
				typed = typed || a.Key == "type" && strings.HasPrefix(a.Val, "application/")
			}
			switch {
			case n.Type == html.ElementNode && n.Data == "script" && !typed:
				scripts++
			case n.Type == html.TextNode && n.Parent.Data != "script" && n.Parent.Data != "style":
				text.WriteString(n.Data)
			}
			for c := n.FirstChild; c != nil; c = c.NextSibling {
				walk(c)
			}
		}
		walk(root)
		if scripts != 2 {
			t.Errorf("%s: %d scripts run, want 2", name, scripts)
		}
		expectNames(t, name, text.String())
	}
}

func expectNames(t *testing.T, file, text string) {
	t.Helper()
	text = squeezed(text)
	for _, want := range wanted(file) {
		if !strings.Contains(text, squeezed(shown(want))) {
			t.Errorf("%s: the name %q is not there as text", file, want)
		}
	}
	if strings.Contains(text, "\u202e") {
		t.Errorf("%s holds a mark that turns the direction around", file)
	}
}

func unzipped(t *testing.T, content []byte) map[string][]byte {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		t.Fatal(err)
	}
	parts := map[string][]byte{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		if parts[f.Name], err = io.ReadAll(r); err != nil {
			t.Fatal(err)
		}
		if err := r.Close(); err != nil {
			t.Fatal(err)
		}
	}
	return parts
}

func TestHostileNamesAreTextInDataPackages(t *testing.T) {
	for name, content := range reportsOfHostileNames(t).files(t, ".data.zip") {
		text := &strings.Builder{}
		for part, data := range unzipped(t, content) {
			if !strings.HasSuffix(part, ".csv") {
				continue
			}
			rows, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(data, []byte("\ufeff")))).ReadAll()
			if err != nil {
				t.Errorf("%s in %s: %v", part, name, err)
			}
			for _, row := range rows {
				for _, cell := range row {
					if strings.HasPrefix(cell, "=") || strings.HasPrefix(cell, "@") || strings.HasPrefix(cell, "+") {
						t.Errorf("%s in %s: a spreadsheet would compute %q", part, name, cell)
					}
					text.WriteString(shown(cell) + "\n") // data keep their marks
				}
			}
		}
		expectNames(t, name, text.String())
	}
}

// A PDF is tagged, has bookmarks and alternative texts, embeds subset fonts only, and gives its texts back.
func TestPDFsAreAccessibleAndHostileNamesAreText(t *testing.T) {
	files := reportsOfHostileNames(t).files(t, ".pdf")
	if len(files) != 3 {
		t.Fatalf("%d files", len(files))
	}
	_, missing := exec.LookPath("pdftotext")
	for name, content := range files {
		plain := inflated(content)
		for _, want := range []string{"/StructTreeRoot", "/Marked true", "/Outlines", "/Lang", "/FontFile2", "/TH", "/Figure", "/Alt", "NotoSansSC-Regular", "NotoSansSC-Bold"} {
			if !strings.Contains(plain, want) {
				t.Errorf("%s: %s is not in the file", name, want)
			}
		}
		if missing != nil {
			continue
		}
		file := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(file, content, 0o600); err != nil {
			t.Fatal(err)
		}
		expectNames(t, name, poppler(t, "pdftotext", file, "-"))
		if info := poppler(t, "pdfinfo", file); !regexp.MustCompile(`Tagged: +yes`).MatchString(info) || !regexp.MustCompile(`Title: +\S`).MatchString(info) || !regexp.MustCompile(`Encrypted: +no`).MatchString(info) {
			t.Errorf("%s: pdfinfo says\n%s", name, info)
		}
		fonts := strings.Split(strings.TrimSpace(poppler(t, "pdffonts", file)), "\n")[2:]
		if len(fonts) == 0 {
			t.Errorf("%s has no font", name)
		}
		for _, font := range fonts {
			if !regexp.MustCompile(`^[A-Z]{6}\+\S+ +\S.* yes yes yes +\d+ +\d+$`).MatchString(strings.TrimSpace(font)) {
				t.Errorf("%s: a font that is not embedded as a subset with its characters: %s", name, font)
			}
		}
	}
}

func poppler(t *testing.T, program string, args ...string) string {
	t.Helper()
	out, err := exec.Command(program, args...).Output()
	if err != nil {
		t.Fatalf("%s: %v", program, err)
	}
	return string(out)
}

var stream = regexp.MustCompile(`(?s)stream\r?\n(.*?)endstream`)

// inflated adds the content of compressed streams to the plain parts of a PDF.
func inflated(data []byte) string {
	var all bytes.Buffer
	all.Write(data)
	for _, m := range stream.FindAllSubmatch(data, -1) {
		if r, err := zlib.NewReader(bytes.NewReader(m[1])); err == nil {
			_, _ = io.Copy(&all, r) // a stream of another kind ends with an error
			all.WriteByte('\n')
		}
	}
	return all.String()
}
