//go:build !unix

package testcity

// lock is not known here: each test makes its own city.
func lock(string) (unlock func(), err error) { return nil, errNotShared }
