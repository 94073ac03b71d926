// Package mapping reads mapping files: how a platform's file is read, and which of its columns fills which column of
// the event model.
//
// It checks form and names and reports every problem with its place. It holds no SQL of its own beyond what the
// vocabularies need, and it never touches data.
package mapping

import (
	"crypto/sha256"
	"encoding/hex"
	"path"
	"strings"

	"weir/internal/lang"
)

// Mapping is one mapping file.
type Mapping struct {
	ID          string // name of the file without ending
	Title       lang.Text
	Files       []string // file names (globs) for which it is chosen without being named
	Read        Read
	Target      string   // table of the event model, or the flat target
	Departments string   // Known or Create
	District    string   // district that the departments belong to; tells namesakes apart
	Columns     []Column // in the order of the file
	Lookups     []Lookup // tables that say what values stand for
	Source      string   // where the file lies, for messages
	SHA256      string   // of the text

	text []byte
}

// What to do with departments that are not registered.
const (
	Known  = "known"  // their rows are quarantined
	Create = "create" // they are registered with the name as identifier
)

// Read says how the file is read.
type Read struct {
	Format    string   // one of Formats; "" goes by the file's name and content
	Encoding  string   // "" detects
	Delimiter string   // "" detects
	NoHeader  bool     // the first line is data
	Names     []string // column names, in place of the header or where there is none
	Skip      int      // lines before the header
	NoQuotes  bool     // quotes are data
	Path      string   // path of the records inside a JSON document
	Pattern   string   // log format: combined, or a regular expression with named groups
	Sheet     string   // name of the sheet of a workbook; "" is the first
	Null      []string // spellings of a missing value, beside the blank
	Unpivot   Unpivot  // columns of a delimited file of which each cell is a row; zero: none
}

// Unpivot says which columns give a row each, and under which names the row has what the * of the pattern stands for
// and the value.
type Unpivot struct{ Pattern, Name, Value string }

// Formats lists what Read.Format may say.
func Formats() []string {
	return []string{"csv", "tsv", "json", "ndjson", "parquet", "arrow", "xlsx", "log",
		"xroad_corrected", "ckan", "dcat", "openlineage", "openlineage_inputs", "openlineage_sources", "kong", "apisix", "nginx_json", "nginx_status"}
}

// Column says what fills a column of the target. Exactly one of Source, SQL and Value is set.
type Column struct {
	Target string
	Source string            // column of the file
	SQL    string            // DuckDB expression over the file's columns
	Value  string            // constant
	Words  map[string]string // word of the source → code of the target; nil: the target's own vocabulary
	Plain  bool              // no vocabulary at all
	Else   string            // what becomes of a word that is not in the vocabulary: Refuse, Null, or a code
	Epoch  string            // the value counts seconds (s) or milliseconds (ms) since 1970 in UTC
	Hash   bool              // the value is personal: only its keyed hash is stored
	Line   int               // where it stands in the file, for messages
}

// What becomes of a word that a vocabulary does not have; any other text is the code to use.
const (
	Refuse = "quarantine"
	Null   = "null"
)

// Matches tells whether the mapping names the file as one of its own, compressed or not.
func (m *Mapping) Matches(file string) bool {
	name := strings.ToLower(path.Base(strings.ReplaceAll(file, `\`, "/")))
	for _, ending := range []string{".gz", ".gzip", ".zst", ".zstd"} {
		name = strings.TrimSuffix(name, ending)
	}
	for _, glob := range m.Files {
		if ok, err := path.Match(strings.ToLower(glob), name); err == nil && ok {
			return true
		}
	}
	return false
}

// Text is the mapping as written.
func (m *Mapping) Text() []byte { return m.text }

func digest(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}
