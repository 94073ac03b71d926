package typst

import (
	"context"
	"encoding/gob"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"runtime/debug"
	"strings"
	"sync"
)

// A worker is a process of the same program that sets documents for another: the
// memory and any crash of the typesetter stay out of a server. Requests and
// answers are gob values on its standard input and output.
type (
	request struct {
		Files map[string][]byte
		Main  string
	}
	answer struct {
		PDF      []byte
		Warnings []string
		Error    string
	}
)

// Serve answers requests until the input ends. It starts a compiler with the
// first request and starts it afresh when its memory has grown.
func Serve(ctx context.Context, in io.Reader, out io.Writer, options Options) error {
	debug.SetGCPercent(20) // most of the memory is the module's own; the rest shall not double
	decoder, encoder := gob.NewDecoder(in), gob.NewEncoder(out)
	var compiler *Compiler
	defer func() {
		if compiler != nil {
			compiler.Close()
		}
	}()
	for {
		var r request
		if err := decoder.Decode(&r); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return fmt.Errorf("read a request: %w", err)
		}
		var a answer
		var err error
		if compiler == nil {
			compiler, err = New(ctx, options)
			debug.FreeOSMemory() // what loading the module took, some 50 MB
		} else {
			err = compiler.Spare()
		}
		if err == nil {
			a.PDF, a.Warnings, err = compiler.PDF(ctx, r.Files, r.Main)
		}
		if err != nil {
			a.Error = err.Error()
		}
		if err := encoder.Encode(a); err != nil {
			return fmt.Errorf("write an answer: %w", err)
		}
	}
}

// Worker sets documents in a child process, which runs Serve. The child starts
// with the first document and again after it was stopped. A worker may be used
// from several goroutines; they wait for one another.
type Worker struct {
	command []string
	mu      sync.Mutex
	child   *exec.Cmd
	input   io.WriteCloser
	encoder *gob.Encoder
	decoder *gob.Decoder
	said    strings.Builder // what the child wrote to its standard error
}

// NewWorker names the command of the child, for example the program itself with
// its render-worker subcommand.
func NewWorker(command ...string) *Worker { return &Worker{command: command} }

// PDF is Compiler.PDF in the child. When the context ends, the child is killed.
func (w *Worker) PDF(ctx context.Context, files map[string][]byte, main string) ([]byte, []string, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return nil, nil, context.Cause(ctx)
	}
	if w.child == nil {
		if err := w.start(); err != nil {
			return nil, nil, fmt.Errorf("start the typesetting process: %w", err)
		}
	}
	stop := context.AfterFunc(ctx, func() { w.child.Process.Kill() })
	var a answer
	err := w.encoder.Encode(request{files, main})
	if err == nil {
		err = w.decoder.Decode(&a)
	}
	if !stop() || err != nil {
		w.end()
		if cause := context.Cause(ctx); cause != nil {
			return nil, nil, cause
		}
		return nil, nil, fmt.Errorf("the typesetting process ended: %w: %s", err, strings.TrimSpace(w.said.String()))
	}
	if a.Error != "" {
		return nil, nil, errors.New(a.Error)
	}
	return a.PDF, a.Warnings, nil
}

func (w *Worker) start() error {
	if len(w.command) == 0 {
		return errors.New("no command is given")
	}
	child := exec.Command(w.command[0], w.command[1:]...)
	input, err := child.StdinPipe()
	if err != nil {
		return err
	}
	output, err := child.StdoutPipe()
	if err != nil {
		return err
	}
	w.said.Reset()
	child.Stderr = &w.said
	if err := child.Start(); err != nil {
		return err
	}
	w.child, w.input = child, input
	w.encoder, w.decoder = gob.NewEncoder(input), gob.NewDecoder(output)
	return nil
}

func (w *Worker) end() error {
	if w.child == nil {
		return nil
	}
	w.input.Close()
	err := w.child.Wait()
	w.child = nil
	return err
}

// Close ends the child and waits for it.
func (w *Worker) Close() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.end()
}
