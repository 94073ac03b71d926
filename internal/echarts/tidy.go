package echarts

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"

	"weir/internal/fonts"
)

// family is the typeface with which texts were measured; it stands once on the
// root of the picture.
const family = fonts.Family

// tidy rewrites the picture without what only a live chart needs: classes and
// rules for the pointer, data for scripts, invisible shapes. Style attributes
// become presentation attributes, so that a page with a strict content policy
// shows the picture as it is. It fails where the picture is not well-formed XML.
func tidy(svg string) (string, error) {
	decoder := xml.NewDecoder(strings.NewReader(svg))
	var out strings.Builder
	out.Grow(len(svg))
	skip, depth := 0, 0 // skip counts open elements inside one that is left out
	for {
		token, err := decoder.RawToken()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return "", fmt.Errorf("the drawn picture is not well-formed: %w", err)
		}
		switch t := token.(type) {
		case xml.StartElement:
			depth++
			if skip > 0 || leftOut(t) {
				skip++
				continue
			}
			writeStart(&out, t, depth == 1)
		case xml.EndElement:
			depth--
			if skip > 0 {
				skip--
				continue
			}
			fmt.Fprintf(&out, "</%s>", name(t.Name))
		case xml.CharData:
			if skip == 0 && strings.TrimSpace(string(t)) != "" {
				escape(&out, string(t))
			}
		}
	}
	if depth != 0 {
		return "", errors.New("the drawn picture is not well-formed: an element is not closed")
	}
	return out.String(), nil
}

// leftOut reports rules for the pointer and shapes that nobody can see.
func leftOut(e xml.StartElement) bool {
	if e.Name.Local == "style" {
		return true
	}
	if e.Name.Local != "path" && e.Name.Local != "rect" {
		return false
	}
	fill, stroke := attribute(e, "fill"), attribute(e, "stroke")
	noFill := fill == "none" || fill == "transparent" || attribute(e, "fill-opacity") == "0"
	noStroke := stroke == "" || stroke == "none" || attribute(e, "stroke-width") == "0"
	return noFill && noStroke
}

func attribute(e xml.StartElement, local string) string {
	for _, a := range e.Attr {
		if a.Name.Local == local && a.Name.Space == "" {
			return a.Value
		}
	}
	return ""
}

func writeStart(out *strings.Builder, e xml.StartElement, root bool) {
	out.WriteByte('<')
	out.WriteString(name(e.Name))
	for _, a := range e.Attr {
		switch local := a.Name.Local; {
		case local == "class" || local == "pointer-events" || local == "baseProfile" || strings.HasPrefix(local, "ecmeta_"):
		case local == "style":
			for _, rule := range strings.Split(a.Value, ";") {
				property, value, ok := strings.Cut(rule, ":")
				if ok && property != "font-family" {
					writeAttribute(out, property, strings.TrimSuffix(value, "px"))
				}
			}
		default:
			writeAttribute(out, name(a.Name), a.Value)
		}
	}
	if root {
		writeAttribute(out, "font-family", family)
	}
	out.WriteByte('>')
}

func name(n xml.Name) string {
	if n.Space == "" {
		return n.Local
	}
	return n.Space + ":" + n.Local
}

func writeAttribute(out *strings.Builder, name, value string) {
	out.WriteByte(' ')
	out.WriteString(name)
	out.WriteString(`="`)
	escape(out, value)
	out.WriteByte('"')
}

func escape(out *strings.Builder, s string) {
	xml.EscapeText(out, []byte(s))
}
