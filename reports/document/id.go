package document

import (
	"fmt"
	"strings"
)

// ID makes an identifier of parts such as a department's code, whatever characters it holds: letters, digits, '-'
// and '.' stay, every other character becomes its code point between underscores. Different parts give different
// identifiers.
func ID(parts ...string) string {
	var b strings.Builder
	for i, part := range parts {
		if i > 0 {
			b.WriteByte('-')
		}
		for _, r := range part {
			switch {
			case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '-', r == '.':
				b.WriteRune(r)
			default:
				fmt.Fprintf(&b, "_%X_", r)
			}
		}
	}
	return b.String()
}
