// Package account knows who the users are: their passwords, grants, sessions and tokens.
//
// What is known lives in memory and is written through to a Keeper, so that a request never waits for the database.
// The package decides whether somebody is who they say; what they may do is decided in package access. Secrets are
// kept as hashes only: passwords by argon2id, session and token secrets by SHA-256.
package account

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"

	"weir/internal/lang"
)

// Cost of a password hash: argon2id with 46 MiB and two passes on one lane, above the minimum of the OWASP password
// storage guide (46 MiB, one pass). Hashes carry their own cost, so that raising it leaves old ones readable.
const (
	memoryKiB = 46 << 10
	passes    = 2
	lanes     = 1
	saltBytes = 16
	keyBytes  = 32
)

// hashing bounds the memory that sign-ins take at once.
var hashing = make(chan struct{}, 2)

// Hash makes the encoded argon2id hash of a password, in the PHC string form.
func Hash(ctx context.Context, password string) (string, error) {
	salt := make([]byte, saltBytes)
	if _, err := rand.Read(salt); err != nil {
		return "", err
	}
	key, err := derive(ctx, password, salt, passes, memoryKiB, lanes)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, memoryKiB, passes, lanes,
		base64.RawStdEncoding.EncodeToString(salt), base64.RawStdEncoding.EncodeToString(key)), nil
}

func derive(ctx context.Context, password string, salt []byte, t, m uint32, p uint8) ([]byte, error) {
	select {
	case hashing <- struct{}{}:
		defer func() { <-hashing }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	return argon2.IDKey([]byte(password), salt, t, m, p, keyBytes), nil
}

// Verify tells whether the password belongs to the encoded hash. A hash that cannot be read is an error.
func Verify(ctx context.Context, encoded, password string) (bool, error) {
	parts := strings.Split(encoded, "$")
	var version int
	var m, t uint32
	var p uint8
	if len(parts) != 6 || parts[1] != "argon2id" {
		return false, errors.New("the stored password hash is not of the form $argon2id$…; set a new password")
	}
	if _, err := fmt.Sscanf(parts[2], "v=%d", &version); err != nil || version != argon2.Version {
		return false, fmt.Errorf("the stored password hash is of another argon2 version (%s); set a new password", parts[2])
	}
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &m, &t, &p); err != nil || m > 1<<20 || t == 0 || t > 16 || p == 0 {
		return false, fmt.Errorf("the cost of the stored password hash (%s) is not usable; set a new password", parts[3])
	}
	salt, err := base64.RawStdEncoding.DecodeString(parts[4])
	if err != nil {
		return false, errors.New("the salt of the stored password hash is damaged; set a new password")
	}
	want, err := base64.RawStdEncoding.DecodeString(parts[5])
	if err != nil || len(want) != keyBytes {
		return false, errors.New("the stored password hash is damaged; set a new password")
	}
	got, err := derive(ctx, password, salt, t, m, p)
	if err != nil {
		return false, err
	}
	return subtle.ConstantTimeCompare(got, want) == 1, nil
}

// Limits of a password's length in characters. The upper one keeps hashing cheap for the server.
const (
	MinPassword = 10
	MaxPassword = 200
)

// WeakPassword is a password that must not be set, with the reason.
type WeakPassword struct{ Reason lang.Text }

func (e WeakPassword) Error() string { return e.Reason.En }

// CheckPassword refuses passwords that are short, uniform or the user's own name: at least ten characters of three
// classes (capital, small, digit, other), or at least sixteen of any; a Han character counts as a class of its own.
func CheckPassword(user, password string) error {
	weak := func(zh, en string) error { return WeakPassword{lang.T(zh, en)} }
	n := utf8.RuneCountInString(password)
	switch {
	case !utf8.ValidString(password):
		return weak("密码不是有效的 UTF-8 文本", "the password is no valid UTF-8 text")
	case n < MinPassword:
		return weak("密码至少 10 个字符", "the password needs at least 10 characters")
	case n > MaxPassword:
		return weak("密码最多 200 个字符", "the password may have at most 200 characters")
	case strings.EqualFold(password, user) || len(user) >= 4 && strings.Contains(strings.ToLower(password), strings.ToLower(user)):
		return weak("密码不得包含用户名", "the password must not hold the user's name")
	}
	classes, distinct := map[string]bool{}, map[rune]bool{}
	for _, r := range password {
		distinct[r] = true
		classes[class(r)] = true
	}
	if len(distinct) < 5 {
		return weak("密码中不同的字符至少 5 个", "the password needs at least 5 different characters")
	}
	if n < 16 && len(classes) < 3 {
		return weak("少于 16 个字符的密码须含大写、小写、数字、其他字符中的三类", "a password of fewer than 16 characters needs three of: capitals, small letters, digits, others")
	}
	return nil
}

func class(r rune) string {
	switch {
	case unicode.Is(unicode.Han, r):
		return "han"
	case unicode.IsUpper(r):
		return "upper"
	case unicode.IsLower(r):
		return "lower"
	case unicode.IsDigit(r):
		return "digit"
	}
	return "other"
}

// Secret makes a random secret of 256 bits, as text for a cookie or a header.
func Secret() string {
	b := make([]byte, 32)
	// The reader of crypto/rand never fails on the systems that Go supports.
	rand.Read(b)
	return base64.RawURLEncoding.EncodeToString(b)
}

// digest is how a secret is kept: whoever reads the table cannot use it.
func digest(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}
