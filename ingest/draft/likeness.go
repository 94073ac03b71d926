package draft

import (
	_ "embed"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"weir/queries/schema"
)

//go:embed names.yaml
var namesYAML []byte

// names are the words for columns of the event model.
var names = sync.OnceValue(func() map[string][]string {
	var n map[string][]string
	if err := yaml.Unmarshal(namesYAML, &n); err != nil {
		// The file is embedded and tested: a failure here is a broken build.
		panic(err)
	}
	return n
})

// likeness tells from 0 to 1 how much the name of a file's column sounds like a column of the model: the same word is
// 1, a word that holds the other one is less, the more so the shorter the part is.
func likeness(c schema.Column, name string) float64 {
	given := bare(name)
	words := append([]string{c.Name, c.Zh, c.En}, names()[c.Name]...)
	best := 0.0
	for _, w := range words {
		best = max(best, alike(given, bare(w)))
	}
	return best
}

func alike(a, b string) float64 {
	long, short := utf8.RuneCountInString(a), utf8.RuneCountInString(b)
	if long < short {
		a, b, long, short = b, a, short, long
	}
	switch {
	case short == 0:
		return 0
	case a == b:
		return 1
	case short < 2 || len(b) == short && short < 4:
		return 0 // a single character, or a few letters, are in too many words
	case strings.HasSuffix(a, b):
		return 0.55 + 0.35*float64(short)/float64(long)
	case strings.Contains(a, b):
		return 0.4 + 0.35*float64(short)/float64(long)
	}
	return 0
}

// bare leaves letters and digits of a name, in small letters, without a remark in brackets.
func bare(name string) string {
	if i := strings.IndexAny(name, "（("); i > 0 {
		name = name[:i]
	}
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, name)
}
