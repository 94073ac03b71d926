package source

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/encoding/unicode"

	"weir/internal/lang"
	"weir/internal/problem"
)

// UTF8 is the encoding that needs no decoding.
const UTF8 = "utf-8"

// encodings by the names that people use. cp950 is read as the web's Big5, which holds its extensions.
var encodings = map[string]encoding.Encoding{
	"utf-16le": unicode.UTF16(unicode.LittleEndian, unicode.UseBOM),
	"utf-16be": unicode.UTF16(unicode.BigEndian, unicode.UseBOM),
	"gb18030":  simplifiedchinese.GB18030,
	"gbk":      simplifiedchinese.GBK,
	"big5":     traditionalchinese.Big5,
	"cp950":    traditionalchinese.Big5,
}

// Encodings lists the names that Options.Encoding takes.
func Encodings() []string {
	return []string{UTF8, "utf-16le", "utf-16be", "gb18030", "gbk", "big5", "cp950"}
}

// decode sets up the text reader in the given or detected encoding.
func (f *File) decode(plain io.Reader, name string) error {
	buffered := bufio.NewReaderSize(plain, bufferSize)
	head, err := buffered.Peek(bufferSize)
	if err != nil && err != io.EOF {
		return f.explain(err)
	}
	if name == "" {
		name, f.Detected = detect(head)
		if name == "" {
			return f.undecodable(head)
		}
	}
	f.Encoding = strings.ToLower(name)
	if f.Encoding == "utf8" {
		f.Encoding = UTF8
	}
	if f.Encoding == UTF8 {
		if strings.HasPrefix(string(head), "\xEF\xBB\xBF") {
			_, _ = buffered.Discard(3)
		}
		f.text = buffered
		return nil
	}
	e, ok := encodings[f.Encoding]
	if !ok {
		return problem.Of(f.Path, lang.T(fmt.Sprintf("未知的编码 %q", name), fmt.Sprintf("encoding %q is not known", name)), problem.Meant(name, Encodings()))
	}
	f.text = bufio.NewReaderSize(e.NewDecoder().Reader(buffered), bufferSize)
	return nil
}

var nameEncoding = lang.T("另存为 UTF-8，或在映射中写明编码（encoding: …）", "save it as UTF-8, or name its encoding in a mapping (encoding: …)")

// undecodable says where the first byte stands that is not UTF-8.
func (f *File) undecodable(head []byte) error {
	line, column := 1, 1
	for i := 0; i < len(head); {
		r, size := utf8.DecodeRune(head[i:])
		if r == utf8.RuneError && size <= 1 {
			p := problem.Of(f.Path, lang.T(fmt.Sprintf("字节 0x%02X 不是 UTF-8，也无法判定为 GB18030 或 Big5，未装入任何内容", head[i]),
				fmt.Sprintf("byte 0x%02X is not UTF-8, and the text cannot be told to be GB18030 or Big5; nothing of the file was loaded", head[i])), nameEncoding).At(line)
			p.Column = column
			return p
		}
		column++
		if r == '\n' {
			line, column = line+1, 1
		}
		i += size
	}
	return problem.Of(f.Path, lang.T("无法识别编码", "the encoding could not be recognised"), nameEncoding)
}
