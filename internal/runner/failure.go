package runner

import (
	"weir/internal/lang"
	"weir/internal/runner/guard"
)

// Reason is the kind of a failure, by which a caller chooses an exit code or an HTTP status.
type Reason string

// The reasons for which a query gives no answer.
const (
	Refused  Reason = "refused"   // the text is not allowed, or is no query
	Faulty   Reason = "faulty"    // the query does not fit the tables or the values
	Locked   Reason = "locked"    // another process holds the database
	TimeUp   Reason = "time"      // the time limit was reached
	Memory   Reason = "memory"    // the memory limit was reached
	TempDisk Reason = "temp_disk" // the limit of temporary disk was reached
	TooLarge Reason = "too_large" // the answer has more bytes than allowed
	Canceled Reason = "canceled"  // the caller gave up
	Broken   Reason = "broken"    // the child ended unexpectedly
)

// Failure says why a query gave no answer, where in the text, and what to do.
type Failure struct {
	Reason Reason `json:"reason"`
	guard.Refusal
	Detail string `json:"detail,omitempty"` // for the log: what the child said last
}

func failure(reason Reason, what, cure lang.Text) *Failure {
	return &Failure{Reason: reason, Refusal: guard.Refusal{What: what, Cure: cure}}
}
