package reader

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	"weir/ingest/reason"
	"weir/ingest/record"
	"weir/ingest/source"
	"weir/internal/lang"
	"weir/internal/problem"
)

// JSONOptions describe a file of JSON objects.
type JSONOptions struct {
	Columns []string // members to deliver; a dotted name reaches into nested objects
	Strict  bool     // a member that is not among the columns fails the file
	Path    string   // dotted path of the array that holds the records, where they are nested in an object
}

// JSON reads objects: one a line (NDJSON), the elements of one array, or the elements of an array nested in one
// object. A line that is no object is rejected alone; a broken array fails the file. Numbers keep their spelling,
// nested values are delivered as JSON text.
type JSON struct {
	file    *source.File
	text    window
	options JSONOptions
	members *member // tree of the wanted members
	line    int64
	parser  parser
	use     func(line int64, raw []byte) error // takes the objects in place of the parser
}

// NewJSON prepares the reader; nothing is read before Read.
func NewJSON(f *source.File, o JSONOptions) *JSON {
	j := &JSON{file: f, text: newWindow(f), options: o, line: 1, members: newMember()}
	for i, c := range o.Columns {
		j.members.add(strings.Split(c, "."), c, i)
	}
	return j
}

// Columns names the members that are delivered.
func (j *JSON) Columns() []string { return j.options.Columns }

// Read passes every object on.
func (j *JSON) Read(w *record.Writer, place []int) error {
	j.parser = parser{writer: w, place: place, strict: j.options.Strict}
	first, ok, err := j.skipBlank()
	if err == nil && ok && first == '{' && j.options.Path != "" {
		nested, err := j.hasPath()
		if err != nil {
			return err
		}
		if nested {
			return j.nested()
		}
	}
	switch {
	case err != nil:
		return err
	case !ok:
		return failure(j.file.Path, j.line, lang.T("文件只有空白", "the file holds nothing but blanks"), exportAgain)
	case first == '[':
		return j.array(true)
	case first == '{':
		return j.lines()
	}
	return failure(j.file.Path, j.line, lang.T(fmt.Sprintf("文件以 %q 开头，既不是 JSON 对象也不是数组", string(rune(first))), fmt.Sprintf("the file begins with %q: neither a JSON object nor an array", string(rune(first)))),
		lang.T("导出为 JSON，或在映射中写明格式（format: …）", "export it as JSON, or name the format in a mapping (format: …)"))
}

// lines reads one object a line. An object that is spread over lines is taken whole when its first line ends inside.
func (j *JSON) lines() error {
	for {
		line, size, err := j.peekLine()
		if err != nil || size == 0 {
			return err
		}
		if n := len(line); n > 1 && line[0] == '{' && line[n-1] == '}' {
			if err := j.pass(line, j.line); err != nil {
				return err
			}
			j.text.start += size
			j.line++
			continue
		}
		if len(bytes.TrimSpace(line)) == 0 {
			j.text.start += size
			j.line++
			continue
		}
		taken, lines := size, int64(1)
		if end, complete := valueEnd(line); !complete && end < 0 {
			// The brackets do not close on this line: it may be a pretty-printed object.
			if line, taken, lines, err = j.spread(line, size); err != nil {
				return err
			}
		}
		if err := j.pass(line, j.line); err != nil {
			return err
		}
		j.text.start += taken
		j.line += lines
	}
}

// spread looks for the end of an object that begins on the line at hand. Only a line that holds nothing but the
// opening bracket or ends in a comma or bracket begins one; anything else is a cut line and stays alone.
func (j *JSON) spread(line []byte, size int) ([]byte, int, int64, error) {
	trimmed := bytes.TrimSpace(line)
	if last := trimmed[len(trimmed)-1]; last != '{' && last != ',' && last != '[' {
		return line, size, 1, nil
	}
	end, err := j.findEnd()
	if err != nil {
		return nil, 0, 0, err
	}
	whole := j.text.buf[j.text.start : j.text.start+end]
	lines := int64(bytes.Count(whole, []byte{'\n'}))
	return whole, end, lines, nil
}

// pass hands one object to the writer.
func (j *JSON) pass(raw []byte, line int64) error {
	if j.use != nil {
		return j.use(line, raw)
	}
	if w := j.parser.writer; w.Wants(line) {
		w.Begin(line)
		return j.begun(raw, raw, line)
	}
	return nil
}

