package keep

import (
	"context"
	"database/sql"
	"encoding/json"

	"weir/internal/server/job"
)

// SaveJob stores a job by its number.
func (k *Keeper) SaveJob(ctx context.Context, j job.Job) error {
	return k.write(ctx, func(c *sql.Conn) error {
		return replace(ctx, c, "job",
			[]string{"job_id", "kind", "argument", "requested_by", "key", "state", "due_at", "queued_at", "started_at", "finished_at", "result", "error"},
			[]any{j.ID, j.Kind, string(j.Argument), j.By, j.Key, string(j.State), moment(j.DueAt), j.QueuedAt, moment(j.StartedAt), moment(j.FinishedAt), string(j.Result), j.Error})
	})
}

// Jobs gives the newest jobs, newest first, and all that are not over.
func (k *Keeper) Jobs(ctx context.Context, limit int) (list []job.Job, err error) {
	err = k.read(ctx, func(r *sql.Rows) error {
		var j job.Job
		var argument, state, result string
		var due, started, finished sql.NullTime
		if err := r.Scan(&j.ID, &j.Kind, &argument, &j.By, &j.Key, &state, &due, &j.QueuedAt, &started, &finished, &result, &j.Error); err != nil {
			return err
		}
		j.Argument, j.State = json.RawMessage(argument), job.State(state)
		if result != "" {
			j.Result = json.RawMessage(result)
		}
		j.DueAt, j.StartedAt, j.FinishedAt = timeOf(due), timeOf(started), timeOf(finished)
		list = append(list, j)
		return nil
	}, `SELECT job_id, kind, argument, requested_by, key, state, due_at, queued_at, started_at, finished_at, result, error FROM job
		WHERE job_id > (SELECT coalesce(max(job_id), 0) - ? FROM job) OR state IN ('queued', 'running') ORDER BY job_id DESC`, limit)
	return list, err
}
