package server

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"weir/internal/lang"
	"weir/internal/server/access"
	"weir/internal/server/account"
)

// warmer makes the pages that people open first before anybody asks for them: the overview and the departments of the
// newest closed month, for the rights of the people who may sign in. It works while nobody waits for an answer, one page
// at a time, after the start and after every close.
type warmer struct {
	wanted chan struct{} // holds one entry where something is to be made

	mu       sync.Mutex
	waiting  int // requests that are being answered
	lastDone time.Time
}

// restBeforeWarming is how long nobody must have waited for an answer before the next page is made. A reader who opens
// one page after the other is not met by a page of which nobody knows whether it will be read.
const restBeforeWarming = 250 * time.Millisecond

func newWarmer() *warmer { return &warmer{wanted: make(chan struct{}, 1)} }

func (w *warmer) want() {
	select {
	case w.wanted <- struct{}{}:
	default: // it is wanted already
	}
}

func (w *warmer) begin() { w.mu.Lock(); w.waiting++; w.mu.Unlock() }

func (w *warmer) end(now time.Time) {
	w.mu.Lock()
	w.waiting--
	w.lastDone = now
	w.mu.Unlock()
}

// quiet waits until nobody waits for an answer. It is false when the context ends.
func (w *warmer) quiet(ctx context.Context, now func() time.Time) bool {
	for ctx.Err() == nil {
		w.mu.Lock()
		rest := restBeforeWarming
		if w.waiting == 0 {
			rest = w.lastDone.Add(restBeforeWarming).Sub(now())
		}
		w.mu.Unlock()
		if rest <= 0 {
			return true
		}
		select {
		case <-time.After(min(rest, restBeforeWarming)):
		case <-ctx.Done():
		}
	}
	return false
}

// warmRegularly works until the context ends.
func (s *Server) warmRegularly(ctx context.Context) {
	for {
		select {
		case <-s.warmer.wanted:
		case <-ctx.Done():
			return
		}
		began := s.now()
		made, err := s.warm(ctx)
		switch {
		case ctx.Err() != nil:
			return
		case err != nil: // whoever opens the page is told the same
			s.log.Warn("pages cannot be made ahead", "made", made, "error", err)
		case made > 0:
			s.log.Info("pages made ahead", "pages", made, "seconds", s.now().Sub(began).Seconds())
		}
	}
}

// warm makes the pages, until all are there, they fill half of what may be kept, or a further close makes them void.
func (s *Server) warm(ctx context.Context) (made int, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	if !s.warmer.quiet(ctx, s.now) {
		return 0, nil
	}
	months, err := s.newestRevisions(ctx)
	if err != nil || len(months) == 0 {
		return 0, err
	}
	// The pages show the twelve months before, too. Reading all at once would hold somebody up who comes meanwhile.
	for _, c := range months[:min(len(months), 1+trendMonths)] {
		if !s.warmer.quiet(ctx, s.now) {
			return 0, nil
		}
		if _, err := s.fullMonth(ctx, c.Month, c.Revision); err != nil {
			return 0, err
		}
	}
	for _, r := range s.readers(ctx, "/months/"+months[0].Month) {
		m, err := s.month(r, months[0].Month, months[0].Revision)
		if err != nil {
			return made, err
		}
		pages := []func() shown{func() shown { return s.overviewPage(r, m) }}
		for _, d := range m.reached() {
			pages = append(pages, func() shown { return s.departmentPage(r, m, d) })
		}
		for _, page := range pages {
			if !s.warmer.quiet(ctx, s.now) {
				return made, nil
			}
			if _, size := s.cache.held(); size > s.cache.limit/2 || len(s.warmer.wanted) > 0 {
				return made, nil
			}
			p := page()
			if s.kept(r, p) {
				continue
			}
			if _, err := s.main(r, p); err != nil {
				return made, errors.Join(err, ctx.Err())
			}
			made++
		}
	}
	return made, nil
}

// readers are requests as people would send them: one for each set of rights to see figures and language among those who
// may sign in, those who see every department first.
func (s *Server) readers(ctx context.Context, path string) []*request {
	if s.parts.Book == nil {
		return nil
	}
	in, err := http.NewRequestWithContext(ctx, http.MethodGet, path, nil)
	if err != nil {
		return nil
	}
	type reader struct {
		scope string
		lang  lang.Lang
	}
	var list []*request
	seen := map[reader]bool{}
	for _, u := range s.parts.Book.Users() {
		r := readerOf(in, u, s.config.Language)
		key := reader{r.scope(), r.lang}
		if u.Disabled || seen[key] || !r.who.Has(access.DepartmentRead) || !r.who.Has(access.MonthRead) {
			continue
		}
		seen[key] = true
		list = append(list, r)
	}
	slices.SortStableFunc(list, func(a, b *request) int {
		all := func(r *request) int {
			if r.who.May(access.DepartmentRead, access.Every).Allowed {
				return 0
			}
			return 1
		}
		return all(a) - all(b)
	})
	return list
}

func readerOf(in *http.Request, u account.User, usual lang.Lang) *request {
	r := &request{Request: in, User: u, who: u.Principal(), lang: usual}
	if u.Language != "" {
		r.lang = u.Language
	}
	return r
}
