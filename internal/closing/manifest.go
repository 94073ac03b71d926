package closing

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"weir/internal/evaluate"
	"weir/internal/store"
	"weir/queries/macros"
	"weir/queries/marts"
)

// manifest lists what a stamp covers: data, definitions, configuration and engine. Equal manifests mean equal
// figures.
type manifest struct {
	Month         string             `json:"month"`
	AsOf          time.Time          `json:"as_of"`
	Day           string             `json:"day,omitempty"` // the last day known, where the close named one
	Loads         []coveredLoad      `json:"loads"`
	Definitions   map[string]string  `json:"definitions"` // indicator → version and SHA-256 of its page
	Configuration string             `json:"configuration"`
	Targets       map[string]float64 `json:"targets"` // frozen for the year
	Engine        string             `json:"engine"`

	// What follows tells apart what of a page or of the configuration was altered.
	Queries map[string]string `json:"queries,omitempty"` // indicator → SHA-256 of the SQL of its page
	Marts   map[string]string `json:"marts,omitempty"`   // mart → SHA-256 of its columns and SQL
	Macros  string            `json:"macros,omitempty"`
	Parts   map[string]string `json:"parts,omitempty"` // part of the configuration → SHA-256
}

// coveredLoad identifies the content of a load.
type coveredLoad struct {
	LoadID  int64  `json:"load_id"`
	Table   string `json:"table"`
	SHA256  string `json:"sha256"`
	Mapping string `json:"mapping,omitempty"` // SHA-256
	Rows    int64  `json:"rows"`
}

// stamp is the SHA-256 of the manifest.
func (m manifest) stamp() string { return digest(m) }

// seed is the seed of the month's simulations: from the month and the rules that the stamp covers. The loads are left
// out, so that a department's interval does not move because another's data changed.
func (m manifest) seed() uint64 {
	sum := sha256.Sum256([]byte(m.Month + digest(m.Definitions) + m.Configuration))
	return binary.BigEndian.Uint64(sum[:])
}

func digest(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		// The types here hold nothing that JSON cannot write.
		panic(err)
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// configuration is what of the rules is neither a page nor a load.
type configuration struct {
	Settings evaluate.Settings
	Bands    any
	LeakCap  string
	TimeZone string
	Calendar any

	Uncertainty Uncertainty
	Integrity   Integrity
}

// parts are the digests of what a configuration is made of.
func (c configuration) parts() map[string]string {
	return map[string]string{"settings": digest(c.Settings), "grades": digest(c.Bands), "leak_cap": digest(c.LeakCap), "time_zone": digest(c.TimeZone),
		"calendar": digest(c.Calendar), "uncertainty": digest(c.Uncertainty), "integrity": digest(c.Integrity)}
}

func (c *Closer) cover(ctx context.Context, session *evaluate.Session, asOf time.Time, day string, fresh []frozenTarget) (manifest, error) {
	m := manifest{Month: session.Month.String(), AsOf: asOf, Day: day, Definitions: map[string]string{}, Targets: map[string]float64{},
		Queries: map[string]string{}, Marts: map[string]string{}, Macros: digest(macros.DuckDB())}
	var err error
	if m.Loads, err = c.coveredLoads(ctx); err != nil {
		return m, err
	}
	for _, p := range session.Indicators() {
		m.Definitions[p.ID] = fmt.Sprintf("%d:%s", p.Version, digest(p))
		m.Queries[p.ID] = digest([]string{p.SQL.Text, p.Cases.Text, p.Evidence.Text, p.Check.Text})
	}
	for _, mart := range marts.All() {
		m.Marts[mart.Name] = digest([]string{mart.CreateSQL(mart.Name, false), mart.SQL})
	}
	settings := configuration{Settings: c.rules.Settings, Bands: c.rules.Bands, LeakCap: c.rules.LeakCap, TimeZone: c.store.TimeZone(),
		Uncertainty: c.rules.Uncertainty, Integrity: c.rules.Integrity}
	if c.rules.Calendar != nil {
		settings.Calendar = c.rules.Calendar.Years()
	}
	m.Configuration, m.Parts = digest(settings), settings.parts()
	if m.Targets, err = frozenTargets(ctx, c.store, session.Month.Year); err != nil {
		return m, err
	}
	// What this close freezes belongs to its own stamp, so that closing again finds the same.
	for _, t := range fresh {
		m.Targets[targetName(t.indicator, t.class, t.kind)] = t.target
	}
	m.Engine, err = c.store.EngineVersion(ctx)
	return m, err
}

// coveredLoads lists the loads that brought rows.
func (c *Closer) coveredLoads(ctx context.Context) ([]coveredLoad, error) {
	r, err := c.store.Query(ctx, "SELECT load_id, table_name, sha256, coalesce(mapping_sha256, ''), rows_loaded FROM load WHERE rows_loaded > 0 ORDER BY load_id", nil)
	if err != nil {
		return nil, err
	}
	var list []coveredLoad
	for _, row := range r.Rows {
		list = append(list, coveredLoad{LoadID: row[0].(int64), Table: row[1].(string), SHA256: row[2].(string), Mapping: row[3].(string), Rows: row[4].(int64)})
	}
	return list, nil
}

// frozenTargets reads the targets frozen for a year, by indicator, class and kind.
func frozenTargets(ctx context.Context, s *store.Store, year int) (map[string]float64, error) {
	r, err := s.Query(ctx, "SELECT indicator_id, class, data_kind, target FROM frozen_target WHERE year = $year ORDER BY ALL", map[string]any{"year": year})
	if err != nil {
		return nil, err
	}
	targets := map[string]float64{}
	for _, row := range r.Rows {
		targets[targetName(row[0].(string), row[1].(string), row[2].(string))] = row[3].(float64)
	}
	return targets, nil
}

func targetName(indicator, class, kind string) string { return indicator + "/" + class + "/" + kind }
