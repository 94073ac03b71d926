package html_test

import (
	"bytes"
	"compress/flate"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io"
	"regexp"
	"strings"
	"sync"
	"testing"

	"golang.org/x/net/html"

	"weir/internal/echarts"
	"weir/internal/lang"
	"weir/reports/document"
	"weir/reports/figure"
	page "weir/reports/html"
	"weir/reports/reporttest"
)

func render(t *testing.T, l lang.Lang, o page.Options) string {
	t.Helper()
	d, err := reporttest.Document(l)
	if err != nil {
		t.Fatal(err)
	}
	return renderDocument(t, d, o)
}

var sharedEngine = sync.OnceValues(func() (*echarts.Engine, error) {
	return echarts.New(echarts.Options{Prepare: figure.Script()})
})

func renderDocument(t *testing.T, d *document.Document, o page.Options) string {
	t.Helper()
	engine, err := sharedEngine()
	if err != nil {
		t.Fatal(err)
	}
	session, err := engine.Session()
	if err != nil {
		t.Fatal(err)
	}
	defer session.Close()
	var out bytes.Buffer
	if err := page.Render(&out, d, session, o); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// walk calls f for every element with its attributes and the text inside.
func walk(t *testing.T, source string, f func(n *html.Node, attributes map[string]string)) *html.Node {
	t.Helper()
	root, err := html.Parse(strings.NewReader(source))
	if err != nil {
		t.Fatal(err)
	}
	for n := range root.Descendants() {
		if n.Type == html.ElementNode {
			attributes := map[string]string{}
			for _, a := range n.Attr {
				attributes[a.Key] = a.Val
			}
			f(n, attributes)
		}
	}
	return root
}

func textOf(n *html.Node) string {
	var b strings.Builder
	for c := range n.Descendants() {
		if c.Type == html.TextNode && c.Parent.Data != "script" && c.Parent.Data != "style" {
			b.WriteString(c.Data)
		}
	}
	return b.String()
}

func TestSameDocumentGivesSameBytes(t *testing.T) {
	if render(t, lang.Zh, page.Options{}) != render(t, lang.Zh, page.Options{}) {
		t.Error("two runs gave different bytes")
	}
}

// Nothing in the file may load from, or lead to, another address.
func TestNoReferenceLeavesTheFile(t *testing.T) {
	for _, l := range []lang.Lang{lang.Zh, lang.En} {
		source := render(t, l, page.Options{})
		ids := map[string]bool{}
		var links []string
		walk(t, source, func(n *html.Node, a map[string]string) {
			if id, ok := a["id"]; ok {
				if ids[id] {
					t.Errorf("id %s stands twice", id)
				}
				ids[id] = true
			}
			for _, key := range []string{"src", "srcset", "action", "formaction", "data", "poster", "background", "xlink:href"} {
				if v, ok := a[key]; ok {
					t.Errorf("<%s %s=%q>", n.Data, key, v)
				}
			}
			if v, ok := a["href"]; ok {
				if !strings.HasPrefix(v, "#") {
					t.Errorf("<%s href=%q> leaves the file", n.Data, v)
				}
				links = append(links, strings.TrimPrefix(v, "#"))
			}
			if n.Data == "link" || n.Data == "iframe" || n.Data == "img" || n.Data == "base" {
				t.Errorf("element <%s>", n.Data)
			}
			for key := range a {
				if strings.HasPrefix(key, "on") || key == "style" {
					t.Errorf("attribute %s on <%s>: the content policy blocks it", key, n.Data)
				}
			}
		})
		for _, link := range links {
			if !ids[link] {
				t.Errorf("#%s leads nowhere", link)
			}
		}
		for _, m := range regexp.MustCompile(`url\(([^)]{0,40})|@import`).FindAllStringSubmatch(source, -1) {
			if !strings.HasPrefix(m[1], "data:font/woff;base64,") && !strings.HasPrefix(m[1], "#") && !strings.Contains("\"'+", m[1][:1]) {
				t.Errorf("style refers to %q", m[1])
			}
		}
	}
}

// The policy names the hash of every script that runs, and no script is left out.
func TestContentPolicyNamesEveryScriptAndStyle(t *testing.T) {
	d, err := reporttest.Brief(lang.Zh)
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range []page.Options{{}, {Static: true}, {SystemFonts: true, Stylesheet: "h1 { color: #123 }</style><script>alert(1)</script>"}} {
		policy, checked := "", 0
		walk(t, renderDocument(t, d, o), func(n *html.Node, a map[string]string) {
			if a["http-equiv"] == "Content-Security-Policy" {
				policy = a["content"]
				return
			}
			if n.Data != "script" && n.Data != "style" || strings.HasPrefix(a["type"], "application/") {
				return
			}
			sum := sha256.Sum256([]byte(n.FirstChild.Data))
			if hash := "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"; !strings.Contains(policy, hash) {
				t.Errorf("a %s of %d bytes is not in the policy", n.Data, len(n.FirstChild.Data))
			}
			checked++
		})
		if checked < 2 || !strings.HasPrefix(policy, "default-src 'none'") || strings.Contains(policy, "unsafe") {
			t.Errorf("policy %q, %d checked", policy, checked)
		}
	}
}

// What live charts need is packed; unpacked, the library is the one that the policy names, and each chart has its
// option.
func TestLiveChartsUnpack(t *testing.T) {
	d, err := reporttest.Brief(lang.Zh)
	if err != nil {
		t.Fatal(err)
	}
	policy, unpacked, live := "", map[string][]byte{}, []string{}
	walk(t, renderDocument(t, d, page.Options{}), func(n *html.Node, a map[string]string) {
		switch {
		case a["http-equiv"] == "Content-Security-Policy":
			policy = a["content"]
		case a["type"] == "application/octet-stream":
			packed, err := base64.StdEncoding.DecodeString(n.FirstChild.Data)
			if err != nil {
				t.Fatal(err)
			}
			if unpacked[a["id"]], err = io.ReadAll(flate.NewReader(bytes.NewReader(packed))); err != nil {
				t.Fatal(err)
			}
		case n.Data == "figure" && strings.Contains(a["class"], "has-live"):
			live = append(live, a["id"])
		}
	})
	sum := sha256.Sum256(unpacked["library"])
	if len(unpacked["library"]) < 1_000_000 || !strings.Contains(policy, base64.StdEncoding.EncodeToString(sum[:])) {
		t.Errorf("the library of %d bytes is not in the policy", len(unpacked["library"]))
	}
	var options map[string]json.RawMessage
	if err := json.Unmarshal(unpacked["options"], &options); err != nil || len(live) == 0 || len(options) != len(live) {
		t.Fatalf("%d options for %d charts, %v", len(options), len(live), err)
	}
	for _, id := range live {
		if len(options[id]) == 0 {
			t.Errorf("%s has no option", id)
		}
	}
}

func TestHostileNamesStayText(t *testing.T) {
	var root *html.Node
	scripts := 0
	root = walk(t, render(t, lang.Zh, page.Options{}), func(n *html.Node, a map[string]string) {
		if n.Data == "script" && !strings.HasPrefix(a["type"], "application/") {
			scripts++
		}
	})
	if scripts != 2 {
		t.Errorf("%d scripts run, want 2: a name broke out", scripts)
	}
	text := textOf(root)
	for _, name := range reporttest.HostileNames {
		if strings.Contains(name, "\u202e") {
			name = strings.ReplaceAll(name, "\u202e", "[U+202E]")
		}
		if !strings.Contains(text, name) {
			t.Errorf("name %q is not in the page", name)
		}
	}
	if strings.Contains(text, "\u202e") {
		t.Error("a mark that turns the direction around is in the page")
	}
}

// Without scripts every figure shows a picture and a table, and every state is
// in words.
func TestReadsWithoutScripts(t *testing.T) {
	d, err := reporttest.Document(lang.Zh)
	if err != nil {
		t.Fatal(err)
	}
	pictures, empty, tables := 0, 0, 0
	root := walk(t, renderDocument(t, d, page.Options{Static: true}), func(n *html.Node, a map[string]string) {
		switch {
		case n.Data == "svg":
			pictures++
			if n.Parent == nil || attribute(n.Parent, "aria-label") == "" {
				t.Error("a picture has no alternative text")
			}
		case a["class"] == "empty":
			empty++
		case n.Data == "table":
			tables++
		}
	})
	figures := len(d.Figures())
	if pictures+empty != figures || empty != 1 {
		t.Errorf("%d pictures and %d reasons for %d figures", pictures, empty, figures)
	}
	if tables < figures {
		t.Errorf("%d tables for %d figures", tables, figures)
	}
	text := textOf(root)
	for _, want := range []string{"未测", "缺数", "不适用", "1,234,567,890,123", "本期没有跨部门流转", "SELECT department_id", "合计"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not on the page", want)
		}
	}
}

