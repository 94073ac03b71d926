// Package live_test holds the tests of the running service: a real process, which is asked over HTTP and by other commands,
// stopped and killed.
package live_test

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"weir/internal/cli"
)

// TestMain lets the tests start this program as "weir": a process of its own, which can be killed.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"weir": func() { os.Exit(cli.Run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) },
	})
}

// weir runs a command and gives its exit code and outputs.
func weir(t testing.TB, input string, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, messages bytes.Buffer
	c := exec.Command("weir", args...)
	c.Stdin, c.Stdout, c.Stderr = strings.NewReader(input), &out, &messages
	var exit *exec.ExitError
	if err := c.Run(); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return c.ProcessState.ExitCode(), out.String(), messages.String()
}

// done runs a command that must succeed.
func done(t testing.TB, args ...string) string {
	t.Helper()
	code, out, messages := weir(t, "", args...)
	if code != 0 {
		t.Fatalf("weir %s: exit %d\n%s", strings.Join(args, " "), code, messages)
	}
	return out
}

// template is a workspace with the organisation, the catalogue and the requests of the sample city, and accounts; tests
// work on copies.
var template = sync.OnceValues(func() (*accounts, error) {
	dir, err := os.MkdirTemp("", "weir-template-")
	if err != nil {
		return nil, err
	}
	a := &accounts{dir: dir, passwords: map[string]string{}}
	city := func(name string) string { return filepath.Join("..", "..", "..", "testdata", "city", name+".csv.gz") }
	for _, args := range [][]string{{"init"}, {"ingest", city("department"), city("dataset"), city("resource"), city("request")}, {"--format", "csv", "user", "demo"}} {
		out, err := exec.Command("weir", append([]string{"--dir", dir}, args...)...).Output()
		if err != nil {
			return nil, fmt.Errorf("weir %s: %w", args, err)
		}
		if args[len(args)-1] != "demo" {
			continue
		}
		rows, err := csv.NewReader(bytes.NewReader(out)).ReadAll()
		if err != nil {
			return nil, err
		}
		for _, row := range rows[1:] {
			a.passwords[row[0]] = row[1]
		}
	}
	return a, nil
})

type accounts struct {
	dir       string
	passwords map[string]string // by user
}

// workspace copies the template; settings are added to weir.yaml.
func workspace(t testing.TB, settings string) (dir string, a *accounts) {
	t.Helper()
	a, err := template()
	if err != nil {
		t.Fatal(err)
	}
	// Sockets have short paths, and t.TempDir carries the name of the test.
	dir, err = os.MkdirTemp("", "weir-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	if err := os.CopyFS(dir, os.DirFS(a.dir)); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(filepath.Join(dir, "hash.key"), 0o600); err != nil {
		t.Fatal(err)
	}
	config, err := os.OpenFile(filepath.Join(dir, "weir.yaml"), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(config, "\n"+settings); err != nil {
		t.Fatal(err)
	}
	if err := config.Close(); err != nil {
		t.Fatal(err)
	}
	return dir, a
}

// service is a running weir serve.
type service struct {
	t       testing.TB
	dir     string
	address string
	command *exec.Cmd
	ended   chan struct{} // closed when the process is over
	mu      sync.Mutex
	log     bytes.Buffer
}

var servingAt = regexp.MustCompile(`https?://\S+`)

// serve starts the service and waits until it listens.
func serve(t testing.TB, dir string, args ...string) *service {
	t.Helper()
	s := &service{t: t, dir: dir, ended: make(chan struct{})}
	s.command = exec.Command("weir", append([]string{"--dir", dir, "serve", "--addr", "127.0.0.1:0"}, args...)...)
	messages, err := s.command.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.command.Start(); err != nil {
		t.Fatal(err)
	}
	listening := make(chan string, 1)
	go func() {
		lines := bufio.NewScanner(messages)
		lines.Buffer(nil, 1<<20)
		for lines.Scan() {
			s.mu.Lock()
			fmt.Fprintln(&s.log, lines.Text())
			s.mu.Unlock()
			if at := servingAt.FindString(lines.Text()); at != "" && len(listening) == 0 {
				listening <- at
			}
		}
		s.command.Wait()
		close(s.ended)
	}()
	t.Cleanup(s.kill)
	select {
	case s.address = <-listening:
	case <-s.ended:
		t.Fatalf("the service did not start:\n%s", s.messages())
	case <-time.After(time.Minute):
		t.Fatalf("the service does not listen:\n%s", s.messages())
	}
	return s
}

func (s *service) messages() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.log.String()
}

// during does something shortly after a text stands in the log.
func (s *service) during(text string, do func()) {
	for !strings.Contains(s.messages(), text) {
		select {
		case <-s.ended:
			return
		case <-time.After(5 * time.Millisecond):
		}
	}
	time.Sleep(50 * time.Millisecond)
	do()
}

// kill ends the process as a power cut would.
func (s *service) kill() {
	s.command.Process.Kill()
	<-s.ended
}

// stop asks the service to end and gives its exit code.
func (s *service) stop() int {
	s.command.Process.Signal(syscall.SIGTERM)
	<-s.ended
	return s.command.ProcessState.ExitCode()
}

// person is somebody signed in.
type person struct {
	*http.Client
	address string
	token   string // of forms
}

var formToken = regexp.MustCompile(`name="csrf" value="([^"]+)"`)

// signIn opens a session.
func (s *service) signIn(a *accounts, user string) *person {
	s.t.Helper()
	p, err := signIn(s.address, user, a.passwords[user])
	if err != nil {
		s.t.Fatal(err)
	}
	return p
}

func signIn(address, user, password string) (*person, error) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, err
	}
	p := &person{Client: &http.Client{Jar: jar, Timeout: 2 * time.Minute, Transport: &http.Transport{}}, address: address}
	answer, err := p.PostForm(address+"/login", url.Values{"user": {user}, "password": {password}})
	if err != nil {
		return nil, err
	}
	if err := answer.Body.Close(); err != nil {
		return nil, err
	}
	_, text, err := p.send("GET", "/account", nil)
	if err != nil {
		return nil, err
	}
	found := formToken.FindStringSubmatch(text)
	if found == nil {
		return nil, fmt.Errorf("%s cannot sign in", user)
	}
	p.token = found[1]
	return p, nil
}

// send asks; headers are names and values by turns.
func (p *person) send(method, path string, body io.Reader, headers ...string) (int, string, error) {
	r, err := http.NewRequest(method, p.address+path, body)
	if err != nil {
		return 0, "", err
	}
	r.Header.Set("X-CSRF-Token", p.token)
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	answer, err := p.Do(r)
	if err != nil {
		return 0, "", err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	return answer.StatusCode, string(text), err
}

// work is a job as the API tells it.
type work struct {
	Kind, State, Error string
	DueAt              time.Time `json:"due_at"`
}

// settled waits until no job is queued or running, and gives all of them. A slow machine may take minutes over a render with
// all that waits behind it.
func (p *person) settled(t testing.TB) []work {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Minute); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		code, text, err := p.send("GET", "/api/v1/jobs", nil)
		if err != nil || code != http.StatusOK {
			t.Fatalf("jobs: %d %s %v", code, text, err)
		}
		var list struct{ Data []work }
		if err := json.Unmarshal([]byte(text), &list); err != nil {
			t.Fatal(err)
		}
		busy := false
		for _, j := range list.Data {
			busy = busy || j.State == "queued" || j.State == "running"
		}
		if !busy {
			return list.Data
		}
	}
	t.Fatal("the jobs do not come to an end")
	return nil
}
