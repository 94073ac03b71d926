// Package xlsx renders a document as a workbook for checking: every table and
// the data behind every figure on a sheet of its own, with typed cells, frozen
// heads, formulas where a reader would check a sum or a rate, a codebook of all
// columns and the figures' explanations. Texts stay texts: nothing of a document
// becomes a formula. The same document gives the same bytes. Charts are not
// drawn here; the other forms of the report have them.
package xlsx

import (
	"fmt"
	"io"
	"time"

	"github.com/xuri/excelize/v2"

	"weir/internal/fonts"
	"weir/reports/document"
)

// Render writes the document. A document that contradicts itself is an error;
// nothing is written then.
func Render(w io.Writer, d *document.Document) error {
	if err := d.Validate(); err != nil {
		return fmt.Errorf("document %s: %w", d.ID, err)
	}
	set, err := fonts.Default()
	if err != nil {
		return err
	}
	b := &book{d: d, file: excelize.NewFile(), set: set, styles: map[style]int{}}
	defer b.file.Close()
	if err := b.fill(); err != nil {
		return fmt.Errorf("document %s: %w", d.ID, err)
	}
	return pack(w, b.file)
}

// book is the workbook under way.
type book struct {
	d      *document.Document
	file   *excelize.File
	set    *fonts.Set
	styles map[style]int
	sheets []sheetEntry
	codes  []codeEntry
}

// sheetEntry is a line of the cover's list of sheets.
type sheetEntry struct{ name, title string }

func (b *book) fill() error {
	l := b.d.Lang
	cover := l.Pick("说明", "About")
	if err := b.file.SetSheetName("Sheet1", cover); err != nil {
		return err
	}
	numbers := b.d.Numbers()
	var failed error
	b.d.Blocks(func(_ *document.Section, block document.Block) {
		if failed != nil {
			return
		}
		switch x := block.(type) {
		case *document.Table:
			failed = b.table(fmt.Sprintf(l.Pick("表%d", "Table %d"), numbers.Tables[x.ID]), *x)
		case *document.RuledForm:
			failed = b.form(fmt.Sprintf(l.Pick("自评表%d", "Form %d"), numbers.Forms[x.ID]), x)
		case *document.Figure:
			if len(x.Table.Columns) > 0 && len(x.Table.Rows) > 0 {
				failed = b.table(fmt.Sprintf(l.Pick("图%d", "Figure %d"), numbers.Figures[x.ID]), x.Table)
			}
		}
	})
	if failed != nil {
		return failed
	}
	for _, add := range []func() error{b.explanations, b.definitions, b.codebook} {
		if err := add(); err != nil {
			return err
		}
	}
	if err := b.cover(cover); err != nil {
		return err
	}
	return b.properties()
}

// properties are the file's own: nothing of the machine or the clock.
func (b *book) properties() error {
	date := b.d.Date
	if date.IsZero() {
		date = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	stamp := date.UTC().Format(time.RFC3339)
	return b.file.SetDocProps(&excelize.DocProperties{
		Title: b.text(b.d.Title + " " + b.d.Period), Creator: b.text(b.d.Organisation), LastModifiedBy: b.text(b.d.Organisation),
		Identifier: b.d.Stamp, Created: stamp, Modified: stamp, Language: b.d.Lang.Tag(),
	})
}

const longestCell = 32767 // characters, a limit of the format

// text is a text as a cell can hold it.
func (b *book) text(s string) string {
	s = b.set.Visible(s)
	if r := []rune(s); len(r) > longestCell {
		return string(r[:longestCell-1]) + "…"
	}
	return s
}
