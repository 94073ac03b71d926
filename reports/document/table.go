package document

// Table is a table of typed cells. Renderers align, format and sort by type;
// the spreadsheet keeps the types.
type Table struct {
	ID      string // unique in the document, letters, digits, '-', '_', '.'
	Title   string
	Unit    string // where all numbers share one
	Source  string
	Note    string // below the table
	Columns []Column
	Rows    []Row
	// Total adds a last row in which columns with Total set are summed. In the
	// spreadsheet it is a formula.
	Total bool
}

// Column describes the cells below a heading.
type Column struct {
	ID    string // unique in the table; the codebook and the data files use it
	Title string
	Unit  string
	// Group is a heading above neighbouring columns that share it.
	Group    string
	Kind     Kind
	Decimals int // of numbers
	// Short leaves the decimals out where a number is whole, in a column that holds counts beside sums of fractions.
	Short bool
	// Total is how the last row is made.
	Total Total
	// Ratio names the numerator and denominator columns where the cells are
	// their quotient times Factor (100 for %): the spreadsheet then holds the
	// formula, and the total is the quotient of the totals, never a mean of
	// ratios. Empty where the column is no such quotient.
	Ratio Ratio
	// SumOf names the columns of which each cell is the sum; the spreadsheet
	// then holds the formula. Empty where the column is no such sum.
	SumOf   []string
	Meaning string // for the codebook; may be empty
}

// Ratio is a quotient of two columns, named by their ID.
type Ratio struct {
	Numerator, Denominator string
	Factor                 float64 // 1 or 100; 0 means 1
}

// Kind is the type of a column's cells.
type Kind int

const (
	KindText   Kind = iota // words, names
	KindNumber             // numbers with the column's decimals
	KindDate               // YYYY-MM-DD
	KindMonth              // YYYY-MM
	KindGrade              // 优 良 中 差, ordered by Cell.Order
)

// Total is how a column behaves in the total row.
type Total int

const (
	TotalNone Total = iota // empty
	TotalSum               // the sum of the measured cells
)

// Row is one row of cells, one per column.
type Row struct {
	// ID makes the row a target of links, or is empty.
	ID     string
	Cells  []Cell
	Strong bool // a subtotal or the reader's own department
	Level  int  // indent of the first cell: 0, 1, 2
}

// Cell is one typed cell. The constructors below are the usual way to make one.
type Cell struct {
	// Blank is a cell in which nothing stands and nothing is missing.
	Blank bool
	// Text is the cell of a text, date, month or grade column.
	Text string
	// Value is the cell of a number column. In other columns a state other than
	// Measured, together with an empty Text, prints the state's word.
	Value Value
	// Order sorts grades and texts that have an order of their own; equal
	// orders sort by text, then by the row's place, so that sorting is stable.
	Order int
	// Good is +1 or -1 where the cell is remarkable; it is shown by a sign and
	// by colour, never by colour alone.
	Good    int
	Link    string // section ID
	Explain string // Explanation or Definition ID
}

// Text makes a cell of words.
func Text(s string) Cell { return Cell{Text: s, Value: Value{State: Measured}} }

// Linked makes a cell of words that leads to a section.
func Linked(s, section string) Cell {
	return Cell{Text: s, Value: Value{State: Measured}, Link: section}
}

// Number makes a cell of a measured number.
func Number(v float64) Cell { return Cell{Value: Num(v)} }

// Of makes a cell of a value that may be absent.
func Of(v Value) Cell { return Cell{Value: v} }

// Explained is a number cell that leads to its explanation.
func Explained(v Value, explanation string) Cell { return Cell{Value: v, Explain: explanation} }

// Grade makes a cell of a grade; order 0 is the best.
func Grade(name string, order int) Cell {
	return Cell{Text: name, Order: order, Value: Value{State: Measured}}
}

// Empty is a cell in which nothing stands and nothing is missing, such as the
// "change" of the first month.
func Empty() Cell { return Cell{Blank: true} }
