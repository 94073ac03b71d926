package runner

// access is what a child may do with files: read some, and do as it likes in its own directory.
type access struct {
	Read []string `json:"read"`
	Own  string   `json:"own"`
}

func accessOf(j *job) access {
	a := access{Own: j.Directory, Read: j.Request.Source.Files}
	if database := j.Request.Source.Database; database != "" {
		// Changes that were not yet merged into the file stand beside it.
		a.Read = append([]string{database, database + ".wal"}, a.Read...)
	}
	return a
}
