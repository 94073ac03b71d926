package server

import (
	"errors"
	"net/http"
	"net/url"
	"strings"

	"weir/internal/lang"
	"weir/internal/server/access"
	"weir/internal/server/account"
)

// loginPage shows the form, or goes on where somebody is signed in already.
func (s *Server) loginPage(w http.ResponseWriter, r *request) error {
	if r.User.ID != "" {
		http.Redirect(w, r.Request, "/", http.StatusSeeOther)
		return nil
	}
	return s.showLogin(w, r, "", "", r.URL.Query().Get("next"))
}

func (s *Server) showLogin(w http.ResponseWriter, r *request, problem, user, next string) error {
	status := 0
	if problem != "" {
		status = http.StatusUnauthorized
	}
	return s.show(w, r, shown{page: "login", title: lang.T("登录", "Sign in"), status: status, build: func() (any, error) {
		return map[string]any{"Error": problem, "User": user, "Next": localPath(next), "OIDC": s.config.OIDC.Issuer != ""}, nil
	}})
}

// localPath keeps only paths of this service, so that a link cannot send somebody elsewhere after the sign-in.
func localPath(next string) string {
	u, err := url.Parse(next)
	if err != nil || u.IsAbs() || u.Host != "" || !strings.HasPrefix(u.Path, "/") || strings.HasPrefix(next, "//") || strings.ContainsAny(next, "\\\r\n") {
		return "/"
	}
	return u.RequestURI()
}

// login checks the password and opens a session under a fresh cookie.
func (s *Server) login(w http.ResponseWriter, r *request) error {
	if err := r.parseForm(s.config.BodyMax); err != nil {
		return err
	}
	user, next := strings.TrimSpace(r.PostFormValue("user")), r.PostFormValue("next")
	secret, session, err := s.parts.Book.SignIn(r.Context(), user, r.address, r.UserAgent(), r.PostFormValue("password"))
	r.who = access.Principal{User: user}
	var throttled account.Throttled
	if errors.As(err, &throttled) || errors.Is(err, account.ErrSignIn) || errors.Is(err, account.ErrDisabled) {
		s.counts.signIn("refused")
		if written := s.record(r, "sign_in", user, "", access.Decision{Rule: lang.T(err.Error(), err.Error())}); written != nil {
			return written
		}
		f := failureOf(err)
		retryAfter(w.Header(), f)
		return s.showLogin(w, r, f.text.In(r.lang), user, next)
	}
	if err != nil {
		return err
	}
	if err := s.record(r, "sign_in", user, "", access.Decision{Allowed: true, Rule: lang.T("密码", "password")}); err != nil {
		return errors.Join(err, s.parts.Book.SignOut(r.Context(), session.ID))
	}
	s.counts.signIn("done")
	s.setSession(w, secret)
	http.Redirect(w, r.Request, localPath(next), http.StatusSeeOther)
	return nil
}

func (s *Server) setSession(w http.ResponseWriter, secret string) {
	http.SetCookie(w, s.cookie(s.sessionCookie(), secret, 0))
}

func (s *Server) logout(w http.ResponseWriter, r *request) error {
	if r.session.ID != "" {
		if err := s.checkForm(r); err != nil {
			return err
		}
		if err := s.parts.Book.SignOut(r.Context(), r.session.ID); err != nil {
			return err
		}
	}
	http.SetCookie(w, s.cookie(s.sessionCookie(), "", -1))
	http.Redirect(w, r.Request, "/login", http.StatusSeeOther)
	return nil
}

// viewAs lets an administrator see the pages as somebody else sees them, read-only and without figures.
func (s *Server) viewAs(w http.ResponseWriter, r *request) error {
	// The permission is asked of the person, not of the view: otherwise there would be no way back.
	d := r.User.Principal().May(access.UserManage, "")
	if !d.Allowed || r.session.ID == "" {
		return refusal(d)
	}
	if err := s.checkForm(r); err != nil {
		return err
	}
	id := r.PostFormValue("user")
	r.who = r.User.Principal()
	if err := s.record(r, "view_as", id, "", d); err != nil {
		return err
	}
	if err := s.parts.Book.ViewAs(r.Context(), r.session.ID, id); err != nil {
		return err
	}
	http.Redirect(w, r.Request, "/", http.StatusSeeOther)
	return nil
}
