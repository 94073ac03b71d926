//go:build !unix

package typst

import "context"

// withMemory leaves the module's memory to wazero.
func withMemory(ctx context.Context) context.Context { return ctx }
