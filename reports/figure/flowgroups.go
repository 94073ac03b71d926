package figure

import "slices"

// groups tell the units of a chart of flows apart by the groups to which they belong: by colour, and by a mark behind the
// name, so that a copy in grey still does.
type groups struct {
	names []string       // in the order of their first unit
	of    map[string]int // by unit
}

func (f Flows) groups() groups {
	g := groups{of: map[string]int{}}
	for _, u := range f.Units {
		if u.Group == "" {
			continue
		}
		i := slices.Index(g.names, u.Group)
		if i < 0 {
			i = len(g.names)
			g.names = append(g.names, u.Group)
		}
		g.of[u.ID] = i
	}
	return g
}

func groupColor(i int) string { return seriesColors[min(i, len(seriesColors)-1)] }

// GroupMark is the mark of a group by its place, which is the order of the first units: a circled number from 0 on, "" beyond
// twenty. What stands beside a chart tells groups by it.
func GroupMark(i int) string {
	if i >= 20 {
		return ""
	}
	return string(rune('①' + i))
}

// color is that of a unit.
func (g groups) color(key string) string {
	i, ok := g.of[key]
	switch {
	case ok:
		return groupColor(i)
	case key == other || len(g.names) > 0:
		return faint
	}
	return accent
}

// mark stands behind the name of a unit, "" for none.
func (g groups) mark(key string) string {
	i, ok := g.of[key]
	if !ok || GroupMark(i) == "" {
		return ""
	}
	return " " + GroupMark(i)
}

// flowStyle keeps the joined rest, and what flows between groups, in the background.
func (g groups) flowStyle(from, to string) m {
	if from == other || to == other {
		return m{"color": faint, "opacity": 0.22}
	}
	if len(g.names) == 0 {
		return m{"color": accentMid, "opacity": 0.42}
	}
	a, grouped := g.of[from]
	if b, ok := g.of[to]; grouped && ok && a == b {
		return m{"color": groupColor(a), "opacity": 0.42}
	}
	return m{"color": faint, "opacity": 0.32}
}

const legendLine = 20

// legend explains colours and marks in lines at the foot of a chart of a width. height is what it takes.
func (g groups) legend(ts typesetter, width int) (elements []any, height int) {
	x, line := 14.0, 0
	type place struct {
		x    float64
		line int
	}
	var places []place
	var texts []string
	for i, name := range g.names {
		text := name
		if mark := GroupMark(i); mark != "" {
			text = mark + " " + name
		}
		w := 16 + ts.fonts.Width(text, labelSize, false)
		if x > 14 && x+w > float64(width)-14 {
			x, line = 14, line+1
		}
		places, texts = append(places, place{x, line}), append(texts, text)
		x += w + 28
	}
	if len(places) == 0 {
		return nil, 0
	}
	for i, p := range places {
		bottom := 4 + legendLine*(line-p.line)
		elements = append(elements,
			m{"type": "rect", "silent": true, "left": p.x, "bottom": bottom + 2, "shape": m{"width": 10, "height": 10}, "style": m{"fill": groupColor(i)}},
			m{"type": "text", "silent": true, "left": p.x + 16, "bottom": bottom, "style": m{"text": texts[i], "fontSize": labelSize, "fill": ink}})
	}
	return elements, 8 + legendLine*(line+1)
}
