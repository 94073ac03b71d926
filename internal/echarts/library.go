// Package echarts draws an ECharts option as SVG inside the process: the
// published script runs in QuickJS, texts are measured with the embedded fonts.
// It needs no browser and no network, and knows nothing of departments or
// indicators. Options are data; a function is never taken from an option, only
// from the script that the caller hands over when the engine is made.
package echarts

import (
	"embed"
	"sync"

	"weir/internal/asset"
)

// Version is the version of the embedded ECharts (npm package echarts).
const Version = "6.1.0"

//go:embed assets/*
var assets embed.FS

// Script returns the embedded echarts.min.js as published, for pages that draw
// live charts. It is checked once against the recorded SHA-256.
var Script = sync.OnceValues(func() ([]byte, error) {
	return asset.Unpack(assets, "assets", "echarts.min.js")
})
