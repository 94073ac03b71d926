// Package backup writes a workspace into one file, also while it is in use, and restores it as a new workspace. The
// database goes in as a snapshot of one moment; what only this machine needs, such as temporary files, stays out. A
// backup is whole or absent: it gets its name as the last step, and its manifest names the hash of every file.
package backup

import (
	"archive/tar"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/klauspost/compress/zstd"
)

// Database is the store of the workspace.
type Database interface {
	// Copy writes the database as it is at this moment into a file.
	Copy(ctx context.Context, target string) error
}

// Workspace says what is backed up.
type Workspace struct {
	Dir      string
	Database string // file of the database
	Temp     string // directory for the snapshot
}

// File is one entry of a backup.
type File struct {
	Name   string `json:"name"`
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
}

// Manifest is the last entry of a backup.
type Manifest struct {
	MadeAt time.Time `json:"made_at"`
	Files  []File    `json:"files"`
}

const (
	manifestName = "manifest.json"
	databaseName = "weir.duckdb"
)

// left names what is not backed up, relative to the workspace.
func left(name string, w Workspace) bool {
	top, _, _ := strings.Cut(name, "/")
	switch {
	case top == ".tmp", top == "backups", name == ".service/uploads", name == ".service/weir.sock", name == "inbox/done":
		return true
	case name == filepath.Base(w.Database), name == filepath.Base(w.Database)+".wal":
		return true
	}
	return false
}

// Write makes a backup at path.
func Write(ctx context.Context, db Database, w Workspace, path string, now time.Time) (m Manifest, err error) {
	if err := os.MkdirAll(w.Temp, 0o700); err != nil {
		return m, err
	}
	private, err := os.MkdirTemp(w.Temp, "backup-*")
	if err != nil {
		return m, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(private)) }()
	snapshot := filepath.Join(private, databaseName)
	if err := db.Copy(ctx, snapshot); err != nil {
		return m, fmt.Errorf("snapshot of the database: %w", err)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return m, err
	}
	draft, err := os.CreateTemp(filepath.Dir(path), ".backup-*")
	if err != nil {
		return m, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(draft.Name()))
		}
	}()
	m.MadeAt = now.UTC()
	if err := archive(ctx, draft, w, snapshot, &m); err != nil {
		return m, errors.Join(err, draft.Close())
	}
	if err := errors.Join(draft.Sync(), draft.Close()); err != nil {
		return m, err
	}
	return m, os.Rename(draft.Name(), path)
}

// archive writes the files and the manifest.
func archive(ctx context.Context, out io.Writer, w Workspace, snapshot string, m *Manifest) error {
	z, err := zstd.NewWriter(out, zstd.WithEncoderConcurrency(1))
	if err != nil {
		return err
	}
	t := tar.NewWriter(z)
	add := func(name, path string) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		f, err := put(t, name, path)
		if errors.Is(err, fs.ErrNotExist) {
			return nil // gone since it was listed, such as a report that was replaced
		}
		m.Files = append(m.Files, f)
		return err
	}
	if err := add(databaseName, snapshot); err != nil {
		return err
	}
	err = filepath.WalkDir(w.Dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		relative, err := filepath.Rel(w.Dir, path)
		if err != nil {
			return err
		}
		name := filepath.ToSlash(relative)
		switch {
		case name == ".":
			return nil
		case left(name, w) && d.IsDir():
			return filepath.SkipDir
		case left(name, w) || !d.Type().IsRegular():
			return nil
		}
		return add(name, path)
	})
	if err != nil {
		return err
	}
	text, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return err
	}
	if err := t.WriteHeader(&tar.Header{Name: manifestName, Mode: 0o600, Size: int64(len(text)), ModTime: m.MadeAt, Format: tar.FormatPAX}); err != nil {
		return err
	}
	if _, err := t.Write(text); err != nil {
		return err
	}
	return errors.Join(t.Close(), z.Close())
}

