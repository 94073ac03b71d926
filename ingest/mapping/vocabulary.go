package mapping

import (
	_ "embed"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"

	"go.yaml.in/yaml/v3"

	"weir/queries/schema"
)

//go:embed vocabulary.yaml
var vocabularyYAML []byte

// shipped are the vocabularies by target column.
var shipped = sync.OnceValue(func() map[string]map[string]string {
	var v map[string]map[string]string
	if err := yaml.Unmarshal(vocabularyYAML, &v); err != nil {
		// The file is embedded and tested: a failure here is a broken build.
		panic(err)
	}
	return v
})

// Cadence is the column whose words are update frequencies. It also takes ISO 8601 periods.
const Cadence = "cadence"

// Vocabulary gives the words that a target column understands, in their compared form: those shipped, the codes of
// the model with their Chinese and English labels, and extra, which goes before. It is nil for a column that takes
// any text.
func Vocabulary(model *schema.Model, column schema.Column, extra map[string]string) map[string]string {
	codes := column.Codes
	if codes == "" && (model.Codes[column.Name] != nil || column.Name == Cadence) {
		codes = column.Name // columns of the flat target
	}
	if codes == "" && extra == nil {
		return nil
	}
	words := map[string]string{}
	for word, code := range shipped()[codes] {
		words[Compared(word)] = code
	}
	for code, label := range model.Codes[codes] {
		words[Compared(label.Zh)] = code
		words[Compared(label.En)] = code
		words[Compared(code)] = code
	}
	for word, code := range extra {
		words[Compared(word)] = code
	}
	return words
}

// remark is what stands in brackets at the end of a word.
var remark = regexp.MustCompile(`\s*[（(][^（）()]*[)）]?\s*$`)

// Compared is the form in which words are compared: without a remark in brackets at the end, without blanks at the
// ends, in small letters. ComparedSQL does the same in the engine.
func Compared(word string) string {
	cut := remark.ReplaceAllString(word, "")
	if cut == "" {
		cut = word
	}
	return strings.ToLower(strings.TrimSpace(cut))
}

// ComparedSQL is Compared as an expression over a text expression.
func ComparedSQL(expression string) string {
	return `lower(trim(coalesce(nullif(regexp_replace(` + expression + `, '\s*[（(][^（）()]*[)）]?\s*$', ''), ''), ` + expression + `)))`
}

// period is an ISO 8601 period as catalogues write it, a leading R/ (repeating) included.
const period = `^(r/)?p([0-9.]+[ymwd])*(t([0-9.]+[hms])+)?$`

// WordsSQL translates a text expression by the words; cadence also takes periods. What is not found becomes NULL.
func WordsSQL(expression string, words map[string]string, cadence bool) string {
	compared := ComparedSQL(expression)
	var b strings.Builder
	b.WriteString("CASE ")
	b.WriteString(compared)
	for _, word := range slices.Sorted(maps.Keys(words)) {
		b.WriteString(" WHEN " + schema.Literal(word) + " THEN " + schema.Literal(words[word]))
	}
	if cadence {
		b.WriteString(" ELSE CASE WHEN regexp_matches(" + compared + ", '" + period + "') AND length(" + compared + ") > 2 THEN upper(replace(" + compared + ", 'r/', '')) END")
	}
	b.WriteString(" END")
	return b.String()
}

var isPeriod = regexp.MustCompile(period)

// IsPeriod tells whether a word in its compared form is an ISO 8601 period.
func IsPeriod(compared string) bool { return len(compared) > 2 && isPeriod.MatchString(compared) }
