package server

import (
	"net/http"

	"weir/internal/lang"
)

// policy of the pages: nothing but this host, no inline script or style, no frame around.
const contentPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; " +
	"connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; manifest-src 'self'"

// reportPolicy is for rendered reports, which bring their own script and style in one file: they run in a sandbox
// without this service's origin, so that they reach neither cookies nor pages.
const reportPolicy = "sandbox allow-scripts allow-downloads; default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; " +
	"img-src data:; font-src data:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"

// harden sets the headers that every answer carries.
func (s *Server) harden(w http.ResponseWriter, r *request) {
	h := w.Header()
	h.Set("Content-Security-Policy", contentPolicy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Request-Id", r.id)
	if s.secure() {
		h.Set("Strict-Transport-Security", "max-age=31536000")
	}
}

// language decides by the address (?lang=), the cookie and the configuration. An address that names a language is
// remembered.
func (s *Server) language(w http.ResponseWriter, r *request) {
	r.lang = s.config.Language
	if l, err := lang.Parse(r.URL.Query().Get("lang")); err == nil {
		r.lang = l
		http.SetCookie(w, s.cookie(cookieLang, string(l), 365*24*3600))
		return
	}
	if cookie, err := r.Cookie(cookieLang); err == nil {
		if l, err := lang.Parse(cookie.Value); err == nil {
			r.lang = l
		}
	}
}

// languageOfUser is the user's own choice, where neither address nor cookie says.
func (s *Server) languageOfUser(r *request) {
	if _, err := r.Cookie(cookieLang); err == nil || r.URL.Query().Get("lang") != "" || r.User.Language == "" {
		return
	}
	r.lang = r.User.Language
}

func (s *Server) cookie(name, value string, maxAge int) *http.Cookie {
	return &http.Cookie{Name: name, Value: value, Path: "/", HttpOnly: true, Secure: s.secure(), SameSite: http.SameSiteLaxMode, MaxAge: maxAge}
}
