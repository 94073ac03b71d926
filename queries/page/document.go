// Package page reads the pages of Weir: Markdown with strict YAML front matter and fenced SQL, one form for
// indicators and notebooks, readable on any forge.
//
// A page is text. This package says what stands where and whether it is complete, with every problem at its line;
// it never runs SQL and never talks to a database, and it draws nothing.
package page

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/text"

	"weir/internal/problem"
)

// Document is the common form of all pages, before its front matter is given meaning.
type Document struct {
	File        string
	FrontMatter []byte // YAML between the two lines of three dashes
	Body        string // Markdown after it, as written
	BodyLine    int    // line of the file at which Body begins
	Headings    []Heading
	Blocks      []Block
}

// Heading is a heading of the body.
type Heading struct {
	Level int
	Text  string
	Line  int
}

// Block is a fenced block with an info string.
type Block struct {
	Language string // first word of the info string, such as sql or csv
	Words    []string
	Pairs    []Pair // key=value words
	Text     string
	InfoLine int // line of the opening fence
	Line     int // line of the first line of Text
}

// Pair is a key=value word of an info string.
type Pair struct{ Key, Value string }

// Value is the value of a key, "" where it is not given.
func (b Block) Value(key string) string {
	for _, p := range b.Pairs {
		if p.Key == key {
			return p.Value
		}
	}
	return ""
}

// Has reports whether a bare word stands in the info string.
func (b Block) Has(word string) bool {
	for _, w := range b.Words {
		if w == word {
			return true
		}
	}
	return false
}

// frontMatterLine is the line of the file at which the front matter's YAML begins.
const frontMatterLine = 2

// Read splits a page into front matter, headings and blocks.
func Read(file string, content []byte) (*Document, problem.List) {
	content = bytes.TrimPrefix(content, []byte("\ufeff"))
	content = bytes.ReplaceAll(content, []byte("\r\n"), []byte("\n"))
	content = bytes.ReplaceAll(content, []byte("\r"), []byte("\n")) // YAML counts a lone CR as the end of a line
	d := &Document{File: file}
	front, body, ok := split(content)
	if !ok {
		return nil, problem.List{{File: file, Line: 1, What: "no front matter", Cure: "begin the file with a line ---, the YAML keys, and a line ---"}}
	}
	d.FrontMatter = front
	d.Body = string(body)
	d.BodyLine = 1 + bytes.Count(content[:len(content)-len(body)], []byte("\n"))
	return d, d.walk(body)
}

// split cuts the front matter from the body.
func split(content []byte) (front, body []byte, ok bool) {
	rest, ok := bytes.CutPrefix(content, []byte("---\n"))
	if !ok {
		return nil, nil, false
	}
	if body, ok := bytes.CutPrefix(rest, []byte("---\n")); ok {
		return nil, body, true
	}
	at := bytes.Index(rest, []byte("\n---\n"))
	if at < 0 {
		return nil, nil, false
	}
	return rest[:at+1], rest[at+len("\n---\n"):], true
}

// walk collects headings and fenced blocks.
func (d *Document) walk(body []byte) problem.List {
	var problems problem.List
	lines := newLineIndex(body, d.BodyLine)
	root := goldmark.DefaultParser().Parse(text.NewReader(body))
	for n := root.FirstChild(); n != nil; n = n.NextSibling() {
		switch n := n.(type) {
		case *ast.Heading:
			h := Heading{Level: n.Level, Text: plain(n, body)}
			if n.Lines().Len() > 0 {
				h.Line = lines.at(n.Lines().At(0).Start)
			}
			d.Headings = append(d.Headings, h)
		case *ast.FencedCodeBlock:
			b, found := d.block(n, body, lines)
			problems = append(problems, found...)
			if b.Language != "" {
				d.Blocks = append(d.Blocks, b)
			}
		}
	}
	return problems
}

func (d *Document) block(n *ast.FencedCodeBlock, body []byte, lines lineIndex) (Block, problem.List) {
	if n.Info == nil {
		return Block{}, nil
	}
	b := Block{InfoLine: lines.at(n.Info.Segment.Start)}
	b.Line = b.InfoLine + 1
	end := n.Info.Segment.Stop
	if content := n.Lines(); content.Len() > 0 {
		b.Text = string(content.Value(body))
		end = content.At(content.Len() - 1).Stop
	}
	var problems problem.List
	words, err := splitInfo(string(n.Info.Segment.Value(body)))
	if err != nil {
		problems = append(problems, problem.Problem{File: d.File, Line: b.InfoLine, What: err.Error(), Cure: `close the quotation mark, as in title="two words"`})
	}
	for i, w := range words {
		key, value, isPair := strings.Cut(w, "=")
		switch {
		case i == 0:
			b.Language = w
		case isPair:
			b.Pairs = append(b.Pairs, Pair{key, value})
		default:
			b.Words = append(b.Words, w)
		}
	}
	if !closed(body, end) {
		problems = append(problems, problem.Problem{File: d.File, Line: b.InfoLine, What: "this block is never closed", Cure: "end it with a line of three backticks"})
	}
	return b, problems
}

// closed tells whether a fence stands at or right after the end of a block's content.
func closed(body []byte, end int) bool {
	rest := strings.TrimLeft(string(body[end:]), "\n ")
	return strings.HasPrefix(rest, "```") || strings.HasPrefix(rest, "~~~")
}

// splitInfo splits an info string at spaces; double quotes hold words together.
func splitInfo(info string) ([]string, error) {
	var words []string
	var word strings.Builder
	quoted, started := false, false
	for _, r := range info {
		switch {
		case r == '"':
			quoted, started = !quoted, true
		case (r == ' ' || r == '\t') && !quoted:
			if started {
				words = append(words, word.String())
				word.Reset()
				started = false
			}
		default:
			word.WriteRune(r)
			started = true
		}
	}
	if started {
		words = append(words, word.String())
	}
	if quoted {
		return words, fmt.Errorf("unclosed quotation mark in %q", info)
	}
	return words, nil
}

// plain is the text of a node without its marks.
func plain(n ast.Node, source []byte) string {
	var b strings.Builder
	_ = ast.Walk(n, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if t, ok := n.(*ast.Text); ok && entering {
			b.Write(t.Segment.Value(source))
		}
		return ast.WalkContinue, nil
	})
	return b.String()
}

// lineIndex turns byte offsets of the body into lines of the file.
type lineIndex struct {
	starts []int
	first  int
}

func newLineIndex(body []byte, first int) lineIndex {
	l := lineIndex{starts: []int{0}, first: first}
	for i, c := range body {
		if c == '\n' {
			l.starts = append(l.starts, i+1)
		}
	}
	return l
}

func (l lineIndex) at(offset int) int {
	low, high := 0, len(l.starts)
	for high-low > 1 {
		if middle := (low + high) / 2; l.starts[middle] <= offset {
			low = middle
		} else {
			high = middle
		}
	}
	return l.first + low
}
