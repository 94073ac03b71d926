// Package objection is the way in which a department contradicts its own figure (申诉): a reason, attachments, an
// answer, and what came of it. It changes no figure: a correction of data leads to a new revision of the month, which
// the answer names.
package objection

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"weir/internal/lang"
)

// State is where an objection stands.
type State string

// The states. Only an open objection can be answered or withdrawn.
const (
	Open      State = "open"
	Accepted  State = "accepted" // the data or the figure are to be corrected
	Rejected  State = "rejected"
	Withdrawn State = "withdrawn"
)

// Name is the state as printed.
func (s State) Name() lang.Text {
	switch s {
	case Open:
		return lang.T("待答复", "open")
	case Accepted:
		return lang.T("采纳", "accepted")
	case Rejected:
		return lang.T("不采纳", "rejected")
	case Withdrawn:
		return lang.T("已撤回", "withdrawn")
	}
	return lang.Same(string(s))
}

// Objection is one case with its whole correspondence.
type Objection struct {
	ID         int64
	Month      string
	Revision   int // at which it was filed
	Department string
	Indicator  string // "" where the score as a whole is meant
	State      State
	FiledBy    string
	FiledAt    time.Time
	ChangedAt  time.Time
	Messages   []Message // the reason first
}

// Message is a reason or an answer.
type Message struct {
	ID          int64
	By          string
	At          time.Time
	State       State // state that it brought
	Text        string
	Attachments []Attachment
}

// Attachment is a file beside a message, stored under its SHA-256.
type Attachment struct {
	ID     int64
	File   string
	Bytes  int64
	SHA256 string
}

// Filter selects objections; zero fields select all.
type Filter struct {
	Month      string
	Department string
	State      State
}

// Keeper stores objections.
type Keeper interface {
	// SaveObjection stores the case and its last message, all or none.
	SaveObjection(ctx context.Context, o Objection) error
	// Objections lists cases with their messages, newest first.
	Objections(ctx context.Context, f Filter) ([]Objection, error)
}

// Errors of the package.
var (
	ErrUnknown = errors.New("there is no such objection")
	ErrClosed  = errors.New("the objection has been answered or withdrawn already")
	ErrText    = fmt.Errorf("give a reason of %d to %d characters", MinText, MaxText)
)

// Limits of a text in characters.
const (
	MinText = 5
	MaxText = 5000
)

// Desk takes objections in and answers them. It is safe for concurrent use.
type Desk struct {
	keeper Keeper
	now    func() time.Time
	mu     sync.Mutex
	cases  []Objection // all, newest first
	change int64
}

// NewDesk reads the known cases.
func NewDesk(ctx context.Context, k Keeper, now func() time.Time) (*Desk, error) {
	if now == nil {
		now = time.Now
	}
	cases, err := k.Objections(ctx, Filter{})
	if err != nil {
		return nil, fmt.Errorf("objections: %w", err)
	}
	return &Desk{keeper: k, now: now, cases: cases}, nil
}

// Changes counts the changes since the start; pages use it to know that theirs is old.
func (d *Desk) Changes() int64 {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.change
}

// List gives the cases that the filter selects, newest first.
func (d *Desk) List(f Filter) []Objection {
	d.mu.Lock()
	defer d.mu.Unlock()
	var list []Objection
	for _, o := range d.cases {
		if (f.Month == "" || o.Month == f.Month) && (f.Department == "" || o.Department == f.Department) && (f.State == "" || o.State == f.State) {
			list = append(list, o)
		}
	}
	return list
}

// Find gives one case.
func (d *Desk) Find(id int64) (Objection, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	i, err := d.index(id)
	if err != nil {
		return Objection{}, err
	}
	return d.cases[i], nil
}

func (d *Desk) index(id int64) (int, error) {
	for i := range d.cases {
		if d.cases[i].ID == id {
			return i, nil
		}
	}
	return 0, fmt.Errorf("objection %d: %w", id, ErrUnknown)
}

// File opens a case. Month, Revision, Department, Indicator and FiledBy are the caller's; what they name must exist.
func (d *Desk) File(ctx context.Context, o Objection, text string, attachments []Attachment) (Objection, error) {
	text, err := clean(text)
	if err != nil {
		return Objection{}, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	o.ID = 1
	for _, c := range d.cases {
		o.ID = max(o.ID, c.ID+1)
	}
	o.State, o.FiledAt = Open, d.now().UTC().Truncate(time.Microsecond)
	o.ChangedAt = o.FiledAt
	o.Messages = []Message{{ID: 1, By: o.FiledBy, At: o.FiledAt, State: Open, Text: text, Attachments: numbered(attachments, 0)}}
	if err := d.keeper.SaveObjection(ctx, o); err != nil {
		return Objection{}, err
	}
	d.cases = append([]Objection{o}, d.cases...)
	d.change++
	return o, nil
}

// Add writes into an open case: a further reason with state Open, an answer with Accepted or Rejected, or Withdrawn.
func (d *Desk) Add(ctx context.Context, id int64, by string, state State, text string, attachments []Attachment) (Objection, error) {
	text, err := clean(text)
	if err != nil {
		return Objection{}, err
	}
	switch state {
	case Open, Accepted, Rejected, Withdrawn:
	default:
		return Objection{}, fmt.Errorf("state %q is not known: use open, accepted, rejected or withdrawn", state)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	i, err := d.index(id)
	if err != nil {
		return Objection{}, err
	}
	o := d.cases[i]
	if o.State != Open {
		return Objection{}, ErrClosed
	}
	had := 0
	for _, m := range o.Messages {
		had += len(m.Attachments)
	}
	o.State, o.ChangedAt = state, d.now().UTC().Truncate(time.Microsecond)
	o.Messages = append(o.Messages[:len(o.Messages):len(o.Messages)], Message{ID: int64(len(o.Messages) + 1), By: by, At: o.ChangedAt, State: state, Text: text, Attachments: numbered(attachments, had)})
	if err := d.keeper.SaveObjection(ctx, o); err != nil {
		return Objection{}, err
	}
	d.cases[i] = o
	d.change++
	return o, nil
}

func numbered(list []Attachment, had int) []Attachment {
	out := make([]Attachment, len(list))
	for i, a := range list {
		a.ID = int64(had + i + 1)
		out[i] = a
	}
	return out
}

func clean(text string) (string, error) {
	text = strings.TrimSpace(strings.ReplaceAll(text, "\r\n", "\n"))
	if n := utf8.RuneCountInString(text); !utf8.ValidString(text) || n < MinText || n > MaxText {
		return "", ErrText
	}
	return text, nil
}
