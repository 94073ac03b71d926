package html

import (
	"bytes"
	"html/template"

	"weir/reports/document"
)

// page and the types below are what the template prints.
type page struct {
	Lang, Policy                                        string
	Title, Subtitle, Organisation, Period, Issue, Stamp string
	Date                                                string
	Logo                                                template.URL
	Official                                            bool
	Style                                               template.CSS
	Scripts                                             []template.JS
	Library, Options                                    template.HTML // packed, for live charts; "" for none
	Facts                                               []document.Fact
	Contents                                            []entry
	Sections                                            []section
	Definitions                                         []definition
	W                                                   words
}

type entry struct {
	ID, Number, Title string
	Sub               []entry
}

type section struct {
	ID       string
	Break    bool
	Heading  template.HTML
	Blocks   []template.HTML
	Sections []section
}

type span struct {
	Text, Href string
	Strong     bool
}

type list struct {
	Ordered bool
	Items   [][]span
}

type note struct {
	Class, Sign, Kind string
	Body              [][]span
}

type keyFigure struct {
	Label, Value, Unit, Interval, Target, Note, Href, Explain string
	None, Long                                                bool
	Change                                                    *change
}

// change is a change; First puts what it is measured against before it.
type change struct {
	Class, Text, Against string
	First                bool
}

type figureView struct {
	ID, Number, Title, Unit, Source, Note, Alt, Explain, Empty string
	Half                                                       bool
	Height, Least                                              int
	SVG                                                        template.HTML
	Live                                                       bool
	Table                                                      *table
	W                                                          words
}

type table struct {
	ID, Number, Title, Unit, Source, Note, LabelledBy string
	Wide                                              bool
	Groups                                            []columnGroup
	Columns                                           []column
	Rows                                              []row
	Total                                             []cell
	W                                                 words
}

// formView is a ruled form with merged cells.
type formView struct {
	ID, Title, Subtitle, Unit, Source, Note string
	Widths                                  []string // share in %
	Rows                                    [][]formCell
	W                                       words
}

type formCell struct {
	Text, Class   string
	Columns, Rows int
	Label         bool
}

type columnGroup struct {
	Title string
	Span  int
}

type column struct{ Title, Unit, Class string }

type row struct {
	ID, Class string
	Cells     []cell
}

type cell struct {
	Text, Class, Key, Href, Sign, Good string
	Head, Isolate                      bool
}

// absent are the subjects of a definition that have no figure, for one reason.
type absent struct {
	Reason   string
	Subjects []subject
}

type subject struct {
	ID, Name, Href string
	Isolate        bool
}

type definition struct {
	ID, Name, SQL string
	Facts         []document.Fact
	Notes         []string
	Table         *table
	Absent        []absent
	W             words
}

// part prints a template of the page.
func part(name string, data any) (template.HTML, error) {
	var out bytes.Buffer
	err := templates.ExecuteTemplate(&out, name, data)
	return template.HTML(out.String()), err
}
