package fonts

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"errors"
)

// WOFF packs a TrueType font for a page: the Web Open Font Format 1.0 of the W3C, each table compressed by zlib, some
// two thirds of the size. The same font gives the same bytes.
func WOFF(font []byte) ([]byte, error) {
	const head, entry, packedHead, packedEntry = 12, 16, 44, 20
	if len(font) < head {
		return nil, errors.New("a font ends before its list of tables")
	}
	be := binary.BigEndian
	tables := int(be.Uint16(font[4:]))
	if len(font) < head+tables*entry {
		return nil, errors.New("a font ends within its list of tables")
	}
	out := make([]byte, packedHead+tables*packedEntry)
	whole := uint32(head + tables*entry)
	for i := range tables {
		from := font[head+i*entry:]
		offset, length := be.Uint32(from[8:]), be.Uint32(from[12:])
		if uint64(offset)+uint64(length) > uint64(len(font)) {
			return nil, errors.New("a font ends within a table")
		}
		data, err := deflated(font[offset : offset+length])
		if err != nil {
			return nil, err
		}
		to := out[packedHead+i*packedEntry:]
		copy(to, from[:4])
		be.PutUint32(to[4:], uint32(len(out)))
		be.PutUint32(to[8:], uint32(len(data)))
		be.PutUint32(to[12:], length)
		copy(to[16:20], from[4:8])
		whole += (length + 3) &^ 3
		out = append(out, data...)
		for len(out)%4 != 0 {
			out = append(out, 0)
		}
	}
	copy(out, "wOFF")
	copy(out[4:8], font[:4])
	be.PutUint32(out[8:], uint32(len(out)))
	be.PutUint16(out[12:], uint16(tables))
	be.PutUint32(out[16:], whole)
	be.PutUint16(out[20:], 1)
	return out, nil
}

// deflated compresses a table; one that would not become smaller stays as it is, as the format asks.
func deflated(table []byte) ([]byte, error) {
	var out bytes.Buffer
	w, err := zlib.NewWriterLevel(&out, zlib.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(table); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	if out.Len() >= len(table) {
		return table, nil
	}
	return out.Bytes(), nil
}
