// Package notebooks holds the notebooks that ship: each answers a question that planners ask. A notebook is one page;
// the tables that it may read are described by queries/views.
package notebooks

import (
	"embed"
	"io/fs"
)

//go:embed *.md
var files embed.FS

// Files are the pages.
func Files() fs.FS { return files }
