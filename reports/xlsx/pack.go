package xlsx

import (
	"archive/zip"
	"bytes"
	"io"
	"sort"
	"time"

	"github.com/xuri/excelize/v2"
)

// pack writes the workbook with its parts in a fixed order and at a fixed time,
// which the library leaves to chance.
func pack(w io.Writer, f *excelize.File) error {
	raw, err := f.WriteToBuffer()
	if err != nil {
		return err
	}
	source, err := zip.NewReader(bytes.NewReader(raw.Bytes()), int64(raw.Len()))
	if err != nil {
		return err
	}
	parts := source.File
	sort.Slice(parts, func(i, j int) bool { return rank(parts[i].Name) < rank(parts[j].Name) })
	var out bytes.Buffer
	target := zip.NewWriter(&out)
	for _, part := range parts {
		header := &zip.FileHeader{Name: part.Name, Method: zip.Deflate, Modified: time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)}
		to, err := target.CreateHeader(header)
		if err != nil {
			return err
		}
		from, err := part.Open()
		if err != nil {
			return err
		}
		_, err = io.Copy(to, from)
		from.Close()
		if err != nil {
			return err
		}
	}
	if err := target.Close(); err != nil {
		return err
	}
	_, err = w.Write(out.Bytes())
	return err
}

// rank sorts the part that names all others first, as readers expect.
func rank(name string) string {
	if name == "[Content_Types].xml" {
		return ""
	}
	return name
}
