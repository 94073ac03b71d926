package cli

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"weir/internal/server/account"
	"weir/internal/server/audit"
	"weir/internal/store"
)

// While the service runs it holds the database, so other commands hand their call to it: over a socket in the
// workspace that only its owner may open. The command runs there, with the arguments, the standard input and the
// output of the caller.

// shared is what a command uses when it runs inside the service.
type shared struct {
	store *store.Store
	book  *account.Book
	log   *audit.Log
	after func() // told when a command has ended: a month may have been closed
}

// relayedCommands are those that need the database.
var relayedCommands = []string{"ingest", "close", "verify", "value", "explain", "report", "quarantine", "user", "backup", "check"}

// relaySocket is the socket of a workspace. Socket paths are short: about a hundred bytes.
func relaySocket(dir string) string { return filepath.Join(dir, ".service", "weir.sock") }

// relayCall is one command line.
type relayCall struct {
	Args  []string `json:"args"`
	Stdin []byte   `json:"stdin,omitempty"`
}

// relayFrame is a piece of the answer, one JSON object a line.
type relayFrame struct {
	Out  []byte `json:"out,omitempty"`
	Err  []byte `json:"err,omitempty"`
	Exit *int   `json:"exit,omitempty"`
}

// relay hands a command to the service of the workspace. ok is false where none runs.
func (e *env) relay(command string, args []string) (exit int, ok bool) {
	name, _, _ := strings.Cut(command, " ")
	if !slices.Contains(relayedCommands, name) {
		return 0, false
	}
	socket := relaySocket(e.dir)
	connection, err := net.DialTimeout("unix", socket, time.Second)
	if err != nil {
		return 0, false // no service, or what one that was killed left
	}
	defer connection.Close()
	call := relayCall{Args: absoluteArguments(args)}
	if name == "ingest" {
		replaced, remove, err := withStandardInput(call.Args, e.stdin, filepath.Join(filepath.Dir(filepath.Dir(socket)), ".tmp"))
		defer remove() // what is left is deleted a day later
		if err != nil {
			return report(err, e.stderr), true
		}
		call.Args = absolutePatterns(absoluteArguments(replaced))
	}
	if strings.HasPrefix(command, "user add") || strings.HasPrefix(command, "user password") {
		if call, err = e.withPassword(call); err != nil {
			return report(err, e.stderr), true
		}
	}
	exit, err = e.relayOver(connection, call)
	if err != nil {
		fmt.Fprintln(e.stderr, "weir:", fmt.Errorf("the service of this workspace did not answer: %w", err))
		return exitFailed, true
	}
	return exit, true
}

// withPassword asks on the caller's terminal and sends the password as standard input.
func (e *env) withPassword(c relayCall) (relayCall, error) {
	given := slices.Contains(c.Args, "--password-stdin")
	if slices.Contains(c.Args, "--single-sign-on") {
		return c, nil
	}
	password, err := e.password(given)
	if err != nil {
		return c, err
	}
	if !given {
		c.Args = append(c.Args, "--password-stdin")
	}
	c.Stdin = []byte(password + "\n")
	return c, nil
}

func (e *env) relayOver(connection net.Conn, call relayCall) (int, error) {
	client := &http.Client{Transport: &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) { return connection, nil }}}
	text, err := json.Marshal(call)
	if err != nil {
		return 0, err
	}
	request, err := http.NewRequestWithContext(e.ctx, http.MethodPost, "http://workspace/run", bytes.NewReader(text))
	if err != nil {
		return 0, err
	}
	answer, err := client.Do(request)
	if err != nil {
		return 0, err
	}
	defer answer.Body.Close()
	frames := bufio.NewReader(answer.Body)
	for {
		line, err := frames.ReadBytes('\n')
		if err != nil {
			return 0, err
		}
		var f relayFrame
		if err := json.Unmarshal(line, &f); err != nil {
			return 0, err
		}
		if f.Exit != nil {
			return *f.Exit, nil
		}
		if _, err := e.stdout.Write(f.Out); err != nil {
			return 0, err
		}
		if _, err := e.stderr.Write(f.Err); err != nil {
			return 0, err
		}
	}
}

// absoluteArguments makes paths independent of the caller's directory: values of --dir and --out, and arguments that
// name something that exists and look like a path.
func absoluteArguments(args []string) []string {
	list := slices.Clone(args)
	absolute := func(path string) string {
		full, err := filepath.Abs(path)
		if err != nil || path == "" {
			return path
		}
		return full
	}
	for i, a := range list {
		flag, value, joined := strings.Cut(a, "=")
		switch {
		case joined && (flag == "--dir" || flag == "--out"):
			list[i] = flag + "=" + absolute(value)
		case i > 0 && (list[i-1] == "--dir" || list[i-1] == "--out"):
			list[i] = absolute(a)
		case !strings.HasPrefix(a, "-") && strings.ContainsAny(a, "./"):
			if _, err := os.Lstat(a); err == nil {
				list[i] = absolute(a)
			}
		}
	}
	return list
}

// absolutePatterns makes files, folders and patterns independent of the caller's directory, whatever they look like.
// What follows a flag is its value.
func absolutePatterns(args []string) []string {
	list := slices.Clone(args)
	for i, a := range list {
		if strings.HasPrefix(a, "-") || i > 0 && strings.HasPrefix(list[i-1], "--") && !strings.Contains(list[i-1], "=") && list[i-1] != "--dry-run" {
			continue
		}
		if _, err := os.Lstat(a); err != nil && !strings.ContainsAny(a, "*?[") {
			continue
		}
		if full, err := filepath.Abs(a); err == nil && a != "ingest" {
			list[i] = full
		}
	}
	return list
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
	web := &http.Server{ReadHeaderTimeout: 5 * time.Second, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { answerRelay(w, r, dir, s, log) })}
	var running sync.WaitGroup
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

// mostStdin bounds what a caller may send as standard input.
const mostStdin = 64 << 20

// answerRelay runs one command.
func answerRelay(w http.ResponseWriter, r *http.Request, dir string, s shared, log *slog.Logger) {
	var call relayCall
	if err := json.NewDecoder(io.LimitReader(r.Body, mostStdin)).Decode(&call); err != nil {
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
