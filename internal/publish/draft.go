package publish

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// draft is a directory of reports in the making. It lies hidden beside its target, so that what was begun and not
// ended is never seen.
type draft struct{ target, directory string }

const (
	draftEnding = ".draft"
	oldEnding   = ".old"
)

// newDraft makes a draft and clears away what a run left behind that was cut off.
func newDraft(target string) (*draft, error) {
	target, err := filepath.Abs(target)
	if err != nil {
		return nil, err
	}
	if linked, err := filepath.EvalSymlinks(target); err == nil {
		target = linked
	}
	hidden := filepath.Join(filepath.Dir(target), "."+filepath.Base(target))
	d := &draft{target: target, directory: hidden + draftEnding}
	if err := restore(target, hidden+oldEnding); err != nil {
		return nil, err
	}
	if err := os.RemoveAll(d.directory); err != nil {
		return nil, err
	}
	err = os.MkdirAll(d.directory, 0o755)
	if errors.Is(err, fs.ErrPermission) { // only the target itself may be written to
		d.directory = filepath.Join(target, draftEnding)
		if err := os.RemoveAll(d.directory); err != nil {
			return nil, err
		}
		err = os.MkdirAll(d.directory, 0o755)
	}
	if info, gone := os.Stat(target); err == nil && gone == nil {
		err = os.Chmod(d.directory, info.Mode().Perm())
	}
	return d, err
}

// restore ends an exchange that was cut off between its two steps.
func restore(target, old string) error {
	if _, err := os.Lstat(old); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if _, err := os.Lstat(target); errors.Is(err, fs.ErrNotExist) {
		return os.Rename(old, target)
	}
	return os.RemoveAll(old)
}

func (d *draft) discard() error { return os.RemoveAll(d.directory) }

// keep takes a file of the target over.
func (d *draft) keep(name string) error {
	from, to := filepath.Join(d.target, name), filepath.Join(d.directory, name)
	if err := os.Link(from, to); err == nil || errors.Is(err, fs.ErrNotExist) {
		return err
	}
	content, err := os.ReadFile(from) // where the file system knows no links
	if err != nil {
		return err
	}
	return write(d.directory, name, content)
}

// place puts the draft where its target is. A target of which own says that it is nothing but reports is exchanged as
// a whole; in any other directory, which may hold more, the files are put in place one by one, last comes last.
func (d *draft) place(own func(name string) bool, last string) error {
	whole, err := holdsOnly(d.target, own)
	if err != nil {
		return err
	}
	if here, err := os.Getwd(); err == nil && here == d.target {
		whole = false // whoever works there would be left in a directory that is gone
	}
	if whole && d.exchange() == nil {
		return syncDirectory(filepath.Dir(d.target))
	}
	entries, err := os.ReadDir(d.directory)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if e.Name() == last {
			continue
		}
		if err := d.move(e.Name()); err != nil {
			return err
		}
	}
	return errors.Join(d.move(last), d.discard(), syncDirectory(d.target))
}

// move puts one file in place.
func (d *draft) move(name string) error {
	from := filepath.Join(d.directory, name)
	if os.Rename(from, filepath.Join(d.target, name)) == nil {
		return nil
	}
	content, err := os.ReadFile(from) // where the target is another file system
	if err != nil {
		return err
	}
	return write(d.target, name, content)
}

// holdsOnly reports whether each entry of a directory is a file of which own is true. A directory that does not exist
// holds nothing else.
func holdsOnly(directory string, own func(name string) bool) (bool, error) {
	entries, err := os.ReadDir(directory)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return false, err
	}
	for _, e := range entries {
		if !e.Type().IsRegular() || !own(e.Name()) {
			return false, nil
		}
	}
	return true, nil
}

// exchange puts the draft in place of the target in one step where the system can, else in two that restore mends. An
// error leaves both where they were.
func (d *draft) exchange() error {
	if _, err := os.Lstat(d.target); errors.Is(err, fs.ErrNotExist) {
		return os.Rename(d.directory, d.target)
	}
	if swap(d.directory, d.target) == nil {
		return d.discard()
	}
	old := filepath.Join(filepath.Dir(d.target), "."+filepath.Base(d.target)+oldEnding)
	if err := os.Rename(d.target, old); err != nil {
		return err
	}
	if err := os.Rename(d.directory, d.target); err != nil {
		return errors.Join(err, os.Rename(old, d.target))
	}
	return os.RemoveAll(old)
}

// syncDirectory makes renames in a directory last through a loss of power. File systems that cannot are left alone.
func syncDirectory(name string) error {
	d, err := os.Open(name)
	if err != nil {
		return err
	}
	_ = d.Sync()
	return d.Close()
}
