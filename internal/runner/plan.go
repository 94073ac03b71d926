package runner

import (
	"context"

	"weir/internal/runner/guard"
	"weir/internal/store"
)

// plan does modePlan: each text is admitted by itself, then all that were accepted are planned on one engine, which
// publishes what any of them reads. A text that fails leaves the others what they are.
func (j job) plan(ctx context.Context, parser *store.Sandbox, options store.SandboxOptions, out *frameWriter) error {
	planned := make([]Planned, len(j.Texts))
	queries := make([]*execution, len(j.Texts))
	var accepted []*guard.Statement
	for i, text := range j.Texts {
		e := &execution{job: j, limits: j.Request.Limits.withDefaults()}
		e.Request.SQL = text
		if err := e.admit(ctx, parser.SyntaxTree); err != nil {
			planned[i].Failure = asFailure(err, e.job)
			continue
		}
		queries[i], accepted = e, append(accepted, e.statement)
	}
	if err := parser.Close(); err != nil {
		return err
	}
	j.Request.Source.publish(&options, accepted...)
	// The process ends after this: what the sandbox holds ends with it.
	box, err := store.OpenSandbox(ctx, options)
	if err != nil {
		return err
	}
	for i, e := range queries {
		if e == nil {
			continue
		}
		e.box = box
		if err := e.plan(ctx); err != nil {
			planned[i].Failure = asFailure(err, e.job)
			continue
		}
		planned[i].Columns = e.columns
	}
	return send(out, framePlan, planned)
}
