package inbox

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// move puts a file aside, into a folder for the day, and gives its new place below the inbox. A name that is taken
// there gets a number; a rejected file has its reason beside it before it arrives.
func (b *Inbox) move(file string, o Outcome) (string, error) {
	folder := doneFolder
	if o.State == Rejected {
		folder = rejectedFolder
	}
	folder = filepath.Join(folder, b.Now().Format("2006-01-02"), filepath.Dir(filepath.FromSlash(o.File)))
	if err := os.MkdirAll(filepath.Join(b.Dir, folder), 0o755); err != nil {
		return "", err
	}
	base := filepath.Base(file)
	for n := 1; n < 10_000; n++ {
		name := base
		if n > 1 {
			stem, ext, _ := strings.Cut(base, ".")
			name = fmt.Sprintf("%s-%d", stem, n)
			if ext != "" {
				name += "." + ext
			}
		}
		target := filepath.Join(b.Dir, folder, name)
		reason := target + ".reason.txt"
		if o.State == Rejected {
			err := writeNew(reason, o.Reason+"\n")
			if errors.Is(err, fs.ErrExist) {
				continue
			}
			if err != nil {
				return "", err
			}
		}
		err := moveNew(file, target)
		if err == nil {
			return filepath.ToSlash(filepath.Join(folder, name)), nil
		}
		if o.State == Rejected {
			err = errors.Join(err, os.Remove(reason))
		}
		if !errors.Is(err, fs.ErrExist) {
			return "", err
		}
	}
	return "", fmt.Errorf("%s: there are too many files of this name in %s", base, folder)
}

// writeNew writes a file that must not exist.
func writeNew(path, text string) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	_, err = f.WriteString(text)
	return errors.Join(err, f.Close())
}

// moveNew moves a file to a name that must not exist. A second name is made first, which fails where the name is taken,
// also by somebody else at this moment; where the disk knows no second names, the name is looked up before.
func moveNew(from, to string) error {
	switch err := os.Link(from, to); {
	case err == nil:
		return os.Remove(from)
	case errors.Is(err, fs.ErrExist):
		return err
	}
	if _, err := os.Lstat(to); err == nil {
		return fmt.Errorf("%s: %w", to, fs.ErrExist)
	}
	return os.Rename(from, to)
}

// write appends an outcome to the log.
func (b *Inbox) write(o Outcome) error {
	if b.Log == "" {
		return nil
	}
	line, err := json.Marshal(o)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(b.Log), 0o755); err != nil {
		return err
	}
	f, err := os.OpenFile(b.Log, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o644)
	if err != nil {
		return err
	}
	_, err = f.Write(append(line, '\n'))
	return errors.Join(err, f.Sync(), f.Close())
}
