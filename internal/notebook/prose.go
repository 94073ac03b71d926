package notebook

import (
	"strings"
	"unicode"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/text"

	"weir/internal/lang"
	"weir/reports/document"
)

// piece is one block of a page's body: a heading, prose, or the cell of that number.
type piece struct {
	heading int // level, 0 for none
	title   string
	block   document.Block
	mixed   bool // a list with items in both languages, of which block has those of the one asked for
	cell    int  // from 0; -1 for none
}

// pieces reads the body of a page in one language. A page is written in both: what holds Han characters is Chinese,
// the rest English. Where one of the two is missing altogether, the other is shown.
func pieces(body string, l lang.Lang) []piece {
	source := []byte(body)
	root := goldmark.DefaultParser().Parse(text.NewReader(source))
	var all []piece
	var han []bool
	cells := 0
	for n := root.FirstChild(); n != nil; n = n.NextSibling() {
		p := piece{cell: -1}
		switch n := n.(type) {
		case *ast.Heading:
			p.heading, p.title = n.Level, heading(plainText(n, source), l)
		case *ast.FencedCodeBlock:
			if language := string(n.Language(source)); language != "sql" {
				continue
			}
			p.cell = cells
			cells++
		case *ast.Paragraph:
			p.block = &document.Paragraph{Spans: spans(n, source)}
		case *ast.List:
			p.block, p.mixed = listOf(n, source, l)
		case *ast.Blockquote:
			p.block = noteOf(n, source)
		default:
			continue
		}
		all = append(all, p)
		han = append(han, hasHan(plainText(n, source)))
	}
	return inLanguage(all, han, l)
}

// inLanguage keeps the prose of a language.
func inLanguage(all []piece, han []bool, l lang.Lang) []piece {
	isProse := func(p piece) bool { return p.block != nil && !p.mixed }
	zh, en := 0, 0
	for i, p := range all {
		switch {
		case !isProse(p):
		case han[i]:
			zh++
		default:
			en++
		}
	}
	var kept []piece
	for i, p := range all {
		if isProse(p) && zh > 0 && en > 0 && han[i] != (l != lang.En) {
			continue
		}
		kept = append(kept, p)
	}
	return kept
}

// heading takes the part of a heading in a language: 谁依赖谁 Who depends on whom.
func heading(title string, l lang.Lang) string {
	last := -1
	for i, r := range title {
		if unicode.Is(unicode.Han, r) {
			last = i + len(string(r))
		}
	}
	if last < 0 {
		return title
	}
	space := strings.IndexByte(title[last:], ' ')
	if space < 0 {
		return title
	}
	zh, en := strings.TrimSpace(title[:last+space]), strings.TrimSpace(title[last+space:])
	if en == "" {
		return zh
	}
	return l.Pick(zh, en)
}

func hasHan(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(unicode.Han, r) })
}

// spans are the words of a paragraph; strong emphasis stays, links and code become their words.
func spans(n ast.Node, source []byte) []document.Span {
	var out []document.Span
	strong := 0
	_ = ast.Walk(n, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		switch n := n.(type) {
		case *ast.Emphasis:
			if n.Level == 2 {
				if entering {
					strong++
				} else {
					strong--
				}
			}
		case *ast.Text:
			if entering {
				words := string(n.Segment.Value(source))
				if n.SoftLineBreak() || n.HardLineBreak() {
					words += breakSpace(words)
				}
				out = append(out, document.Span{Text: words, Strong: strong > 0})
			}
		}
		return ast.WalkContinue, nil
	})
	return out
}

// breakSpace is what stands for a line break: nothing after a Han character or its punctuation, else a space.
func breakSpace(words string) string {
	runes := []rune(words)
	if len(runes) > 0 {
		if last := runes[len(runes)-1]; unicode.Is(unicode.Han, last) || strings.ContainsRune("，。；：、）”！？", last) {
			return ""
		}
	}
	return " "
}

// listOf reads a list; of one whose items are in both languages, it keeps those of the one asked for.
func listOf(n *ast.List, source []byte, l lang.Lang) (list *document.List, mixed bool) {
	list = &document.List{Ordered: n.IsOrdered()}
	var mine []document.Paragraph
	for item := n.FirstChild(); item != nil; item = item.NextSibling() {
		p := document.Paragraph{Spans: spans(item, source)}
		list.Items = append(list.Items, p)
		if hasHan(plainText(item, source)) == (l != lang.En) {
			mine = append(mine, p)
		}
	}
	if mixed = len(mine) > 0 && len(mine) < len(list.Items); mixed {
		list.Items = mine
	}
	return list, mixed
}

func noteOf(n ast.Node, source []byte) *document.Note {
	note := &document.Note{}
	for p := n.FirstChild(); p != nil; p = p.NextSibling() {
		note.Body = append(note.Body, document.Paragraph{Spans: spans(p, source)})
	}
	return note
}

func plainText(n ast.Node, source []byte) string {
	var b strings.Builder
	for _, s := range spans(n, source) {
		b.WriteString(s.Text)
	}
	return b.String()
}
