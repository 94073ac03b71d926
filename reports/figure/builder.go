package figure

import (
	"weir/internal/lang"
	"weir/reports/document"
)

// Builder is a data struct of this package. Figures gives one figure, or several
// where the rows or columns do not fit on one printed page; each then states
// which part it shows and has its part of the table. Errors name the figure and
// what is wrong with the data.
type Builder interface {
	Figures(l lang.Lang) ([]*document.Figure, error)
}

// Add builds the figures and appends them to the section.
func Add(section *document.Section, l lang.Lang, builders ...Builder) error {
	for _, b := range builders {
		figures, err := b.Figures(l)
		if err != nil {
			return err
		}
		for _, f := range figures {
			section.Blocks = append(section.Blocks, f)
		}
	}
	return nil
}
