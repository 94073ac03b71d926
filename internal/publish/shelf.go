package publish

import (
	"bytes"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"weir/internal/lang"
	"weir/metrics"
)

// ManifestFile lists what a directory of reports holds.
const ManifestFile = "manifest.json"

// Shelf is the reports of one closed month in one directory.
type Shelf struct {
	Month    string `json:"month"`
	Revision int    `json:"revision"`
	AsOf     string `json:"as_of"` // day of the data
	Stamp    string `json:"stamp"`
	Files    []File `json:"files"` // by kind, department, language, format

	directory string
}

// ErrNoShelf says that a directory holds no reports.
var ErrNoShelf = errors.New("no reports were written here")

// ReadShelf reads the manifest of a directory.
func ReadShelf(directory string) (*Shelf, error) {
	text, err := os.ReadFile(filepath.Join(directory, ManifestFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s: %w; write them with: weir report YYYY-MM --kind all", directory, ErrNoShelf)
	}
	if err != nil {
		return nil, err
	}
	s := &Shelf{directory: directory}
	if err := json.Unmarshal(text, s); err != nil {
		return nil, fmt.Errorf("%s: %w; remove it and write the reports again", filepath.Join(directory, ManifestFile), err)
	}
	return s, nil
}

// NewShelf is an empty shelf in a directory; day is that of the data.
func NewShelf(directory string, m *metrics.Month, day string) *Shelf {
	return &Shelf{Month: m.Month, Revision: m.Revision, AsOf: day, Stamp: m.Stamp, directory: directory}
}

// OpenShelf opens the shelf of a month: with what it held under the same stamp, or empty where it held an older
// revision, whose files Save then removes.
func OpenShelf(directory string, m *metrics.Month, day string) (*Shelf, error) {
	fresh := NewShelf(directory, m, day)
	old, err := ReadShelf(directory)
	switch {
	case errors.Is(err, ErrNoShelf):
		return fresh, nil
	case err != nil:
		return nil, err
	case old.Month != m.Month:
		return nil, fmt.Errorf("%s holds the reports of %s; choose another directory for %s", directory, old.Month, m.Month)
	case old.Stamp != m.Stamp:
		return fresh, nil
	}
	old.Revision = m.Revision
	return old, nil
}

// Put adds files in place of those of the same name.
func (s *Shelf) Put(files ...File) {
	for _, f := range files {
		s.Files = slices.DeleteFunc(s.Files, func(old File) bool { return old.Name == f.Name })
		s.Files = append(s.Files, f)
	}
	slices.SortFunc(s.Files, func(a, b File) int { return slices.Compare(a.key(), b.key()) })
}

// key orders files as a reader looks for them.
func (f File) key() []string {
	place := func(list []string, x string) string { return fmt.Sprintf("%02d", slices.Index(list, x)+1) }
	return []string{place([]string{"monthly_overview", "budget_review", "department_scorecard"}, f.Kind), f.Kind, f.Department, string(f.Language), place(Formats, f.Format), f.Name}
}

// Save writes the manifest and the index pages, and removes reports of an older revision.
func (s *Shelf) Save(l lang.Lang) error {
	if err := s.sweep(); err != nil {
		return err
	}
	text, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		return err
	}
	for _, language := range []lang.Lang{lang.Zh, lang.En} {
		page, err := s.index(language)
		if err != nil {
			return err
		}
		names := []string{fmt.Sprintf("index.%s.html", language)}
		if language == l {
			names = append(names, "index.html")
		}
		for _, name := range names {
			if _, err := write(s.directory, name, page); err != nil {
				return err
			}
		}
	}
	_, err = write(s.directory, ManifestFile, append(text, '\n'))
	return err
}

// sweep removes what an older manifest lists and this one does not.
func (s *Shelf) sweep() error {
	old, err := ReadShelf(s.directory)
	if errors.Is(err, ErrNoShelf) {
		return nil
	}
	if err != nil {
		return err
	}
	for _, f := range old.Files {
		if filepath.Base(f.Name) != f.Name || slices.ContainsFunc(s.Files, func(kept File) bool { return kept.Name == f.Name }) {
			continue
		}
		if err := os.Remove(filepath.Join(s.directory, f.Name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// Path is the place of a file on disk.
func (s *Shelf) Path(f File) string { return filepath.Join(s.directory, f.Name) }

//go:embed index.html
var indexSource embed.FS

var indexTemplate = template.Must(template.ParseFS(indexSource, "index.html"))

// indexRow is one report in all its forms.
type indexRow struct {
	Title, Subject string
	Files          []indexFile
}

type indexFile struct{ Href, Label, Size, SHA256 string }

// index is the page that lists the reports, the same bytes for the same shelf.
func (s *Shelf) index(l lang.Lang) ([]byte, error) {
	var sections []struct {
		Title string
		Rows  []indexRow
	}
	kind, row := "", ""
	for _, f := range s.Files {
		if f.Kind != kind {
			kind, row = f.Kind, ""
			sections = append(sections, struct {
				Title string
				Rows  []indexRow
			}{Title: kindTitle(l, kind)})
		}
		section := &sections[len(sections)-1]
		if key := f.Kind + f.Department; key != row {
			row = key
			section.Rows = append(section.Rows, indexRow{Title: s.titleIn(l, f), Subject: s.subjectIn(l, f)})
		}
		last := &section.Rows[len(section.Rows)-1]
		label := strings.ToUpper(f.Format)
		if f.Format == "data" {
			label = l.Pick("数据包", "data")
		}
		last.Files = append(last.Files, indexFile{Href: f.Name, Label: label + " " + map[lang.Lang]string{lang.Zh: "中文", lang.En: "English"}[f.Language], Size: size(f.Bytes), SHA256: f.SHA256})
	}
	var out bytes.Buffer
	err := indexTemplate.Execute(&out, map[string]any{
		"Lang": l.Tag(), "Title": l.Pick("报告目录", "Reports") + " " + s.Month, "Sections": sections, "Shelf": s,
		"Revision": l.Pick("版次", "Revision"), "AsOf": l.Pick("数据截至", "Data as of"), "Stamp": l.Pick("数据指纹", "Stamp"), "Report": l.Pick("报告", "Report"), "Forms": l.Pick("文件", "Files"),
		"Other": l.Pick("English", "中文"), "OtherHref": "index." + string(l.Pick("en", "zh")) + ".html",
		"Check": l.Pick("每个文件的 SHA-256 见 manifest.json；同一数据指纹必得同一文件。", "manifest.json holds the SHA-256 of every file; the same stamp gives the same files."),
	})
	return out.Bytes(), err
}

// titleIn is the report's title in a language, as one of its files states it.
func (s *Shelf) titleIn(l lang.Lang, f File) string { return s.in(l, f).Title }

func (s *Shelf) subjectIn(l lang.Lang, f File) string { return s.in(l, f).Subject }

func (s *Shelf) in(l lang.Lang, f File) File {
	for _, other := range s.Files {
		if other.Kind == f.Kind && other.Department == f.Department && other.Language == l {
			return other
		}
	}
	return f
}

func kindTitle(l lang.Lang, kind string) string {
	switch kind {
	case "monthly_overview":
		return l.Pick("月度报告", "Monthly overview")
	case "department_scorecard":
		return l.Pick("部门评分卡", "Department scorecards")
	case "budget_review":
		return l.Pick("预算绩效评价", "Budget review")
	}
	return kind
}

func size(bytes int64) string {
	if bytes < 1e6 {
		return fmt.Sprintf("%d kB", (bytes+999)/1000)
	}
	return fmt.Sprintf("%.1f MB", float64(bytes)/1e6)
}