// put writes one file under its size at this moment: one that grows while it is read goes in as it was.
func put(t *tar.Writer, name, path string) (file File, err error) {
	f, err := os.Open(path)
	if err != nil {
		return file, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	info, err := f.Stat()
	if err != nil {
		return file, err
	}
	header := &tar.Header{Name: name, Mode: int64(info.Mode().Perm()), Size: info.Size(), ModTime: info.ModTime(), Format: tar.FormatPAX}
	if err := t.WriteHeader(header); err != nil {
		return file, err
	}
	sum := sha256.New()
	n, err := io.Copy(io.MultiWriter(t, sum), io.LimitReader(f, info.Size()))
	if err == nil && n < info.Size() {
		err = fmt.Errorf("%s became shorter while it was read; back up again", name)
	}
	return File{Name: name, Bytes: n, SHA256: hex.EncodeToString(sum.Sum(nil))}, err
}

// Restore unpacks a backup into a directory that does not exist or is empty. Nothing is left there unless every file
// has the hash that the manifest states.
func Restore(ctx context.Context, path, dir string) (m Manifest, err error) {
	if entries, err := os.ReadDir(dir); err == nil && len(entries) > 0 {
		return m, fmt.Errorf("%s is not empty; restore into a new directory", dir)
	}
	in, err := os.Open(path)
	if err != nil {
		return m, err
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	parent := filepath.Dir(filepath.Clean(dir))
	if err := os.MkdirAll(parent, 0o755); err != nil {
		return m, err
	}
	draft, err := os.MkdirTemp(parent, ".restoring-*")
	if err != nil {
		return m, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.RemoveAll(draft))
		}
	}()
	if m, err = unpack(ctx, in, draft); err != nil {
		return m, fmt.Errorf("backup %s: %w", path, err)
	}
	if err := os.Remove(dir); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return m, err
	}
	if err := os.Chmod(draft, 0o755); err != nil {
		return m, err
	}
	return m, os.Rename(draft, dir)
}

func unpack(ctx context.Context, in io.Reader, dir string) (m Manifest, err error) {
	z, err := zstd.NewReader(in)
	if err != nil {
		return m, err
	}
	defer z.Close()
	t := tar.NewReader(z)
	found := map[string]File{}
	complete := false
	for {
		header, err := t.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return m, fmt.Errorf("it is damaged or cut off: %w", err)
		}
		if err := ctx.Err(); err != nil {
			return m, err
		}
		if header.Name == manifestName {
			complete = true
			if err := json.NewDecoder(t).Decode(&m); err != nil {
				return m, fmt.Errorf("its manifest cannot be read: %w", err)
			}
			continue
		}
		if header.Typeflag != tar.TypeReg || !filepath.IsLocal(filepath.FromSlash(header.Name)) {
			return m, fmt.Errorf("entry %q is none that a backup has", header.Name)
		}
		f, err := take(t, filepath.Join(dir, filepath.FromSlash(header.Name)), header)
		if err != nil {
			return m, err
		}
		found[header.Name] = f
	}
	if !complete {
		return m, errors.New("it is cut off: there is no manifest")
	}
	for _, want := range m.Files {
		if found[want.Name] != want {
			return m, fmt.Errorf("%s is not as the manifest states", want.Name)
		}
	}
	if len(found) != len(m.Files) {
		return m, errors.New("it holds files that its manifest does not name")
	}
	return m, nil
}

func take(in io.Reader, path string, header *tar.Header) (file File, err error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return file, err
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, fs.FileMode(header.Mode).Perm())
	if err != nil {
		return file, err
	}
	sum := sha256.New()
	n, err := io.Copy(io.MultiWriter(f, sum), in)
	err = errors.Join(err, f.Close(), os.Chtimes(path, header.ModTime, header.ModTime))
	return File{Name: header.Name, Bytes: n, SHA256: hex.EncodeToString(sum.Sum(nil))}, err
}

// Prune removes all but the newest backups of a directory, known by the form of their names.
func Prune(dir string, keep int) error {
	names, err := filepath.Glob(filepath.Join(dir, "weir-*.tar.zst"))
	if err != nil {
		return err
	}
	slices.Sort(names)
	var failed error
	for len(names) > keep {
		failed = errors.Join(failed, os.Remove(names[0]))
		names = names[1:]
	}
	return failed
}

// Name is the file name of a backup made at a moment.
func Name(at time.Time) string { return "weir-" + at.Format("20060102-150405") + ".tar.zst" }
