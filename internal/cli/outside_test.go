package cli

import (
	"bytes"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

var written = flag.String("reports", "", "directory with reports that TestNoReportRefersOutside reads in place of its own")

// TestNoReportRefersOutside reads every file of rendered reports: none names an address outside of itself and its
// directory. Names of schemas, which nobody fetches, are known one by one: testdata/namespaces.list.
func TestNoReportRefersOutside(t *testing.T) {
	directory := *written
	if directory == "" {
		directory = reportsOfHostileNames(t).directories()[0]
	}
	list, err := os.ReadFile("testdata/namespaces.list")
	if err != nil {
		t.Fatal(err)
	}
	o := outside{namespaces: strings.Fields(string(list))}
	seen := map[string]int{}
	err = filepath.WalkDir(directory, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		seen[filepath.Ext(path)]++
		for _, reference := range o.references(t, path, content) {
			t.Errorf("%s refers to %s", path, reference)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, ending := range []string{".html", ".pdf", ".xlsx"} {
		if seen[ending] < 3 {
			t.Errorf("%d files %s in %s, want three kinds of reports", seen[ending], ending, directory)
		}
	}
}

type outside struct{ namespaces []string }

var (
	pdfAddress  = regexp.MustCompile(`(?:https?|ftp|file)://[^\s<>()"']+|/URI\b|/Launch\b|/GoToR\b|/JavaScript\b|/EmbeddedFile\b`)
	xmlAddress  = regexp.MustCompile(`="((?:https?:|ftp:|file:)?//[^"]*)"|TargetMode="External"`)
	cssAddress  = regexp.MustCompile(`url\(\s*["']?([^)"']{0,60})|@import`)
	remoteStart = regexp.MustCompile(`(?i)^\s*(?:[a-z][a-z0-9+.-]*:|//)`)
)

func (o outside) references(t *testing.T, name string, content []byte) []string {
	switch filepath.Ext(name) {
	case ".html":
		return inHTML(t, content)
	case ".pdf":
		return o.unknown(pdfAddress.FindAllString(inflated(content), -1))
	case ".xlsx":
		var list []string
		for _, part := range unzipped(t, content) {
			for _, m := range xmlAddress.FindAllStringSubmatch(string(part), -1) {
				if m[1] == "" {
					m[1] = m[0]
				}
				list = append(list, m[1])
			}
		}
		return o.unknown(list)
	}
	return nil
}

func (o outside) unknown(list []string) []string {
	return slices.DeleteFunc(list, func(address string) bool { return slices.Contains(o.namespaces, address) })
}

// inHTML lists what a browser would fetch or open: every attribute that may hold an address, and the style.
func inHTML(t *testing.T, content []byte) []string {
	root, err := html.Parse(bytes.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	style := func(css string) {
		for _, m := range cssAddress.FindAllStringSubmatch(css, -1) {
			if !strings.HasPrefix(m[1], "data:") && !strings.HasPrefix(m[1], "#") {
				list = append(list, m[0])
			}
		}
	}
	for n := range root.Descendants() {
		for _, a := range n.Attr {
			switch a.Key {
			case "href", "src", "srcset", "action", "formaction", "data", "poster", "background", "cite", "ping", "manifest":
				if remoteStart.MatchString(a.Val) && !strings.HasPrefix(a.Val, "data:image/") {
					list = append(list, "<"+n.Data+" "+a.Key+"="+a.Val+">")
				}
			case "style", "clip-path", "fill", "stroke", "filter", "mask":
				style(a.Val)
			}
		}
		if n.Type == html.TextNode && n.Parent != nil && n.Parent.Data == "style" {
			style(n.Data)
		}
	}
	return list
}

// What the test looks for is found where it is.
func TestReferencesOutsideAreFound(t *testing.T) {
	o := outside{namespaces: []string{"http://purl.org/dc/terms/"}}
	for name, c := range map[string]struct {
		content string
		want    int
	}{
		"a.html": {`<a href="#x">x</a><img src="data:image/png;base64,AA"><img src="//e.org/x.png"><link href="https://e.org/x.css"><style>@import "x";b{background:url(http://e.org)}i{src:url(data:font/woff;base64,AA)}</style><a href="javascript:1">`, 5},
		"a.pdf":  {"<< /A << /S /URI /URI (https://e.org/) >> >> http://purl.org/dc/terms/", 3},
	} {
		if got := o.references(t, name, []byte(c.content)); len(got) != c.want {
			t.Errorf("%s: %q, want %d", name, got, c.want)
		}
	}
}
