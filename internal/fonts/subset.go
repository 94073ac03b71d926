package fonts

import (
	"encoding/binary"
	"errors"
	"fmt"
	"sort"
)

// Subset cuts a TrueType font down to the characters, for embedding in one file.
// Layout tables (kerning, joining) are left out, therefore it suits Chinese and
// Latin text; characters that the font lacks are passed over. The same input
// gives the same bytes.
func Subset(data []byte, runes []rune) ([]byte, error) {
	source, err := readTables(data)
	if err != nil {
		return nil, err
	}
	mapping, err := glyphsOf(data, runes)
	if err != nil {
		return nil, err
	}
	glyphs, err := source.collect(mapping)
	if err != nil {
		return nil, err
	}
	return source.write(glyphs, mapping)
}

// glyphsOf maps the characters that the font knows to its glyphs.
func glyphsOf(data []byte, runes []rune) (map[rune]uint16, error) {
	f, err := newFace(data)
	if err != nil {
		return nil, err
	}
	mapping := map[rune]uint16{}
	for _, r := range runes {
		glyph, err := f.font.GlyphIndex(&f.buffer, r)
		if err != nil {
			return nil, err
		}
		if glyph != 0 {
			mapping[r] = uint16(glyph)
		}
	}
	return mapping, nil
}

type tables map[string][]byte

func readTables(data []byte) (tables, error) {
	if len(data) < 12 {
		return nil, errors.New("not a TrueType font: shorter than its header")
	}
	n := int(binary.BigEndian.Uint16(data[4:]))
	if len(data) < 12+16*n {
		return nil, errors.New("not a TrueType font: table directory is cut")
	}
	t := tables{}
	for i := range n {
		entry := data[12+16*i:]
		offset := uint64(binary.BigEndian.Uint32(entry[8:]))
		length := uint64(binary.BigEndian.Uint32(entry[12:]))
		if offset+length > uint64(len(data)) {
			return nil, fmt.Errorf("table %q runs past the end of the font", entry[:4])
		}
		t[string(entry[:4])] = data[offset : offset+length]
	}
	for _, name := range []string{"head", "hhea", "maxp", "hmtx", "loca", "glyf", "name", "post", "OS/2"} {
		if len(t[name]) == 0 {
			return nil, fmt.Errorf("table %q is missing: only TrueType outlines can be cut", name)
		}
	}
	if len(t["head"]) < 54 || len(t["hhea"]) < 36 || len(t["maxp"]) < 6 {
		return nil, errors.New("not a TrueType font: a fixed table is cut")
	}
	return t, nil
}

// outline returns the bytes of a glyph in glyf.
func (t tables) outline(glyph uint16) ([]byte, error) {
	loca, glyf := t["loca"], t["glyf"]
	var from, to uint32
	if binary.BigEndian.Uint16(t["head"][50:]) == 0 {
		if len(loca) < 2*int(glyph)+4 {
			return nil, fmt.Errorf("glyph %d lies past the end of loca", glyph)
		}
		from = 2 * uint32(binary.BigEndian.Uint16(loca[2*int(glyph):]))
		to = 2 * uint32(binary.BigEndian.Uint16(loca[2*int(glyph)+2:]))
	} else {
		if len(loca) < 4*int(glyph)+8 {
			return nil, fmt.Errorf("glyph %d lies past the end of loca", glyph)
		}
		from = binary.BigEndian.Uint32(loca[4*int(glyph):])
		to = binary.BigEndian.Uint32(loca[4*int(glyph)+4:])
	}
	if from > to || int(to) > len(glyf) {
		return nil, fmt.Errorf("glyph %d lies past the end of glyf", glyph)
	}
	return glyf[from:to], nil
}

// collect lists the glyphs to keep, the empty box first, parts of composite
// glyphs included, in the order of the source font.
func (t tables) collect(mapping map[rune]uint16) ([]uint16, error) {
	keep := map[uint16]bool{0: true}
	queue := []uint16{0}
	for _, glyph := range mapping {
		queue = append(queue, glyph)
	}
	for len(queue) > 0 {
		glyph := queue[0]
		queue = queue[1:]
		keep[glyph] = true
		outline, err := t.outline(glyph)
		if err != nil {
			return nil, err
		}
		err = eachPart(outline, func(at int) {
			if part := binary.BigEndian.Uint16(outline[at:]); !keep[part] {
				queue = append(queue, part)
			}
		})
		if err != nil {
			return nil, fmt.Errorf("glyph %d: %w", glyph, err)
		}
	}
	glyphs := make([]uint16, 0, len(keep))
	for glyph := range keep {
		glyphs = append(glyphs, glyph)
	}
	sort.Slice(glyphs, func(i, j int) bool { return glyphs[i] < glyphs[j] })
	return glyphs, nil
}

// Flags of a composite glyph's parts, OpenType specification, table glyf.
const (
	argumentsAreWords = 0x0001
	haveScale         = 0x0008
	moreParts         = 0x0020
	haveXAndYScale    = 0x0040
	haveTwoByTwo      = 0x0080
)

// eachPart calls f with the place of each part's glyph number in the outline of
// a composite glyph, and not at all for a simple one.
func eachPart(outline []byte, f func(at int)) error {
	if len(outline) < 10 || int16(binary.BigEndian.Uint16(outline)) >= 0 {
		return nil
	}
	for at := 10; ; {
		if at+4 > len(outline) {
			return errors.New("composite outline is cut")
		}
		flags := binary.BigEndian.Uint16(outline[at:])
		f(at + 2)
		at += 6
		if flags&argumentsAreWords != 0 {
			at += 2
		}
		switch {
		case flags&haveScale != 0:
			at += 2
		case flags&haveXAndYScale != 0:
			at += 4
		case flags&haveTwoByTwo != 0:
			at += 8
		}
		if flags&moreParts == 0 {
			return nil
		}
	}
}

// Within and Without divide the characters into those that a font has and those
// that it lacks, in their order.
func Within(data []byte, runes []rune) ([]rune, error) { return divide(data, runes, true) }

// Without is the counterpart of Within.
func Without(data []byte, runes []rune) ([]rune, error) { return divide(data, runes, false) }

func divide(data []byte, runes []rune, has bool) ([]rune, error) {
	mapping, err := glyphsOf(data, runes)
	if err != nil {
		return nil, err
	}
	var out []rune
	for _, r := range runes {
		if _, ok := mapping[r]; ok == has {
			out = append(out, r)
		}
	}
	return out, nil
}
