package cli

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// While the service runs it holds the database, so other commands hand their call to it: over a socket in the
// workspace that only its owner may open. The command runs there, with the arguments, the standard input and the
// output of the caller.

// relayedCommands are those that need the database. The others read files only, or make a workspace of their own.
var relayedCommands = []string{"ingest", "mapping", "close", "verify", "value", "explain", "score", "improve", "budget", "month", "report", "quarantine", "department", "inbox", "user", "backup", "sql"}

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
	call, remove, err := e.callOf(command, args)
	defer remove() // what is left is deleted a day later
	if err != nil {
		return report(err, e.stderr, e.lang), true
	}
	exit, err = e.relayOver(connection, call)
	switch {
	case err == nil:
		return exit, true
	case e.ctx.Err() != nil:
		return report(e.ctx.Err(), e.stderr, e.lang), true
	}
	fmt.Fprintf(e.stderr, "weir: %s: %v\n", e.lang.Pick("本工作区的服务在命令结束前停止，命令未完成；文件要么整体装入要么整体未装入，待服务恢复后请重新执行（详见服务日志）",
		"the service of this workspace stopped before the command ended, which is not done; a file is wholly in or wholly out: run the command again when the service is back, and see the service's log"), err)
	return exitFailed, true
}

// callOf is the command line as the service is to run it, with what it reads from standard input. remove clears away
// what was written for it.
func (e *env) callOf(command string, args []string) (_ relayCall, remove func() error, err error) {
	call := relayCall{Args: absoluteArguments(args)}
	remove = func() error { return nil }
	switch {
	case strings.HasPrefix(command, "ingest"), strings.HasPrefix(command, "mapping"):
		if call.Args, remove, err = withStandardInput(call.Args, e.stdin, filepath.Join(e.dir, ".tmp")); err != nil {
			return call, remove, err
		}
		call.Args = absolutePatterns(absoluteArguments(call.Args))
	case decides(command) && !slices.ContainsFunc(call.Args, func(a string) bool { return strings.HasPrefix(a, "--by") }):
		// The service runs under a name of its own; the decision is the caller's.
		call.Args = append(call.Args, "--by", os.Getenv("USER"))
	case strings.HasPrefix(command, "user add"), strings.HasPrefix(command, "user password"):
		call, err = e.withPassword(call)
	case slices.Contains(args, "-"):
		text, err := io.ReadAll(io.LimitReader(e.stdin, mostStdin+1))
		if len(text) > mostStdin {
			return call, remove, usageError{fmt.Sprintf("standard input of a command is at most %d MiB while the service runs; put it into a file", mostStdin>>20)}
		}
		call.Stdin = text
		return call, remove, err
	}
	return call, remove, err
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

// absoluteArguments makes paths independent of the caller's directory: values of --dir and --out, files of parameters,
// and arguments and values that name something that exists and look like a path.
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
		name, file, isFile := strings.Cut(a, ":=@")
		switch {
		case isFile:
			list[i] = name + ":=@" + absolute(file)
		case joined && (flag == "--dir" || flag == "--out" || strings.HasPrefix(flag, "--") && isPath(value)):
			list[i] = flag + "=" + absolute(value)
		case i > 0 && (list[i-1] == "--dir" || list[i-1] == "--out"):
			list[i] = absolute(a)
		case !strings.HasPrefix(a, "-") && isPath(a):
			list[i] = absolute(a)
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

func isPath(text string) bool {
	if !strings.ContainsAny(text, "./") {
		return false
	}
	_, err := os.Lstat(text)
	return err == nil
}

// mostStdin bounds what a caller may send as standard input.
const mostStdin = 64 << 20
