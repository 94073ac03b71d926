package account

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"weir/internal/server/access"
)

// over tells whether a session has ended, gone idle or outlived its limit.
func (b *Book) over(s Session) bool {
	now := b.now()
	return !s.EndedAt.IsZero() || now.Sub(s.SeenAt) > b.options.Idle || now.Sub(s.CreatedAt) > b.options.Lifetime
}

// SignIn checks the password and opens a session under a fresh secret, whatever cookie the browser held before. The
// secret is returned once and not kept.
func (b *Book) SignIn(ctx context.Context, id, address, agent, password string) (secret string, _ Session, err error) {
	if err := b.CheckOwn(ctx, id, address, password); err != nil {
		return "", Session{}, err
	}
	return b.OpenSession(ctx, id, address, agent)
}

// OpenSession opens a session for a user whom somebody else has identified: single sign-on.
func (b *Book) OpenSession(ctx context.Context, id, address, agent string) (secret string, _ Session, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	u, ok := b.users[id]
	if !ok {
		return "", Session{}, fmt.Errorf("user %q: %w", id, ErrUnknown)
	}
	if u.Disabled {
		return "", Session{}, ErrDisabled
	}
	secret = Secret()
	s := Session{ID: digest(secret), User: id, Address: address, Agent: cut(agent, 200), CreatedAt: b.now(), SeenAt: b.now()}
	if err := b.keeper.Save(ctx, s); err != nil {
		return "", Session{}, err
	}
	b.sessions[s.ID] = s
	return secret, s, nil
}

func cut(s string, n int) string {
	r := []rune(s)
	return string(r[:min(n, len(r))])
}

// Resume finds the session of a cookie and who is behind it.
func (b *Book) Resume(secret string) (Session, User, access.Principal, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	s, ok := b.sessions[digest(secret)]
	if !ok {
		return Session{}, User{}, access.Principal{}, ErrSession
	}
	u, known := b.users[s.User]
	if b.over(s) || !known || u.Disabled {
		delete(b.sessions, s.ID)
		return Session{}, User{}, access.Principal{}, ErrSession
	}
	s.SeenAt = b.now()
	b.sessions[s.ID] = s
	b.touched[s.ID] = true
	who := u.Principal()
	if s.ViewAs != "" {
		seen, known := b.users[s.ViewAs]
		if !known || !isAdmin(u) {
			return s, u, who, nil
		}
		who = seen.Principal()
		who.Actor = u.ID
	}
	return s, u, who, nil
}

// ViewAs lets an administrator's session look as another user, or as itself again where id is "".
func (b *Book) ViewAs(ctx context.Context, sessionID, id string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	s, ok := b.sessions[sessionID]
	if !ok {
		return ErrSession
	}
	if _, known := b.users[id]; id != "" && !known {
		return fmt.Errorf("user %q: %w", id, ErrUnknown)
	}
	s.ViewAs = id
	if err := b.keeper.Save(ctx, s); err != nil {
		return err
	}
	b.sessions[s.ID] = s
	return nil
}

// SignOut ends a session.
func (b *Book) SignOut(ctx context.Context, sessionID string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	s, ok := b.sessions[sessionID]
	if !ok {
		return nil
	}
	return b.end(ctx, s)
}

func (b *Book) end(ctx context.Context, s Session) error {
	s.EndedAt = b.now()
	delete(b.sessions, s.ID)
	return b.keeper.Save(ctx, s)
}

// endAll ends the sessions of a user but one; the caller holds the lock.
func (b *Book) endAll(ctx context.Context, user, keep string) error {
	var failed error
	for _, s := range b.sessions {
		if s.User == user && s.ID != keep {
			failed = errors.Join(failed, b.end(ctx, s))
		}
	}
	return failed
}

// Sessions lists the open sessions of a user, newest first.
func (b *Book) Sessions(user string) []Session {
	b.mu.Lock()
	defer b.mu.Unlock()
	var list []Session
	for _, s := range b.sessions {
		if s.User == user && !b.over(s) {
			list = append(list, s)
		}
	}
	slices.SortFunc(list, func(x, y Session) int {
		return cmp.Or(y.CreatedAt.Compare(x.CreatedAt), cmp.Compare(x.ID, y.ID))
	})
	return list
}

