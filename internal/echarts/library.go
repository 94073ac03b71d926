// Package echarts draws an ECharts option as SVG inside the process: the
// published script runs in QuickJS, texts are measured with the embedded fonts.
// It needs no browser and no network, and knows nothing of departments or
// indicators. Options are data; a function is never taken from an option, only
// from the script that the caller hands over when the engine is made.
package echarts

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"strings"
	"sync"

	"github.com/klauspost/compress/zstd"
)

// Version is the version of the embedded ECharts (npm package echarts).
const Version = "6.1.0"

//go:embed assets/*
var assets embed.FS

// Script returns the embedded echarts.min.js as published, for pages that draw
// live charts. It is checked once against the recorded SHA-256.
var Script = sync.OnceValues(func() ([]byte, error) {
	packed, err := assets.ReadFile("assets/echarts.min.js.zst")
	if err != nil {
		return nil, err
	}
	decoder, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1))
	if err != nil {
		return nil, err
	}
	defer decoder.Close()
	script, err := decoder.DecodeAll(packed, nil)
	if err != nil {
		return nil, fmt.Errorf("echarts %s: %w", Version, err)
	}
	recorded, err := assets.ReadFile("assets/SHA256SUMS")
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(script)
	if want, _, _ := strings.Cut(string(recorded), " "); want != hex.EncodeToString(sum[:]) {
		return nil, fmt.Errorf("echarts %s: SHA-256 of the embedded script is not the recorded one", Version)
	}
	return script, nil
})
