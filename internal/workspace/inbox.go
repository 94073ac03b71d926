package workspace

import (
	"fmt"
	"path"

	"weir/internal/inbox"
	"weir/internal/problem"
	"weir/queries/schema"
)

// Inbox says how dropped files are taken in.
type Inbox struct {
	SettleSeconds int         `yaml:"settle_seconds"` // a file left alone for so long is taken for whole; default 10
	Rules         []InboxRule `yaml:"rules"`          // tried in order, after the folder's name and before the file's
}

// InboxRule says how files of a name are read.
type InboxRule struct {
	Files   string `yaml:"files"` // pattern of names, such as "gov_export_*.csv"
	Table   string `yaml:"table"` // of the event model, or
	Mapping string `yaml:"mapping"`
}

// DefaultInbox is the inbox of a workspace that states none.
func DefaultInbox() Inbox { return Inbox{SettleSeconds: int(inbox.Settle.Seconds())} }

func (b Inbox) problems(file string) (list problem.List) {
	add := func(what, cure string) { list = append(list, problem.Problem{File: file, What: what, Cure: cure}) }
	if b.SettleSeconds < 0 {
		add(fmt.Sprintf("inbox.settle_seconds: %d is below 0", b.SettleSeconds), "")
	}
	for i, r := range b.Rules {
		where := fmt.Sprintf("inbox.rules[%d]", i)
		if _, err := path.Match(r.Files, ""); err != nil || r.Files == "" {
			add(fmt.Sprintf("%s.files: %q is no pattern", where, r.Files), `write one such as "export_*.csv"`)
		}
		if (r.Table == "") == (r.Mapping == "") {
			add(where+" names no target, or two", "write table: or mapping:")
		}
		if _, ok := schema.Default().Table(r.Table); r.Table != "" && !ok {
			add(fmt.Sprintf("%s.table: there is no table %q", where, r.Table), problem.DidYouMean(r.Table, schema.Default().TableNames()))
		}
	}
	return list
}