// Open counts the open sessions.
func (b *Book) Open() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	n := 0
	for _, s := range b.sessions {
		if !b.over(s) {
			n++
		}
	}
	return n
}

// Flush saves when sessions were last seen and tokens last used. Call it now and then, and at the end: what was not
// flushed costs at most an earlier end of a session.
func (b *Book) Flush(ctx context.Context) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	var records []any
	for id := range b.touched {
		if s, ok := b.sessions[id]; ok {
			records = append(records, s)
		}
		if t, ok := b.tokens[id]; ok {
			records = append(records, t)
		}
	}
	for id, s := range b.sessions {
		if b.over(s) {
			delete(b.sessions, id)
		}
	}
	if len(records) == 0 {
		clear(b.touched)
		return nil
	}
	if err := b.keeper.Save(ctx, records...); err != nil {
		return err
	}
	clear(b.touched)
	return nil
}

// TokenPrefix begins every token, so that one that leaked is found by a search.
const TokenPrefix = "weir_"

// LongestToken is how long a token may live.
const LongestToken = 366 * 24 * time.Hour

// Issue makes a token for a user. The secret is returned once and not kept.
func (b *Book) Issue(ctx context.Context, user, name string, limit access.Limit, expires time.Time) (secret string, _ Token, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	u, ok := b.users[user]
	if !ok || u.Disabled {
		return "", Token{}, fmt.Errorf("user %q: %w", user, ErrUnknown)
	}
	now := b.now()
	if !expires.After(now) || expires.Sub(now) > LongestToken {
		return "", Token{}, errors.New("a token must end within a year from now, and not before now")
	}
	if name = cut(name, 100); name == "" {
		return "", Token{}, errors.New("a token needs a name that says what uses it")
	}
	for _, p := range limit.Permissions {
		if !slices.Contains(access.Permissions(), p) {
			return "", Token{}, fmt.Errorf("there is no permission %q", p)
		}
	}
	secret = TokenPrefix + Secret()
	t := Token{ID: Secret()[:12], Digest: digest(secret), User: user, Name: name, Limit: limit, CreatedAt: now, ExpiresAt: expires.UTC()}
	if err := b.keeper.Save(ctx, t); err != nil {
		return "", Token{}, err
	}
	b.tokens[t.Digest] = t
	return secret, t, nil
}

// Show finds who is behind a token, narrowed by its limit. Managing accounts is never open to a token.
func (b *Book) Show(secret string) (Token, User, access.Principal, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	t, ok := b.tokens[digest(secret)]
	u := b.users[t.User]
	if !ok || !t.RevokedAt.IsZero() || !b.now().Before(t.ExpiresAt) || u.ID == "" || u.Disabled {
		return Token{}, User{}, access.Principal{}, ErrToken
	}
	t.UsedAt = b.now()
	b.tokens[t.Digest] = t
	b.touched[t.Digest] = true
	limit := t.Limit
	if len(limit.Permissions) == 0 {
		limit.Permissions = access.Permissions()
	}
	limit.Permissions = slices.DeleteFunc(slices.Clone(limit.Permissions), func(p access.Permission) bool {
		return p == access.AccountOwn || p == access.UserManage
	})
	who := u.Principal()
	who.Limit = &limit
	return t, u, who, nil
}

// Tokens lists the tokens of a user, newest first.
func (b *Book) Tokens(user string) []Token {
	b.mu.Lock()
	defer b.mu.Unlock()
	var list []Token
	for _, t := range b.tokens {
		if t.User == user {
			list = append(list, t)
		}
	}
	slices.SortFunc(list, func(x, y Token) int { return cmp.Or(y.CreatedAt.Compare(x.CreatedAt), cmp.Compare(x.ID, y.ID)) })
	return list
}

// Revoke ends a token of the user.
func (b *Book) Revoke(ctx context.Context, user, id string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, t := range b.tokens {
		if t.User != user || t.ID != id {
			continue
		}
		if t.RevokedAt.IsZero() {
			t.RevokedAt = b.now()
		}
		if err := b.keeper.Save(ctx, t); err != nil {
			return err
		}
		b.tokens[t.Digest] = t
		return nil
	}
	return fmt.Errorf("token %q: %w", id, ErrUnknown)
}
