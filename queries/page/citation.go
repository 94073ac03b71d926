package page

import (
	"regexp"
	"strconv"
	"strings"

	"weir/internal/lang"
)

var (
	articleForm = regexp.MustCompile(`^(\d+(?:[–-]\d+)?)(?:¶(\d+))?(?:\((\d+)\))?$`)
	lawName     = regexp.MustCompile(`条例|法$|法典|办法|规定|细则`)
)

// Citation names a law with its articles as official documents do, 《政务数据共享条例》第二十一条第一款 for 21¶1, and a
// standard with its clause as it is.
func (b Basis) Citation(l lang.Lang) string {
	text := b.Source.In(l)
	if b.Article == "" {
		return text
	}
	if !lawName.MatchString(b.Source.Zh) {
		return text + " " + b.Article
	}
	var articles []string
	for part := range strings.FieldsFuncSeq(b.Article, func(c rune) bool { return c == ',' || c == '、' || c == ' ' }) {
		m := articleForm.FindStringSubmatch(part)
		if m == nil {
			articles = append(articles, part)
			continue
		}
		first, last, many := strings.Cut(strings.ReplaceAll(m[1], "-", "–"), "–")
		article := l.Pick("第"+numeral(first)+"条", "article "+first)
		if many {
			article = l.Pick("第"+numeral(first)+"条至第"+numeral(last)+"条", "articles "+first+"–"+last)
		}
		if m[2] != "" {
			article += l.Pick("第"+numeral(m[2])+"款", "("+m[2]+")")
		}
		if m[3] != "" {
			article += l.Pick("第"+numeral(m[3])+"项", " item "+m[3])
		}
		articles = append(articles, article)
	}
	if l == lang.En {
		return text + ", " + strings.Join(articles, ", ")
	}
	if !strings.ContainsAny(text, "〔《 ") { // the name alone, with neither number nor brackets
		text = "《" + text + "》"
	}
	return text + strings.Join(articles, "、")
}

// numeral writes the number of an article in characters.
func numeral(digits string) string {
	n, err := strconv.Atoi(digits)
	if err != nil {
		return digits
	}
	return lang.ChineseNumeral(n)
}

// Sentence is the citation with what the source says.
func (b Basis) Sentence(l lang.Lang) string {
	text := b.Citation(l)
	if says := b.Says.In(l); says != "" {
		text += l.Pick("：", ": ") + says
	}
	return text
}

// Label says in words how well the source was read.
func (m Mark) Label() lang.Text {
	switch m {
	case TextRead:
		return lang.T("已核对原文", "text read")
	case SecondarySource:
		return lang.T("二手来源", "secondary source")
	default:
		return lang.T("本方案设定", "own proposal")
	}
}

// Label says in words which way is better.
func (d Direction) Label() lang.Text {
	switch d {
	case Higher:
		return lang.T("越高越好", "higher is better")
	case Lower:
		return lang.T("越低越好", "lower is better")
	case Within:
		return lang.T("在区间内为好", "better inside the band")
	default:
		return lang.T("无方向", "no direction")
	}
}
