// Package lang holds the two languages in which Weir speaks and the text that
// exists in both. Chinese is written first and is the fallback of English, so
// that a page is never empty because a translation is late. No machine
// translation and no message catalogue is ever added here: a text stands where
// it is used.
package lang

import (
	"fmt"
	"strings"
)

// Lang is a language of pages and messages. The zero value reads as Chinese.
type Lang string

const (
	Zh Lang = "zh" // Chinese, simplified characters
	En Lang = "en" // English
)

// Parse reads the value of --lang or of weir.yaml.
func Parse(name string) (Lang, error) {
	switch Lang(name) {
	case Zh, En:
		return Lang(name), nil
	}
	return "", fmt.Errorf("language %q is not known: use zh or en", name)
}

// Tag is the language tag that HTML and PDF write (BCP 47).
func (l Lang) Tag() string {
	if l == En {
		return "en"
	}
	return "zh-CN"
}

// Pick returns zh or en, whichever the language asks for, also where that is
// empty: a measure word has no English. It is for texts that are both written in
// the code at one place; those of data are a Text.
func (l Lang) Pick(zh, en string) string {
	if l == En {
		return en
	}
	return zh
}

// Text is one text in both languages.
type Text struct {
	Zh string `yaml:"zh" json:"zh"`
	En string `yaml:"en" json:"en"`
}

// T makes a text from both its forms.
func T(zh, en string) Text { return Text{Zh: zh, En: en} }

// Same makes a text that reads alike in both languages, such as a department's
// name without a translation.
func Same(s string) Text { return Text{Zh: s, En: s} }

// In returns the text in the language, or the other form where that is empty.
func (t Text) In(l Lang) string {
	if l == En {
		if t.En != "" {
			return t.En
		}
		return t.Zh
	}
	if t.Zh != "" {
		return t.Zh
	}
	return t.En
}

// Joined writes both forms into one text, as comments and stored texts hold them.
func (t Text) Joined() string { return t.Zh + " | " + t.En }

// Split takes apart what Joined put together; a text without a bar reads alike in both languages.
func Split(text string) Text {
	zh, en, both := strings.Cut(text, " | ")
	if !both {
		return Same(text)
	}
	return T(strings.TrimSpace(zh), strings.TrimSpace(en))
}

// Empty reports whether neither form is written.
func (t Text) Empty() bool { return t.Zh == "" && t.En == "" }
