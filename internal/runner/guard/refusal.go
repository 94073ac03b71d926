package guard

import (
	"fmt"

	"weir/internal/lang"
)

// Refusal says why a text is not run, where, and what to write instead. Line and Column count characters from 1;
// 0 means that the place is not known.
type Refusal struct {
	Line   int       `json:"line,omitempty"`
	Column int       `json:"column,omitempty"`
	What   lang.Text `json:"what"`
	Cure   lang.Text `json:"cure"`
}

// In words the refusal in a language, with its place.
func (r *Refusal) In(l lang.Lang) string {
	text := r.What.In(l)
	if !r.Cure.Empty() {
		text += l.Pick("；", "; ") + r.Cure.In(l)
	}
	if r.Line == 0 {
		return text
	}
	return fmt.Sprintf(l.Pick("第 %d 行第 %d 列：%s", "line %d, column %d: %s"), r.Line, r.Column, text)
}

// Error is the refusal in English.
func (r *Refusal) Error() string { return r.In(lang.En) }
