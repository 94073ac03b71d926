package reader

import (
	"bytes"
	"regexp"
	"unicode/utf8"

	"weir/ingest/reason"
	"weir/ingest/record"
	"weir/ingest/source"
	"weir/internal/lang"
)

// Patterns are the log formats known by name; any other pattern is a regular expression whose named groups are the
// columns. Combined is that of Apache and nginx, with the request time that nginx may add at the end; address, url and
// browser repeat what another group holds, so that one can be hashed and the other looked at.
var Patterns = map[string]string{
	"combined": `^(?P<remote_addr>(?P<address>\S+)) (?P<logname>\S+) (?P<remote_user>\S+) \[(?P<time_local>[^\]]+)\] "(?P<method>[A-Z]+) (?P<request_uri>(?P<url>(?:[^"\\]|\\.)*?))(?: (?P<protocol>HTTP/[0-9.]+))?" (?P<status>[0-9]{3}) (?P<body_bytes_sent>[0-9]+|-)(?: "(?P<http_referer>(?:[^"\\]|\\.)*)" "(?P<http_user_agent>(?P<browser>(?:[^"\\]|\\.)*))")?(?: "?(?P<request_time>[0-9.]+|-)"?)?(?: "?(?P<upstream_response_time>[0-9., :]+|-)"?)?\s*$`,
}

// Lines reads a log, one record a line, split by a regular expression. A line that does not match is rejected.
type Lines struct {
	file    *source.File
	text    window
	pattern *regexp.Regexp
	groups  []int // submatch of each column
	columns []string
	line    int64
	open    bool // the text ends inside the line at hand
}

// NewLines prepares the reader for a pattern: a name of Patterns or a regular expression with named groups.
func NewLines(f *source.File, pattern string) (*Lines, error) {
	if p, ok := Patterns[pattern]; ok {
		pattern = p
	}
	re, err := regexp.Compile(pattern)
	if err != nil {
		return nil, failure(f.Path, 0, lang.T("日志的 pattern 不是正则表达式："+err.Error(), "the pattern of the log is no regular expression: "+err.Error()), lang.T("改正映射中的 pattern:", "correct pattern: in the mapping"))
	}
	l := &Lines{file: f, text: newWindow(f), pattern: re}
	for i, name := range re.SubexpNames() {
		if name != "" {
			l.groups = append(l.groups, i)
			l.columns = append(l.columns, name)
		}
	}
	if len(l.columns) == 0 {
		return nil, failure(f.Path, 0, lang.T("日志的 pattern 没有命名分组", "the pattern of the log has no named groups"), lang.T("为要读取的内容命名，如 (?P<status>[0-9]{3})", "name what is to be read, as in (?P<status>[0-9]{3})"))
	}
	return l, nil
}

// Columns names the groups of the pattern.
func (l *Lines) Columns() []string { return l.columns }

// Read passes every line on.
func (l *Lines) Read(w *record.Writer, place []int) error {
	for {
		line, ok, err := l.next()
		if err != nil || !ok {
			return err
		}
		l.line++
		if len(bytes.TrimSpace(line)) == 0 || !w.Wants(l.line) {
			continue
		}
		w.Begin(l.line)
		if err := l.pass(w, place, line); err != nil {
			return err
		}
	}
}

func (l *Lines) pass(w *record.Writer, place []int, line []byte) error {
	if l.open {
		return w.Reject(string(reason.Unfinished), "", nil, line)
	}
	if !utf8.Valid(line) {
		return w.Reject(string(reason.Encoding), "", nil, line)
	}
	match := l.pattern.FindSubmatchIndex(line)
	if match == nil {
		return w.Reject(string(reason.Pattern), "", nil, line)
	}
	for column, group := range l.groups {
		if p := place[column]; p >= 0 && match[2*group] >= 0 {
			w.Field(p, line[match[2*group]:match[2*group+1]])
		}
	}
	return w.End(line)
}

// next takes the next line out of the window.
func (l *Lines) next() ([]byte, bool, error) {
	searched := 0
	for {
		t := &l.text
		if i := bytes.IndexByte(t.buf[t.start+searched:t.end], '\n'); i >= 0 {
			line := t.buf[t.start : t.start+searched+i]
			t.start += searched + i + 1
			return trimReturn(line), true, nil
		}
		searched = t.end - t.start
		more, err := t.fill()
		if err == errTooLong {
			return nil, false, failure(l.file.Path, l.line+1, tooLong, lang.T("检查换行符", "check the line ends"))
		}
		if err != nil {
			return nil, false, err
		}
		if !more {
			line := t.buf[t.start:t.end]
			t.start = t.end
			whole := trimReturn(line)
			l.open = len(whole) == len(line)
			return whole, len(line) > 0, nil
		}
	}
}
