package strictyaml

import (
	"strings"
	"testing"

	"weir/internal/lang"
)

type page struct {
	Name   lang.Text       `yaml:"name"`
	Weight float64         `yaml:"weight"`
	Kinds  map[string]kind `yaml:"kinds"`
	Steps  []*kind         `yaml:"steps"`
	Inline `yaml:",inline"`
}

type kind struct {
	ShelfLife int `yaml:"shelf_life"`
}

// Inline stands for fields shared by several types.
type Inline struct {
	Unit string `yaml:"unit"`
}

func TestEveryUnknownKeyIsReportedWithPositionAndCure(t *testing.T) {
	text := "name: {zh: 名, eng: name}\nwieght: 3\nkinds:\n  a:\n    shelflife: 2\nsteps:\n  - shelf_life: many\nunti: B\n"
	problems := Decode("p.md", 2, []byte(text), &page{})
	want := []string{
		`p.md:2:15: unknown key "eng" under name; did you mean "en"?`,
		`p.md:3:1: unknown key "wieght"; did you mean "weight"?`,
		`p.md:6:5: unknown key "shelflife" under kinds.a; did you mean "shelf_life"?`,
		"p.md:8: cannot unmarshal !!str `many` into int; give a value of that type",
		`p.md:9:1: unknown key "unti"; did you mean "unit"?`,
	}
	if got := problems.Error(); got != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", got, strings.Join(want, "\n"))
	}
}

func TestSoundTextDecodes(t *testing.T) {
	var p page
	if problems := Decode("p", 1, []byte("name: {zh: 名}\nunit: B\nkinds: {a: {shelf_life: 2}}\n"), &p); problems != nil {
		t.Fatal(problems)
	}
	if p.Unit != "B" || p.Kinds["a"].ShelfLife != 2 || p.Name.Zh != "名" {
		t.Errorf("%+v", p)
	}
	if problems := Decode("p", 1, nil, &p); problems != nil {
		t.Errorf("empty text: %v", problems)
	}
}

func TestBrokenYAMLHasALine(t *testing.T) {
	problems := Decode("p", 1, []byte("a: 1\n b: [\n"), &page{})
	if len(problems) != 1 || problems[0].Line == 0 {
		t.Errorf("%v", problems)
	}
	if problems := Decode("p", 1, []byte("unit: B\n---\nunit: C\n"), &page{}); len(problems) != 1 {
		t.Errorf("two documents: %v", problems)
	}
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte("name: {zh: 名}\n"))
	f.Add([]byte("a: &x [*x]\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		Decode("p", 1, text, &page{})
	})
}