// begun completes a record that was begun; kept is its raw text for the quarantine.
func (j *JSON) begun(raw, kept []byte, line int64) error {
	w := j.parser.writer
	if !utf8.Valid(raw) || j.file.Encoding != source.UTF8 && bytes.Contains(raw, []byte("�")) {
		return w.Reject(string(reason.Encoding), "", nil, kept)
	}
	err := j.parser.object(raw, j.members)
	switch e := err.(type) {
	case nil:
		return w.End(kept)
	case unknownMember:
		return failure(j.file.Path, line, lang.T(fmt.Sprintf("未知的列 %q", string(e)), fmt.Sprintf("unknown column %q", string(e))), problem.Meant(string(e), j.options.Columns))
	case syntaxError:
		return w.Reject(string(reason.JSON), "", fmt.Appendf(nil, "%d: %s", e.at+1, e.what), kept)
	default:
		return err
	}
}

// array reads the elements of the array at hand. Sole says that nothing may follow it.
func (j *JSON) array(sole bool) error {
	opened := j.line
	j.text.start++ // the bracket
	previous := int64(0)
	for n := 0; ; n++ {
		c, ok, err := j.skipBlank()
		if err != nil {
			return err
		}
		if !ok {
			return j.broken(opened, neverClosed)
		}
		if c == ']' && n == 0 {
			j.text.start++
			break
		}
		end, err := j.findEnd()
		if err != nil {
			return err
		}
		raw := j.text.buf[j.text.start : j.text.start+end]
		// Lines tell records apart: elements that share a line are numbered on from it.
		line := max(j.line, previous+1)
		previous = line
		if err := j.pass(raw, line); err != nil {
			return err
		}
		j.line += int64(bytes.Count(raw, []byte{'\n'}))
		j.text.start += end
		c, ok, err = j.skipBlank()
		if err != nil {
			return err
		}
		if !ok {
			return j.broken(opened, neverClosed)
		}
		j.text.start++
		if c == ']' {
			break
		}
		if c != ',' {
			return j.broken(j.line, lang.T(fmt.Sprintf("两个元素之间是 %q，应为逗号", string(rune(c))), fmt.Sprintf("found %q between two elements, want a comma", string(rune(c)))))
		}
	}
	if !sole {
		return nil
	}
	c, ok, err := j.skipBlank()
	if err != nil || !ok {
		return err
	}
	if c == '[' {
		return failure(j.file.Path, j.line, nothingLoaded(lang.T("此处开始第二个 JSON 数组", "a second JSON array begins here")),
			lang.T("一个文件只放一个数组：合并，或拆成两个文件", "keep one array in a file: join the two, or split the file"))
	}
	return j.broken(j.line, lang.T(fmt.Sprintf("数组结束后还有 %q", string(rune(c))), fmt.Sprintf("found %q behind the end of the array", string(rune(c)))))
}

// hasPath tells whether the name that the path begins with occurs near the start of the text: the same platform may
// deliver its records in an envelope or one a line.
func (j *JSON) hasPath() (bool, error) {
	name, _, _ := strings.Cut(j.options.Path, ".")
	quoted := []byte(`"` + name + `"`)
	for j.text.end-j.text.start < 64<<10 {
		more, err := j.fill()
		if err != nil {
			return false, err
		}
		if !more {
			break
		}
	}
	head := j.text.buf[j.text.start:min(j.text.end, j.text.start+64<<10)]
	if bytes.Contains(head, quoted) {
		return true, nil
	}
	if failed.Match(head) {
		said := strings.ToValidUTF8(string(head[:min(len(head), 200)]), "�")
		return false, failure(j.file.Path, j.line, lang.T("平台答复其查询失败："+said, "the platform answered that its query failed: "+said),
			lang.T("重新向平台查询，再装入其答复", "ask the platform again, then ingest its answer"))
	}
	return false, nil
}

// failed matches an answer that reports a failure under a good status, as CKAN does.
var failed = regexp.MustCompile(`"success"\s*:\s*false`)

