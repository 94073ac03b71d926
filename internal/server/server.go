// Package server is the service: web pages, API, notebooks, jobs and the timetable of one workspace.
//
// It shows what was closed and starts what the command line can do; it computes no figure. All routes stand in one
// list with the permission that each needs; handlers return errors, which one place writes. What it needs of the rest
// of Weir is declared here as small interfaces and wired by internal/cli. No route is ever added that loads anything
// from another host, and no page that needs a script to be read.
package server

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"weir/internal/server/account"
	"weir/internal/server/audit"
	"weir/internal/server/draft"
	"weir/internal/server/export"
	"weir/internal/server/job"
	"weir/internal/server/objection"
	"weir/metrics/scoring"
	"weir/queries/schema"
)

// Health tells whether the database answers.
type Health interface {
	// Ping runs a statement; after a fatal error of the engine it fails until the process is started anew.
	Ping(ctx context.Context) error
}

// Parts are what the service is made of. A part that is nil is not there, and its routes say so.
type Parts struct {
	Log        *slog.Logger
	Now        func() time.Time
	Health     Health
	Book       *account.Book
	Audit      *audit.Log
	Objections *objection.Desk
	Jobs       *job.Queue
	Timetable  *job.Timetable
	Bands      scoring.Bands // grades, best first
	Files      string        // private directory for attachments and uploads under way

	Months      Months
	Definitions Definitions
	Rows        Rows
	Lake        Lake
	Engine      export.Engine // writes Parquet
	Held        Holder        // tells its memory
	Charts      Charts
	Loads       Loads
	Reports     Reports
	Reviews     Reviews
	Revisions   Revisions
	Notebooks   Notebooks
	Drafts      *draft.Store
	Model       *schema.Model
}

// Server answers requests. Make one with New.
type Server struct {
	config  Config
	parts   Parts
	log     *slog.Logger
	now     func() time.Time
	mux     *http.ServeMux
	routes  []route
	pages   *pages
	cache   *cache
	warmer  *warmer
	limits  *limiter
	origins *http.CrossOriginProtection
	counts  *counters
	oidc    oidcState
	months  monthCache

	stopping atomic.Bool
	once     sync.Once
}

// New makes the service and checks its list of routes and its templates.
func New(c Config, p Parts) (*Server, error) {
	c = c.withDefaults()
	if p.Now == nil {
		p.Now = time.Now
	}
	if p.Log == nil {
		p.Log = slog.New(slog.DiscardHandler)
	}
	if len(c.Key) == 0 {
		c.Key = []byte(account.Secret())
	}
	s := &Server{config: c, parts: p, log: p.Log, now: p.Now, mux: http.NewServeMux(), cache: newCache(cacheBytes), warmer: newWarmer(),
		limits: newLimiter(c.Rate, c.Burst, p.Now), origins: http.NewCrossOriginProtection(), counts: newCounters(p.Now())}
	var err error
	if s.pages, err = parsePages(c.Zone); err != nil {
		return nil, err
	}
	if err := s.sweepUploads(); err != nil {
		return nil, err
	}
	s.routes = s.list()
	for i := range s.routes {
		r := &s.routes[i]
		if err := r.check(); err != nil {
			return nil, err
		}
		s.mux.Handle(r.method+" "+r.pattern, s.serve(r))
	}
	s.mux.Handle("/", s.serve(&route{method: http.MethodGet, pattern: "/", public: true, handle: s.nothingHere}))
	return s, nil
}

// Handler is the whole service as one handler.
func (s *Server) Handler() http.Handler { return s.mux }

// Serve answers requests on the listener until the context ends, then stops in order: no new requests, running ones
// are finished, jobs are given their grace, and what was kept in memory is saved.
func (s *Server) Serve(ctx context.Context, listener net.Listener) error {
	web := &http.Server{
		Handler:           s.Handler(),
		ReadHeaderTimeout: 10 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    64 << 10,
		ErrorLog:          slog.NewLogLogger(s.log.Handler(), slog.LevelWarn),
	}
	background, stopBackground := context.WithCancel(ctx)
	defer stopBackground()
	var running sync.WaitGroup
	running.Go(func() { s.flushRegularly(background) })
	s.warmer.want()
	running.Go(func() { s.warmRegularly(background) })
	if s.parts.Jobs != nil {
		running.Go(func() { s.parts.Jobs.Run(background, s.config.Grace) })
	}
	if s.parts.Timetable != nil {
		running.Go(func() { s.parts.Timetable.Run(background, 30*time.Second) })
	}
	failed := make(chan error, 1)
	go func() { failed <- web.Serve(listener) }()
	var err error
	select {
	case err = <-failed:
	case <-ctx.Done():
		s.stopping.Store(true)
		s.log.Info("stopping", "grace_seconds", s.config.Grace.Seconds())
		grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.config.Grace)
		defer cancel()
		if err = web.Shutdown(grace); errors.Is(err, context.DeadlineExceeded) {
			err = errors.Join(fmt.Errorf("requests were cut off after %s", s.config.Grace), web.Close())
		}
	}
	stopBackground()
	running.Wait()
	err = errors.Join(err, s.flush(context.WithoutCancel(ctx)))
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}

const flushEvery = 30 * time.Second

func (s *Server) flushRegularly(ctx context.Context) {
	ticker := time.NewTicker(flushEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
			if err := s.flush(ctx); err != nil && ctx.Err() == nil {
				s.log.Error("sessions cannot be saved", "error", err)
			}
		case <-ctx.Done():
			return
		}
	}
}

func (s *Server) flush(ctx context.Context) error {
	if s.parts.Book == nil {
		return nil
	}
	return s.parts.Book.Flush(ctx)
}
