// Package document is the model of a report: what it says, in which order and
// with which figures behind each statement, and nothing of how it looks. A
// report is built once as a Document in one language; the renderers for HTML,
// PDF and XLSX take only this model. No query, no statistics, no colour, no
// measure of paper is ever added here.
package document

import (
	"time"

	"weir/internal/lang"
)

// Document is one report in one language.
type Document struct {
	// Kind names the report: monthly_overview, department_scorecard,
	// budget_review or a name of the workspace's own.
	Kind string
	// ID is stable for the same report of the same period, such as
	// monthly_overview-2026-10. It becomes part of file names.
	ID string
	// Lang is the language of every text in the document.
	Lang lang.Lang
	// Form is the typographic form. The zero value is FormModern.
	Form Form

	Title        string
	Subtitle     string // may be empty
	Organisation string // who issues it
	Period       string // as printed: 2026年10月
	Issue        string // as printed: 第10期; may be empty
	// Date is the date of the document, taken from the closed month and never
	// from the clock: the same stamp must give the same bytes.
	Date time.Time
	// Facts are the lines of the cover: 编制单位, 数据截至, 修订 ….
	Facts []Fact
	// Stamp is the closed month's SHA-256 in hexadecimal, printed in the foot.
	Stamp string

	Sections []Section
	// Definitions and Explanations make up the appendix "how each figure was
	// made". Renderers print them after the last section.
	Definitions  []Definition
	Explanations []Explanation
}

// Form is the typographic form of a document.
type Form string

const (
	FormModern   Form = ""         // a calm report: grid, one accent colour
	FormOfficial Form = "official" // the form of official documents, GB/T 9704-2012
)

// Fact is one labelled line.
type Fact struct{ Label, Value string }

// Section is a headed part of the document. Renderers number sections; the
// title carries no number.
type Section struct {
	// ID is unique in the document and the target of links, for example
	// department-MZ. It is made of letters, digits, '-', '_' and '.'.
	ID       string
	Title    string
	Blocks   []Block
	Sections []Section // at most three levels deep
	// PageBreak starts the section on a new page in print.
	PageBreak bool
	// Unnumbered takes no number, as a summary before the first section or an
	// annex does; the sections below it are numbered within it.
	Unnumbered bool
}

// Block is one piece of a section: *Paragraph, *List, *KeyFigures, *Figure,
// *Table, *RuledForm or *Note.
type Block interface{ block() }

func (*Paragraph) block()  {}
func (*List) block()       {}
func (*KeyFigures) block() {}
func (*Figure) block()     {}
func (*Table) block()      {}
func (*Note) block()       {}
