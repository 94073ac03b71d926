package source

import (
	"bufio"
	"bytes"
	"io"
	"regexp"
	"strconv"

	"weir/internal/lang"
	"weir/internal/problem"
)

// mimeHead is how far the attachment of an answer may stand from its start: the SOAP envelope before it is small.
const mimeHead = 64 << 10

var faultString = regexp.MustCompile(`(?s)<faultstring[^>]*>(.*?)</faultstring>`)

// recordsCount is how many records the envelope says that the attachment holds.
var recordsCount = regexp.MustCompile(`<(?:[\w.-]+:)?recordsCount>\s*([0-9]+)\s*</`)

// attachment recognises the MIME answer of an X-Road security server, whose second part is a gzip file of records,
// and gives that part. The answer is recognised by its boundary line and the header after it.
func (f *File) attachment(raw *bufio.Reader) (io.Reader, bool, error) {
	head, _ := raw.Peek(mimeHead)
	lower := bytes.ToLower(head[:min(len(head), 512)])
	if !bytes.HasPrefix(head, []byte("--")) && !bytes.HasPrefix(bytes.TrimSpace(head), []byte("<?xml")) || !bytes.Contains(lower, []byte("soap")) {
		return nil, false, nil
	}
	part := bytes.Index(bytes.ToLower(head), []byte("application/gzip"))
	if part < 0 {
		what := lang.T("安全服务器的答复不含记录", "the answer of the security server holds no records")
		if m := faultString.FindSubmatch(head); m != nil {
			what = lang.T(what.Zh+"："+string(m[1]), what.En+": "+string(m[1]))
		}
		return nil, true, problem.Of(f.Path, what, lang.T("查看服务器日志后重新请求", "look into the server's log, then ask for the records again"))
	}
	body := bytes.Index(head[part:], []byte{0x1F, 0x8B})
	if body < 0 {
		return nil, true, problem.Of(f.Path, lang.T("记录附件中断", "the attachment with the records is cut off"), lang.T("重新请求记录", "ask for the records again"))
	}
	if m := recordsCount.FindSubmatch(head[:part]); m != nil {
		// A count too long to be one states nothing.
		if n, err := strconv.ParseInt(string(m[1]), 10, 64); err == nil {
			f.Stated = n
		}
	}
	if _, err := raw.Discard(part + body); err != nil {
		return nil, true, err
	}
	return raw, true, nil
}
