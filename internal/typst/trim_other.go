//go:build !linux

package typst

// trim does nothing: other systems take freed memory back by themselves.
func trim() {}
