package reader

import (
	"bytes"
	"fmt"

	"weir/internal/lang"
)

// span is a field of a quoted record: a piece of the window, relative to its start, or of the scratch.
type span struct {
	from, to int
	scratch  bool
}

// quoted reads a record that holds quotes, over as many lines as its quoted fields take. Text behind a closing
// quote is errQuote when the field was opened on the same line: that line is the record then. Where it was opened on
// an earlier line, or never closes, no one can say which rows were swallowed, and the file is refused.
func (d *Delimited) quoted() error {
	t := &d.text
	d.scratch = d.scratch[:0]
	var spans [64]span
	fields := spans[:0]
	at, lines := 0, int64(1)
	for {
		field, next, crossed, err := d.quotedField(at, lines)
		if err != nil {
			return err
		}
		lines += crossed
		fields = append(fields, field)
		at = next
		if c, ok, err := d.byteAt(at); err != nil {
			return err
		} else if ok && c == d.options.Delimiter {
			at++
			continue
		}
		break
	}
	raw := t.buf[t.start : t.start+at]
	d.fields = d.fields[:0]
	for _, f := range fields {
		if f.scratch {
			d.fields = append(d.fields, d.scratch[f.from:f.to])
		} else {
			d.fields = append(d.fields, raw[f.from:f.to])
		}
	}
	d.raw, d.lines = raw, lines
	d.open = t.start+at == t.end
	// Step over the line end.
	if t.start+at < t.end && t.buf[t.start+at] == '\r' {
		at++
	}
	t.start += at
	if t.start < t.end {
		t.start++
	}
	return nil
}

// quotedField reads the field at the offset and gives the offset behind it and the line ends inside it.
func (d *Delimited) quotedField(at int, lines int64) (f span, next int, crossed int64, err error) {
	c, ok, err := d.byteAt(at)
	if err != nil {
		return f, 0, 0, err
	}
	if !ok || c != '"' {
		end, err := d.plainField(at)
		return span{from: at, to: end}, end, 0, err
	}
	at++
	from := len(d.scratch)
	for {
		i, err := d.findQuote(at, lines)
		if err != nil {
			return f, 0, 0, err
		}
		t := &d.text
		piece := t.buf[t.start+at : t.start+i]
		crossed += int64(bytes.Count(piece, []byte{'\n'}))
		d.scratch = append(d.scratch, piece...)
		at = i + 1
		c, ok, err := d.byteAt(at)
		if err != nil {
			return f, 0, 0, err
		}
		if ok && c == '"' {
			d.scratch = append(d.scratch, '"')
			at++
			continue
		}
		if ok && c == '\r' {
			if n, more, err := d.byteAt(at + 1); err != nil || more && n != '\n' {
				return f, 0, 0, d.strayText(lines, crossed, err)
			}
		} else if ok && c != d.options.Delimiter && c != '\n' {
			return f, 0, 0, d.strayText(lines, crossed, nil)
		}
		return span{from: from, to: len(d.scratch), scratch: true}, at, crossed, nil
	}
}

// plainField finds the end of a field that does not begin with a quote: a delimiter or the line's end.
func (d *Delimited) plainField(at int) (int, error) {
	for {
		t := &d.text
		for i := t.start + at; i < t.end; i++ {
			switch t.buf[i] {
			case d.options.Delimiter, '\n':
				end := i - t.start
				if t.buf[i] == '\n' && i > t.start && t.buf[i-1] == '\r' && end > at {
					end--
				}
				return end, nil
			}
		}
		at = t.end - t.start
		more, err := d.fill()
		if err != nil {
			return 0, err
		}
		if !more {
			return at, nil
		}
	}
}

func (d *Delimited) byteAt(at int) (byte, bool, error) {
	for d.text.start+at >= d.text.end {
		more, err := d.fill()
		if err != nil || !more {
			return 0, false, err
		}
	}
	return d.text.buf[d.text.start+at], true, nil
}

// findQuote finds the next quote at or behind the offset.
func (d *Delimited) findQuote(at int, lines int64) (int, error) {
	from := at
	for {
		t := &d.text
		if i := bytes.IndexByte(t.buf[t.start+at:t.end], '"'); i >= 0 {
			return at + i, nil
		}
		at = t.end - t.start
		if at > maxRecord {
			return 0, d.unclosed(lines, lang.T(fmt.Sprintf("在 %d MB 内没有结束", maxRecord>>20), fmt.Sprintf("is not closed within %d MB", maxRecord>>20)))
		}
		more, err := d.fill()
		if err != nil {
			return 0, err
		}
		if !more {
			t := &d.text
			swallowed := bytes.Count(bytes.TrimSuffix(t.buf[t.start+from:t.end], []byte{'\n'}), []byte{'\n'})
			return 0, d.unclosed(lines, lang.T(fmt.Sprintf("没有结束，并吞掉其后 %d 行", swallowed), fmt.Sprintf("is never closed and swallows the remaining %d lines", swallowed)))
		}
	}
}

func (d *Delimited) unclosed(lines int64, what lang.Text) error {
	return failure(d.file.Path, d.line+lines-1, nothingLoaded(lang.T("本行开始的引号字段"+what.Zh, "a quoted field that opens on this line "+what.En)),
		lang.T("补上右引号，或重新导出", "close the quote, or export the file again"))
}

// strayText decides between a damaged line and a damaged file.
func (d *Delimited) strayText(lines, crossed int64, err error) error {
	if err != nil {
		return err
	}
	if crossed > 0 || lines > 1 {
		return failure(d.file.Path, d.line+lines-1, nothingLoaded(lang.T(fmt.Sprintf("本行开始的引号字段在 %d 行之后、另一个值的中间才结束", crossed), fmt.Sprintf("a quoted field that opens on this line closes %d lines later in the middle of a value", crossed))),
			lang.T("补上本行的右引号，或重新导出", "close the quote on this line, or export the file again"))
	}
	line, size, err := d.peekLine(0)
	if err != nil {
		return err
	}
	d.text.start += size
	d.raw, d.lines, d.fields, d.open = line, 1, d.fields[:0], size == len(line)
	return errQuote
}
