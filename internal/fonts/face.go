package fonts

import (
	"fmt"
	"sync"

	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// face reads advances from one font file.
type face struct {
	font   *sfnt.Font
	unit   fixed.Int26_6
	buffer sfnt.Buffer
}

func newFace(data []byte) (*face, error) {
	f, err := sfnt.Parse(data)
	if err != nil {
		return nil, err
	}
	return &face{font: f, unit: fixed.I(int(f.UnitsPerEm()))}, nil
}

// advance is the width of the rune in em; ok is false where it has no glyph.
func (f *face) advance(r rune) (em float64, ok bool) {
	glyph, err := f.font.GlyphIndex(&f.buffer, r)
	if err != nil || glyph == 0 {
		return 0, false
	}
	width, err := f.font.GlyphAdvance(&f.buffer, glyph, f.unit, font.HintingNone)
	if err != nil {
		return 0, false
	}
	return float64(width) / float64(f.unit), true
}

// Set measures texts in the embedded fonts. It may be used from several
// goroutines.
type Set struct {
	mu    sync.Mutex
	faces []styledFace
	known map[styledRune]measured
}

type styledFace struct {
	*face
	bold bool
}

type styledRune struct {
	r    rune
	bold bool
}

type measured struct {
	em      float64
	covered bool
}

// Default is the set of all embedded fonts.
var Default = sync.OnceValues(func() (*Set, error) {
	files, err := Files()
	if err != nil {
		return nil, err
	}
	set := &Set{known: map[styledRune]measured{}}
	for _, file := range files {
		f, err := newFace(file.Data)
		if err != nil {
			return nil, fmt.Errorf("font %s: %w", file.Name, err)
		}
		set.faces = append(set.faces, styledFace{f, file.Bold})
	}
	return set, nil
})

// Width is the advance of the text in pixels at the size. Kerning and the joined
// forms of Arabic letters are left out: both make text narrower, so a label that
// fits by this measure fits in print. A character without a glyph counts 1 em,
// control characters and marks of zero width count 0.
func (s *Set) Width(text string, size float64, bold bool) float64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	em := 0.0
	for _, r := range text {
		em += s.look(r, bold).em
	}
	return em * size
}

// look finds the advance in the weight asked for, else in the other weight, as
// typesetting does.
func (s *Set) look(r rune, bold bool) measured {
	key := styledRune{r, bold}
	if m, ok := s.known[key]; ok {
		return m
	}
	m := measured{em: 1}
	if zeroWidth(r) {
		m = measured{covered: true}
	} else {
		for _, wanted := range []bool{bold, !bold} {
			if em, ok := s.find(r, wanted); ok {
				m = measured{em: em, covered: true}
				break
			}
		}
	}
	s.known[key] = m
	return m
}

func (s *Set) find(r rune, bold bool) (float64, bool) {
	for _, f := range s.faces {
		if f.bold == bold {
			if em, ok := f.advance(r); ok {
				return em, true
			}
		}
	}
	return 0, false
}

// zeroWidth reports the marks that take no room and need no glyph.
func zeroWidth(r rune) bool {
	switch {
	case r == '\n' || r == '\r' || r == '\t':
		return true
	case r == 0x00AD || r == 0xFEFF:
		return true
	case r >= 0x200B && r <= 0x200F:
		return true
	case r >= 0xFE00 && r <= 0xFE0F:
		return true
	}
	return false
}
