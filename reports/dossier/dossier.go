// Package dossier holds the rows behind a closed month that reports print beside its figures: overdue cases,
// missed updates, dormant resources, budgets, payments, performance targets, refused rows.
//
// It is plain data with a few sums. internal/readmodel fills it from what the close left behind; reports read it.
// No figure that decides a score is ever added here: those stand in metrics.Month.
package dossier

import (
	"time"

	"weir/internal/lang"
)

// Dossier is what stood in the tables when a month was closed. Every list is ordered, so that the same close gives
// the same report. A table that was connected for nobody leaves its list empty; Connected tells the two apart.
type Dossier struct {
	Month       string // YYYY-MM
	PeriodEnd   time.Time
	FiscalYear  int
	FiscalMonth int             // place of the month in the fiscal year, 1 to 12
	Connected   map[string]bool // tables that held rows when the month was closed

	Districts map[string]string // department → district, where one is stated
	Rules     []Rule            // duties with a limit, in the order of the law
	Duties    []Duty
	Overdue   []Overdue
	Stale     []Stale
	Dormant   []Dormant
	Stages    []Stage
	Refused   []Refused
	Projects  []Project
	Payments  []Payment
	Targets   []Target
	Units     []Unit

	Objections []Objection
}

// Rule is one duty with a limit and what it rests on.
type Rule struct {
	ID      string    // reply_unconditional, delivery, correction …
	Name    lang.Text // 申请答复（无条件共享）
	Source  lang.Text // 《政务数据共享条例》第二十一条
	Limit   lang.Text // 1 个工作日
	IsLaw   bool      // a legal text that was read, or read in a secondary source; else a management standard
	Subject lang.Text // what the cases are called: 申请, 校核单
}

// Duty counts the cases of one rule that fell due in the month for one department.
type Duty struct {
	Rule, Department string
	Due, Late        int
}

// Overdue is one case whose limit passed in the month.
type Overdue struct {
	Rule, Department string
	Case             string // identifier in the platform
	Counterpart      string // department on the other side, "" where none
	Subject          string // what it is about, as titled in the catalogue; may be empty
	Start, Due       time.Time
	Done             *time.Time // nil: still open when the month was closed
	DaysLate         int        // working days between the due day and Done, or the end of the month
}

// Stale is a resource that missed update slots which ended in the month.
type Stale struct {
	Department, Resource, Title, DataKind, Cadence string

	Due, Missed int
	LastUpdate  *time.Time
}

// Dormant is a resource mounted for 180 days or more from which no other department took data within 180 days.
type Dormant struct {
	Department, Resource, Title, DataKind string

	Bytes    int64
	Days     int64      // since mounting, 0 where that is not known
	LastUsed *time.Time // within 365 days, nil for none
}

// Stage counts the datasets of a department along the way from catalogue to use. Each stage is part of the one
// before: what is used without a request, as unconditional sharing allows, counts as requested and provided.
type Stage struct {
	Department string
	Catalogued int // shareable datasets in the catalogue at the end of the month
	Mounted    int // of these with a live resource
	Requested  int // of these requested or used within 365 days
	Provided   int // of these delivered or used within 365 days
	Used       int // of these used by another department within 365 days
}

// Refused is a reason for which rows were kept out.
type Refused struct {
	Table, Code, Reason string
	Rows                int64
}

// Objection is an objection of a department as it stood when the month was closed.
type Objection struct {
	Number     int64
	Month      string // of the figure
	Department string
	Indicator  string // "" for the score as a whole
	State      string // open, accepted, rejected, withdrawn
	FiledAt    time.Time
}

// Add sums two stages.
func (s Stage) Add(o Stage) Stage {
	s.Catalogued += o.Catalogued
	s.Mounted += o.Mounted
	s.Requested += o.Requested
	s.Provided += o.Provided
	s.Used += o.Used
	return s
}

// Rule finds a rule by its id.
func (d *Dossier) Rule(id string) (Rule, bool) {
	for _, r := range d.Rules {
		if r.ID == id {
			return r, true
		}
	}
	return Rule{}, false
}
