package server

import (
	"context"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"weir/metrics"
)

// countingCity counts how often months are read, closes 2026-10 anew, and holds reading up where it is told to.
type countingCity struct {
	city
	reads  atomic.Int64
	closes atomic.Int64 // revisions of 2026-10 beyond those of the city
	hold   chan struct{}
}

func (c *countingCity) List(ctx context.Context) ([]Closed, error) {
	list, err := c.city.List(ctx)
	for i := range c.closes.Load() {
		next := list[len(list)-1]
		next.Revision, next.Stamp = next.Revision+1, next.Stamp[:60]+string(rune('d'+i))+"000"
		list = append(list, next)
	}
	return list, err
}

func (c *countingCity) Read(ctx context.Context, month string, revision int) (*metrics.Month, error) {
	c.reads.Add(1)
	if c.hold != nil {
		select {
		case <-c.hold:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	return c.city.Read(ctx, month, revision)
}

func warmRig(t *testing.T, c *countingCity) *rig {
	return newRig(t, func(_ *Config, p *Parts) { p.Months = c })
}

// TestPagesAreMadeAhead warms the service and reads: the pages that people open first are there, as they would be made
// for them, and nothing is read for them any more.
func TestPagesAreMadeAhead(t *testing.T) {
	cold, c := newRig(t), &countingCity{}
	g := warmRig(t, c)
	made, err := g.server.warm(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	// finance and planner see the overview and seven departments; division, own and other see the overview and one.
	if want := 2*8 + 3*2; made != want {
		t.Errorf("%d pages were made, want %d", made, want)
	}
	entries, _ := g.server.cache.held()
	reads := c.reads.Load()
	for _, one := range []struct{ user, path string }{{"finance", "/months/2026-10"}, {"finance", "/months/2026-10/departments/GA"}, {"own", "/months/2026-10"}, {"own", "/months/2026-10/departments/MZ"}, {"planner", "/months/2026-10/departments/XX"}} {
		_, got := g.as(t, one.user).get(one.path)
		_, want := cold.as(t, one.user).get(one.path)
		if withoutTokens(got) != withoutTokens(want) {
			t.Errorf("%s reads another %s than without warming", one.user, one.path)
		}
	}
	if after, _ := g.server.cache.held(); after != entries || c.reads.Load() != reads {
		t.Errorf("%d pages and %d months were made for readers", after-entries, c.reads.Load()-reads)
	}
	if again, err := g.server.warm(t.Context()); err != nil || again != 0 {
		t.Errorf("warming again made %d pages, %v", again, err)
	}
}

func withoutTokens(page string) string { return tokenField.ReplaceAllString(page, "") }

// TestACloseMakesOldPagesVoid closes a month anew: what was kept for readers of the old revision is forgotten, so that
// memory does not grow from close to close.
func TestACloseMakesOldPagesVoid(t *testing.T) {
	c := &countingCity{}
	g := warmRig(t, c)
	if _, err := g.server.warm(t.Context()); err != nil {
		t.Fatal(err)
	}
	entries, size := g.server.cache.held()
	for range 5 {
		c.closes.Add(1)
		g.server.Closed()
		<-g.server.warmer.wanted
		if _, err := g.server.warm(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if after, now := g.server.cache.held(); after != entries || now > size+size/10 {
		t.Errorf("%d pages of %d bytes are kept after five closes, before %d of %d", after, now, entries, size)
	}
	if n := len(g.server.months.full); n != 2 {
		t.Errorf("%d months are kept, want each in its newest revision", n)
	}
	// An old revision can be read all the same.
	if code, _ := g.as(t, "finance").get("/months/2026-10/revisions/2"); code != http.StatusOK {
		t.Errorf("an old revision: %d", code)
	}
}

// TestWarmingWaitsForReaders lets somebody wait for an answer while pages are to be made, and stops the service.
func TestWarmingWaitsForReaders(t *testing.T) {
	c := &countingCity{}
	g := warmRig(t, c)
	g.server.warmer.begin() // somebody waits
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { g.server.warmRegularly(ctx); close(ended) }()
	g.server.Closed()
	time.Sleep(2 * restBeforeWarming)
	if n := c.reads.Load(); n != 0 {
		t.Errorf("%d months were read while somebody waited", n)
	}
	g.server.warmer.end(time.Now())
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		if entries, _ := g.server.cache.held(); entries == 22 {
			break
		}
	}
	if entries, _ := g.server.cache.held(); entries != 22 {
		t.Errorf("%d pages were made once nobody waited", entries)
	}
	stop()
	<-ended

	// A page that cannot be made to its end holds nobody up who stops the service.
	held := &countingCity{hold: make(chan struct{})}
	g = warmRig(t, held)
	ctx, stop = context.WithCancel(t.Context())
	ended = make(chan struct{})
	g.server.warmer.want()
	go func() { g.server.warmRegularly(ctx); close(ended) }()
	for held.reads.Load() == 0 {
		time.Sleep(time.Millisecond)
	}
	stop()
	select {
	case <-ended:
	case <-time.After(30 * time.Second):
		t.Fatal("warming goes on although the service stops")
	}
}
