package ingest

import (
	"context"
	"fmt"

	"weir/queries/schema"
)

// accessTable holds what a web server logged.
const accessTable = "access_event"

// doubleClick is how many seconds lie at most between two accesses of one visitor to one address that count as one.
const doubleClick = 30

// countAccesses makes usage events of the accesses of this load, as COUNTER counts (Code of Practice, Release 5,
// sections 3.3.10 and 7.2): only what was delivered (status 200 and 304) is a use; of accesses of one visitor to one
// address within 30 seconds of one another the last stands for all; robots and probes are marked as probes, which are
// never reuse. A status of 400 and more is a failed use. An access whose path or caller is nobody's has no event.
//
// What counts depends on all accesses that are known, not on this file: one that an access of a later file follows
// within 30 seconds is counted no longer, and its event is kept as superseded. So files may come cut and in any order.
func (s *settlement) countAccesses(ctx context.Context) error {
	const touched = "weir_touched"
	const counted = "weir_counted"
	usage, _ := s.store.Model().Table("usage_event")
	attributable := "resource_id IS NOT NULL AND provider_id IS NOT NULL AND consumer_id IS NOT NULL"
	// Without visitor or address nothing tells a repeat: each such access stands for itself.
	pair := "coalesce(visitor_key, access_id) AS visitor, coalesce(url_key, path) AS address"
	if err := s.exec(ctx,
		fmt.Sprintf("CREATE TEMP TABLE %s AS SELECT DISTINCT %s FROM %s WHERE load_id = %d", touched, pair, accessTable, s.id),
		fmt.Sprintf(`CREATE TEMP TABLE %s AS SELECT * EXCLUDE (following),
				CASE WHEN status_code >= 400 THEN true ELSE following IS NULL OR following > occurred_at + INTERVAL %d SECOND END AS counts
			FROM (SELECT *, lead(occurred_at) OVER (PARTITION BY visitor, address, status_code >= 400 ORDER BY occurred_at, access_id) AS following
				FROM (SELECT *, %s FROM %s) SEMI JOIN %s USING (visitor, address) WHERE status_code IN (200, 304) OR status_code >= 400)
			WHERE %s`, counted, doubleClick, pair, accessTable, touched, attributable),
		fmt.Sprintf(`INSERT INTO superseded (table_name, key, content, load_id, source_line, superseded_by, superseded_at)
			SELECT 'usage_event', %s, %s, o.load_id, o.source_line, %d, TIMESTAMP %s FROM usage_event o WHERE o.event_id IN (SELECT access_id FROM %s WHERE NOT counts)`,
			jsonOf(usage.Key), jsonOf(columnNames(usage.Columns)), s.id, schema.Literal(s.started.Format("2006-01-02 15:04:05.999999")), counted),
		fmt.Sprintf("DELETE FROM usage_event WHERE event_id IN (SELECT access_id FROM %s WHERE NOT counts)", counted),
		fmt.Sprintf(`INSERT INTO usage_event (event_id, occurred_at, resource_id, provider_id, consumer_id, channel, ok, bytes, duration_ms, person_key, is_probe, load_id, source_line)
			SELECT access_id, occurred_at, resource_id, provider_id, consumer_id, channel, status_code < 400, bytes, duration_ms, visitor_key,
				coalesce(is_probe, false) OR coalesce(is_robot, false), load_id, source_line
			FROM %s WHERE counts AND access_id NOT IN (SELECT event_id FROM usage_event)`, counted)); err != nil {
		return err
	}
	var err error
	if s.result.Exchanges, err = s.count(ctx, fmt.Sprintf("SELECT count(*) FROM %s c JOIN %s a ON a.access_id = c.access_id AND a.load_id = %d WHERE counts", counted, accessTable, s.id)); err != nil {
		return err
	}
	nobody, err := s.count(ctx, fmt.Sprintf("SELECT count(*) FROM %s WHERE load_id = %d AND NOT (%s)", accessTable, s.id, attributable))
	if err != nil {
		return err
	}
	if nobody > 0 {
		s.result.warn(fmt.Sprintf("%d 次访问未对应到数据资源或使用部门，只作留存、不计使用；可在映射的 lookups 中配置", nobody),
			fmt.Sprintf("%d accesses stand for no resource or no department: they are kept and not counted as use; say so under lookups in the mapping", nobody))
	}
	return s.exec(ctx, "DROP TABLE "+touched, "DROP TABLE "+counted)
}
