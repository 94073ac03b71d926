// Package publish writes documents as files: rendered whole in memory, then put in place by one rename, so that a
// half-written report is never seen.
//
// It renders and writes; what a report says is decided by its builder.
package publish

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"weir/internal/echarts"
	"weir/reports/document"
	"weir/reports/figure"
	"weir/reports/html"
)

// Publisher renders documents. It may be used from several goroutines.
type Publisher struct {
	charts *echarts.Engine
}

// New makes a publisher that keeps compiled scripts in cache, a private directory, "" for none.
func New(cache string) (*Publisher, error) {
	engine, err := echarts.New(echarts.Options{Prepare: figure.Script(), CacheDir: cache})
	if err != nil {
		return nil, err
	}
	return &Publisher{charts: engine}, nil
}

// HTML writes a document as one self-contained file ID.LANG.html and gives its path.
func (p *Publisher) HTML(directory string, d *document.Document) (_ string, err error) {
	session, err := p.charts.Session()
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, session.Close()) }()
	var page bytes.Buffer
	if err := html.Render(&page, d, session, html.Options{}); err != nil {
		return "", fmt.Errorf("render %s: %w", d.ID, err)
	}
	return write(directory, fmt.Sprintf("%s.%s.html", d.ID, d.Lang), page.Bytes())
}

// write puts a file in place whole.
func write(directory, name string, content []byte) (_ string, err error) {
	if err := os.MkdirAll(directory, 0o755); err != nil {
		return "", err
	}
	draft, err := os.CreateTemp(directory, "."+name+"-*")
	if err != nil {
		return "", err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(draft.Name()))
		}
	}()
	if _, err := draft.Write(content); err != nil {
		return "", errors.Join(err, draft.Close())
	}
	if err := errors.Join(draft.Chmod(0o644), draft.Sync(), draft.Close()); err != nil {
		return "", err
	}
	path := filepath.Join(directory, name)
	return path, os.Rename(draft.Name(), path)
}
