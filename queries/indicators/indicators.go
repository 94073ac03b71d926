// Package indicators holds the pages that ship with the product, one file an indicator: the only file to touch when
// one is added. Their form is described in queries/page.
package indicators

import (
	"embed"
	"io/fs"
	"sync"

	"weir/queries/page"
)

//go:embed */*.md
var files embed.FS

// Files are the pages as they stand, by dimension.
func Files() fs.FS { return files }

// BuiltIn is the set of the shipped pages.
var BuiltIn = sync.OnceValue(func() *page.Set {
	set, problems := page.Load(files)
	if err := problems.Err(); err != nil {
		// The files are embedded and tested: a failure here is a broken build.
		panic(err)
	}
	return set
})
