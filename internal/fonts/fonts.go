// Package fonts holds the typefaces that charts are measured with and that PDF
// and HTML embed: Noto Sans SC in two weights, with Arabic and Hebrew for names
// in those scripts. It answers how wide a text is, which characters have no
// glyph, and cuts a font down to the characters of one document. It never looks
// at the fonts of the machine, so that a report is the same everywhere.
package fonts

import (
	"embed"
	"sync"

	"weir/internal/asset"
)

// Family is the name under which the Chinese typeface is known to a layout.
const Family = "Noto Sans SC"

//go:embed assets/*.zst assets/*.LICENSE assets/SHA256SUMS
var assets embed.FS

// File is one font file in TrueType form.
type File struct {
	Name   string // NotoSansSC-Regular
	Family string // Noto Sans SC
	Bold   bool
	Data   []byte // not to be changed
}

var list = []struct {
	name, family string
	bold         bool
}{
	{"NotoSansSC-Regular", Family, false},
	{"NotoSansSC-Bold", Family, true},
	{"NotoSansArabic-Regular", "Noto Sans Arabic", false},
	{"NotoSansHebrew-Regular", "Noto Sans Hebrew", false},
}

// Files returns all font files, unpacked once in a process (13 MB).
var Files = sync.OnceValues(func() ([]File, error) {
	var files []File
	for _, f := range list {
		data, err := asset.Unpack(assets, "assets", f.name+".ttf")
		if err != nil {
			return nil, err
		}
		files = append(files, File{Name: f.name, Family: f.family, Bold: f.bold, Data: data})
	}
	return files, nil
})
