package runner

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"weir/internal/lang"
	"weir/internal/runner/guard"
)

// WorkerCommand is the hidden command by which this program becomes the child.
const WorkerCommand = "runner-worker"

// mode is what the child is asked to do.
type mode string

const (
	modeInspect mode = "inspect" // say what texts name; nothing is opened
	modePlan    mode = "plan"    // plan texts and say the columns of each; nothing is read
	modeQuery   mode = "query"   // send rows
	modeStream  mode = "stream"  // send a file or stream
)

// job is what the parent writes to the child.
type job struct {
	Mode       mode                 `json:"mode"`
	Request    Request              `json:"request"`
	Parameters map[string]wireValue `json:"parameters"`
	Texts      []string             `json:"texts"`     // of modeInspect and modePlan
	Tables     []string             `json:"tables"`    // of modeInspect: names that texts may read
	Functions  []string             `json:"functions"` // of modeInspect: names of macros that they may call
	Directory  string               `json:"directory"` // private to the child
}

const maxJob = 64 << 20 // bytes

// enclosed is the argument by which the child knows that the kernel already keeps it to its files.
const enclosed = "enclosed"

// Worker is the child's side: it reads what files it may use, has the kernel hold it to them, reads a job, does it,
// writes frames, and returns its exit code. Its arguments are what follows WorkerCommand. When its input ends early,
// the parent is gone, and the process ends at once.
func Worker(arguments []string, stdin io.Reader, stdout io.Writer) int {
	out := newFrameWriter(stdout)
	var j job
	summary, err := (*Summary)(nil), error(nil)
	if len(arguments) == 0 {
		var a access
		if err = receive(stdin, &a); err == nil {
			err = enclose(a)
		}
	}
	if err == nil {
		err = receive(stdin, &j)
	}
	go func() {
		io.Copy(io.Discard, stdin)
		os.Exit(3)
	}()
	if err == nil {
		err = confine(j.Request.Limits.withDefaults())
	}
	if err == nil {
		summary, err = j.run(context.Background(), out)
	}
	if err != nil {
		err = send(out, frameFailure, asFailure(err, j))
	} else {
		err = send(out, frameDone, summary)
	}
	if errors.Join(err, out.flush()) != nil {
		return 1
	}
	// The parent looks at this process once more and ends it.
	time.Sleep(time.Second)
	return 0
}

// receive reads one message and no byte more, since what follows may be for this program started anew.
func receive(r io.Reader, message any) error {
	var size uint32
	if err := binary.Read(r, binary.LittleEndian, &size); err != nil {
		return err
	}
	if size > maxJob {
		return fmt.Errorf("message of %d bytes", size)
	}
	text := make([]byte, size)
	if _, err := io.ReadFull(r, text); err != nil {
		return err
	}
	return json.Unmarshal(text, message)
}

func send(out *frameWriter, kind frameKind, message any) error {
	text, err := json.Marshal(message)
	if err != nil {
		return err
	}
	return out.write(kind, text)
}

// asFailure gives every error of the child a reason.
func asFailure(err error, j job) *Failure {
	var f *Failure
	if errors.As(err, &f) {
		return f
	}
	var refusal *guard.Refusal
	if errors.As(err, &refusal) {
		return &Failure{Reason: Refused, Refusal: *refusal}
	}
	return engineFailure(err, j)
}

// inspection is what modeInspect sends for each text.
type inspection struct {
	Statement *guard.Statement `json:"statement,omitempty"`
	Refusal   *guard.Refusal   `json:"refusal,omitempty"`
}

func (j job) inspect(ctx context.Context, parse guard.Parser, out *frameWriter) error {
	parameters, err := decodeParameters(j.Parameters)
	if err != nil {
		return err
	}
	policy := guard.Policy{Tables: j.Tables, Functions: j.Functions, Parameters: parameters, Length: j.Request.Limits.Length, Reproducible: j.Request.Reproducible}
	found := make([]inspection, len(j.Texts))
	for i, text := range j.Texts {
		statement, err := guard.Check(ctx, parse, text, policy)
		var refusal *guard.Refusal
		switch {
		case err == nil:
			found[i].Statement = statement
		case errors.As(err, &refusal):
			found[i].Refusal = refusal
		default:
			return err
		}
	}
	return send(out, frameInspect, found)
}

func tooLarge(limit int64) *Failure {
	return failure(TooLarge, lang.T(fmt.Sprintf("结果超过 %d 兆字节", limit>>20), fmt.Sprintf("the answer is larger than %d MiB", limit>>20)),
		lang.T("减少列、行，或先汇总", "ask for fewer columns or rows, or aggregate first"))
}
