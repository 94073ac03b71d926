package closing

import (
	"context"
	"fmt"

	"weir/internal/store"
	"weir/metrics"
)

// ReadRevision gives one revision of a closed month; 0 is the newest.
func ReadRevision(ctx context.Context, s *store.Store, month string, revision int) (*metrics.Month, error) {
	closed, err := find(ctx, s, month, revision)
	if err != nil {
		return nil, err
	}
	return read(ctx, s, closed)
}

// find gives the record of a revision; 0 is the newest, of the newest month where month is "".
func find(ctx context.Context, s *store.Store, month string, revision int) (Closed, error) {
	if revision == 0 {
		return newest(ctx, s, month)
	}
	list, err := List(ctx, s)
	if err != nil {
		return Closed{}, err
	}
	for _, c := range list {
		if c.Month == month && c.Revision == revision {
			return c, nil
		}
	}
	return Closed{}, fmt.Errorf("%w: %s has no revision %d", ErrNotClosed, month, revision)
}

// Causes says for each indicator why its values may differ between a revision and the one before.
func Causes(ctx context.Context, s *store.Store, month string, revision int) (func(indicator string) Cause, error) {
	var manifests [2]manifest
	for i := range manifests {
		c := Closed{Month: month, Revision: revision - 1 + i}
		if err := readJSON(ctx, s, "manifest", c, &manifests[i]); err != nil {
			return nil, err
		}
	}
	return func(indicator string) Cause { return cause(indicator, manifests[0], manifests[1]) }, nil
}
