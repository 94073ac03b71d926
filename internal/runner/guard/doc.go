// Package guard decides whether a text may be run as a query: it must be exactly one SELECT that reads published
// tables and calls functions known to be harmless.
//
// It walks the syntax tree that DuckDB itself makes of the text (json_serialize_sql), never the text alone, and
// accepts by lists: what it does not know, it refuses, so that a newer engine opens no door by itself. It never
// executes anything and never imports the driver. It is one of several walls: the text runs in a child process that
// has limits of its own, see package runner.
package guard
