// Package attacks holds statements that try to get out of the runner, for the tests of everything that runs queries of
// people: the library, the command line, the server. It is used by tests only.
package attacks

import (
	_ "embed"
	"regexp"
	"strconv"
	"strings"
)

//go:embed attacks.txt
var text string

// Attack is one statement and the reasons of package runner by which it may be answered; "ok" says that it is harmless.
type Attack struct {
	Line    int // of attacks.txt
	SQL     string
	Reasons []string
}

var times = regexp.MustCompile(`\{(\d+)\*(.*?)\}`)

// Read gives every statement with its placeholders replaced: {secret} a file that must not be read, {dir} its
// directory, {database} the database that is queried; ⏎ and ␍ ends of lines, ␀ a zero byte, ⍽ a space that does not
// break, ␣ one without width.
func Read(secret, dir, database string) []Attack {
	replace := strings.NewReplacer("{secret}", secret, "{dir}", dir, "{database}", database, "⏎", "\n", "␍", "\r", "␀", "\x00", "⍽", "\u00a0", "␣", "\u200b")
	var list []Attack
	var reasons []string
	for i, line := range strings.Split(text, "\n") {
		if header, ok := strings.CutPrefix(line, "== "); ok {
			header, _, _ = strings.Cut(header, " | ")
			reasons = strings.Fields(header)
			continue
		}
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		sql := times.ReplaceAllStringFunc(replace.Replace(line), func(m string) string {
			parts := times.FindStringSubmatch(m)
			n, err := strconv.Atoi(parts[1])
			if err != nil {
				return m
			}
			return strings.Repeat(parts[2], n)
		})
		list = append(list, Attack{i + 1, sql, reasons})
	}
	return list
}
