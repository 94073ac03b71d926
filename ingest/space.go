package ingest

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"weir/internal/lang"
	"weir/internal/problem"
	"weir/internal/store"
	"weir/queries/schema"
)

// growth is how many bytes of the database a byte of a file may take, with as much again for the engine's temporary
// files: measured 0.3 for CSV, 0.15 for NDJSON, 1 for Parquet; compressed text unfolds five times and more.
func growth(format string, compressed bool) uint64 {
	switch {
	case compressed:
		return 4
	case format == "parquet" || format == "arrow" || format == "xlsx":
		return 3
	}
	return 1
}

const defaultFreeSpace = 64 << 20

// checkSpace refuses a load for which the disk is too small: a full disk in the middle would cost more.
func (l *load) checkSpace() error {
	free, known := l.store.FreeDisk()
	if !known {
		return nil
	}
	reserve := l.settings.FreeSpace
	if reserve == 0 {
		reserve = defaultFreeSpace
	}
	need := uint64(l.fileSize())*growth(l.plan.input.format, l.plan.input.compressed) + reserve
	if free >= need {
		return nil
	}
	return fullDisk{problem.Of(l.plan.input.path, lang.T(fmt.Sprintf("数据库所在磁盘（%s）剩余 %d MB，装入该文件可能需要 %d MB，未装入任何内容", l.folder(), free>>20, need>>20+1),
		fmt.Sprintf("the disk of the database (%s) has %d MB free, and loading this file may need %d MB; nothing was loaded", l.folder(), free>>20, need>>20+1)),
		lang.T("腾出空间，或把工作区移到更大的磁盘", "free some space, or move the workspace to a larger disk"))}
}

// noSpace says that the disk ran full all the same, such as by what others wrote.
func (l *load) noSpace(err error) error {
	return fullDisk{problem.Of(l.plan.input.path, lang.T(fmt.Sprintf("装入时数据库所在磁盘（%s）已满，该文件未装入任何内容，原有数据完好（%s）", l.folder(), firstLine(err)),
		fmt.Sprintf("the disk of the database (%s) ran full while the file was loaded; nothing of it was loaded, and all that was there before is unharmed (%s)", l.folder(), firstLine(err))),
		lang.T("腾出空间，或把工作区移到更大的磁盘，再装入该文件", "free some space, or move the workspace to a larger disk, then ingest the file again"))}
}

// fullDisk is a problem that is not the file's.
type fullDisk struct{ problem.Problem }

// Unwrap makes it both a problem and a full disk.
func (f fullDisk) Unwrap() []error { return []error{f.Problem, store.ErrDiskFull} }

// FaultOfFile tells whether an error of Files says that a file cannot be loaded as it is, and not that something around
// it failed, such as the disk or the database.
func FaultOfFile(err error) bool {
	var p problem.Problem
	var list problem.List
	return !errors.Is(err, store.ErrDiskFull) && (errors.As(err, &p) || errors.As(err, &list))
}

func (l *load) folder() string { return filepath.Dir(l.store.Path()) }

func (l *load) fileSize() int64 {
	info, err := os.Stat(l.plan.input.path)
	if err != nil {
		return 0
	}
	return info.Size()
}

func quotedTable(name string) string { return schema.Quote(name) }
