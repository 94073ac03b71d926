package document

// Blocks calls f for every block in reading order, with its section.
func (d *Document) Blocks(f func(s *Section, b Block)) {
	var walk func(sections []Section)
	walk = func(sections []Section) {
		for i := range sections {
			for _, b := range sections[i].Blocks {
				f(&sections[i], b)
			}
			walk(sections[i].Sections)
		}
	}
	walk(d.Sections)
}

// Figures lists the figures in reading order.
func (d *Document) Figures() []*Figure {
	var out []*Figure
	d.Blocks(func(_ *Section, b Block) {
		if f, ok := b.(*Figure); ok {
			out = append(out, f)
		}
	})
	return out
}
