package document

// Span is a run of text. Text is literal everywhere: no renderer reads markup
// in it.
type Span struct {
	Text   string
	Strong bool
	// Link is the ID of a section of the document, or empty.
	Link string
	// Explain is the ID of an Explanation or a Definition, or empty: the
	// renderer makes the text lead there.
	Explain string
}

// Paragraph is a paragraph of running text.
type Paragraph struct{ Spans []Span }

// P makes a paragraph of plain text.
func P(text string) *Paragraph { return &Paragraph{Spans: []Span{{Text: text}}} }

// Spans makes a paragraph of several runs.
func Spans(spans ...Span) *Paragraph { return &Paragraph{Spans: spans} }

// List is a list of statements, such as the findings of a month.
type List struct {
	Ordered bool
	Items   []Paragraph
}

// Note is a remark set apart from the text, with its weight.
type Note struct {
	Level NoteLevel
	Title string // may be empty
	Body  []Paragraph
}

// NoteLevel is the weight of a note. It is printed as a word and a sign as well
// as by colour.
type NoteLevel int

const (
	NoteInfo    NoteLevel = iota // 说明: how to read what follows
	NoteCaution                  // 注意: a doubtful figure or missing data
	NoteBreach                   // 超限: a legal time limit or an alarm threshold was passed
)

// KeyFigures is a row of headline numbers.
type KeyFigures struct{ Items []KeyFigure }

// KeyFigure is one headline number with its change.
type KeyFigure struct {
	Label    string
	Value    Value
	Decimals int
	Unit     string
	Interval *Interval // nil where none is known
	Change   Change
	// Target is nil where there is none.
	Target  *float64
	Note    string // one short line below, may be empty
	Link    string // section ID
	Explain string // Explanation or Definition ID
}

// Change is a difference against an earlier period.
type Change struct {
	Value    Value
	Decimals int
	Unit     string // 个百分点, 分 …
	Against  string // as printed: 较上月
	// Good is +1 where the change is to the better, -1 to the worse, 0 where it
	// has no direction or is not significant.
	Good int
}
