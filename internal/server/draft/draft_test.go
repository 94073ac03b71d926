package draft

import (
	"errors"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

func store(t *testing.T) *Store {
	t.Helper()
	at := time.Date(2026, 11, 3, 0, 0, 0, 0, time.UTC)
	return &Store{Shipped: fstest.MapFS{"silos.md": {Data: []byte("shipped\n")}}, Published: t.TempDir(), Private: t.TempDir(), Now: func() time.Time { at = at.Add(time.Second); return at }}
}

func TestDraftsArePersonalAndKnowConflicts(t *testing.T) {
	s := store(t)
	d, err := s.Open("silos", "李敏", "")
	if err != nil || d.Text != "shipped\n" || d.Base != Hash("shipped\n") {
		t.Fatal(d, err)
	}
	saved, err := s.Save("silos", "李敏", "mine\r\n", d.Base, 0)
	if err != nil || saved.Version != 1 {
		t.Fatal(saved, err)
	}
	if _, err := s.Save("silos", "李敏", "other window", d.Base, 0); !errors.Is(err, ErrConflict) {
		t.Error("two windows overwrite each other:", err)
	}
	if d, _ := s.Open("silos", "李敏", ""); d.Text != "mine\r\n" {
		t.Errorf("the text was changed: %q", d.Text)
	}
	if d, _ := s.Open("silos", "王芳", ""); d.Text != "shipped\n" {
		t.Error("somebody else sees the draft")
	}
}

func TestPublishKeepsTheExactTextAndItsHistory(t *testing.T) {
	s := store(t)
	base := Hash("shipped\n")
	const text = "first\r\n\tline  \n"
	if err := s.Publish("silos", "李敏", text, base); err != nil {
		t.Fatal(err)
	}
	if got, own, err := s.Text("silos"); got != text || !own || err != nil {
		t.Errorf("%q %v %v", got, own, err)
	}
	if err := s.Publish("silos", "王芳", "late", base); !errors.Is(err, ErrConflict) {
		t.Error("a published text was overwritten unseen:", err)
	}
	if err := s.Publish("silos", "王芳", "second", Hash(text)); err != nil {
		t.Fatal(err)
	}
	list, err := s.History("silos")
	if err != nil || len(list) != 2 || list[0].By != "王芳" || list[1].Hash != Hash(text) {
		t.Fatalf("%+v %v", list, err)
	}
	if _, old, err := s.Version("silos", list[1].Name); err != nil || old != text {
		t.Errorf("%q %v", old, err)
	}
}

func TestNamesCannotLeaveTheDirectory(t *testing.T) {
	s := store(t)
	for _, id := range []string{"../x", "a/b", "", "A", "..", strings.Repeat("a", 60)} {
		if _, _, err := s.Text(id); err == nil {
			t.Errorf("%q was read", id)
		}
		if err := s.Publish(id, "u", "t", ""); err == nil {
			t.Errorf("%q was written", id)
		}
		if _, err := s.Save(id, "u", "t", "", 0); err == nil {
			t.Errorf("%q was saved", id)
		}
	}
	if _, _, err := s.Version("silos", "../../x"); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
}

func TestLines(t *testing.T) {
	var got strings.Builder
	for _, l := range Lines("a\nb\nc\nd\n", "a\nx\nc\nd\ne\n") {
		got.WriteString(string(l.Kind) + l.Text + "|")
	}
	if want := " a|-b|+x| c| d|+e|"; got.String() != want {
		t.Errorf("%s, want %s", got.String(), want)
	}
}
