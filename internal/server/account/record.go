package account

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"time"

	"weir/internal/lang"
	"weir/internal/server/access"
)

// User is a person who may sign in.
type User struct {
	ID         string // as typed at sign-in
	Name       string // as shown
	Password   string // encoded hash, "" where only single sign-on serves
	Grants     []access.Grant
	Language   lang.Lang // "" follows the workspace
	Disabled   bool
	MustChange bool // the password was set by somebody else
	CreatedAt  time.Time
	ChangedAt  time.Time
}

// Session is one sign-in of a browser.
type Session struct {
	ID        string // SHA-256 of the cookie
	User      string
	ViewAs    string // user as whom an administrator looks, "" otherwise
	Address   string
	Agent     string
	CreatedAt time.Time
	SeenAt    time.Time
	EndedAt   time.Time // zero: open
}

// Token lets a program act for its user, within its limit.
type Token struct {
	ID        string // shown in lists, part of no secret
	Digest    string // SHA-256 of the secret
	User      string
	Name      string
	Limit     access.Limit
	CreatedAt time.Time
	ExpiresAt time.Time
	UsedAt    time.Time // zero: never
	RevokedAt time.Time // zero: in force
}

// Keeper stores what must outlive the process.
type Keeper interface {
	// Load gives everything that was saved.
	Load(ctx context.Context) ([]User, []Session, []Token, error)
	// Save stores records of the types User, Session and Token, by their ID, all or none.
	Save(ctx context.Context, records ...any) error
}

// Errors of the package. Each is told apart by callers; all others are failures of the keeper.
var (
	ErrUnknown   = errors.New("no such user, session or token")
	ErrExists    = errors.New("the user exists already")
	ErrSignIn    = errors.New("user or password is wrong")
	ErrDisabled  = errors.New("the account is disabled")
	ErrSession   = errors.New("the session has ended")
	ErrToken     = errors.New("the token is not valid")
	ErrLastAdmin = errors.New("this is the last administrator who can sign in; make another one first")
)

// Throttled says that sign-ins for an account or from an address must wait.
type Throttled struct{ Wait time.Duration }

func (e Throttled) Error() string {
	return fmt.Sprintf("too many failed sign-ins; wait %s", e.Wait.Round(time.Second))
}

var userID = regexp.MustCompile(`^[\p{L}\p{N}][\p{L}\p{N}._@-]{0,63}$`)

// CheckUser refuses identifiers that cannot be typed or told apart, and invalid grants.
func CheckUser(u User) error {
	if !userID.MatchString(u.ID) {
		return fmt.Errorf("user %q: use 1 to 64 letters, digits, '.', '_', '@' or '-', beginning with a letter or digit", u.ID)
	}
	if len([]rune(u.Name)) > 100 {
		return fmt.Errorf("user %s: the name is longer than 100 characters", u.ID)
	}
	for _, g := range u.Grants {
		if err := g.Validate(); err != nil {
			return fmt.Errorf("user %s: %w", u.ID, err)
		}
	}
	return nil
}
