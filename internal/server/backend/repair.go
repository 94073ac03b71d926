package backend

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"weir/ingest"
	"weir/internal/server"
)

// Repair loads rows that a person has put right, given by their line in the old file, in the way in which the old one
// was read, and marks in the quarantine those that went in.
func (l *Loads) Repair(ctx context.Context, load int64, repaired map[int64]string) (server.LoadResult, error) {
	var repairs []ingest.Repair
	for _, line := range slices.Sorted(maps.Keys(repaired)) {
		text := strings.TrimRight(repaired[line], "\r\n")
		if strings.ContainsAny(text, "\r\n") && !strings.ContainsAny(text, `"{`) {
			return server.LoadResult{}, fmt.Errorf("line %d: a row stands on one line", line)
		}
		repairs = append(repairs, ingest.Repair{LoadID: load, Line: line, Text: text})
	}
	replayed, err := ingest.Replay(ctx, l.Store, l.Settings, repairs, ingest.Options{Now: l.Now})
	if errors.Is(err, ingest.ErrNothingToReplay) {
		return server.LoadResult{Load: load, Known: true}, nil // a job that was cut off behind its transaction
	}
	if err != nil {
		return server.LoadResult{}, err
	}
	one := replayed[0]
	r := one.Result
	return server.LoadResult{Load: r.LoadID, File: r.File, Table: r.Table, In: r.RowsIn + int64(len(one.Left)), Loaded: r.RowsLoaded, Duplicate: r.RowsDuplicate,
		Quarantined: int64(len(one.Left)), Warnings: r.Warnings}, nil
}
