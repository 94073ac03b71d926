package document

// Figure is a chart with everything that lets it stand alone. Package
// reports/figure builds it from plain data; nobody writes options by hand.
type Figure struct {
	ID     string // unique in the document
	Title  string // states the finding, not the kind of chart
	Unit   string
	Source string
	Note   string // on n, on what was left out, on how to read it
	Alt    string // the alternative text: what a reader who cannot see it needs
	// Explain is the ID of an Explanation or a Definition, or empty.
	Explain string
	// Half marks a figure that may share the width of the page with the next
	// half figure.
	Half bool
	// Width and Height are in CSS pixels; the figure scales to the page.
	Width, Height int
	// Option is the ECharts option as JSON. Functions are named, not written:
	// package reports/figure has the script that knows the names.
	Option []byte
	// Empty says in words why there is no chart, such as a month without
	// events; Option is then nil.
	Empty string
	// Table is the table behind the figure.
	Table Table
}
