package server

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"path"
	"slices"
	"strings"
	"time"

	"weir/internal/lang"
)

//go:embed templates
var templateFiles embed.FS

// pages are the parsed templates: each page by name, in both languages.
type pages struct {
	layout map[lang.Lang]*template.Template
	main   map[lang.Lang]map[string]*template.Template
}

// parsePages reads templates/layout.html, templates/parts.html and one file for each page.
func parsePages(zone *time.Location) (*pages, error) {
	p := &pages{layout: map[lang.Lang]*template.Template{}, main: map[lang.Lang]map[string]*template.Template{}}
	files, err := fs.Glob(templateFiles, "templates/*.html")
	if err != nil {
		return nil, err
	}
	for _, l := range []lang.Lang{lang.Zh, lang.En} {
		shared, err := template.New("").Funcs(functions(l, zone)).ParseFS(templateFiles, "templates/layout.html", "templates/parts.html")
		if err != nil {
			return nil, err
		}
		p.layout[l], p.main[l] = shared, map[string]*template.Template{}
		for _, file := range files {
			name := strings.TrimSuffix(path.Base(file), ".html")
			if name == "layout" || name == "parts" {
				continue
			}
			one, err := shared.Clone()
			if err != nil {
				return nil, err
			}
			if one, err = one.ParseFS(templateFiles, file); err != nil {
				return nil, err
			}
			p.main[l][name] = one
		}
	}
	return p, nil
}

// frame is what surrounds the main part of every page.
type frame struct {
	Lang      lang.Lang
	Title     string
	Place     string // name of the city or region
	User      string
	ViewAs    string
	ViewingAs bool
	CSRF      string
	Nav       []navGroup
	Month     string
	Months    []string
	MonthPath string // path with %s for the month, "" where the page has no month
	Switch    string // address of this page in the other language
	Main      template.HTML
	Scripts   []string
	Wide      bool
	Assets    map[string]string
}

// shown is one answer with a page: its template, title and what the template is given.
type shown struct {
	page    string
	title   lang.Text
	month   string // month that the page is about, "" for none
	scripts []string
	wide    bool
	status  int
	// key names everything that the main part depends on; "" is never kept. It must not hold forms, whose tokens
	// belong to one session.
	key   string
	build func() (any, error)
}

// body is what every template of a main part is given beside its own data.
type body struct {
	R    *request
	CSRF string
	D    any
}

// show writes a page.
func (s *Server) show(w http.ResponseWriter, r *request, p shown) error {
	main, err := s.main(r, p)
	if err != nil {
		return err
	}
	f := frame{Lang: r.lang, Title: p.title.In(r.lang), Place: s.config.Name.In(r.lang), User: r.User.ID, ViewAs: r.who.User, ViewingAs: r.who.Actor != "", Main: mainMark,
		Scripts: append([]string{"app.js"}, p.scripts...), Wide: p.wide, Switch: otherLanguage(r), Assets: assetAddresses}
	if r.User.ID != "" {
		f.CSRF = s.formToken(r)
		if f.Nav, f.Month, f.Months, err = s.navigation(r, p.month); err != nil {
			return err
		}
		if p.month != "" {
			f.MonthPath = strings.Replace(r.URL.Path, "/months/"+p.month, "/months/%s", 1)
		}
	}
	if r.User.Name != "" {
		f.User = r.User.Name
	}
	var out bytes.Buffer
	if err := s.pages.layout[r.lang].ExecuteTemplate(&out, "layout", f); err != nil {
		return err
	}
	head, tail, ok := bytes.Cut(out.Bytes(), []byte(mainMark))
	if !ok {
		return errors.New("the layout has no place for the main part")
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Language", r.lang.Tag())
	if main.deflated != nil && p.status == 0 && takesGzip(r) {
		w.Header().Add("Vary", "Accept-Encoding")
		return writeAssembled(w, head, main, tail)
	}
	asText(w, r)
	if p.status != 0 {
		w.WriteHeader(p.status)
	}
	_, err = w.Write(slices.Concat(head, main.plain, tail))
	return err
}

// mainMark stands in the layout for the main part, which is put there afterwards. Nothing else in a layout can be a
// comment, since names are escaped.
const mainMark template.HTML = "<!-- main part -->"

// main renders the main part, or takes it from the cache.
func (s *Server) main(r *request, p shown) (*rendered, error) {
	render := func() (*rendered, error) {
		t := s.pages.main[r.lang][p.page]
		if t == nil {
			return nil, fmt.Errorf("there is no template %s", p.page)
		}
		var data any
		if p.build != nil {
			var err error
			if data, err = p.build(); err != nil {
				return nil, err
			}
		}
		b := body{R: r, D: data}
		if p.key == "" {
			b.CSRF = s.formToken(r)
		}
		var out bytes.Buffer
		if err := t.ExecuteTemplate(&out, "main", b); err != nil {
			return nil, err
		}
		return &rendered{plain: out.Bytes()}, nil
	}
	if p.key == "" {
		return render()
	}
	return s.cache.get(cacheKey(r, p), func() (*rendered, error) {
		main, err := render()
		if err != nil {
			return nil, err
		}
		return main, main.deflate()
	})
}

func cacheKey(r *request, p shown) string {
	return strings.Join([]string{p.page, string(r.lang), p.key}, "\x00")
}

// kept tells whether the page is in the cache.
func (s *Server) kept(r *request, p shown) bool { return s.cache.has(cacheKey(r, p)) }

func otherLanguage(r *request) string {
	q := r.URL.Query()
	q.Set("lang", string(lang.En))
	if r.lang == lang.En {
		q.Set("lang", string(lang.Zh))
	}
	if r.Method != http.MethodGet {
		return "/?lang=" + q.Get("lang")
	}
	return r.URL.Path + "?" + q.Encode()
}

// answerError writes an error as the caller reads it: JSON for programs, a page for people.
func (s *Server) answerError(w *response, r *request, err error) {
	if w.status != 0 {
		return // the answer has begun; the connection is cut by the length that does not match
	}
	f := failureOf(err)
	if r.route.api() || strings.HasPrefix(r.URL.Path, "/api/") {
		if err == errMustChange {
			f = fail(refused, "请先修改密码", "change the password first")
		}
		writeJSONError(w, f, r.id)
		return
	}
	switch {
	case err == errMustChange:
		http.Redirect(w, r.Request, "/account?change=1", http.StatusSeeOther)
		return
	case f.kind == signedOut && r.Method == http.MethodGet && !r.route.public:
		http.Redirect(w, r.Request, "/login?next="+escapeQuery(r.URL.RequestURI()), http.StatusSeeOther)
		return
	}
	retryAfter(w.Header(), f)
	page := shown{page: "error", title: f.text, status: statuses[f.kind], build: func() (any, error) {
		return map[string]any{"Text": f.text.In(r.lang), "Rule": f.rule.In(r.lang), "Kind": string(f.kind), "ID": r.id}, nil
	}}
	if err := s.show(w, r, page); err != nil {
		s.log.Error("the error page cannot be shown", "request", r.id, "error", err)
		if w.status == 0 {
			http.Error(w, f.text.In(r.lang), statuses[f.kind])
		}
	}
}

func (s *Server) nothingHere(_ http.ResponseWriter, r *request) error {
	return fail(absent, "没有这个页面", "there is no such page")
}
