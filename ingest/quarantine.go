package ingest

import (
	"context"
	"database/sql"
	"errors"

	"weir/internal/lang"
	"weir/internal/store"
)

// Quarantined is a row that could not be loaded.
type Quarantined struct {
	LoadID   int64     `json:"load_id"`
	File     string    `json:"file"`
	Line     int64     `json:"line"`
	Column   string    `json:"column,omitempty"`
	Code     string    `json:"code"`
	Reason   lang.Text `json:"reason"`
	Cure     lang.Text `json:"cure"`
	Value    string    `json:"value,omitempty"` // value at fault, or the place of the other version
	Raw      string    `json:"raw"`             // the row as it stands in the file, personal codes hashed
	Replayed int64     `json:"replayed_load_id,omitempty"`
}

// QuarantineFilter chooses rows of the quarantine; the zero value chooses all that were not replayed.
type QuarantineFilter struct {
	LoadID   int64  // 0: every load
	File     string // name of the file without folder; "": every file
	Code     string // code of the reason; "": every reason
	Replayed bool   // also rows that were loaded after repair
	Limit    int    // at most so many rows; 0: all
}

// Quarantine lists rows of the quarantine in the order of loads and lines.
func Quarantine(ctx context.Context, st *store.Store, f QuarantineFilter) (_ []Quarantined, err error) {
	conn, err := st.Conn(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	return quarantined(ctx, conn, f)
}

func quarantined(ctx context.Context, conn *sql.Conn, f QuarantineFilter) (_ []Quarantined, err error) {
	query := `SELECT load_id, file, line, coalesce(column_name, ''), code, reason, cure, coalesce(value, ''), raw, coalesce(replayed_load_id, 0) FROM quarantine
		WHERE ($load = 0 OR load_id = $load) AND ($file = '' OR file = $file) AND ($code = '' OR code = $code) AND ($replayed OR replayed_load_id IS NULL)
		ORDER BY load_id, line, column_name`
	arguments := []any{sql.Named("load", f.LoadID), sql.Named("file", f.File), sql.Named("code", f.Code), sql.Named("replayed", f.Replayed)}
	if f.Limit > 0 {
		query += " LIMIT $limit"
		arguments = append(arguments, sql.Named("limit", f.Limit))
	}
	rows, err := conn.QueryContext(ctx, query, arguments...)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	var all []Quarantined
	for rows.Next() {
		var q Quarantined
		var reason, cure string
		if err := rows.Scan(&q.LoadID, &q.File, &q.Line, &q.Column, &q.Code, &reason, &cure, &q.Value, &q.Raw, &q.Replayed); err != nil {
			return nil, err
		}
		q.Reason, q.Cure = lang.Split(reason), lang.Split(cure)
		all = append(all, q)
	}
	return all, rows.Err()
}
