package notebook

import (
	"fmt"
	"strings"

	"weir/reports/document"
)

// markdownOf writes prose back as Markdown, with what could be taken for a mark escaped.
func markdownOf(block document.Block) string {
	switch b := block.(type) {
	case *document.Paragraph:
		return markdownSpans(b.Spans)
	case *document.List:
		var lines []string
		for i, item := range b.Items {
			mark := "* "
			if b.Ordered {
				mark = fmt.Sprintf("%d. ", i+1)
			}
			lines = append(lines, mark+markdownSpans(item.Spans))
		}
		return strings.Join(lines, "\n")
	case *document.Note:
		var lines []string
		for _, p := range b.Body {
			lines = append(lines, "> "+markdownSpans(p.Spans))
		}
		return strings.Join(lines, "\n>\n")
	}
	return ""
}

var markdownEscape = strings.NewReplacer(`\`, `\\`, "*", `\*`, "_", `\_`, "`", "\\`", "[", `\[`, "]", `\]`, "<", `\<`, "|", `\|`)

func markdownSpans(spans []document.Span) string {
	var b strings.Builder
	for _, s := range spans {
		if s.Strong {
			b.WriteString("**" + markdownEscape.Replace(s.Text) + "**")
			continue
		}
		b.WriteString(markdownEscape.Replace(s.Text))
	}
	return b.String()
}
