package server

import (
	"fmt"
	"net/http"
	"strings"

	"weir/internal/server/access"
)

// handler answers a request or says why it cannot.
type handler func(w http.ResponseWriter, r *request) error

// route is one line of the list of routes.
type route struct {
	method  string
	pattern string
	// public routes are open to everybody; all others need a permission.
	public bool
	needs  access.Permission
	// scope gives the department for which a scoped permission is asked: from the path or the query. Every asks for
	// all departments. Nil with a scoped permission: at least one department, and the handler narrows what it shows.
	scope  func(*request) string
	handle handler
	// streamed bodies are read by the handler, which checks the form token itself; the upload limit applies.
	streamed bool
	// quiet routes are not written into the request log: they are asked every few seconds by machines.
	quiet bool
	// doc describes a route of the API; nil for pages.
	doc *operation
}

// api tells whether errors are answered as JSON.
func (r *route) api() bool { return strings.HasPrefix(r.pattern, "/api/") }

// check refuses a route that would be open by omission.
func (r *route) check() error {
	switch {
	case r.handle == nil:
		return fmt.Errorf("route %s %s has no handler", r.method, r.pattern)
	case r.public == (r.needs != ""):
		return fmt.Errorf("route %s %s must be public or need a permission, and not both", r.method, r.pattern)
	case r.scope != nil && !r.needs.Scoped():
		return fmt.Errorf("route %s %s asks %s for a department, which is not scoped", r.method, r.pattern, r.needs)
	case r.api() && r.doc == nil:
		return fmt.Errorf("route %s %s of the API has no description", r.method, r.pattern)
	}
	return nil
}

// pathDepartment takes the department from the path.
func pathDepartment(r *request) string { return r.PathValue("department") }

// allow decides whether the request may pass, by its route.
func (s *Server) allow(r *request) access.Decision {
	rt := r.route
	if rt.public {
		return access.Decision{Allowed: true}
	}
	if !rt.needs.Scoped() {
		return r.who.May(rt.needs, "")
	}
	if rt.scope != nil {
		return r.who.May(rt.needs, rt.scope(r))
	}
	if r.who.Has(rt.needs) {
		return access.Decision{Allowed: true}
	}
	return r.who.May(rt.needs, access.Every)
}