func attribute(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

func TestSizeStaysSmall(t *testing.T) {
	if n := len(render(t, lang.Zh, page.Options{})); n > 1_500_000 {
		t.Errorf("the test document has %d bytes", n)
	}
	if n := len(render(t, lang.Zh, page.Options{Static: true})); n > 1_000_000 {
		t.Errorf("without live charts it has %d bytes", n)
	}
}

func TestContradictionsAreErrors(t *testing.T) {
	engine, err := sharedEngine()
	if err != nil {
		t.Fatal(err)
	}
	session, err := engine.Session()
	if err != nil {
		t.Fatal(err)
	}
	defer session.Close()
	for want, d := range map[string]*document.Document{
		`leads to section "nowhere"`:  {Sections: []document.Section{{ID: "a", Title: "a", Blocks: []document.Block{document.Spans(document.Span{Text: "x", Link: "nowhere"})}}}},
		`explanation "none"`:          {Sections: []document.Section{{ID: "a", Title: "a", Blocks: []document.Block{document.Spans(document.Span{Text: "x", Explain: "none"})}}}},
		`section id "a" stands twice`: {Sections: []document.Section{{ID: "a"}, {ID: "a"}}},
		`1 cells for 2 columns`:       {Sections: []document.Section{{ID: "a", Blocks: []document.Block{&document.Table{ID: "t", Columns: []document.Column{{ID: "x"}, {ID: "y"}}, Rows: []document.Row{{Cells: []document.Cell{{}}}}}}}}},
	} {
		var out bytes.Buffer
		if err := page.Render(&out, d, session, page.Options{}); err == nil || !strings.Contains(err.Error(), want) || out.Len() > 0 {
			t.Errorf("error %v and %d bytes, want an error that mentions %s and nothing written", err, out.Len(), want)
		}
	}
}
