//go:build !linux

package publish

import "errors"

// swap cannot exchange two directories in one step here.
func swap(string, string) error { return errors.ErrUnsupported }
