//go:build !linux

package runner

func enclosesFiles() bool { return false }

func probe([]string) {}

func dialNowhere() error { return nil }
