package fonts

import (
	"bytes"
	"encoding/binary"
	"sort"
)

// write lays out the font with only the given glyphs, renumbered.
func (t tables) write(glyphs []uint16, mapping map[rune]uint16) ([]byte, error) {
	renumbered := make(map[uint16]uint16, len(glyphs))
	for i, glyph := range glyphs {
		renumbered[glyph] = uint16(i)
	}
	var glyf, loca, hmtx bytes.Buffer
	for _, glyph := range glyphs {
		binary.Write(&loca, binary.BigEndian, uint32(glyf.Len()))
		outline, err := t.outline(glyph)
		if err != nil {
			return nil, err
		}
		outline = bytes.Clone(outline)
		if err := eachPart(outline, func(at int) {
			binary.BigEndian.PutUint16(outline[at:], renumbered[binary.BigEndian.Uint16(outline[at:])])
		}); err != nil {
			return nil, err
		}
		glyf.Write(outline)
		glyf.Write(make([]byte, (4-glyf.Len()%4)%4))
		hmtx.Write(t.metric(glyph))
	}
	binary.Write(&loca, binary.BigEndian, uint32(glyf.Len()))

	out := tables{
		"OS/2": t["OS/2"], "name": t["name"], "glyf": glyf.Bytes(), "loca": loca.Bytes(), "hmtx": hmtx.Bytes(),
		"head": bytes.Clone(t["head"]), "hhea": bytes.Clone(t["hhea"]), "maxp": bytes.Clone(t["maxp"]),
		"post": append([]byte{0, 3, 0, 0}, make([]byte, 28)...), // version 3: no glyph names
		"cmap": characterMap(mapping, renumbered),
	}
	binary.BigEndian.PutUint32(out["head"][8:], 0)  // the sum over the whole is set at the end
	binary.BigEndian.PutUint16(out["head"][50:], 1) // long offsets in loca
	binary.BigEndian.PutUint16(out["hhea"][34:], uint16(len(glyphs)))
	binary.BigEndian.PutUint16(out["maxp"][4:], uint16(len(glyphs)))
	return out.assemble(), nil
}

// metric is the advance and left bearing of a glyph. Glyphs past the last full
// entry of hmtx share its advance.
func (t tables) metric(glyph uint16) []byte {
	hmtx, full := t["hmtx"], int(binary.BigEndian.Uint16(t["hhea"][34:]))
	if int(glyph) < full && len(hmtx) >= 4*int(glyph)+4 {
		return hmtx[4*int(glyph) : 4*int(glyph)+4]
	}
	out := make([]byte, 4)
	if last := 4 * (full - 1); last >= 0 && len(hmtx) >= last+4 {
		copy(out, hmtx[last:last+2])
	}
	if at := 4*full + 2*(int(glyph)-full); at >= 0 && len(hmtx) >= at+2 {
		copy(out[2:], hmtx[at:at+2])
	}
	return out
}

// characterMap writes a cmap with one subtable of format 12, which all current
// browsers and layout engines read.
func characterMap(mapping map[rune]uint16, renumbered map[uint16]uint16) []byte {
	runes := make([]rune, 0, len(mapping))
	for r := range mapping {
		runes = append(runes, r)
	}
	sort.Slice(runes, func(i, j int) bool { return runes[i] < runes[j] })
	type group struct{ first, last, glyph uint32 }
	var groups []group
	for _, r := range runes {
		glyph := uint32(renumbered[mapping[r]])
		if n := len(groups); n > 0 && groups[n-1].last+1 == uint32(r) &&
			groups[n-1].glyph+uint32(r)-groups[n-1].first == glyph {
			groups[n-1].last++
			continue
		}
		groups = append(groups, group{uint32(r), uint32(r), glyph})
	}
	var b bytes.Buffer
	write := func(v ...any) {
		for _, x := range v {
			binary.Write(&b, binary.BigEndian, x)
		}
	}
	write(uint16(0), uint16(1), uint16(3), uint16(10), uint32(12)) // Windows, full Unicode
	write(uint16(12), uint16(0), uint32(16+12*len(groups)), uint32(0), uint32(len(groups)))
	for _, g := range groups {
		write(g.first, g.last, g.glyph)
	}
	return b.Bytes()
}

// assemble writes directory and tables with their sums.
func (t tables) assemble() []byte {
	names := make([]string, 0, len(t))
	for name := range t {
		names = append(names, name)
	}
	sort.Strings(names)
	n := len(names)
	power, exponent := 1, 0
	for power*2 <= n {
		power, exponent = power*2, exponent+1
	}
	var head, body bytes.Buffer
	binary.Write(&head, binary.BigEndian, []uint16{0, 1, 0, 0, 0, 0})
	directory := head.Bytes()
	copy(directory, []byte{0, 1, 0, 0})
	binary.BigEndian.PutUint16(directory[4:], uint16(n))
	binary.BigEndian.PutUint16(directory[6:], uint16(power*16))
	binary.BigEndian.PutUint16(directory[8:], uint16(exponent))
	binary.BigEndian.PutUint16(directory[10:], uint16(n*16-power*16))
	headAt := 0
	for _, name := range names {
		offset := 12 + 16*n + body.Len()
		if name == "head" {
			headAt = offset
		}
		head.WriteString(name)
		binary.Write(&head, binary.BigEndian, []uint32{sum32(t[name]), uint32(offset), uint32(len(t[name]))})
		body.Write(t[name])
		body.Write(make([]byte, (4-body.Len()%4)%4))
	}
	whole := append(head.Bytes(), body.Bytes()...)
	binary.BigEndian.PutUint32(whole[headAt+8:], 0xB1B0AFBA-sum32(whole))
	return whole
}

// sum32 is the checksum of the OpenType specification: the sum of the bytes as
// 32-bit words, padded with zeros.
func sum32(b []byte) uint32 {
	var sum uint32
	for i := 0; i < len(b); i += 4 {
		var word [4]byte
		copy(word[:], b[i:])
		sum += binary.BigEndian.Uint32(word[:])
	}
	return sum
}
