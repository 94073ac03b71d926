package mapping

import (
	"os"
	"path/filepath"
	"testing"

	"weir/queries/schema"
)

func FuzzParse(f *testing.F) {
	names, err := filepath.Glob("../mappings/*.yaml")
	if err != nil || len(names) == 0 {
		f.Fatalf("no mappings: %v", err)
	}
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	model := schema.Default()
	f.Fuzz(func(t *testing.T, text []byte) {
		m, problems := Parse("fuzz.yaml", text, model)
		if (m == nil) == (len(problems) == 0) {
			t.Errorf("mapping %v, problems %v", m, problems)
		}
	})
}
