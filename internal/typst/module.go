// Package typst sets documents with Typst inside the process: the published
// WebAssembly build of Typst 0.14 runs in wazero, with the embedded fonts and
// the files that it is given. It reaches no file system, network or clock, so
// the same files give the same bytes. What the module expects of a browser is
// answered by the small table of values in this package; it is written for
// exactly one version of the module and refuses any other.
package typst

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/klauspost/compress/zstd"
)

// Version is the version of Typst, from npm package
// @myriaddreamin/typst-ts-web-compiler 0.7.0.
const Version = "0.14.2"

//go:embed assets/*
var assets embed.FS

// module unpacks the WebAssembly module (28 MB) and checks its SHA-256.
func module() ([]byte, error) {
	packed, err := assets.ReadFile("assets/typst.wasm.zst")
	if err != nil {
		return nil, err
	}
	decoder, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1))
	if err != nil {
		return nil, err
	}
	defer decoder.Close()
	code, err := decoder.DecodeAll(packed, nil)
	if err != nil {
		return nil, fmt.Errorf("typst %s: %w", Version, err)
	}
	recorded, err := assets.ReadFile("assets/SHA256SUMS")
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(code)
	if want, _, _ := strings.Cut(string(recorded), " "); want != hex.EncodeToString(sum[:]) {
		return nil, fmt.Errorf("typst %s: SHA-256 of the embedded module is not the recorded one", Version)
	}
	return code, nil
}
