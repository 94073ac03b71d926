package server

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"weir/internal/lang"
	"weir/internal/server/access"
	"weir/internal/server/account"
	"weir/internal/server/audit"
)

// request is a request with who asks and in which language.
type request struct {
	*http.Request
	id      string
	route   *route
	lang    lang.Lang
	address string
	User    account.User     // who is signed in
	who     access.Principal // as whom rules are asked
	session account.Session
	token   account.Token
	byToken bool
	byProxy bool // a gateway named the user
}

// say picks a text in the language of the request.
func (r *request) say(zh, en string) string { return r.lang.Pick(zh, en) }

const (
	cookieSession     = "weir_session"
	cookieSessionHost = "__Host-weir_session" // over TLS: bound to this host
	cookieLang        = "weir_lang"
)

func (s *Server) secure() bool { return s.config.TLS || s.config.BehindProxy }

func (s *Server) sessionCookie() string {
	if s.secure() {
		return cookieSessionHost
	}
	return cookieSession
}

// serve wraps a route: it finds who asks, decides, limits, runs the handler, writes its error and the log.
func (s *Server) serve(rt *route) http.Handler {
	return http.HandlerFunc(func(out http.ResponseWriter, in *http.Request) {
		began := s.now()
		s.counts.begin()
		if !rt.quiet {
			s.warmer.begin()
			defer func() { s.warmer.end(s.now()) }()
		}
		w := &response{ResponseWriter: out}
		r := &request{Request: in, route: rt, id: account.Secret()[:12], address: s.address(in)}
		s.harden(w, r)
		err := s.guarded(w, r)
		if err != nil {
			s.answerError(w, r, err)
		}
		w.finish()
		took := s.now().Sub(began)
		s.counts.end(rt.method+" "+rt.pattern, w.code(), took)
		s.logRequest(w, r, err, took)
	})
}

// guarded runs the request and turns a panic into an internal failure.
func (s *Server) guarded(w *response, r *request) (err error) {
	defer func() {
		if p := recover(); p != nil {
			if p == http.ErrAbortHandler {
				panic(p)
			}
			err = &failure{kind: internal, text: lang.T("服务内部出错，已记入日志", "something went wrong inside the service and is in its log"),
				err: fmt.Errorf("panic: %v\n%s", p, debug.Stack())}
		}
	}()
	s.language(w, r)
	if err := s.identify(r); err != nil && !r.route.public {
		return err
	}
	s.languageOfUser(r)
	if !r.route.quiet {
		if wait, ok := s.limits.take(limitKey(r)); !ok {
			f := fail(tooMany, "请求过于频繁，请稍候", "too many requests; wait a moment")
			f.retry = wait
			return f
		}
	}
	if err := s.admit(r); err != nil {
		return err
	}
	ctx, cancel := s.bound(w, r)
	defer cancel()
	r.Request = r.WithContext(ctx)
	return r.route.handle(w, r)
}

// admit checks the form token and the permission.
func (s *Server) admit(r *request) error {
	unsafe := r.Method != http.MethodGet && r.Method != http.MethodHead
	if unsafe && !r.byToken {
		if err := s.origins.Check(r.Request); err != nil {
			f := fail(forged, "请求来自其他网站，已拒绝", "the request came from another site and was refused")
			f.err = err
			return f
		}
	}
	if r.route.public {
		return nil
	}
	if r.User.ID == "" {
		return fail(signedOut, "请先登录", "sign in first")
	}
	if r.User.MustChange && !r.byToken && r.route.needs != access.AccountOwn {
		return errMustChange
	}
	if d := s.allow(r); !d.Allowed {
		if err := s.record(r, "refused", r.URL.Path, "", d); err != nil {
			return err
		}
		return refusal(d)
	}
	if unsafe && !r.byToken && !r.route.streamed {
		return s.checkForm(r)
	}
	return nil
}

var errMustChange = errors.New("the password must be changed first")

// checkForm reads the form and compares its token.
func (s *Server) checkForm(r *request) error {
	r.Body = http.MaxBytesReader(nil, r.Body, s.config.BodyMax)
	given := r.Header.Get("X-CSRF-Token")
	if given == "" {
		if err := r.parseForm(s.config.BodyMax); err != nil {
			return err
		}
		given = r.PostFormValue("csrf")
	}
	return s.checkToken(r, given)
}

func (r *request) parseForm(limit int64) error {
	var err error
	if strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/form-data") {
		err = r.ParseMultipartForm(limit)
	} else {
		err = r.ParseForm()
	}
	var size *http.MaxBytesError
	if errors.As(err, &size) {
		return err
	}
	if err != nil {
		f := fail(invalid, "表单无法读取", "the form cannot be read")
		f.err = err
		return f
	}
	return nil
}

func (s *Server) checkToken(r *request, given string) error {
	if !hmac.Equal([]byte(given), []byte(s.formToken(r))) {
		return fail(forged, "表单已失效，请返回刷新页面后再提交", "the form is no longer valid; go back, reload the page and submit again")
	}
	return nil
}

