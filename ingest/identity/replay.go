package identity

import (
	"context"
	"errors"

	"weir/ingest"
	"weir/internal/store"
)

// Replay loads the quarantined rows that a decision may have cured: those whose fault is a name or identifier that it is
// about.
func Replay(ctx context.Context, st *store.Store, s ingest.Settings, d Decision, o ingest.Options) ([]ingest.Replayed, error) {
	r, err := st.Query(ctx, `SELECT DISTINCT load_id, line FROM quarantine WHERE code IN (`+codeList()+`) AND replayed_load_id IS NULL
		AND (value IN ($name, $former, $department) OR $kind = 'add' AND $district <> '' AND value = $district || $name) ORDER BY load_id, line`,
		map[string]any{"name": d.Name, "former": d.Former, "department": d.Department, "kind": string(d.Kind), "district": d.District})
	if err != nil {
		return nil, err
	}
	var repairs []ingest.Repair
	for _, row := range r.Rows {
		repairs = append(repairs, ingest.Repair{LoadID: row[0].(int64), Line: row[1].(int64)})
	}
	done, err := ingest.Replay(ctx, st, s, repairs, o)
	if errors.Is(err, ingest.ErrNothingToReplay) {
		return nil, nil
	}
	return done, err
}