// nested walks into the object along the path and reads the array there; what surrounds it is skipped.
func (j *JSON) nested() error {
	path := strings.Split(j.options.Path, ".")
	for depth := 0; ; {
		c, ok, err := j.skipBlank()
		if err != nil {
			return err
		}
		if !ok {
			return j.noPath()
		}
		if depth == len(path) {
			if c == '{' && j.use != nil {
				return j.single()
			}
			if c != '[' {
				return j.broken(j.line, lang.T(j.options.Path+" 不是数组", j.options.Path+" is not an array"))
			}
			return j.array(false)
		}
		if c != '{' {
			return j.noPath()
		}
		found, err := j.enter(path[depth])
		if err != nil {
			return err
		}
		if !found {
			return j.noPath()
		}
		depth++
	}
}

// single passes the object at hand on as the only record.
func (j *JSON) single() error {
	end, err := j.findEnd()
	if err != nil {
		return err
	}
	return j.pass(j.text.buf[j.text.start:j.text.start+end], j.line)
}

// enter moves to the value of the named member of the object at hand.
func (j *JSON) enter(name string) (bool, error) {
	j.text.start++
	for {
		c, ok, err := j.skipBlank()
		if err != nil || !ok || c != '"' {
			return false, err
		}
		end, err := j.findEnd()
		if err != nil {
			return false, err
		}
		key := unquote(j.text.buf[j.text.start : j.text.start+end])
		j.text.start += end
		if c, ok, err = j.skipBlank(); err != nil || !ok || c != ':' {
			return false, err
		}
		j.text.start++
		if c, ok, err = j.skipBlank(); err != nil || !ok {
			return false, err
		}
		if key == name {
			return true, nil
		}
		if end, err = j.findEnd(); err != nil {
			return false, err
		}
		j.line += int64(bytes.Count(j.text.buf[j.text.start:j.text.start+end], []byte{'\n'}))
		j.text.start += end
		if c, ok, err = j.skipBlank(); err != nil || !ok || c != ',' {
			return false, err
		}
		j.text.start++
	}
}

func (j *JSON) noPath() error {
	return failure(j.file.Path, j.line, lang.T(fmt.Sprintf("%q 处没有数组", j.options.Path), fmt.Sprintf("there is no array at %q", j.options.Path)), lang.T("改正映射中的路径", "correct the path in the mapping"))
}

var neverClosed = lang.T("本行开始的数组没有结束", "the array that opens on this line is never closed")

func (j *JSON) broken(line int64, what lang.Text) error {
	return failure(j.file.Path, line, nothingLoaded(what), sendAgain)
}

// skipBlank moves to the next byte that is no blank.
func (j *JSON) skipBlank() (byte, bool, error) {
	for {
		t := &j.text
		for ; t.start < t.end; t.start++ {
			switch c := t.buf[t.start]; c {
			case '\n':
				j.line++
			case ' ', '\t', '\r':
			default:
				return c, true, nil
			}
		}
		more, err := j.fill()
		if err != nil || !more {
			return 0, false, err
		}
	}
}

func (j *JSON) fill() (bool, error) {
	more, err := j.text.fill()
	if err == errTooLong {
		err = failure(j.file.Path, j.line, tooLong, sendAgain)
	}
	return more, err
}

// findEnd gives the length of the value at hand.
func (j *JSON) findEnd() (int, error) {
	s := valueScan{}
	for {
		t := &j.text
		if end, done := s.scan(t.buf[t.start:t.end]); done {
			return end, nil
		}
		more, err := j.fill()
		if err != nil {
			return 0, err
		}
		if !more {
			if end := s.atEnd(t.end - t.start); end > 0 {
				return end, nil
			}
			return 0, j.broken(j.line, lang.T("本行开始的值没有结束", "the value that begins on this line is cut off"))
		}
	}
}

// peekLine looks at the line at hand; size counts the line end and is 0 at the end of the text.
func (j *JSON) peekLine() ([]byte, int, error) {
	searched := 0
	for {
		t := &j.text
		if i := bytes.IndexByte(t.buf[t.start+searched:t.end], '\n'); i >= 0 {
			return t.buf[t.start : t.start+searched+i], searched + i + 1, nil
		}
		searched = t.end - t.start
		more, err := j.fill()
		if err != nil {
			return nil, 0, err
		}
		if !more {
			return t.buf[t.start:t.end], t.end - t.start, nil
		}
	}
}
