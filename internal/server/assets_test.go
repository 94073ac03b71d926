package server

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestTheFrontEndIsBuiltFromItsSources compares the hash that the build left with that of the sources; make web builds.
func TestTheFrontEndIsBuiltFromItsSources(t *testing.T) {
	names := []string{"package.json", "package-lock.json", "tsconfig.json", "build.mjs"}
	sources, err := filepath.Glob("web/src/*")
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(sources)
	for _, s := range sources {
		names = append(names, "src/"+filepath.Base(s))
	}
	sum := sha256.New()
	for _, name := range names {
		content, err := os.ReadFile(filepath.Join("web", name))
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(sum, "%s\n%d\n%s", name, len(content), content)
	}
	built, err := os.ReadFile("assets/SOURCES")
	if err != nil || strings.TrimSpace(string(built)) != hex.EncodeToString(sum.Sum(nil)) {
		t.Errorf("internal/server/assets is not built from internal/server/web; run make web and commit both (%v)", err)
	}
}

// TestNothingIsLoadedFromElsewhere looks through the built files and the lock file for addresses.
func TestNothingIsLoadedFromElsewhere(t *testing.T) {
	lock, err := os.ReadFile("web/package-lock.json")
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(lock), `"resolved"`) {
		t.Error("the lock file names download addresses")
	}
	fetched := regexp.MustCompile(`(?:src|href|url\(|import\(|fetch\()\s*[=(]?\s*["'(]?https?://`)
	templates, err := filepath.Glob("templates/*.html")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range append(templates, "assets/app.css", "assets/app.js", "assets/chart.js", "assets/notebook.js") {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if m := fetched.Find(content); m != nil {
			t.Errorf("%s loads something from elsewhere: %s", file, m)
		}
	}
	for _, limited := range []string{"assets/app.css", "assets/app.js", "assets/chart.js"} {
		info, err := os.Stat(limited)
		if err != nil || info.Size() > 60_000 {
			t.Errorf("%s is too heavy for every page: %v %v", limited, info.Size(), err)
		}
	}
}
