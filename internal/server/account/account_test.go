package account

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"weir/internal/server/access"
)

// kept is a keeper in memory.
type kept struct {
	users    map[string]User
	sessions map[string]Session
	tokens   map[string]Token
}

func newKept() *kept { return &kept{map[string]User{}, map[string]Session{}, map[string]Token{}} }

func (k *kept) Load(context.Context) (u []User, s []Session, t []Token, _ error) {
	for _, v := range k.users {
		u = append(u, v)
	}
	for _, v := range k.sessions {
		s = append(s, v)
	}
	for _, v := range k.tokens {
		t = append(t, v)
	}
	return u, s, t, nil
}

func (k *kept) Save(_ context.Context, records ...any) error {
	for _, r := range records {
		switch v := r.(type) {
		case User:
			k.users[v.ID] = v
		case Session:
			k.sessions[v.ID] = v
		case Token:
			k.tokens[v.ID] = v
		}
	}
	return nil
}

const password = "Chang-Jiang 2026"

type clock struct{ t time.Time }

func (c *clock) now() time.Time { return c.t }

func book(t *testing.T) (*Book, *kept, *clock) {
	t.Helper()
	k, c := newKept(), &clock{time.Date(2026, 11, 3, 1, 0, 0, 0, time.UTC)}
	b, err := Open(context.Background(), k, Options{Now: c.now})
	if err != nil {
		t.Fatal(err)
	}
	for _, u := range []User{{ID: "root", Grants: []access.Grant{{Role: access.Admin}}}, {ID: "李敏", Grants: []access.Grant{{Role: access.Department, Departments: []string{"MZ"}}}}} {
		if err := b.Add(context.Background(), u, password); err != nil {
			t.Fatal(err)
		}
	}
	return b, k, c
}

func TestSignInKeepsOnlyHashes(t *testing.T) {
	b, k, _ := book(t)
	secret, s, err := b.SignIn(context.Background(), "李敏", "10.0.0.1", "browser", password)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(k.users["李敏"].Password, password) || s.ID == secret || k.sessions[s.ID].User != "李敏" {
		t.Error("a secret is stored as it is, or the session is not stored")
	}
	again, _, err := b.SignIn(context.Background(), "李敏", "10.0.0.1", "browser", password)
	if err != nil || again == secret {
		t.Error("two sign-ins share a secret", err)
	}
	_, u, who, err := b.Resume(secret)
	if err != nil || u.ID != "李敏" || !who.May(access.DepartmentRead, "MZ").Allowed {
		t.Errorf("resume: %v %v", u, err)
	}
	for _, id := range []string{"李敏", "nobody"} {
		if _, _, err := b.SignIn(context.Background(), id, "10.0.0.2", "", "wrong password"); !errors.Is(err, ErrSignIn) {
			t.Errorf("%s: %v", id, err)
		}
	}
}

func TestSessionsEndByIdlenessAgeAndSignOut(t *testing.T) {
	b, k, c := book(t)
	ctx := context.Background()
	secret, _, err := b.OpenSession(ctx, "李敏", "", "")
	if err != nil {
		t.Fatal(err)
	}
	for range 24 { // 29 minutes apart: never idle, until twelve hours have passed
		c.t = c.t.Add(29 * time.Minute)
		if _, _, _, err := b.Resume(secret); err != nil {
			t.Fatal("ended early:", err)
		}
	}
	c.t = c.t.Add(29 * time.Minute)
	if _, _, _, err := b.Resume(secret); !errors.Is(err, ErrSession) {
		t.Error("a session outlived twelve hours")
	}
	secret, _, _ = b.OpenSession(ctx, "李敏", "", "")
	c.t = c.t.Add(31 * time.Minute)
	if _, _, _, err := b.Resume(secret); !errors.Is(err, ErrSession) {
		t.Error("an idle session is still open")
	}
	secret, s, _ := b.OpenSession(ctx, "李敏", "", "")
	if err := b.SignOut(ctx, s.ID); err != nil || k.sessions[s.ID].EndedAt.IsZero() {
		t.Error("the end of a session is not kept", err)
	}
	if _, _, _, err := b.Resume(secret); !errors.Is(err, ErrSession) {
		t.Error("signed out and still in")
	}
}

