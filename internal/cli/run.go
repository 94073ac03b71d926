// Package cli is the command line: one file for each command, and the wiring of everything below it.
//
// Data go to standard output, progress and messages to standard error. Nothing is computed here.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"

	"weir/internal/lang"
	"weir/internal/problem"
)

// Exit codes of every command.
const (
	exitDone     = 0 // done
	exitFailed   = 1 // failed
	exitUsage    = 2 // wrong usage
	exitFindings = 3 // done, but with findings: quarantined rows, problems, values below target
)

// errFindings ends a command that did its work and found something to look at.
var errFindings = errors.New("done with findings")

// usageError is a call that cannot be understood.
type usageError struct{ text string }

func (e usageError) Error() string { return e.text }

// Run executes one command line and returns its exit code.
func Run(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	if code, isWorker := worker(args, stdin, stdout); isWorker {
		return code
	}
	if len(args) > 0 && args[0] == renderCommand {
		return renderWorker(args, stdin, stdout)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	return execute(ctx, args, stdin, stdout, stderr, nil, "")
}

// execute parses one command line and runs it: in this process with a store of its own, handed to the service of the
// workspace where one runs, or inside that service with what it shares.
func execute(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer, inside *shared, home string) int {
	language := languageOf(args)
	var root commands
	exited, exitCode := false, exitDone
	parser, err := kong.New(&root,
		kong.Name("weir"),
		kong.Description(language.Pick(
			"堰：度量政务数据是否流动。读入共享平台的日志，按月结算指标，生成可供预算与考核使用的报告。",
			"Weir measures whether government data move: it ingests a sharing platform's logs, closes months and renders the reports on which budgets and assessments are decided.")),
		kong.Writers(stdout, stderr),
		kong.Exit(func(code int) { exited, exitCode = true, code }),
		helpTexts(language),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, NoExpandSubcommands: true}),
		kong.Help(helpPrinter(language)),
	)
	if err != nil {
		fmt.Fprintln(stderr, "weir:", err)
		return exitFailed
	}
	if len(args) == 0 {
		args = []string{"--help"}
	}
	call, err := parser.Parse(args)
	if exited {
		return exitCode
	}
	if err != nil {
		fmt.Fprintln(stderr, "weir:", misuse(err, language))
		fmt.Fprintln(stderr, language.Pick("用法见：weir --help 或 weir 命令 --help", "see: weir --help or weir COMMAND --help"))
		return exitUsage
	}
	e := &env{ctx: ctx, stdin: stdin, stdout: stdout, stderr: stderr, dir: root.Dir, lang: lang.Lang(root.Lang), format: root.Format, inside: inside}
	if inside != nil {
		e.dir = home
	} else if exit, relayed := e.relay(call.Command(), args); relayed {
		return exit
	}
	return report(call.Run(e), stderr, e.lang)
}

// report prints an error in the language of the call and gives its exit code.
func report(err error, stderr io.Writer, l lang.Lang) int {
	var wrongUse usageError
	var problems problem.List
	switch {
	case err == nil:
		return exitDone
	case errors.Is(err, errFindings):
		return exitFindings
	case errors.Is(err, syscall.EPIPE):
		return exitDone // the reader of our output has seen enough
	case errors.As(err, &wrongUse):
		fmt.Fprintln(stderr, "weir:", err)
		return exitUsage
	case errors.As(err, &problems):
		fmt.Fprintln(stderr, problem.In(err, l))
		return exitFailed
	default:
		fmt.Fprintln(stderr, "weir:", problem.In(err, l))
		return exitFailed
	}
}

// languageOf finds the language for help before the line is parsed: --lang, else Chinese.
func languageOf(args []string) lang.Lang {
	for i, a := range args {
		value, given := strings.CutPrefix(a, "--lang=")
		if a == "--lang" && i+1 < len(args) {
			value, given = args[i+1], true
		}
		if given {
			if l, err := lang.Parse(value); err == nil {
				return l
			}
		}
	}
	return lang.Zh
}
