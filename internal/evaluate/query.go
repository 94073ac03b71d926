package evaluate

import (
	"context"
	"maps"

	"weir/internal/store"
)

// Query runs a statement over the marts of the session; the month's parameters and further ones bind by name.
func (s *Session) Query(ctx context.Context, query string, further map[string]any) (*store.Result, error) {
	parameters := s.Parameters()
	maps.Copy(parameters, further)
	return store.Collect(ctx, s.conn, query, parameters)
}
