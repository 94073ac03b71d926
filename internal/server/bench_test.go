package server

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

// BenchmarkKeptPage asks for a page of closed values that is kept, as a browser does.
func BenchmarkKeptPage(b *testing.B) {
	g := newRig(b)
	p := g.as(b, "finance")
	p.get("/months/2026-10")
	at, err := http.NewRequest("GET", g.URL, nil)
	if err != nil {
		b.Fatal(err)
	}
	cookies := p.client.Jar.Cookies(at.URL)
	for b.Loop() {
		r := httptest.NewRequest("GET", "/months/2026-10", nil)
		r.Header.Set("Accept-Encoding", "gzip")
		for _, c := range cookies {
			r.AddCookie(c)
		}
		w := httptest.NewRecorder()
		g.server.Handler().ServeHTTP(w, r)
		if w.Code != http.StatusOK {
			b.Fatal(w.Code)
		}
	}
}
