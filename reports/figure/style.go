package figure

// Colours of figures. One accent carries the values; orange marks what is to the
// worse. The pair and the series colours stay apart for readers with any of the
// common colour deficiencies (after Okabe and Ito 2008) and in grey.
const (
	accent     = "#0f4c81"
	accentMid  = "#5b8db8"
	accentPale = "#a9c4dc"
	accentTint = "#dce8f3"
	worse      = "#c4600a"
	ink        = "#1f2933"
	muted      = "#616e7c"
	faint      = "#9aa5b1"
	gridLine   = "#e4e7eb"
)

// seriesColors, seriesDashes and seriesSymbols tell series apart three times, so
// that a copy in grey still does.
var (
	seriesColors  = []string{accent, "#d98200", "#3a9bd9", "#7a3e9d", "#00805c", "#5f6b7a"}
	seriesDashes  = []any{"solid", []int{6, 3}, []int{2, 2}, []int{8, 3, 2, 3}, []int{10, 4}, []int{1, 3}}
	seriesSymbols = []string{"circle", "rect", "triangle", "diamond", "emptyCircle", "emptyRect"}
)

// heatSteps are the lowest score and the colour of each step of a heat map,
// darker for higher, with the colour of the number on it.
var heatSteps = []struct {
	from        float64
	fill, paper string
}{
	{0, "#eef3f9", ink}, {40, "#cfdeed", ink}, {60, "#9dbedc", ink}, {75, "#5b8db8", "#ffffff"}, {90, accent, "#ffffff"},
}

// Sizes in CSS pixels. A figure of full width is set 174 mm wide on paper, so a
// pixel is 0.24 mm and 12 px are 8 pt.
const (
	fullWidth = 720
	halfWidth = 352
	// pageHeight is the tallest figure that fits on a page with its title and
	// notes.
	pageHeight = 880
	labelSize  = 12.0
	lineHeight = 15
	closeLine  = 12 // line of a name that takes several, of 11 px
)
