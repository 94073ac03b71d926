package server

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"weir/internal/lang"
	"weir/internal/server/access"
	"weir/internal/server/account"
)

// oidcState holds the provider once it was asked for its keys. A provider that is down does not keep the service from
// starting: passwords still serve.
type oidcState struct {
	mu       sync.Mutex
	provider *oidc.Provider
}

const cookieOIDC = "weir_oidc"

// provider asks the issuer for its addresses and keys, once.
func (s *Server) provider(ctx context.Context) (*oidc.Provider, error) {
	if s.config.OIDC.Issuer == "" {
		return nil, fail(absent, "未启用单点登录", "single sign-on is not set up")
	}
	s.oidc.mu.Lock()
	defer s.oidc.mu.Unlock()
	if s.oidc.provider != nil {
		return s.oidc.provider, nil
	}
	p, err := oidc.NewProvider(context.WithoutCancel(ctx), s.config.OIDC.Issuer)
	if err != nil {
		f := fail(unavail, "单点登录服务暂时无法连接，请改用密码登录", "the sign-on service cannot be reached; use a password")
		f.err = err
		return nil, f
	}
	s.oidc.provider = p
	return p, nil
}

func (s *Server) oauth(p *oidc.Provider) *oauth2.Config {
	c := s.config.OIDC
	return &oauth2.Config{ClientID: c.ClientID, ClientSecret: c.ClientSecret, Endpoint: p.Endpoint(), RedirectURL: c.RedirectURL, Scopes: []string{oidc.ScopeOpenID, "profile"}}
}

// oidcStart sends the browser to the provider. State, nonce and verifier wait in a signed cookie of ten minutes.
func (s *Server) oidcStart(w http.ResponseWriter, r *request) error {
	p, err := s.provider(r.Context())
	if err != nil {
		return err
	}
	state, nonce, verifier := account.Secret(), account.Secret(), oauth2.GenerateVerifier()
	expires := fmt.Sprint(s.now().Add(10 * time.Minute).Unix())
	text := strings.Join([]string{state, nonce, verifier, expires, base64.RawURLEncoding.EncodeToString([]byte(localPath(r.URL.Query().Get("next"))))}, ".")
	http.SetCookie(w, s.cookie(cookieOIDC, text+"."+s.sign(text), 600))
	http.Redirect(w, r.Request, s.oauth(p).AuthCodeURL(state, oidc.Nonce(nonce), oauth2.S256ChallengeOption(verifier)), http.StatusSeeOther)
	return nil
}

func (s *Server) sign(text string) string {
	mac := hmac.New(sha256.New, s.config.Key)
	mac.Write([]byte("oidc\x00" + text))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// waiting reads the cookie of oidcStart.
func (s *Server) waiting(r *request) (state, nonce, verifier, next string, err error) {
	stale := fail(invalid, "登录已过期，请重新开始", "the sign-in took too long; start again")
	cookie, err := r.Cookie(cookieOIDC)
	if err != nil {
		return "", "", "", "", stale
	}
	parts := strings.Split(cookie.Value, ".")
	if len(parts) != 6 || !hmac.Equal([]byte(parts[5]), []byte(s.sign(strings.Join(parts[:5], ".")))) {
		return "", "", "", "", stale
	}
	var expires int64
	if _, err := fmt.Sscan(parts[3], &expires); err != nil || s.now().Unix() > expires {
		return "", "", "", "", stale
	}
	path, err := base64.RawURLEncoding.DecodeString(parts[4])
	if err != nil {
		return "", "", "", "", stale
	}
	return parts[0], parts[1], parts[2], string(path), nil
}

// oidcCallback takes the browser back, verifies the identity and opens a session for the user of that name, who must
// exist here: a provider says who somebody is, never what they may do.
func (s *Server) oidcCallback(w http.ResponseWriter, r *request) error {
	state, nonce, verifier, next, err := s.waiting(r)
	if err != nil {
		return err
	}
	http.SetCookie(w, s.cookie(cookieOIDC, "", -1))
	q := r.URL.Query()
	if !hmac.Equal([]byte(q.Get("state")), []byte(state)) {
		return fail(forged, "登录状态不符，请重新开始", "the sign-in does not belong to this browser; start again")
	}
	if problem := q.Get("error"); problem != "" {
		return failf(signedOut, "单点登录被拒绝：%s", "the sign-on was refused: %s", problem)
	}
	id, err := s.identity(r.Context(), q, nonce, verifier)
	if err != nil {
		return err
	}
	r.who = access.Principal{User: id}
	secret, session, err := s.parts.Book.OpenSession(r.Context(), id, r.address, r.UserAgent())
	if err != nil {
		if written := s.record(r, "sign_in", id, "oidc", access.Decision{Rule: lang.T(err.Error(), err.Error())}); written != nil {
			return written
		}
		return failf(signedOut, "单点登录的用户“%s”在本系统中不存在或已停用，请联系系统管理员", "user %q of the sign-on does not exist here or is disabled; ask an administrator", id)
	}
	if err := s.record(r, "sign_in", id, "oidc", access.Decision{Allowed: true, Rule: lang.T("单点登录", "single sign-on")}); err != nil {
		return errors.Join(err, s.parts.Book.SignOut(r.Context(), session.ID))
	}
	s.counts.signIn("done")
	s.setSession(w, secret)
	http.Redirect(w, r.Request, localPath(next), http.StatusSeeOther)
	return nil
}

// identity exchanges the code and verifies the token.
func (s *Server) identity(ctx context.Context, q url.Values, nonce, verifier string) (string, error) {
	p, err := s.provider(ctx)
	if err != nil {
		return "", err
	}
	wrong := func(err error) error {
		f := fail(signedOut, "单点登录的身份信息未通过验证，请重新开始", "the identity could not be verified; start again")
		f.err = err
		return f
	}
	token, err := s.oauth(p).Exchange(ctx, q.Get("code"), oauth2.VerifierOption(verifier))
	if err != nil {
		return "", wrong(err)
	}
	raw, _ := token.Extra("id_token").(string)
	verified, err := p.Verifier(&oidc.Config{ClientID: s.config.OIDC.ClientID, Now: s.now}).Verify(ctx, raw)
	if err != nil {
		return "", wrong(err)
	}
	if verified.Nonce != nonce {
		return "", wrong(fmt.Errorf("nonce differs"))
	}
	var claims map[string]any
	if err := verified.Claims(&claims); err != nil {
		return "", wrong(err)
	}
	id, _ := claims[s.config.OIDC.UserClaim].(string)
	if id == "" {
		return "", wrong(fmt.Errorf("the claim %s is missing", s.config.OIDC.UserClaim))
	}
	return id, nil
}
