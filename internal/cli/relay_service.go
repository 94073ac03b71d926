package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"time"

	"weir/internal/server/account"
	"weir/internal/server/audit"
	"weir/internal/store"
)

// shared is what a command uses when it runs inside the service.
type shared struct {
	store  *store.Store
	copies *copies
	book   *account.Book
	log    *audit.Log
	after  func() // told when a command has ended: a month may have been closed
}

// serveRelay answers calls on the workspace's socket until the context ends.
func (e *env) serveRelay(ctx context.Context, s shared, log *slog.Logger) (stop func(), err error) {
	socket := relaySocket(e.dir)
	// What a killed service left; a living one holds the database, and this one does.
	if err := os.Remove(socket); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	listener, err := net.Listen("unix", socket)
	if err != nil {
		log.Warn("commands cannot be handed to the service while it runs", "error", err)
		return func() {}, nil
	}
	if err := os.Chmod(socket, 0o600); err != nil {
		return nil, errors.Join(err, listener.Close())
	}
	dir, err := filepath.Abs(e.dir)
	if err != nil {
		return nil, errors.Join(err, listener.Close())
	}
	var running sync.WaitGroup // also the commands: the store is closed after the last
	web := &http.Server{ReadHeaderTimeout: 5 * time.Second, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		running.Add(1)
		defer running.Done()
		answerRelay(w, r, dir, s, log)
	})}
	running.Go(func() {
		if err := web.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			log.Error("relay", "error", err)
		}
	})
	return func() {
		grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
		defer cancel()
		if err := web.Shutdown(grace); err != nil {
			log.Warn("commands were cut off", "error", errors.Join(err, web.Close()))
		}
		running.Wait()
	}, nil
}

// answerRelay runs one command.
func answerRelay(w http.ResponseWriter, r *http.Request, dir string, s shared, log *slog.Logger) {
	var call relayCall
	if err := json.NewDecoder(io.LimitReader(r.Body, 2*mostStdin)).Decode(&call); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	out := &relayWriter{w: w, control: http.NewResponseController(w)}
	log.Info("command", "args", call.Args)
	code := execute(r.Context(), call.Args, bytes.NewReader(call.Stdin), out.stream(false), out.stream(true), &s, dir)
	s.after()
	out.send(relayFrame{Exit: &code})
}

// relayWriter sends frames, each at once.
type relayWriter struct {
	mu      sync.Mutex
	w       io.Writer
	control *http.ResponseController
}

func (r *relayWriter) send(f relayFrame) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	text, err := json.Marshal(f)
	if err != nil {
		return err
	}
	if _, err := r.w.Write(append(text, '\n')); err != nil {
		return err
	}
	return r.control.Flush()
}

type relayStream struct {
	to      *relayWriter
	isError bool
}

func (r *relayWriter) stream(isError bool) io.Writer { return relayStream{r, isError} }

func (s relayStream) Write(b []byte) (int, error) {
	f := relayFrame{Out: b}
	if s.isError {
		f = relayFrame{Err: b}
	}
	return len(b), s.to.send(f)
}
