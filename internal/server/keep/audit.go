package keep

import (
	"context"
	"database/sql"
	"time"

	"weir/internal/server/audit"
)

const auditColumns = "event_id, occurred_at, user_id, actor_id, token_id, address, request_id, action, target, detail, allowed, rule, chain"

// AppendAudit stores one entry.
func (k *Keeper) AppendAudit(ctx context.Context, e audit.Entry) error {
	return k.write(ctx, func(c *sql.Conn) error {
		_, err := c.ExecContext(ctx, "INSERT INTO audit_event ("+auditColumns+") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
			e.ID, e.At, e.User, e.Actor, e.Token, e.Address, e.Request, e.Action, e.Target, e.Detail, e.Allowed, e.Rule, e.Chain)
		return err
	})
}

func scanAudit(r *sql.Rows) (e audit.Entry, err error) {
	err = r.Scan(&e.ID, &e.At, &e.User, &e.Actor, &e.Token, &e.Address, &e.Request, &e.Action, &e.Target, &e.Detail, &e.Allowed, &e.Rule, &e.Chain)
	e.At = e.At.UTC()
	return e, err
}

// Audit lists entries, newest first.
func (k *Keeper) Audit(ctx context.Context, f audit.Filter) (list []audit.Entry, err error) {
	where, arguments := "WHERE true", []any{}
	add := func(condition string, argument any) {
		where += " AND " + condition
		arguments = append(arguments, argument)
	}
	if f.User != "" {
		where += " AND (user_id = ? OR actor_id = ?)"
		arguments = append(arguments, f.User, f.User)
	}
	if f.Action != "" {
		add("action = ?", f.Action)
	}
	if !f.From.IsZero() {
		add("occurred_at >= ?", f.From.UTC())
	}
	if !f.To.IsZero() {
		add("occurred_at < ?", f.To.UTC())
	}
	if f.Before > 0 {
		add("event_id < ?", f.Before)
	}
	if f.Refused {
		where += " AND NOT allowed"
	}
	arguments = append(arguments, f.Limit)
	err = k.read(ctx, func(r *sql.Rows) error {
		e, err := scanAudit(r)
		list = append(list, e)
		return err
	}, "SELECT "+auditColumns+" FROM audit_event "+where+" ORDER BY event_id DESC LIMIT ?", arguments...)
	return list, err
}

// WalkAudit visits all entries, oldest first.
func (k *Keeper) WalkAudit(ctx context.Context, visit func(audit.Entry) error) error {
	return k.read(ctx, func(r *sql.Rows) error {
		e, err := scanAudit(r)
		if err != nil {
			return err
		}
		return visit(e)
	}, "SELECT "+auditColumns+" FROM audit_event ORDER BY event_id")
}

// Forget removes audit entries, ended sessions and finished jobs that are older than the moment. The newest audit
// entry stays, so that the chain goes on.
func (k *Keeper) Forget(ctx context.Context, before time.Time) error {
	return k.write(ctx, func(c *sql.Conn) error {
		for _, statement := range []string{
			"DELETE FROM audit_event WHERE occurred_at < ? AND event_id < (SELECT max(event_id) FROM audit_event)",
			"DELETE FROM user_session WHERE coalesce(ended_at, seen_at) < ?",
			"DELETE FROM job WHERE finished_at < ? AND job_id < (SELECT max(job_id) FROM job)",
		} {
			if _, err := c.ExecContext(ctx, statement, before.UTC()); err != nil {
				return err
			}
		}
		return nil
	})
}
