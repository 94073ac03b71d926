// Package audit is the record of who did what. An entry is written before the act that it records; an act whose
// entry cannot be written does not happen. Entries form a chain of hashes, so that one that is changed or removed
// later shows. Nothing is ever edited here.
package audit

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Entry is one line of the log.
type Entry struct {
	ID      int64 // from 1 without gaps
	At      time.Time
	User    string
	Actor   string // administrator who views as User
	Token   string // identifier of the token used
	Address string
	Request string // identifier of the request in the service's log
	Action  string // such as sign_in, export, sql.run
	Target  string
	Detail  string // such as the text of a query
	Allowed bool
	Rule    string
	Chain   string
}

// link computes the chain value of an entry from the one before it: SHA-256 over length-prefixed fields.
func (e Entry) link(previous string) string {
	sum := sha256.New()
	for _, field := range []string{previous, strconv.FormatInt(e.ID, 10), e.At.UTC().Format("2006-01-02T15:04:05.000000"), e.User, e.Actor, e.Token,
		e.Address, e.Request, e.Action, e.Target, e.Detail, strconv.FormatBool(e.Allowed), e.Rule} {
		fmt.Fprintf(sum, "%d:%s", len(field), field)
	}
	return hex.EncodeToString(sum.Sum(nil))
}

// Filter selects entries; zero fields select all.
type Filter struct {
	User, Action string
	From, To     time.Time // half-open
	Refused      bool      // only what was refused
	Before       int64     // only entries with a smaller ID
	Limit        int       // at most so many, newest first; 0: 100
}

// Keeper stores entries.
type Keeper interface {
	AppendAudit(ctx context.Context, e Entry) error
	// Audit lists entries, newest first.
	Audit(ctx context.Context, f Filter) ([]Entry, error)
	// WalkAudit visits all entries, oldest first.
	WalkAudit(ctx context.Context, visit func(Entry) error) error
}

// Log appends entries one after the other.
type Log struct {
	keeper Keeper
	now    func() time.Time
	mu     sync.Mutex
	last   Entry
}

// Open continues the log after its newest entry.
func Open(ctx context.Context, k Keeper, now func() time.Time) (*Log, error) {
	if now == nil {
		now = time.Now
	}
	newest, err := k.Audit(ctx, Filter{Limit: 1})
	if err != nil {
		return nil, fmt.Errorf("audit log: %w", err)
	}
	l := &Log{keeper: k, now: now}
	if len(newest) > 0 {
		l.last = newest[0]
	}
	return l, nil
}

// longest bounds a field, so that no request fills the log.
const longest = 20_000

// Write appends an entry and returns when it is stored. ID, time and chain are set here.
func (l *Log) Write(ctx context.Context, e Entry) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	e.ID, e.At = l.last.ID+1, l.now().UTC().Truncate(time.Microsecond)
	for _, field := range []*string{&e.User, &e.Target, &e.Detail, &e.Rule} {
		if len(*field) > longest {
			*field = strings.ToValidUTF8((*field)[:longest], "") + "…"
		}
	}
	e.Chain = e.link(l.last.Chain)
	// The act may be cancelled, its record may not be lost half-way.
	if err := l.keeper.AppendAudit(context.WithoutCancel(ctx), e); err != nil {
		return fmt.Errorf("the audit log cannot be written, so nothing was done: %w", err)
	}
	l.last = e
	return nil
}

// List gives entries, newest first.
func (l *Log) List(ctx context.Context, f Filter) ([]Entry, error) {
	if f.Limit <= 0 {
		f.Limit = 100
	}
	return l.keeper.Audit(ctx, f)
}

// Check walks the chain and returns the number of entries, or an error that names the first that does not fit. A log
// whose oldest entries were removed by retention begins with the chain value that its first entry states.
func (l *Log) Check(ctx context.Context) (int64, error) {
	var count int64
	var last Entry
	err := l.keeper.WalkAudit(ctx, func(e Entry) error {
		if count > 0 {
			if e.ID != last.ID+1 {
				return fmt.Errorf("entry %d is missing", last.ID+1)
			}
			if e.Chain != e.link(last.Chain) {
				return fmt.Errorf("entry %d of %s was changed after it was written, or one before it was", e.ID, e.At.Format(time.RFC3339))
			}
		} else if e.ID == 1 && e.Chain != e.link("") {
			return fmt.Errorf("entry 1 was changed after it was written")
		}
		last = e
		count++
		return nil
	})
	return count, err
}
