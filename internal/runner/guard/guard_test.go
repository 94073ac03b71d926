package guard

import (
	"context"
	"strings"
	"testing"
)

// The guard as a whole is tested in package runner, against the engine's own trees. Here stand the parts that need no
// engine, and what must hold for any input whatever.

func TestCleanKeepsPositions(t *testing.T) {
	text := "SELECT\u00a0'\u3000', \"\u00a0\" --\u3000\n FROM\u3000t"
	cleaned, tokens, refusal := clean(text)
	if refusal != nil {
		t.Fatal(refusal)
	}
	if len(cleaned) != len(text) || strings.Count(cleaned, "\u3000") != 2 || strings.Contains(cleaned, "FROM\u3000") {
		t.Errorf("cleaned %q", cleaned)
	}
	if last := tokens[len(tokens)-1]; cleaned[last.start:last.end] != "t" {
		t.Errorf("last token %+v", last)
	}
}

func TestTokensFollowTheEnginesLexer(t *testing.T) {
	for text, want := range map[string]string{
		"a$b 'it''s' E'\\'' \"q\"\"q\" $m": "a$b|'it''s'|E'\\''|\"q\"\"q\"|$m",
		"$$ $x ;$$ $t$ $$ $t$;":            "$$ $x ;$$|$t$ $$ $t$|;",
		"1/* /* */ */+2 -- x ;\r3":         "1|+|2|3",
		"名称 WHERE x='$y'":                  "名称|WHERE|x|=|'$y'",
		"le'x'":                            "le|'x'",
		"SELECT {'a': [$b]}":               "SELECT|{|'a'|:|[|$b|]|}",
	} {
		cleaned, tokens, refusal := clean(text)
		if refusal != nil {
			t.Errorf("%q: %v", text, refusal)
			continue
		}
		var got []string
		for _, token := range tokens {
			got = append(got, cleaned[token.start:token.end])
		}
		if strings.Join(got, "|") != want {
			t.Errorf("%q: %s", text, strings.Join(got, "|"))
		}
	}
}

func TestPlaceCountsCharacters(t *testing.T) {
	text := "一二\n三x"
	if line, column := Place(text, strings.Index(text, "x")); line != 2 || column != 2 {
		t.Errorf("line %d column %d", line, column)
	}
	if line, _ := Place(text, len(text)+1); line != 0 {
		t.Error("a place outside of the text")
	}
}

func FuzzClean(f *testing.F) {
	for _, seed := range []string{"SELECT 1;", "'", "$a$ $a$", "$$", "E'\\", "/*/**/", "--", "“", "\u3000", "\xff", "a\x00"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		cleaned, tokens, refusal := clean(text)
		if refusal != nil {
			return
		}
		if len(cleaned) != len(text) {
			t.Fatalf("length %d became %d", len(text), len(cleaned))
		}
		end := 0
		for _, token := range tokens {
			if token.start < end || token.end <= token.start {
				t.Fatalf("token %+v after %d", token, end)
			}
			end = token.end
		}
	})
}

// FuzzCheck gives the guard trees that no parser would write: it must refuse or accept, never panic.
func FuzzCheck(f *testing.F) {
	for _, seed := range []string{
		`{"error":false,"statements":[{"node":{"type":"SELECT_NODE","cte_map":{"map":[{"key":"a","value":{}}]},"from_table":{"type":"BASE_TABLE","table_name":"a"}}}]}`,
		`{"error":false,"statements":[{"node":{"type":"SELECT_NODE","select_list":[{"class":"FUNCTION","function_name":"repeat","children":[{"class":"CONSTANT"}]}]}}]}`,
		`{"error":false,"statements":[{"node":{"class":"PARAMETER","identifier":""}}]}`,
		`{"error":true,"error_type":"parser","position":"-7"}`,
		`{"error":false,"statements":[{"node":null}]}`,
		`{"error":false,"statements":[{"node":{"type":"TABLE_FUNCTION"}}]}`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, tree string) {
		parse := func(context.Context, string) (string, error) { return tree, nil }
		Check(context.Background(), parse, "SELECT 1", Policy{Tables: []string{"t"}})
	})
}
