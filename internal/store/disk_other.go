//go:build !unix

package store

func freeDisk(string) (uint64, bool) { return 0, false }
