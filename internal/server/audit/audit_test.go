package audit

import (
	"context"
	"errors"
	"strings"
	"testing"
)

type memory struct {
	entries []Entry
	broken  error
}

func (m *memory) AppendAudit(_ context.Context, e Entry) error {
	if m.broken == nil {
		m.entries = append(m.entries, e)
	}
	return m.broken
}

func (m *memory) Audit(_ context.Context, f Filter) ([]Entry, error) {
	var list []Entry
	for i := len(m.entries) - 1; i >= 0 && len(list) < f.Limit; i-- {
		list = append(list, m.entries[i])
	}
	return list, nil
}

func (m *memory) WalkAudit(_ context.Context, visit func(Entry) error) error {
	for _, e := range m.entries {
		if err := visit(e); err != nil {
			return err
		}
	}
	return nil
}

func filled(t *testing.T) (*Log, *memory) {
	t.Helper()
	m := &memory{}
	for range 2 { // the second log continues the first
		l, err := Open(context.Background(), m, nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, target := range []string{"a", "b"} {
			if err := l.Write(context.Background(), Entry{User: "李敏", Action: "export", Target: target, Allowed: true}); err != nil {
				t.Fatal(err)
			}
		}
	}
	l, err := Open(context.Background(), m, nil)
	if err != nil {
		t.Fatal(err)
	}
	return l, m
}

func TestChainShowsChangesAndGaps(t *testing.T) {
	l, m := filled(t)
	if n, err := l.Check(context.Background()); err != nil || n != 4 {
		t.Fatalf("an untouched log: %d %v", n, err)
	}
	for name, spoil := range map[string]func(){
		"changed": func() { m.entries[1].Target = "c" },
		"removed": func() { m.entries = append(m.entries[:1:1], m.entries[2:]...) },
		"first":   func() { m.entries[0].User = "nobody" },
	} {
		l, m = filled(t)
		spoil()
		if _, err := l.Check(context.Background()); err == nil {
			t.Errorf("%s: the chain holds", name)
		}
	}
	l, m = filled(t)
	m.entries = m.entries[2:] // retention
	if n, err := l.Check(context.Background()); err != nil || n != 2 {
		t.Errorf("after retention: %d %v", n, err)
	}
}

func TestWhatCannotBeRecordedIsAnError(t *testing.T) {
	l, m := filled(t)
	m.broken = errors.New("disk full")
	if err := l.Write(context.Background(), Entry{}); !errors.Is(err, m.broken) {
		t.Error(err)
	}
	m.broken = nil
	if err := l.Write(context.Background(), Entry{Detail: strings.Repeat("长", longest)}); err != nil {
		t.Fatal(err)
	}
	if n, err := l.Check(context.Background()); err != nil || n != 5 {
		t.Errorf("%d %v", n, err)
	}
	if len(m.entries[4].Detail) > longest+3 {
		t.Error("a field is not bounded")
	}
}
