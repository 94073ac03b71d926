package account

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"weir/internal/server/access"
)

// Options of a book. The zero value is a sound default.
type Options struct {
	Idle     time.Duration    // a session ends after so long without a request; default 30 minutes
	Lifetime time.Duration    // and so long after sign-in in any case; default 12 hours
	Now      func() time.Time // default time.Now
}

// Book holds users, sessions and tokens. It is safe for concurrent use.
type Book struct {
	keeper   Keeper
	options  Options
	throttle throttle
	// decoy is a hash that unknown users are checked against, so that a sign-in takes as long for them.
	decoy string

	mu       sync.Mutex
	users    map[string]User
	sessions map[string]Session
	tokens   map[string]Token // by digest
	touched  map[string]bool  // sessions and token digests whose times are not yet saved
}

// Open reads the book from its keeper.
func Open(ctx context.Context, keeper Keeper, o Options) (*Book, error) {
	o.Idle, o.Lifetime = cmp.Or(o.Idle, 30*time.Minute), cmp.Or(o.Lifetime, 12*time.Hour)
	if o.Now == nil {
		o.Now = time.Now
	}
	decoy, err := Hash(ctx, Secret())
	if err != nil {
		return nil, err
	}
	users, sessions, tokens, err := keeper.Load(ctx)
	if err != nil {
		return nil, fmt.Errorf("users: %w", err)
	}
	b := &Book{keeper: keeper, options: o, decoy: decoy,
		users: map[string]User{}, sessions: map[string]Session{}, tokens: map[string]Token{}, touched: map[string]bool{}}
	for _, u := range users {
		b.users[u.ID] = u
	}
	for _, s := range sessions {
		if !b.over(s) {
			b.sessions[s.ID] = s
		}
	}
	for _, t := range tokens {
		b.tokens[t.Digest] = t
	}
	return b, nil
}

func (b *Book) now() time.Time { return b.options.Now().UTC().Truncate(time.Microsecond) }

// Users lists every user by identifier.
func (b *Book) Users() []User {
	b.mu.Lock()
	defer b.mu.Unlock()
	list := make([]User, 0, len(b.users))
	for _, u := range b.users {
		list = append(list, u)
	}
	slices.SortFunc(list, func(x, y User) int { return cmp.Compare(x.ID, y.ID) })
	return list
}

// User finds a user.
func (b *Book) User(id string) (User, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	u, ok := b.users[id]
	if !ok {
		return User{}, fmt.Errorf("user %q: %w", id, ErrUnknown)
	}
	return u, nil
}

// Empty tells whether nobody can sign in yet.
func (b *Book) Empty() bool {
	return !slices.ContainsFunc(b.Users(), func(u User) bool { return !u.Disabled })
}

// Add makes a user with a password, or without one where single sign-on serves.
func (b *Book) Add(ctx context.Context, u User, password string) error {
	if err := CheckUser(u); err != nil {
		return err
	}
	u.Password = ""
	if password != "" {
		if err := CheckPassword(u.ID, password); err != nil {
			return err
		}
		hash, err := Hash(ctx, password)
		if err != nil {
			return err
		}
		u.Password = hash
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if _, ok := b.users[u.ID]; ok {
		return fmt.Errorf("user %s: %w", u.ID, ErrExists)
	}
	u.CreatedAt, u.ChangedAt = b.now(), b.now()
	return b.put(ctx, u)
}

// put saves a user; the caller holds the lock.
func (b *Book) put(ctx context.Context, u User) error {
	if err := b.keeper.Save(ctx, u); err != nil {
		return err
	}
	b.users[u.ID] = u
	return nil
}

// Change edits name, grants, language and whether the account is disabled. Sessions of a user whose account is
// disabled end; changed grants hold from the next request on.
func (b *Book) Change(ctx context.Context, id string, edit func(*User)) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	old, ok := b.users[id]
	if !ok {
		return fmt.Errorf("user %q: %w", id, ErrUnknown)
	}
	u := old
	u.Grants = slices.Clone(old.Grants)
	edit(&u)
	u.ID, u.Password, u.CreatedAt, u.ChangedAt = old.ID, old.Password, old.CreatedAt, b.now()
	if err := CheckUser(u); err != nil {
		return err
	}
	if isAdmin(old) && !isAdmin(u) && !b.otherAdmin(id) {
		return ErrLastAdmin
	}
	if err := b.put(ctx, u); err != nil {
		return err
	}
	if u.Disabled {
		return b.endAll(ctx, id, "")
	}
	return nil
}

func isAdmin(u User) bool {
	return !u.Disabled && slices.ContainsFunc(u.Grants, func(g access.Grant) bool { return g.Role == access.Admin })
}

func (b *Book) otherAdmin(id string) bool {
	for _, u := range b.users {
		if u.ID != id && isAdmin(u) {
			return true
		}
	}
	return false
}

// SetPassword sets a password and ends the user's sessions, except the one named in keep. byOther says that somebody
// else chose it: the user must change it at the next sign-in.
func (b *Book) SetPassword(ctx context.Context, id, password, keep string, byOther bool) error {
	if err := CheckPassword(id, password); err != nil {
		return err
	}
	hash, err := Hash(ctx, password)
	if err != nil {
		return err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	u, ok := b.users[id]
	if !ok {
		return fmt.Errorf("user %q: %w", id, ErrUnknown)
	}
	u.Password, u.MustChange, u.ChangedAt = hash, byOther, b.now()
	if err := b.put(ctx, u); err != nil {
		return err
	}
	return b.endAll(ctx, id, keep)
}

// CheckOwn verifies a user's present password, under the throttle.
func (b *Book) CheckOwn(ctx context.Context, id, address, password string) error {
	now := b.now()
	if wait := b.throttle.wait(id, address, now); wait > 0 {
		return Throttled{wait}
	}
	b.mu.Lock()
	u, known := b.users[id]
	b.mu.Unlock()
	hash := u.Password
	if !known || hash == "" {
		hash = b.decoy
	}
	right, err := Verify(ctx, hash, password)
	if err != nil {
		return err
	}
	if !right || !known || u.Password == "" {
		b.throttle.fail(id, address, now)
		return ErrSignIn
	}
	b.throttle.succeed(id, address)
	if u.Disabled {
		return ErrDisabled
	}
	return nil
}

// Principal is the user as access rules see it.
func (u User) Principal() access.Principal {
	return access.Principal{User: u.ID, Grants: u.Grants}
}
