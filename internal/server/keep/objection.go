package keep

import (
	"context"
	"database/sql"

	"weir/internal/server/objection"
)

// SaveObjection stores the case and its last message.
func (k *Keeper) SaveObjection(ctx context.Context, o objection.Objection) error {
	return k.write(ctx, func(c *sql.Conn) error {
		err := replace(ctx, c, "objection",
			[]string{"objection_id", "month", "revision", "department_id", "indicator_id", "state", "filed_by", "filed_at", "changed_at"},
			[]any{o.ID, o.Month, o.Revision, o.Department, o.Indicator, string(o.State), o.FiledBy, o.FiledAt, o.ChangedAt})
		if err != nil {
			return err
		}
		m := o.Messages[len(o.Messages)-1]
		_, err = c.ExecContext(ctx, "INSERT INTO objection_message (objection_id, message_id, written_by, written_at, state, text) VALUES (?, ?, ?, ?, ?, ?)",
			o.ID, m.ID, m.By, m.At, string(m.State), m.Text)
		if err != nil {
			return err
		}
		for _, a := range m.Attachments {
			_, err = c.ExecContext(ctx, "INSERT INTO objection_attachment (objection_id, message_id, attachment_id, file, bytes, sha256) VALUES (?, ?, ?, ?, ?, ?)",
				o.ID, m.ID, a.ID, a.File, a.Bytes, a.SHA256)
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// Objections lists cases with their messages and attachments, newest first.
func (k *Keeper) Objections(ctx context.Context, f objection.Filter) (list []objection.Objection, err error) {
	at := map[int64]int{}
	err = k.read(ctx, func(r *sql.Rows) error {
		var o objection.Objection
		var state string
		if err := r.Scan(&o.ID, &o.Month, &o.Revision, &o.Department, &o.Indicator, &state, &o.FiledBy, &o.FiledAt, &o.ChangedAt); err != nil {
			return err
		}
		o.State = objection.State(state)
		at[o.ID] = len(list)
		list = append(list, o)
		return nil
	}, `SELECT objection_id, month, revision, department_id, indicator_id, state, filed_by, filed_at, changed_at FROM objection
		WHERE (? = '' OR month = ?) AND (? = '' OR department_id = ?) AND (? = '' OR state = ?) ORDER BY objection_id DESC`,
		f.Month, f.Month, f.Department, f.Department, string(f.State), string(f.State))
	if err != nil {
		return nil, err
	}
	err = k.read(ctx, func(r *sql.Rows) error {
		var id int64
		var m objection.Message
		var state string
		if err := r.Scan(&id, &m.ID, &m.By, &m.At, &state, &m.Text); err != nil {
			return err
		}
		m.State = objection.State(state)
		if i, ok := at[id]; ok {
			list[i].Messages = append(list[i].Messages, m)
		}
		return nil
	}, "SELECT objection_id, message_id, written_by, written_at, state, text FROM objection_message ORDER BY objection_id, message_id")
	if err != nil {
		return nil, err
	}
	err = k.read(ctx, func(r *sql.Rows) error {
		var id, message int64
		var a objection.Attachment
		if err := r.Scan(&id, &message, &a.ID, &a.File, &a.Bytes, &a.SHA256); err != nil {
			return err
		}
		if i, ok := at[id]; ok && int(message) <= len(list[i].Messages) {
			m := &list[i].Messages[message-1]
			m.Attachments = append(m.Attachments, a)
		}
		return nil
	}, "SELECT objection_id, message_id, attachment_id, file, bytes, sha256 FROM objection_attachment ORDER BY objection_id, attachment_id")
	return list, err
}
