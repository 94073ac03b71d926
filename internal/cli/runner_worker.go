package cli

import (
	"io"

	"weir/internal/runner"
)

// worker serves the hidden command by which the runner starts this program anew for one query. It comes before the
// command line is parsed: a child has no flags, no workspace and no words for people.
func worker(args []string, stdin io.Reader, stdout io.Writer) (exitCode int, isWorker bool) {
	if len(args) == 0 || args[0] != runner.WorkerCommand {
		return 0, false
	}
	return runner.Worker(args[1:], stdin, stdout), true
}
