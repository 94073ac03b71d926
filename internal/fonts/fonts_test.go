package fonts

import (
	"bytes"
	"math"
	"testing"

	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

func defaultSet(t *testing.T) *Set {
	t.Helper()
	set, err := Default()
	if err != nil {
		t.Fatal(err)
	}
	return set
}

// Advances as fontTools 4.68 prints them from the published files, in 1/1000 em.
func TestWidthFollowsTheFontsAdvances(t *testing.T) {
	set := defaultSet(t)
	for _, c := range []struct {
		text string
		bold bool
		want float64
	}{
		{"中", false, 1000}, {"0", false, 555}, {"0", true, 590}, {"%", false, 921},
		{"a", true, 591}, {"1,234", false, 4*555 + 278}, {"", false, 0},
		{"中\u200b", false, 1000}, {"龘", true, 1000}, // Bold lacks 龘: Regular steps in
	} {
		if got := set.Width(c.text, 1000, c.bold); math.Abs(got-c.want) > 0.5 {
			t.Errorf("%q (bold %v): %v, want %v", c.text, c.bold, got, c.want)
		}
	}
}

func TestCoverage(t *testing.T) {
	set := defaultSet(t)
	if m := set.Missing("龘犇㛃𬱖民政局 ▲▼●％−—“”《》①㎡℃ ئۇيغۇر שלום"); len(m) != 0 {
		t.Errorf("no glyph for %q", m)
	}
	if m := set.Missing("a😀b😀中ཨ"); string(m) != "😀ཨ" {
		t.Errorf("missing: %q", m)
	}
}

func TestPrintableShowsWhatCannotBeSeen(t *testing.T) {
	set := defaultSet(t)
	for in, want := range map[string]string{
		"民政局":        "民政局",
		"a\x00b":     "a[U+0000]b",
		"局\u202ecod": "局[U+202E]cod",
		"😀":          "[U+1F600]",
		"t₁₂ ∈ R⁺₊":  "t_12 ∈ R^+_+",
		"两\n行":       "两\n行",
	} {
		if got := set.Printable(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

func TestSubsetKeepsOutlinesAndAdvances(t *testing.T) {
	files, err := Files()
	if err != nil {
		t.Fatal(err)
	}
	whole := files[0].Data
	text := []rune("民政局龘𬱖éÅ1,234%")
	small, err := Subset(whole, append(text, '😀'))
	if err != nil {
		t.Fatal(err)
	}
	if len(small) > 20_000 {
		t.Errorf("subset of %d characters has %d bytes", len(text), len(small))
	}
	again, err := Subset(whole, append(text, '😀'))
	if err != nil || !bytes.Equal(small, again) {
		t.Error("the same subset gave other bytes")
	}
	before, after := parse(t, whole), parse(t, small)
	var a, b sfnt.Buffer
	for _, r := range text {
		g, _ := before.GlyphIndex(&a, r)
		h, err := after.GlyphIndex(&b, r)
		if err != nil || h == 0 {
			t.Errorf("%q is lost: %v", r, err)
			continue
		}
		was, err1 := before.LoadGlyph(&a, g, fixed.I(1000), nil)
		is, err2 := after.LoadGlyph(&b, h, fixed.I(1000), nil)
		if err1 != nil || err2 != nil || len(was) == 0 || len(was) != len(is) {
			t.Fatalf("%q: %d segments before, %d after (%v, %v)", r, len(was), len(is), err1, err2)
		}
		for i := range was {
			if was[i] != is[i] {
				t.Fatalf("%q: segment %d differs", r, i)
			}
		}
		w, _ := before.GlyphAdvance(&a, g, fixed.I(1000), font.HintingNone)
		v, _ := after.GlyphAdvance(&b, h, fixed.I(1000), font.HintingNone)
		if w != v {
			t.Errorf("%q: advance %v became %v", r, w, v)
		}
	}
}

func parse(t *testing.T, data []byte) *sfnt.Font {
	t.Helper()
	f, err := sfnt.Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func FuzzSubsetRefusesBrokenFonts(f *testing.F) {
	files, err := Files()
	if err != nil {
		f.Fatal(err)
	}
	small, err := Subset(files[0].Data, []rune("民é"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(small)
	f.Add(small[:len(small)/2])
	f.Add([]byte("OTTO"))
	f.Fuzz(func(t *testing.T, data []byte) {
		out, err := Subset(data, []rune("民é"))
		if err == nil && len(out) == 0 {
			t.Error("neither a font nor an error")
		}
	})
}
