package runner

import (
	"path/filepath"
	"slices"
)

// access is what a child may do with files: read some, and do as it likes in its own directory.
type access struct {
	Read []string `json:"read"`
	Own  string   `json:"own"`
}

func accessOf(j *job) access {
	source := j.Request.Source
	a := access{Own: j.Directory, Read: slices.Clone(source.Directories)}
	for _, f := range source.Files {
		if !slices.Contains(source.Directories, filepath.Dir(f)) {
			a.Read = append(a.Read, f)
		}
	}
	if database := source.Database; database != "" {
		// Changes that were not yet merged into the file stand beside it.
		a.Read = append([]string{database, database + ".wal"}, a.Read...)
	}
	return a
}
