// Package runner runs SQL that nobody has vouched for: it checks that the text is one harmless query (package guard),
// runs it in a child process that can be killed, and hands back rows, a file or a stream.
//
// The child is this same program, started anew for each query with an empty environment, a private directory and
// limits on memory, time and disk; on Linux the kernel also keeps it from every file but those it needs. It reads a
// published set of views and nothing else. The parent never gives untrusted text to an engine of its own, and
// whatever the child does, the parent only sees frames that it checks, an exit and a deadline.
//
// Nothing is ever written to a workspace from here, and no query is kept.
package runner
