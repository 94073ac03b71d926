package keep

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"weir/internal/lang"
	"weir/internal/server/account"
)

// Load gives users, the sessions that have not ended, and tokens.
func (k *Keeper) Load(ctx context.Context) (users []account.User, sessions []account.Session, tokens []account.Token, err error) {
	err = k.read(ctx, func(r *sql.Rows) error {
		var u account.User
		var grants, language string
		if err := r.Scan(&u.ID, &u.Name, &u.Password, &grants, &language, &u.Disabled, &u.MustChange, &u.CreatedAt, &u.ChangedAt); err != nil {
			return err
		}
		u.Language = lang.Lang(language)
		users = append(users, u)
		return json.Unmarshal([]byte(grants), &users[len(users)-1].Grants)
	}, "SELECT user_id, name, password, grants, language, disabled, must_change, created_at, changed_at FROM user_account ORDER BY user_id")
	if err != nil {
		return nil, nil, nil, err
	}
	err = k.read(ctx, func(r *sql.Rows) error {
		var s account.Session
		if err := r.Scan(&s.ID, &s.User, &s.ViewAs, &s.Address, &s.Agent, &s.CreatedAt, &s.SeenAt); err != nil {
			return err
		}
		sessions = append(sessions, s)
		return nil
	}, "SELECT session_id, user_id, view_as, address, agent, created_at, seen_at FROM user_session WHERE ended_at IS NULL ORDER BY session_id")
	if err != nil {
		return nil, nil, nil, err
	}
	err = k.read(ctx, func(r *sql.Rows) error {
		var t account.Token
		var limit string
		var used, revoked sql.NullTime
		if err := r.Scan(&t.ID, &t.Digest, &t.User, &t.Name, &limit, &t.CreatedAt, &t.ExpiresAt, &used, &revoked); err != nil {
			return err
		}
		t.UsedAt, t.RevokedAt = timeOf(used), timeOf(revoked)
		tokens = append(tokens, t)
		return json.Unmarshal([]byte(limit), &tokens[len(tokens)-1].Limit)
	}, "SELECT token_id, digest, user_id, name, narrowing, created_at, expires_at, used_at, revoked_at FROM access_token ORDER BY token_id")
	return users, sessions, tokens, err
}

// Save stores users, sessions and tokens.
func (k *Keeper) Save(ctx context.Context, records ...any) error {
	return k.write(ctx, func(c *sql.Conn) error {
		for _, record := range records {
			if err := save(ctx, c, record); err != nil {
				return err
			}
		}
		return nil
	})
}

func save(ctx context.Context, c *sql.Conn, record any) error {
	switch v := record.(type) {
	case account.User:
		grants, err := json.Marshal(v.Grants)
		if err != nil {
			return err
		}
		return replace(ctx, c, "user_account",
			[]string{"user_id", "name", "password", "grants", "language", "disabled", "must_change", "created_at", "changed_at"},
			[]any{v.ID, v.Name, v.Password, string(grants), string(v.Language), v.Disabled, v.MustChange, v.CreatedAt, v.ChangedAt})
	case account.Session:
		return replace(ctx, c, "user_session",
			[]string{"session_id", "user_id", "view_as", "address", "agent", "created_at", "seen_at", "ended_at"},
			[]any{v.ID, v.User, v.ViewAs, v.Address, v.Agent, v.CreatedAt, v.SeenAt, moment(v.EndedAt)})
	case account.Token:
		limit, err := json.Marshal(v.Limit)
		if err != nil {
			return err
		}
		return replace(ctx, c, "access_token",
			[]string{"token_id", "digest", "user_id", "name", "narrowing", "created_at", "expires_at", "used_at", "revoked_at"},
			[]any{v.ID, v.Digest, v.User, v.Name, string(limit), v.CreatedAt, v.ExpiresAt, moment(v.UsedAt), moment(v.RevokedAt)})
	}
	return fmt.Errorf("a record of type %T is not kept", record)
}
