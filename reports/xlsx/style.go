package xlsx

import (
	"strings"

	"github.com/xuri/excelize/v2"
)

// style is how a cell looks; equal styles share one entry of the workbook.
type style struct {
	format     string // number format, empty for texts
	bold       bool
	size       float64
	color      string
	fill       string
	right      bool
	center     bool
	wrap       bool
	over       bool // a line above
	under      bool // a line below
	link       bool
	indent     int
	monospaced bool
	family     string // empty for the workbook's own
	boxed      bool   // lines around
	middle     bool   // centred upright
}

// textSize is the size of letters in points.
const textSize = 10.0

const (
	ink    = "1F2933"
	muted  = "616E7C"
	accent = "0F4C81"
	worse  = "B4530A"
	tint   = "EEF3F9"
)

// id registers the style.
func (b *book) id(s style) (int, error) {
	key := s
	if id, ok := b.styles[key]; ok {
		return id, nil
	}
	if s.size == 0 {
		s.size = textSize
	}
	color := s.color
	if color == "" {
		color = ink
	}
	family := "Noto Sans SC"
	if s.monospaced {
		family = "Consolas"
	}
	if s.family != "" {
		family = s.family
	}
	x := &excelize.Style{
		Font:      &excelize.Font{Family: family, Size: s.size, Bold: s.bold, Color: color},
		Alignment: &excelize.Alignment{Vertical: "top", WrapText: s.wrap, Indent: s.indent},
	}
	if s.link {
		x.Font.Underline = "single"
	}
	if s.indent > 0 {
		x.Alignment.Horizontal = "left" // without a side some programs do not indent
	}
	if s.right {
		x.Alignment.Horizontal = "right"
	}
	if s.center {
		x.Alignment.Horizontal = "center"
	}
	if s.fill != "" {
		x.Fill = excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{s.fill}}
	}
	if s.over {
		x.Border = append(x.Border, excelize.Border{Type: "top", Color: ink, Style: 1})
	}
	if s.under {
		x.Border = append(x.Border, excelize.Border{Type: "bottom", Color: ink, Style: 1})
	}
	if s.middle {
		x.Alignment.Vertical = "center"
	}
	if s.boxed {
		for _, side := range []string{"left", "top", "right", "bottom"} {
			x.Border = append(x.Border, excelize.Border{Type: side, Color: ink, Style: 1})
		}
	}
	if s.format != "" {
		x.CustomNumFmt = &s.format
	}
	id, err := b.file.NewStyle(x)
	if err != nil {
		return 0, err
	}
	b.styles[key] = id
	return id, nil
}

// numberFormat is the format of a number, with the sign that marks it as
// remarkable: the mark is part of the format, the cell stays a number.
func numberFormat(decimals, good int) string {
	f := "#,##0"
	if decimals > 0 {
		f += "." + strings.Repeat("0", decimals)
	}
	switch {
	case good > 0:
		return `"▲ "` + f + `;"▲ "-` + f
	case good < 0:
		return `"▼ "` + f + `;"▼ "-` + f
	}
	return f
}
