// Package mappings holds the mapping files that ship with the product: one file for one platform.
//
// It holds text only.
package mappings

import "embed"

// FS has the mapping files at its top.
//
//go:embed *.yaml
var FS embed.FS
