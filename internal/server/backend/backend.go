// Package backend joins the service to a workspace: it gives internal/server what it declares as interfaces, out of
// the store, the closed months, the loader and the directories. It holds no page and decides about no permission.
package backend

import (
	"context"
	"fmt"
	"slices"

	"weir/internal/closing"
	"weir/internal/evidence"
	"weir/internal/server"
	"weir/internal/store"
	"weir/metrics"
	"weir/queries/page"
	"weir/queries/schema"
)

// Backend is a workspace as the service sees it.
type Backend struct {
	Store  *store.Store
	Pages  *page.Set
	Frozen *evidence.Reader // rows of closed months
	Lake   string           // directory of the lake
}

// Ping runs a statement.
func (b *Backend) Ping(ctx context.Context) error {
	_, err := b.Store.Query(ctx, "SELECT 1", nil)
	return err
}

// Held tells what the engine takes.
func (b *Backend) Held(ctx context.Context) (server.Held, error) {
	m, err := b.Store.Memory(ctx)
	return server.Held{Memory: m.Held, Spilled: m.Spilled, File: m.File, WriteLog: m.WriteLog}, err
}

// List gives every revision of every closed month, oldest first.
func (b *Backend) List(ctx context.Context) ([]server.Closed, error) {
	closed, err := closing.List(ctx, b.Store)
	if err != nil {
		return nil, err
	}
	list := make([]server.Closed, len(closed))
	for i, c := range closed {
		list[i] = server.Closed{Month: c.Month, Revision: c.Revision, AsOf: c.AsOf, ClosedAt: c.ClosedAt, Stamp: c.Stamp}
	}
	return list, nil
}

// Read gives one revision of a month.
func (b *Backend) Read(ctx context.Context, month string, revision int) (*metrics.Month, error) {
	return closing.ReadRevision(ctx, b.Store, month, revision)
}

// Used gives the definitions in the versions that a month used.
func (b *Backend) Used(m *metrics.Month) ([]*page.Indicator, error) {
	versions := map[string]int{}
	for _, v := range m.Values {
		versions[v.Indicator] = v.Version
	}
	var list []*page.Indicator
	for _, id := range b.Pages.IDs() {
		for _, p := range b.Pages.Versions(id) {
			if p.Version == versions[id] {
				list = append(list, p)
			}
		}
	}
	return list, nil
}

// Versions lists the versions of an indicator.
func (b *Backend) Versions(id string) []*page.Indicator { return b.Pages.Versions(id) }

// IDs lists the indicators in the order of the catalogue.
func (b *Backend) IDs() []string { return b.Pages.IDs() }

// CopyParquet writes a query's rows as Parquet.
func (b *Backend) CopyParquet(query, target string) error {
	_, err := b.Store.Query(context.Background(), fmt.Sprintf("COPY (%s) TO %s (FORMAT parquet, COMPRESSION zstd)", query, schema.Literal(target)), nil)
	return err
}

// Differences lists what a revision changed against the one before.
func (b *Backend) Differences(ctx context.Context, month string, revision int) ([]server.Difference, error) {
	before, err := b.Read(ctx, month, revision-1)
	if err != nil {
		return nil, err
	}
	after, err := b.Read(ctx, month, revision)
	if err != nil {
		return nil, err
	}
	causes, err := closing.Causes(ctx, b.Store, month, revision)
	if err != nil {
		return nil, err
	}
	return compare(before, after, causes), nil
}

type key struct{ indicator, department, kind string }

func compare(before, after *metrics.Month, causes func(indicator string) closing.Cause) []server.Difference {
	old := map[key]metrics.Value{}
	for _, v := range before.Values {
		old[key{v.Indicator, v.Department, v.DataKind}] = v
	}
	var list []server.Difference
	add := func(k key, was, is metrics.Value) {
		if was.State == is.State && same(was.Value, is.Value) {
			return
		}
		list = append(list, server.Difference{Indicator: k.indicator, Department: k.department, Kind: k.kind, Before: was.Value, After: is.Value,
			StateBefore: string(was.State), StateAfter: string(is.State), Cause: string(causes(k.indicator))})
	}
	for _, v := range after.Values {
		k := key{v.Indicator, v.Department, v.DataKind}
		add(k, old[k], v)
		delete(old, k)
	}
	for k, was := range old {
		add(k, was, metrics.Value{})
	}
	slices.SortFunc(list, func(a, b server.Difference) int {
		return slices.Compare([]string{a.Department, a.Indicator, a.Kind}, []string{b.Department, b.Indicator, b.Kind})
	})
	return list
}

func same(a, b *float64) bool {
	return a == nil && b == nil || a != nil && b != nil && *a == *b
}
