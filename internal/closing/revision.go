package closing

import (
	"context"
	"fmt"

	"weir/internal/store"
	"weir/metrics"
)

// ReadRevision gives one revision of a closed month; 0 is the newest.
func ReadRevision(ctx context.Context, s *store.Store, month string, revision int) (*metrics.Month, error) {
	if revision == 0 {
		return Read(ctx, s, month)
	}
	list, err := List(ctx, s)
	if err != nil {
		return nil, err
	}
	for _, c := range list {
		if c.Month == month && c.Revision == revision {
			return read(ctx, s, c)
		}
	}
	return nil, fmt.Errorf("%w: %s has no revision %d", ErrNotClosed, month, revision)
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
