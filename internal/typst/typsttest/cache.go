// Package typsttest lets tests of several packages share the compiled Typst,
// which takes some 20 seconds to make. No product code uses it.
package typsttest

import (
	"os"
	"path/filepath"
	"testing"
)

// CacheDir is a private directory of the user that outlives a test run.
func CacheDir(t testing.TB) string {
	t.Helper()
	base, err := os.UserCacheDir()
	if err != nil {
		return t.TempDir()
	}
	dir := filepath.Join(base, "weir-test", "typst")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return t.TempDir()
	}
	return dir
}
