// Package draft keeps the texts of notebooks while they are written: the published file as it stands on disk, a draft
// of each writer, and every version that was published. The published text is the exact text that was submitted;
// nothing is reformatted, and nothing is overwritten that changed meanwhile.
package draft

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"
)

// Store keeps the texts in three places.
type Store struct {
	Shipped   fs.FS  // notebooks that come with the product: ID.md
	Published string // directory of the workspace's own: ID.md
	Private   string // directory of drafts and of the history
	Now       func() time.Time

	mu sync.Mutex
}

// Draft is a text that is being written.
type Draft struct {
	Text    string    `json:"text"`
	Base    string    `json:"base"`    // hash of the published text that it began from, "" where there was none
	Version int       `json:"version"` // raised with each save
	SavedAt time.Time `json:"saved_at"`
}

// Version is a published text of the history.
type Version struct {
	Name string    // by which it is read again
	At   time.Time // published
	By   string
	Hash string
}

// Errors of the package.
var (
	ErrConflict = errors.New("the text has changed since it was read")
	ErrID       = errors.New("an id has 3 to 48 small letters, digits and underscores, a letter first")
)

var (
	validID      = regexp.MustCompile(`^[a-z][a-z0-9_]{2,47}$`)
	validVersion = regexp.MustCompile(`^\d{8}T\d{6}\.\d{6}Z-[0-9a-f]{64}$`)
)

// Hash names a text.
func Hash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// Text gives the published text: the workspace's own where there is one, else the shipped. own says which.
func (s *Store) Text(id string) (text string, own bool, err error) {
	if !validID.MatchString(id) {
		return "", false, ErrID
	}
	content, err := os.ReadFile(filepath.Join(s.Published, id+".md"))
	if err == nil {
		return string(content), true, nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return "", false, err
	}
	content, err = fs.ReadFile(s.Shipped, id+".md")
	return string(content), false, err
}

// person keeps the drafts of users apart without their names in paths.
func (s *Store) draftFile(id, user string) string {
	return filepath.Join(s.Private, "drafts", id, Hash(user)[:32]+".json")
}

// Open gives the user's draft, or a fresh one of the published text, or of the given text where nothing is published.
func (s *Store) Open(id, user, fresh string) (Draft, error) {
	if !validID.MatchString(id) {
		return Draft{}, ErrID
	}
	content, err := os.ReadFile(s.draftFile(id, user))
	if err == nil {
		var d Draft
		return d, json.Unmarshal(content, &d)
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return Draft{}, err
	}
	text, _, err := s.Text(id)
	if errors.Is(err, fs.ErrNotExist) {
		return Draft{Text: fresh}, nil
	}
	return Draft{Text: text, Base: Hash(text)}, err
}

// Save stores a draft. version is the one that the writer saw: another window that saved meanwhile is a conflict.
func (s *Store) Save(id, user, text, base string, version int) (Draft, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	old, err := s.Open(id, user, "")
	if err != nil {
		return Draft{}, err
	}
	if old.Version != version {
		return Draft{}, fmt.Errorf("draft of %s: %w", id, ErrConflict)
	}
	d := Draft{Text: text, Base: base, Version: version + 1, SavedAt: s.Now().UTC()}
	content, err := json.Marshal(d)
	if err != nil {
		return Draft{}, err
	}
	return d, writeWhole(s.draftFile(id, user), content, 0o600)
}

// Discard forgets a draft.
func (s *Store) Discard(id, user string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !validID.MatchString(id) {
		return ErrID
	}
	err := os.Remove(s.draftFile(id, user))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// Publish puts a text in place of the published one, which must still be the one named by base, and keeps both in the
// history. The user's draft ends.
func (s *Store) Publish(id, user, text, base string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	present, own, err := s.Text(id)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		present = ""
	case err != nil:
		return err
	}
	is := ""
	if present != "" {
		is = Hash(present)
	}
	if is != base {
		return fmt.Errorf("notebook %s: %w", id, ErrConflict)
	}
	if own {
		if known, err := s.history(id); err != nil {
			return err
		} else if len(known) == 0 { // written by hand before
			if err := s.remember(id, "", present); err != nil {
				return err
			}
		}
	}
	if err := s.remember(id, user, text); err != nil {
		return err
	}
	if err := writeWhole(filepath.Join(s.Published, id+".md"), []byte(text), 0o644); err != nil {
		return err
	}
	if err := os.Remove(s.draftFile(id, user)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

type remembered struct {
	By   string `json:"by"`
	Text string `json:"text"`
}

func (s *Store) remember(id, user, text string) error {
	content, err := json.Marshal(remembered{user, text})
	if err != nil {
		return err
	}
	name := s.Now().UTC().Format("20060102T150405.000000Z") + "-" + Hash(text)
	return writeWhole(filepath.Join(s.Private, "history", id, name+".json"), content, 0o600)
}

// History lists the published versions, newest first.
func (s *Store) History(id string) ([]Version, error) {
	if !validID.MatchString(id) {
		return nil, ErrID
	}
	return s.history(id)
}

func (s *Store) history(id string) ([]Version, error) {
	entries, err := os.ReadDir(filepath.Join(s.Private, "history", id))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var list []Version
	for _, e := range entries {
		name := strings.TrimSuffix(e.Name(), ".json")
		if !validVersion.MatchString(name) {
			continue
		}
		stamp, hash, _ := strings.Cut(name, "-")
		at, err := time.Parse("20060102T150405.000000Z", stamp)
		if err != nil {
			continue
		}
		by, _, err := s.version(id, name)
		if err != nil {
			return nil, err
		}
		list = append(list, Version{Name: name, At: at, By: by, Hash: hash})
	}
	slices.SortFunc(list, func(a, b Version) int { return strings.Compare(b.Name, a.Name) })
	return list, nil
}

// Version gives the text of a version of the history.
func (s *Store) Version(id, name string) (by, text string, err error) {
	if !validID.MatchString(id) || !validVersion.MatchString(name) {
		return "", "", fs.ErrNotExist
	}
	return s.version(id, name)
}

func (s *Store) version(id, name string) (by, text string, err error) {
	content, err := os.ReadFile(filepath.Join(s.Private, "history", id, name+".json"))
	if err != nil {
		return "", "", err
	}
	var r remembered
	err = json.Unmarshal(content, &r)
	return r.By, r.Text, err
}

// writeWhole writes a file beside its place and renames it.
func writeWhole(path string, content []byte, mode fs.FileMode) (err error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".draft-*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(f.Name()))
		}
	}()
	if _, err := f.Write(content); err != nil {
		return errors.Join(err, f.Close())
	}
	if err := errors.Join(f.Chmod(mode), f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}