func TestSessionsOutliveARestart(t *testing.T) {
	b, k, c := book(t)
	secret, s, _ := b.OpenSession(context.Background(), "李敏", "", "")
	c.t = c.t.Add(20 * time.Minute)
	if _, _, _, err := b.Resume(secret); err != nil {
		t.Fatal(err)
	}
	if err := b.Flush(context.Background()); err != nil || !k.sessions[s.ID].SeenAt.Equal(c.t) {
		t.Fatal("not flushed", err)
	}
	c.t = c.t.Add(20 * time.Minute)
	second, err := Open(context.Background(), k, Options{Now: c.now})
	if err != nil {
		t.Fatal(err)
	}
	if _, _, _, err := second.Resume(secret); err != nil {
		t.Error("the session is lost:", err)
	}
}

func TestBruteForceIsSlowed(t *testing.T) {
	b, _, c := book(t)
	ctx := context.Background()
	for range freePerPair {
		if err := b.CheckOwn(ctx, "李敏", "10.0.0.9", "guess"); !errors.Is(err, ErrSignIn) {
			t.Fatal(err)
		}
	}
	var wait Throttled
	if err := b.CheckOwn(ctx, "李敏", "10.0.0.9", password); !errors.As(err, &wait) {
		t.Fatal("the sixth try at once is let through:", err)
	}
	if err := b.CheckOwn(ctx, "李敏", "10.0.0.8", password); err != nil {
		t.Error("the owner is locked out from elsewhere:", err)
	}
	c.t = c.t.Add(firstDelay)
	if err := b.CheckOwn(ctx, "李敏", "10.0.0.9", "guess"); !errors.Is(err, ErrSignIn) {
		t.Error(err)
	}
	if err := b.CheckOwn(ctx, "李敏", "10.0.0.9", password); !errors.As(err, &wait) || wait.Wait != 2*firstDelay {
		t.Error("the delay does not grow:", err)
	}
	c.t = c.t.Add(2 * firstDelay)
	if err := b.CheckOwn(ctx, "李敏", "10.0.0.9", password); err != nil {
		t.Error("the right password after the wait:", err)
	}
}

func TestThrottleOfAnAccountTriedFromEverywhere(t *testing.T) {
	var th throttle
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for i := range freePerAccount {
		th.fail("root", string(rune('a'+i)), now)
	}
	if th.wait("root", "new address", now) == 0 {
		t.Error("an account may be tried without end from changing addresses")
	}
	if th.wait("other", "new address", now) != 0 {
		t.Error("another account is slowed")
	}
	if th.wait("root", "new address", now.Add(longestDelay)) != 0 {
		t.Error("the delay never ends")
	}
}

func TestChangingAPasswordEndsOtherSessions(t *testing.T) {
	b, _, _ := book(t)
	ctx := context.Background()
	own, s, _ := b.OpenSession(ctx, "李敏", "", "")
	other, _, _ := b.OpenSession(ctx, "李敏", "", "")
	if err := b.SetPassword(ctx, "李敏", "Another-Word 7", s.ID, false); err != nil {
		t.Fatal(err)
	}
	if _, _, _, err := b.Resume(own); err != nil {
		t.Error("the session that changed it ended:", err)
	}
	if _, _, _, err := b.Resume(other); !errors.Is(err, ErrSession) {
		t.Error("the other session is still open")
	}
	if err := b.CheckOwn(ctx, "李敏", "", password); !errors.Is(err, ErrSignIn) {
		t.Error("the old password still serves")
	}
}

