// Package typst sets documents with Typst inside the process: the published
// WebAssembly build of Typst 0.14 runs in Wasmtime, with the embedded fonts and
// the files that it is given. It reaches no file system, network or clock, so
// the same files give the same bytes. What the module expects of a browser is
// answered by the small table of values in this package; it is written for
// exactly one version of the module and refuses any other.
package typst

import (
	"embed"

	"weir/internal/asset"
)

// Version is the version of Typst, from npm package
// @myriaddreamin/typst-ts-web-compiler 0.7.0.
const Version = "0.14.2"

//go:embed assets/*
var assets embed.FS

// module unpacks the WebAssembly module (28 MB) and checks its SHA-256.
func module() ([]byte, error) { return asset.Unpack(assets, "assets", "typst.wasm") }
