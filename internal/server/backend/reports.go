package backend

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"

	"weir/internal/echarts"
	"weir/internal/lang"
	"weir/internal/server"
	"weir/reports/document"
)

// Reports lists what was rendered: files ID.LANG.FORMAT in the directory of reports or in one of its month.
type Reports struct {
	Directory string
}

// reportName takes a file's name apart: kind, month, department, language, format.
var reportName = regexp.MustCompile(`^([a-z_]+)-(\d{4}-\d{2})(?:[-.]([\p{L}\p{N}_-]+))?\.(zh|en)\.((?:data\.)?[a-z0-9]+)$`)

// List gives the reports of a month.
func (r Reports) List(_ context.Context, month string) ([]server.Report, error) {
	var list []server.Report
	for _, directory := range []string{r.Directory, filepath.Join(r.Directory, month)} {
		entries, err := os.ReadDir(directory)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		for _, e := range entries {
			m := reportName.FindStringSubmatch(e.Name())
			info, err := e.Info()
			if m == nil || m[2] != month || err != nil || !info.Mode().IsRegular() {
				continue
			}
			list = append(list, server.Report{Name: e.Name(), Kind: m[1], Department: m[3], Lang: lang.Lang(m[4]), Format: m[5], Bytes: info.Size(), Modified: info.ModTime()})
		}
	}
	return list, nil
}

// Open opens a report of the list.
func (r Reports) Open(ctx context.Context, month, name string) (io.ReadSeekCloser, server.Report, error) {
	list, err := r.List(ctx, month)
	if err != nil {
		return nil, server.Report{}, err
	}
	for _, report := range list {
		if report.Name != name {
			continue
		}
		for _, directory := range []string{filepath.Join(r.Directory, month), r.Directory} {
			f, err := os.Open(filepath.Join(directory, report.Name))
			if errors.Is(err, fs.ErrNotExist) {
				continue
			}
			return f, report, err
		}
	}
	return nil, server.Report{}, fmt.Errorf("report %s of %s: %w", name, month, fs.ErrNotExist)
}

// Charts draws figures, one after the other, in sessions that are started anew now and then so that they stay small.
type Charts struct {
	Engine *echarts.Engine

	mu      sync.Mutex
	session *echarts.Session
	drawn   int
}

const drawingsOfSession = 50

// SVG draws a figure.
func (c *Charts) SVG(f *document.Figure) (string, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.session == nil {
		s, err := c.Engine.Session()
		if err != nil {
			return "", err
		}
		c.session, c.drawn = s, 0
	}
	svg, err := c.session.SVG(f.Option, f.Width, f.Height)
	if c.drawn++; err != nil || c.drawn == drawingsOfSession {
		err = errors.Join(err, c.session.Close())
		c.session = nil
	}
	if err != nil {
		return "", err
	}
	// Two figures of one page may come from two sessions: identifiers get the figure's own.
	return strings.NewReplacer(`id="zr`, `id="`+f.ID+`-zr`, `url(#zr`, `url(#`+f.ID+`-zr`, `href="#zr`, `href="#`+f.ID+`-zr`).Replace(svg), nil
}
