package document

import (
	"fmt"
	"strconv"
	"strings"

	"weir/internal/lang"
)

// Numbering is the numbers of sections, figures and tables in reading order, the
// same in every format. Tables behind figures carry the figure's number. Forms
// are counted for the names of their sheets only.
type Numbering struct {
	Sections map[string]string // by section ID: 一、 （二） 3. or 1 1.2 1.2.3
	Figures  map[string]int
	Tables   map[string]int
	Forms    map[string]int
}

// Numbers numbers the document.
func (d *Document) Numbers() Numbering {
	n := Numbering{Sections: map[string]string{}, Figures: map[string]int{}, Tables: map[string]int{}, Forms: map[string]int{}}
	var walk func(sections []Section, above []int)
	walk = func(sections []Section, above []int) {
		numbered := 0
		for _, s := range sections {
			place := above[:len(above):len(above)]
			if s.Unnumbered {
				place = append(place, 0)
			} else {
				numbered++
				place = append(place, numbered)
				n.Sections[s.ID] = SectionNumber(d.Lang, place)
			}
			for _, b := range s.Blocks {
				switch b := b.(type) {
				case *Figure:
					n.Figures[b.ID] = len(n.Figures) + 1
				case *Table:
					n.Tables[b.ID] = len(n.Tables) + 1
				case *RuledForm:
					n.Forms[b.ID] = len(n.Forms) + 1
				}
			}
			walk(s.Sections, place)
		}
	}
	walk(d.Sections, nil)
	return n
}

// Heading is what stands before a section's title: its number with the space
// that its last character asks for, or nothing.
func (n Numbering) Heading(section string) string {
	number := n.Sections[section]
	if number == "" || strings.HasSuffix(number, "、") || strings.HasSuffix(number, "）") {
		return number
	}
	return number + " "
}

// SectionNumber writes the place of a section: in Chinese 一、 （一） 1. as official
// documents do (GB/T 9704-2012), in English 1, 1.2, 1.2.3.
func SectionNumber(l lang.Lang, place []int) string {
	last := place[len(place)-1]
	if l != lang.En {
		switch len(place) {
		case 1:
			return lang.ChineseNumeral(last) + "、"
		case 2:
			return "（" + lang.ChineseNumeral(last) + "）"
		}
		return fmt.Sprintf("%d.", last)
	}
	var words []string
	for _, p := range place {
		if p > 0 { // a section without a number lends none
			words = append(words, strconv.Itoa(p))
		}
	}
	return strings.Join(words, ".")
}
