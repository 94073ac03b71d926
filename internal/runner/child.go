package runner

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"weir/internal/lang"
)

// child is one process. It is reaped and its directory removed whatever happens.
type child struct {
	process *os.Process
	input   *os.File // written by the parent
	output  *os.File // read by the parent
	errors  *tail
	exited  chan struct{} // closed when the process is reaped
	state   *os.ProcessState
}

// start makes a private directory and starts the child in it.
func (r *Runner) start(j *job) (_ *child, err error) {
	directory, err := os.MkdirTemp(r.root, leftoverPrefix+strconv.Itoa(os.Getpid())+"-")
	if err != nil {
		return nil, err
	}
	j.Directory = directory
	defer func() {
		if err != nil {
			err = errors.Join(err, os.RemoveAll(directory))
		}
	}()
	pipes, err := newPipes()
	if err != nil {
		return nil, err
	}
	defer pipes.closeChildEnds()
	cmd := &exec.Cmd{
		Path: executable(), Args: []string{"weir", WorkerCommand}, Dir: directory,
		Env:   environment(directory),
		Stdin: pipes.stdin[0], Stdout: pipes.stdout[1], Stderr: pipes.stderr[1],
	}
	exited, err := launch(cmd)
	if err != nil {
		pipes.closeParentEnds()
		return nil, fmt.Errorf("start the query's process: %w", err)
	}
	c := &child{process: cmd.Process, input: pipes.stdin[1], output: pipes.stdout[0], errors: &tail{}, exited: make(chan struct{})}
	r.children.Add(1)
	go func() {
		defer r.children.Done()
		c.errors.fill(pipes.stderr[0])
		c.state = <-exited
		close(c.exited)
		os.RemoveAll(directory)
	}()
	return c, nil
}

// environment is all that a child is told: nothing of the parent's, but where the loader finds its libraries.
func environment(directory string) []string {
	env := []string{"TMPDIR=" + directory, "GOMAXPROCS=2", "GOTRACEBACK=single", "MALLOC_ARENA_MAX=4"}
	if path, ok := os.LookupEnv("LD_LIBRARY_PATH"); ok {
		env = append(env, "LD_LIBRARY_PATH="+path)
	}
	return env
}

// kill ends the child at once and frees whoever reads from it.
func (c *child) kill() {
	c.process.Kill()
	c.output.SetReadDeadline(time.Unix(1, 0))
}

// end kills a child that still runs and closes the pipes; it does not wait.
func (c *child) end() {
	c.kill()
	c.input.Close()
	c.output.Close()
}

// ending says why the frames of a child ended early: from its exit and what it wrote last.
func (c *child) ending(l Limits, read error) error {
	if !errors.Is(read, io.EOF) && !errors.Is(read, io.ErrUnexpectedEOF) {
		return read
	}
	select {
	case <-c.exited:
	case <-time.After(time.Second):
		c.kill()
		<-c.exited
	}
	said := c.errors.String()
	for _, sign := range []string{"out of memory", "cannot allocate memory", "bad_alloc", "Cannot allocate memory", "failed to allocate", "pthread_create failed"} {
		if strings.Contains(said, sign) {
			return memoryFailure(l)
		}
	}
	switch {
	case strings.Contains(said, "SIGXCPU"):
		return timeFailure(l.Time)
	case strings.Contains(said, "SIGXFSZ"):
		return failure(TempDisk, lang.T("结果文件超过临时磁盘的限额", "the answer needs more than the temporary disk allowed"), smaller)
	}
	how := c.state.String()
	f := failure(Broken, lang.T("查询使其进程意外结束（"+how+"）", "the query made its process end unexpectedly ("+how+")"),
		lang.T("其他查询不受影响；换一种写法，或缩小范围", "nothing else is affected; write the query another way, or narrow it"))
	f.Detail = said
	return f
}

// tail keeps the beginning and the end of what a child writes to standard error.
type tail struct {
	mu          sync.Mutex
	first, last []byte
}

const tailBytes = 4 << 10

func (t *tail) fill(r *os.File) {
	defer r.Close()
	buffer := make([]byte, tailBytes)
	for {
		n, err := r.Read(buffer)
		t.mu.Lock()
		take := min(n, tailBytes-len(t.first))
		t.first = append(t.first, buffer[:take]...)
		t.last = append(t.last, buffer[take:n]...)
		t.last = t.last[max(0, len(t.last)-tailBytes):]
		t.mu.Unlock()
		if err != nil {
			return
		}
	}
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return string(t.first) + string(t.last)
}

// pipes are the three pipes of a child; index 0 is read from.
type pipes struct{ stdin, stdout, stderr [2]*os.File }

func newPipes() (*pipes, error) {
	p := &pipes{}
	for _, pair := range []*[2]*os.File{&p.stdin, &p.stdout, &p.stderr} {
		r, w, err := os.Pipe()
		if err != nil {
			p.closeChildEnds()
			p.closeParentEnds()
			return nil, err
		}
		pair[0], pair[1] = r, w
	}
	return p, nil
}

func (p *pipes) closeChildEnds()  { closeAll(p.stdin[0], p.stdout[1], p.stderr[1]) }
func (p *pipes) closeParentEnds() { closeAll(p.stdin[1], p.stdout[0], p.stderr[0]) }

func closeAll(files ...*os.File) {
	for _, f := range files {
		if f != nil {
			f.Close()
		}
	}
}

const leftoverPrefix = "query-"

// removeLeftovers removes private directories whose parent no longer runs and that were left an hour ago or longer.
func removeLeftovers(root string) {
	entries, err := os.ReadDir(root)
	if err != nil {
		return
	}
	for _, e := range entries {
		name, ok := strings.CutPrefix(e.Name(), leftoverPrefix)
		pid, _, _ := strings.Cut(name, "-")
		number, err := strconv.Atoi(pid)
		if !ok || err != nil || running(number) {
			continue
		}
		if info, err := e.Info(); err == nil && time.Since(info.ModTime()) > time.Hour {
			os.RemoveAll(filepath.Join(root, e.Name()))
		}
	}
}