// formToken is bound to the session: a form of one session is void in another.
func (s *Server) formToken(r *request) string {
	mac := hmac.New(sha256.New, s.config.Key)
	fmt.Fprintf(mac, "form\x00%s\x00%s", r.session.ID, r.User.ID)
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// identify finds who asks: a token, the header of a gateway, or a session.
func (s *Server) identify(r *request) (err error) {
	if s.parts.Book == nil {
		return nil
	}
	if secret, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
		r.token, r.User, r.who, err = s.parts.Book.Show(strings.TrimSpace(secret))
		r.byToken = err == nil
		return err
	}
	if s.config.TrustedHeader != "" && s.fromProxy(r.Request) {
		if id := r.Header.Get(s.config.TrustedHeader); id != "" {
			return s.identifyHeader(r, id)
		}
	}
	cookie, err := r.Cookie(s.sessionCookie())
	if err != nil {
		return nil // nobody is signed in
	}
	r.session, r.User, r.who, err = s.parts.Book.Resume(cookie.Value)
	return err
}

func (s *Server) identifyHeader(r *request, id string) error {
	if decoded, err := url.PathUnescape(id); err == nil {
		id = decoded // gateways percent-encode names that are not ASCII
	}
	u, err := s.parts.Book.User(id)
	if err != nil || u.Disabled {
		return failf(signedOut, "网关传来的用户“%s”在本系统中不存在或已停用，请联系系统管理员", "user %q named by the gateway does not exist here or is disabled; ask an administrator", id)
	}
	u.MustChange = false // its password is not used
	r.User, r.who, r.byProxy = u, u.Principal(), true
	return nil
}

// fromProxy tells whether the peer is one of the gateways that are believed.
func (s *Server) fromProxy(r *http.Request) bool {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return false
	}
	peer, err := netip.ParseAddr(host)
	return err == nil && slices.ContainsFunc(s.config.Proxies, func(p netip.Prefix) bool { return p.Contains(peer.Unmap()) })
}

// address is the caller's: behind a gateway the last one that the gateway did not write itself.
func (s *Server) address(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	if !s.config.BehindProxy || !s.fromProxy(r) {
		return host
	}
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(hops) - 1; i >= 0; i-- {
		hop, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
		if err != nil {
			break
		}
		if !slices.ContainsFunc(s.config.Proxies, func(p netip.Prefix) bool { return p.Contains(hop.Unmap()) }) {
			return hop.String()
		}
	}
	return host
}

func limitKey(r *request) string {
	switch {
	case r.byToken:
		return "token " + r.token.ID
	case r.session.ID != "":
		return "session " + r.session.ID
	case r.User.ID != "":
		return "user " + r.User.ID
	}
	return "address " + r.address
}

// bound limits the body and the time of a request. An upload may take long as long as bytes arrive.
func (s *Server) bound(w *response, r *request) (context.Context, context.CancelFunc) {
	control := http.NewResponseController(w.ResponseWriter)
	if r.route.streamed {
		r.Body = http.MaxBytesReader(nil, r.Body, s.config.UploadMax)
		r.Body = &steady{ReadCloser: r.Body, control: control, now: s.now, deadline: slowAfter}
		return context.WithCancel(r.Context())
	}
	if r.Body != nil {
		r.Body = http.MaxBytesReader(nil, r.Body, s.config.BodyMax)
	}
	// Errors say that the writer of a test has no deadlines.
	_ = control.SetReadDeadline(s.now().Add(s.config.Timeout))
	_ = control.SetWriteDeadline(s.now().Add(2 * s.config.Timeout))
	return context.WithTimeout(r.Context(), s.config.Timeout)
}

// record writes an audit entry; the act happens only if that succeeded.
func (s *Server) record(r *request, action, target, detail string, d access.Decision) error {
	if s.parts.Audit == nil {
		return nil
	}
	return s.parts.Audit.Write(r.Context(), audit.Entry{
		User: r.who.User, Actor: r.who.Actor, Token: r.token.ID, Address: r.address, Request: r.id,
		Action: action, Target: target, Detail: detail, Allowed: d.Allowed, Rule: d.Rule.En,
	})
}

// act records an allowed act of the route before it runs.
func (s *Server) act(r *request, action, target, detail string) error {
	return s.record(r, action, target, detail, s.allow(r))
}

func (s *Server) logRequest(w *response, r *request, err error, took time.Duration) {
	if r.route.quiet && err == nil {
		return
	}
	attributes := []any{"request", r.id, "method", r.Method, "path", r.URL.Path, "route", r.route.pattern, "status", w.code(),
		"bytes", w.written, "ms", float64(took.Microseconds()) / 1000, "user", r.User.ID, "address", r.address}
	switch {
	case err == nil:
		s.log.Info("request", attributes...)
	case w.code() >= 500:
		s.log.Error("request", append(attributes, "error", err)...)
	default:
		s.log.Info("request", append(attributes, "error", err)...)
	}
}
