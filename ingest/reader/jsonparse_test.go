package reader

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow/array"

	"weir/ingest/record"
	"weir/ingest/source"
)

// values reads lines of JSON and gives the member v of each as text: NULL for none, DEFECT for a line that was rejected.
func values(t *testing.T, lines []string) []string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "lines.json")
	if err := os.WriteFile(path, []byte(strings.Join(lines, "\n")+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	file, err := source.Open(path, source.Options{Encoding: source.UTF8})
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	r := NewJSON(file, JSONOptions{Columns: []string{"v"}})
	s := record.Start(context.Background(), record.Options{Columns: []record.Column{{Name: "v"}}}, func(w *record.Writer) error { return r.Read(w, []int{0}) })
	var got []string
	for s.Next() {
		fields := s.RecordBatch().Column(0).(*array.Struct)
		defect, v := fields.Field(1).(*array.String), fields.Field(6).(*array.String)
		for i := range fields.Len() {
			switch {
			case defect.IsValid(i):
				got = append(got, "DEFECT")
			case v.IsNull(i):
				got = append(got, "NULL")
			default:
				got = append(got, strings.Clone(v.Value(i)))
			}
		}
	}
	if _, err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if len(got) != len(lines) {
		t.Fatalf("%d records of %d lines", len(got), len(lines))
	}
	return got
}

// Strings are read eight bytes at a time: whatever stands wherever in them, they are what the standard library reads.
func TestStringsOfEveryLength(t *testing.T) {
	var lines []string
	for _, piece := range []string{"", "x", `\"`, `\\`, `\n`, `\u4e2d`, `\ud83d\ude00`, `\x`, `"`, "\t", "\x01", "\x1f", "\x7f", "中", "é", "\x80", `":`, "{}"} {
		for before := range 18 {
			for _, after := range []int{0, 1, 7, 8, 9} {
				text := "a" + strings.Repeat("b", before) + piece + strings.Repeat("c", after) + "d"
				lines = append(lines, `{"v":"`+text+`","w":"`+piece+`z"}`, `{"v": "`+text+`"}`)
			}
		}
	}
	for i, got := range values(t, lines) {
		var want struct{ V string }
		expected := "DEFECT"
		if json.Unmarshal([]byte(lines[i]), &want) == nil && !strings.Contains(lines[i], "\x80") {
			expected = want.V
		}
		if got != expected {
			t.Errorf("%q gives %q, want %q", lines[i], got, expected)
		}
	}
}

// Numbers keep their spelling, words are true, false and null; anything else is no value.
func TestWords(t *testing.T) {
	var lines []string
	for _, word := range []string{"0", "-0", "7", "10", "01", "-", "-1.5", "1.", ".5", "1e5", "1E+05", "1e", "123456789012345678901234567890.125", "+1", "true", "false", "null",
		"truE", "tru", "nul", "nulls", "falsey", "True", "NaN", "Infinity", "1a", "n", "t", "f", "", "1 2", "--1", "0x10"} {
		lines = append(lines, `{"v":`+word+`}`, `{"v" : `+word+` , "w":1}`, `{"v":`+word)
	}
	for i, got := range values(t, lines) {
		var want struct{ V json.RawMessage }
		expected := "DEFECT"
		if json.Unmarshal([]byte(lines[i]), &want) == nil {
			if expected = string(want.V); expected == "null" {
				expected = "NULL"
			}
		}
		if got != expected {
			t.Errorf("%q gives %q, want %q", lines[i], got, expected)
		}
	}
}

// Members may come in any order, with blanks anywhere, be written with escapes or lack: what one line is like says
// nothing of the next. The first of two members of one name counts.
func TestMembersInAnyForm(t *testing.T) {
	lines := []string{`{"v":"a","w":1}`, `{"w":1,"v":"b"}`, `{"v" :"c"}`, "{\t\"v\"\t:\t\"d\"\t}", `{"\u0076":"e"}`, `{"v":"f"}`, `{"w":{"v":"inner"}}`, `{"v":"g","v":"h"}`,
		`{"V":"other"}`, `{"v""x"}`, `{"v":"i"}`, `{"vv":"other","v":"j"}`, `{}`, `{"v":["k", 1]}`, `{"v":{"x": 1}}`, `{"v":"l"} `, "{\"v\":\"m\"}\r", `{"v":"n"}}`, `{"v":"o"} {"v":"p"}`}
	want := []string{"a", "b", "c", "d", "e", "f", "NULL", "g", "NULL", "DEFECT", "i", "j", "NULL", `["k", 1]`, `{"x": 1}`, "l", "m", "DEFECT", "DEFECT"}
	for i, got := range values(t, lines) {
		if got != want[i] {
			t.Errorf("%q gives %q, want %q", lines[i], got, want[i])
		}
	}
}
