package cli

import (
	"context"
	"errors"
	"io"
	"os"

	"golang.org/x/term"

	"weir/internal/lang"
	"weir/internal/store"
	"weir/internal/workspace"
)

// env is what every command is given: streams, global flags, and the doors to workspace and store.
type env struct {
	ctx            context.Context
	stdin          io.Reader
	stdout, stderr io.Writer
	dir            string
	lang           lang.Lang // "" until a workspace or --lang decides
	format         string
	inside         *shared // set where the command runs inside the service
	threads        int     // of the engine; 0: one a core
	serving        bool    // this process is the service
}

// say writes a message to standard error in the language of the call.
func (e *env) say(zh, en string) { io.WriteString(e.stderr, e.lang.Pick(zh, en)+"\n") }

// terminal tells whether standard error is a terminal, where a progress bar makes sense.
func (e *env) terminal() bool {
	f, ok := e.stderr.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// workspace opens the directory of --dir and takes its language where --lang is not given.
func (e *env) workspace() (*workspace.Workspace, error) {
	w, err := workspace.Open(e.dir)
	if err != nil {
		return nil, err
	}
	if e.lang == "" {
		e.lang = w.Config.Language
	}
	return w, nil
}

// withStore opens workspace and store, runs f, and closes the store whatever happens.
func (e *env) withStore(f func(*workspace.Workspace, *store.Store) error) (err error) {
	w, err := e.workspace()
	if err != nil {
		return err
	}
	if e.inside != nil {
		return f(w, e.inside.store)
	}
	s, err := store.Open(e.ctx, w.Database(), store.Options{TimeZone: w.Config.TimeZone, MemoryLimit: w.Config.MemoryLimit, TempDirectory: w.Temp(), Threads: e.threads, Serving: e.serving})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	if err := sweep(w); err != nil {
		return err
	}
	return f(w, s)
}
