package pdf

// The types below are data.json, what a template reads.
type (
	report struct {
		Lang         string    `json:"lang"`
		Form         string    `json:"form"`
		Title        string    `json:"title"`
		Subtitle     string    `json:"subtitle"`
		Organisation string    `json:"organisation"`
		Period       string    `json:"period"`
		Issue        string    `json:"issue"`
		Stamp        string    `json:"stamp"`
		Date         []int     `json:"date"` // year, month, day; null where none
		Keywords     []string  `json:"keywords"`
		Logo         string    `json:"logo"` // name of a picture, "" for none
		Facts        []fact    `json:"facts"`
		Words        words     `json:"words"`
		Contents     []entry   `json:"contents"`
		Sections     []section `json:"sections"`
		Annexes      []annex   `json:"annexes"`
	}
	fact struct {
		Label  string  `json:"label"`
		Value  string  `json:"value"`
		Anchor string  `json:"anchor"` // target of links, or empty
		Gap    float64 `json:"gap"`    // em between label and value, in annexes
	}
	words struct {
		Contents string `json:"contents"`
		Unit     string `json:"unit"`
		Source   string `json:"source"`
		Remark   string `json:"remark"`
		Stamp    string `json:"stamp"`
		Stamped  string `json:"stamped"` // what the stamp vouches for
		Page     string `json:"page"`    // with {here} and {last}
		OnPage   string `json:"on_page"` // with {here}
	}
	entry struct {
		Anchor string `json:"anchor"`
		Title  string `json:"title"`
	}
	section struct {
		Anchor   string    `json:"anchor"`
		Number   string    `json:"number"`
		Title    string    `json:"title"`
		Break    bool      `json:"break"`
		Blocks   []any     `json:"blocks"`
		Sections []section `json:"sections"`
	}
	span struct {
		Text   string `json:"text"`
		Strong bool   `json:"strong"`
		To     string `json:"to"`   // anchor, or empty
		Page   bool   `json:"page"` // says on which page that is
	}
	paragraph struct {
		Kind  string `json:"kind"` // paragraph
		Spans []span `json:"spans"`
	}
	list struct {
		Kind    string   `json:"kind"` // list
		Ordered bool     `json:"ordered"`
		Items   [][]span `json:"items"`
	}
	note struct {
		Kind  string   `json:"kind"` // note
		Level int      `json:"level"`
		Word  string   `json:"word"`
		Body  [][]span `json:"body"`
	}
	keyFigures struct {
		Kind  string      `json:"kind"` // key
		Items []keyFigure `json:"items"`
	}
	keyFigure struct {
		Label string    `json:"label"`
		Value string    `json:"value"`
		Unit  string    `json:"unit"`
		None  bool      `json:"none"`
		To    string    `json:"to"`
		Lines []keyLine `json:"lines"`
	}
	keyLine struct {
		Text string `json:"text"`
		Good int    `json:"good"`
	}
	figure struct {
		Kind   string  `json:"kind"` // figure
		Anchor string  `json:"anchor"`
		Number string  `json:"number"`
		Title  string  `json:"title"`
		Unit   string  `json:"unit"`
		Source string  `json:"source"`
		Note   string  `json:"note"`
		Alt    string  `json:"alt"`
		Empty  string  `json:"empty"`
		File   string  `json:"file"`
		Width  float64 `json:"width"` // mm
	}
	pair struct {
		Kind    string   `json:"kind"` // pair
		Figures []figure `json:"figures"`
	}
	tableBlock struct {
		Kind   string      `json:"kind"` // table
		Anchor string      `json:"anchor"`
		Number string      `json:"number"`
		Title  string      `json:"title"`
		Unit   string      `json:"unit"`
		Source string      `json:"source"`
		Note   string      `json:"note"`
		Short  bool        `json:"short"`  // stands on one page
		Narrow bool        `json:"narrow"` // fits into half the width
		Height float64     `json:"height"` // about, in mm
		Parts  []tablePart `json:"parts"`
	}
	formBlock struct {
		Kind     string    `json:"kind"` // form
		Anchor   string    `json:"anchor"`
		Title    string    `json:"title"`
		Subtitle string    `json:"subtitle"`
		Unit     string    `json:"unit"`
		Source   string    `json:"source"`
		Note     string    `json:"note"`
		Points   float64   `json:"points"` // size of the letters
		Pad      float64   `json:"pad"`    // mm between letters and rules
		Short    bool      `json:"short"`  // stands on one page
		Widths   []float64 `json:"widths"` // mm
		Rows     []formRow `json:"rows"`
	}
	formRow struct {
		Head  bool       `json:"head"` // stands again on every page
		Cells []formCell `json:"cells"`
	}
	formCell struct {
		Text    string `json:"text"`
		Columns int    `json:"columns"`
		Rows    int    `json:"rows"`
		Label   bool   `json:"label"`
		Number  bool   `json:"number"`
	}
	// tablePart is the columns of a table that fit on a page side by side.
	tablePart struct {
		Suffix  string        `json:"suffix"` // behind the title, where there are several
		Points  float64       `json:"points"` // size of the letters
		Inset   float64       `json:"inset"`  // mm at each side of a cell
		Widths  []float64     `json:"widths"` // mm
		Columns []tableColumn `json:"columns"`
		Groups  []tableGroup  `json:"groups"`
		Rows    []tableRow    `json:"rows"`
	}
	tableColumn struct {
		Title  string `json:"title"`
		Unit   string `json:"unit"`
		Number bool   `json:"number"`
	}
	tableGroup struct {
		Title string `json:"title"`
		Span  int    `json:"span"`
	}
	tableRow struct {
		Anchor string      `json:"anchor"`
		Strong bool        `json:"strong"`
		Total  bool        `json:"total"`
		Level  int         `json:"level"`
		Keep   int         `json:"keep"`   // rows from here that stand on one page, 0 for none
		Alone  bool        `json:"alone"`  // its first cell takes the whole row, and is its only one
		Height float64     `json:"height"` // em; the texts of the cells are broken into lines
		Cells  []tableCell `json:"cells"`
	}
	tableCell struct {
		Text  string `json:"text"`
		State string `json:"state"` // missing, not_applicable, not_measured, or empty
		Good  int    `json:"good"`
		To    string `json:"to"`
	}
	annex struct {
		Anchor      string       `json:"anchor"`
		Title       string       `json:"title"`
		Intro       string       `json:"intro"`
		Indent      float64      `json:"indent"` // em of the lines of a fact behind its first
		Definitions []definition `json:"definitions"`
		Tables      []tableBlock `json:"tables"`
	}
	definition struct {
		Anchor string   `json:"anchor"`
		Title  string   `json:"title"`
		Facts  []fact   `json:"facts"`
		Notes  []string `json:"notes"`
	}
)
