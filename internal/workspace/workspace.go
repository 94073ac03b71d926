// Package workspace is the directory that a bureau works in: weir.yaml, the database, the inbox, the lake, the
// reports and local additions to the built-in pages and mappings. Everything lies under one directory, so that
// copying it is a backup.
//
// It finds files and reads configuration; it computes nothing.
package workspace

import (
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// ConfigFile is the name of the configuration, which makes a directory a workspace.
const ConfigFile = "weir.yaml"

// Workspace is an opened directory.
type Workspace struct {
	Dir    string
	Config Config
	text   []byte // weir.yaml as it stands
}

// Open reads weir.yaml. A directory without one is ErrNone; a faulty file gives every problem at once.
func Open(dir string) (*Workspace, error) {
	path := filepath.Join(dir, ConfigFile)
	text, err := os.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("%w in %s; make one with: weir --dir %s init", ErrNone, dir, dir)
	case err != nil:
		return nil, err
	}
	config, problems := Parse(path, text)
	if err := problems.Err(); err != nil {
		return nil, err
	}
	return &Workspace{Dir: dir, Config: config, text: text}, nil
}

// ErrNone says that a directory is no workspace.
var ErrNone = errors.New("no " + ConfigFile)

// Init makes a workspace in dir, which may exist but may not be one already.
func Init(dir string) (*Workspace, error) {
	path := filepath.Join(dir, ConfigFile)
	if _, err := os.Lstat(path); err == nil {
		return nil, fmt.Errorf("%s exists already; edit it, or choose another directory", path)
	}
	w := &Workspace{Dir: dir}
	for _, d := range []string{w.Dir, w.Inbox(), w.Lake(), w.Reports(), w.local("indicators"), w.local("mappings"), w.local("notebooks")} {
		if err := os.MkdirAll(d, 0o755); err != nil {
			return nil, err
		}
	}
	if err := writeKey(w.keyFile()); err != nil {
		return nil, err
	}
	// Last, so that a half-made directory is no workspace.
	if err := os.WriteFile(path, template, 0o644); err != nil {
		return nil, err
	}
	return Open(dir)
}

// Database is the path of the DuckDB file.
func (w *Workspace) Database() string { return filepath.Join(w.Dir, "weir.duckdb") }

// Inbox is where files to be ingested are dropped.
func (w *Workspace) Inbox() string { return filepath.Join(w.Dir, "inbox") }

// Lake holds one folder of Parquet files for each closed month.
func (w *Workspace) Lake() string { return filepath.Join(w.Dir, "lake") }

// Temp is where the engine spills what does not fit into memory.
func (w *Workspace) Temp() string { return filepath.Join(w.Dir, ".tmp") }

// Reports is where reports are written.
func (w *Workspace) Reports() string { return filepath.Join(w.Dir, "reports") }

// Indicators holds pages that add to the built-in ones or replace them by id.
func (w *Workspace) Indicators() fs.FS { return os.DirFS(w.local("indicators")) }

// Mappings holds mapping files that add to the built-in ones or replace them by name.
func (w *Workspace) Mappings() fs.FS { return os.DirFS(w.local("mappings")) }

// Notebooks is the folder of notebooks that add to the built-in ones or replace them by id.
func (w *Workspace) Notebooks() string { return w.local("notebooks") }

func (w *Workspace) local(name string) string { return filepath.Join(w.Dir, name) }

func (w *Workspace) keyFile() string { return filepath.Join(w.Dir, "hash.key") }

// HashKey is the workspace's secret, with which codes of persons and addresses are hashed before they are stored.
func (w *Workspace) HashKey() ([]byte, error) {
	text, err := os.ReadFile(w.keyFile())
	if err != nil {
		return nil, fmt.Errorf("key for personal data: %w; restore hash.key from a backup, since a new key breaks the link to rows already stored", err)
	}
	key, err := hex.DecodeString(string(bytes.TrimSpace(text)))
	if err != nil || len(key) != keyBytes {
		return nil, fmt.Errorf("%s: want %d hexadecimal digits; restore it from a backup", w.keyFile(), 2*keyBytes)
	}
	return key, nil
}

const keyBytes = 32

func writeKey(path string) error {
	key := make([]byte, keyBytes)
	if _, err := rand.Read(key); err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return nil // the key of an earlier attempt serves
	}
	if err != nil {
		return err
	}
	_, err = f.WriteString(hex.EncodeToString(key) + "\n")
	return errors.Join(err, f.Close())
}
