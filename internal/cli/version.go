package cli

import (
	"fmt"
	"runtime/debug"

	"weir/internal/store"
)

type versionCommand struct{}

// Run prints the version of Weir, of the engine and of the schema, by which a closed month can be recomputed.
func (versionCommand) Run(e *env) error {
	s, err := store.Open(e.ctx, "", store.Options{})
	if err != nil {
		return err
	}
	defer s.Close()
	engine, err := s.EngineVersion(e.ctx)
	if err != nil {
		return err
	}
	fmt.Fprintf(e.stdout, "weir %s\nduckdb %s\n", buildVersion(), engine)
	return nil
}

// version is set by the Makefile to what git describe says.
var version string

// buildVersion is the version given to the build, else the module version, or the revision that a build from a
// checkout was made of.
func buildVersion() string {
	if version != "" {
		return version
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && len(s.Value) >= 12 {
			return s.Value[:12]
		}
	}
	return info.Main.Version
}
