// Package lake reads the lake: the Parquet files that closing a month leaves behind, one directory for each revision
// of each month, each with a manifest. It finds a close by its name and says which files make up the published tables
// as they stood then, so that a question can be asked again later and get the same answer.
//
// It reads manifests and names files; closing writes them, and package runner reads them.
package lake

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"weir/internal/problem"
)

// Close is one revision of a closed month.
type Close struct {
	Month    string    `json:"month"` // YYYY-MM
	Revision int       `json:"revision"`
	AsOf     time.Time `json:"as_of"`
	ClosedAt time.Time `json:"closed_at"`
	TimeZone string    `json:"time_zone"`
	Stamp    string    `json:"stamp"`
	Files    []File    `json:"files"`

	directory string
}

// File is one Parquet file of a close.
type File struct {
	Name   string `json:"name"`
	Rows   int64  `json:"rows"`
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
}

// HistoryOf names the file that holds the months before the close of a mart of which pages read several, as the close
// saw them: an earlier month may have been closed on other data, or not at all.
func HistoryOf(mart string) string { return mart + ".history" }

// Name is how a close is called: 2026-10 revision 2 is 2026-10.2.
func (c Close) Name() string { return fmt.Sprintf("%s.%d", c.Month, c.Revision) }

// Lake is the list of all closes in a directory.
type Lake struct {
	closes []Close // by month, then revision
}

// ErrEmpty says that nothing was closed yet.
var ErrEmpty = errors.New("the lake holds no closed month")

// Open reads the manifests of a lake.
func Open(directory string) (*Lake, error) {
	directory, err := filepath.Abs(directory)
	if err != nil {
		return nil, err
	}
	manifests, err := filepath.Glob(filepath.Join(directory, "month=*", "revision=*", "manifest.json"))
	if err != nil {
		return nil, err
	}
	l := &Lake{}
	for _, path := range manifests {
		c, err := read(path)
		if err != nil {
			return nil, err
		}
		l.closes = append(l.closes, c)
	}
	if len(l.closes) == 0 {
		return nil, fmt.Errorf("%w in %s; close one with: weir close YYYY-MM", ErrEmpty, directory)
	}
	slices.SortFunc(l.closes, func(a, b Close) int {
		return cmp.Or(strings.Compare(a.Month, b.Month), cmp.Compare(a.Revision, b.Revision))
	})
	return l, nil
}

// read reads one manifest and checks that it belongs where it lies and that its files are there.
func read(path string) (Close, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return Close{}, err
	}
	c := Close{directory: filepath.Dir(path)}
	if err := json.Unmarshal(text, &c); err != nil {
		return c, fmt.Errorf("%s: %w; restore the directory from a backup, or close the month again", path, err)
	}
	if want := filepath.Join("month="+c.Month, fmt.Sprintf("revision=%d", c.Revision)); !strings.HasSuffix(c.directory, want) {
		return c, fmt.Errorf("%s: this is the manifest of %s; put the directory back where it belongs", path, want)
	}
	for _, f := range c.Files {
		info, err := os.Stat(filepath.Join(c.directory, f.Name))
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return c, fmt.Errorf("%s: %s is missing; restore the directory from a backup, or close the month again", path, f.Name)
		case err != nil:
			return c, err
		case info.Size() != f.Bytes:
			return c, fmt.Errorf("%s: %s has %d bytes, the manifest says %d; files of a closed month never change: restore it from a backup", path, f.Name, info.Size(), f.Bytes)
		}
	}
	return c, nil
}

// Closes lists every revision, oldest month first.
func (l *Lake) Closes() []Close { return slices.Clone(l.closes) }

// At finds a close by name: 2026-10 is the newest revision of that month, 2026-10.2 its second, "" the newest of all.
func (l *Lake) At(name string) (*Snapshot, error) {
	month, revision, found := strings.Cut(name, ".")
	number := 0
	if found {
		n, err := strconv.Atoi(revision)
		if err != nil || n < 1 {
			return nil, fmt.Errorf("close %q: write a month such as 2026-10, or a revision of it such as 2026-10.2", name)
		}
		number = n
	}
	for i := len(l.closes) - 1; i >= 0; i-- {
		c := l.closes[i]
		if (name == "" || c.Month == month) && (number == 0 || c.Revision == number) {
			return l.snapshot(c), nil
		}
	}
	var names []string
	for _, c := range l.closes {
		names = append(names, c.Month)
		if number > 0 {
			names[len(names)-1] = c.Name()
		}
	}
	return nil, fmt.Errorf("there is no close %s; %s", name, problem.DidYouMean(name, slices.Compact(names)))
}

// Snapshot is the lake as it stood when a month was closed.
type Snapshot struct {
	Close
	Months []Close // every month up to it, each in the newest revision of that moment, oldest first
}

// Bare is a snapshot without files: its tables have their columns and no rows. Pages are checked against it where there
// is no lake, or where the answer must not depend on one.
func Bare(month, zone string) *Snapshot { return &Snapshot{Close: Close{Month: month, TimeZone: zone}} }

// Bare tells whether the snapshot holds no month.
func (s *Snapshot) Bare() bool { return len(s.Months) == 0 }

// snapshot takes of each earlier month the newest revision that was not closed later than c.
func (l *Lake) snapshot(c Close) *Snapshot {
	s := &Snapshot{Close: c}
	for _, other := range l.closes {
		switch {
		case other.Month > c.Month, other.Month == c.Month && other.Revision != c.Revision:
		case other.Month < c.Month && other.ClosedAt.After(c.ClosedAt):
		case len(s.Months) > 0 && s.Months[len(s.Months)-1].Month == other.Month:
			s.Months[len(s.Months)-1] = other
		default:
			s.Months = append(s.Months, other)
		}
	}
	return s
}

// FilesOf lists the files of a table by absolute path: that of the close, or those of every month up to it.
func (s *Snapshot) FilesOf(table string, everyMonth bool) []string {
	closes := []Close{s.Close}
	if everyMonth {
		closes = s.Months
	}
	var files []string
	for _, c := range closes {
		for _, f := range c.Files {
			if f.Name == table+".parquet" {
				files = append(files, filepath.Join(c.directory, f.Name))
			}
		}
	}
	return files
}