func TestDisabledUsersAreOut(t *testing.T) {
	b, _, c := book(t)
	ctx := context.Background()
	secret, _, _ := b.OpenSession(ctx, "李敏", "", "")
	token, _, err := b.Issue(ctx, "李敏", "script", access.Limit{}, c.t.Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	if err := b.Change(ctx, "李敏", func(u *User) { u.Disabled = true }); err != nil {
		t.Fatal(err)
	}
	if _, _, _, err := b.Resume(secret); !errors.Is(err, ErrSession) {
		t.Error("session:", err)
	}
	if _, _, _, err := b.Show(token); !errors.Is(err, ErrToken) {
		t.Error("token:", err)
	}
	if _, _, err := b.SignIn(ctx, "李敏", "", "", password); !errors.Is(err, ErrDisabled) {
		t.Error("sign-in:", err)
	}
	if err := b.Change(ctx, "root", func(u *User) { u.Disabled = true }); !errors.Is(err, ErrLastAdmin) {
		t.Error("the last administrator was locked out:", err)
	}
}

func TestTokensNarrowExpireAndAreRevoked(t *testing.T) {
	b, _, c := book(t)
	ctx := context.Background()
	secret, token, err := b.Issue(ctx, "李敏", "nightly export", access.Limit{Permissions: []access.Permission{access.Export, access.UserManage}}, c.t.Add(time.Hour))
	if err != nil || !strings.HasPrefix(secret, TokenPrefix) {
		t.Fatal(secret, err)
	}
	_, _, who, err := b.Show(secret)
	if err != nil || !who.May(access.Export, "MZ").Allowed || who.May(access.DepartmentRead, "MZ").Allowed || who.May(access.UserManage, "").Allowed {
		t.Errorf("principal %+v %v", who, err)
	}
	if err := b.Revoke(ctx, "root", token.ID); !errors.Is(err, ErrUnknown) {
		t.Error("somebody else revoked it:", err)
	}
	c.t = c.t.Add(time.Hour)
	if _, _, _, err := b.Show(secret); !errors.Is(err, ErrToken) {
		t.Error("expired and valid")
	}
	secret, token, _ = b.Issue(ctx, "李敏", "x", access.Limit{}, c.t.Add(time.Hour))
	if err := b.Revoke(ctx, "李敏", token.ID); err != nil {
		t.Fatal(err)
	}
	if _, _, _, err := b.Show(secret); !errors.Is(err, ErrToken) {
		t.Error("revoked and valid")
	}
	if _, _, err := b.Issue(ctx, "李敏", "x", access.Limit{}, c.t.Add(2*LongestToken)); err == nil {
		t.Error("a token of two years")
	}
}

func TestViewAsIsForAdministrators(t *testing.T) {
	b, _, _ := book(t)
	ctx := context.Background()
	secret, s, _ := b.OpenSession(ctx, "root", "", "")
	if err := b.ViewAs(ctx, s.ID, "李敏"); err != nil {
		t.Fatal(err)
	}
	_, u, who, err := b.Resume(secret)
	if err != nil || u.ID != "root" || who.User != "李敏" || who.Actor != "root" {
		t.Errorf("%v %+v %v", u.ID, who, err)
	}
	secret, s, _ = b.OpenSession(ctx, "李敏", "", "")
	if err := b.ViewAs(ctx, s.ID, "root"); err != nil {
		t.Fatal(err)
	}
	if _, _, who, _ := b.Resume(secret); who.User != "李敏" {
		t.Error("somebody who is no administrator views as another")
	}
}

func TestPasswordRules(t *testing.T) {
	for _, weak := range []string{"", "short1A!", "aaaaaaaaaaaaaaaaaaaa", "onlysmallletters", "zhangwei-2026A", "1234567890"} {
		if weak == "onlysmallletters" {
			if err := CheckPassword("zhangwei", weak); err != nil {
				t.Errorf("sixteen characters of one class are refused: %v", err)
			}
			continue
		}
		if CheckPassword("zhangwei", weak) == nil {
			t.Errorf("%q is accepted", weak)
		}
	}
	if err := CheckPassword("zhangwei", "春江花月夜 Spring 9"); err != nil {
		t.Error(err)
	}
}

func TestVerifyRefusesDamagedHashes(t *testing.T) {
	for _, hash := range []string{"", "plain", "$argon2i$v=19$m=1,t=1,p=1$c2FsdA$a2V5", "$argon2id$v=19$m=99999999,t=1,p=1$c2FsdA$a2V5", "$argon2id$v=19$m=64,t=1,p=1$!$a2V5"} {
		if ok, err := Verify(context.Background(), hash, "x"); ok || err == nil {
			t.Errorf("%q: %v %v", hash, ok, err)
		}
	}
}
