package publish

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"io"
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
// revision, whose files the next issue removes.
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
	return []string{place([]string{"monthly_overview", "budget_review", "department_scorecard", "notebook"}, f.Kind), f.Kind, f.Department, string(f.Language), place(Formats, f.Format), f.Name}
}

// find looks up the file of a task in a format.
func (s *Shelf) find(t Task, format string) (File, bool) {
	for _, f := range s.Files {
		if f.Kind == t.Kind && f.Department == t.Department && f.Language == t.Language && f.Format == format {
			return f, true
		}
	}
	return File{}, false
}

// whole reports whether a file lies there as it was written.
func (s *Shelf) whole(f File) bool {
	content, err := os.Open(s.Path(f))
	if err != nil {
		return false
	}
	defer content.Close()
	sum := sha256.New()
	_, err = io.Copy(sum, content)
	return err == nil && hex.EncodeToString(sum.Sum(nil)) == f.SHA256
}

// complete reports whether manifest and index are there and say what this shelf says.
func (s *Shelf) complete() bool {
	pages := map[string][]byte{}
	if err := s.pages(lang.Zh, func(name string, content []byte) error { pages[name] = content; return nil }); err != nil {
		return false
	}
	delete(pages, indexFile(lang.Zh, true)) // in either language
	for name, content := range pages {
		if there, err := os.ReadFile(filepath.Join(s.directory, name)); err != nil || !bytes.Equal(there, content) {
			return false
		}
	}
	_, err := os.Stat(filepath.Join(s.directory, indexFile(lang.Zh, true)))
	return err == nil
}

// pages hands over the index pages, index.html in the language l, and last the manifest.
func (s *Shelf) pages(l lang.Lang, put func(name string, content []byte) error) error {
	for _, language := range []lang.Lang{lang.Zh, lang.En} {
		page, err := s.index(language)
		if err != nil {
			return err
		}
		if err := put(indexFile(language, false), page); err != nil {
			return err
		}
		if language == l {
			if err := put(indexFile(l, true), page); err != nil {
				return err
			}
		}
	}
	text, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		return err
	}
	return put(ManifestFile, append(text, '\n'))
}

// indexFile is the name of the index page of a language, or of the one that opens first.
func indexFile(l lang.Lang, first bool) string {
	if first {
		return "index.html"
	}
	return "index." + string(l) + ".html"
}

// place puts a draft, with what else the shelf holds, in place of the directory. Reports of an older revision go.
func (s *Shelf) place(d *draft, l lang.Lang) (err error) {
	defer func() {
		if err != nil {
			err = errors.Join(err, d.discard())
		}
	}()
	old, err := ReadShelf(s.directory)
	if errors.Is(err, ErrNoShelf) {
		old, err = &Shelf{}, nil
	}
	if err != nil {
		return err
	}
	var files []File
	for _, f := range s.Files {
		if _, err := os.Lstat(filepath.Join(d.directory, f.Name)); errors.Is(err, fs.ErrNotExist) {
			err := d.keep(f.Name)
			if errors.Is(err, fs.ErrNotExist) {
				continue // somebody removed it
			}
			if err != nil {
				return err
			}
		}
		files = append(files, f)
	}
	s.Files = files
	if err := s.pages(l, func(name string, content []byte) error { return write(d.directory, name, content) }); err != nil {
		return err
	}
	own := func(name string) bool {
		return name == ManifestFile || name == indexFile(l, true) || name == indexFile(lang.Zh, false) || name == indexFile(lang.En, false) ||
			slices.ContainsFunc(old.Files, func(f File) bool { return f.Name == name })
	}
	if err := d.place(own, ManifestFile); err != nil {
		return err
	}
	for _, f := range old.Files {
		if filepath.Base(f.Name) != f.Name || slices.ContainsFunc(s.Files, func(kept File) bool { return kept.Name == f.Name }) {
			continue
		}
		if err := os.Remove(s.Path(f)); err != nil && !errors.Is(err, fs.ErrNotExist) {
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
	Files          []indexEntry
}

type indexEntry struct {
	Href, Label, Size, SHA256 string
	foreign                   int // 1 for a file in another language than the page's
}

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
		foreign := 0
		if f.Language != l {
			foreign = 1
		}
		last.Files = append(last.Files, indexEntry{foreign: foreign, Href: f.Name, Label: label + " " + map[lang.Lang]string{lang.Zh: "中文", lang.En: "English"}[f.Language], Size: size(f.Bytes), SHA256: f.SHA256})
	}
	for _, section := range sections { // what the reader of this page reads comes first
		for _, row := range section.Rows {
			slices.SortStableFunc(row.Files, func(a, b indexEntry) int { return cmp.Compare(a.foreign, b.foreign) })
		}
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
	case "notebook":
		return l.Pick("SQL 笔记本", "SQL notebooks")
	}
	return kind
}

func size(bytes int64) string {
	if bytes < 1e6 {
		return fmt.Sprintf("%d kB", (bytes+999)/1000)
	}
	return fmt.Sprintf("%.1f MB", float64(bytes)/1e6)
}
