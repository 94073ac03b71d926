package ingest

import (
	"context"
	"fmt"

	"weir/queries/schema"
)

// halfTable holds what each of the two servers of an exchange recorded of it.
const halfTable = "exchange_half"

// pair makes usage events of the exchanges of which this load brought a half. An exchange that was there with one
// half is completed: its event is replaced, the old version kept. The client's half goes before the producer's,
// since it saw the exchange from end to end.
func (s *settlement) pair(ctx context.Context) error {
	usage, _ := s.store.Model().Table("usage_event")
	first := func(column string) string {
		return fmt.Sprintf("coalesce(any_value(%[1]s) FILTER (side = 'client'), any_value(%[1]s) FILTER (side = 'producer')) AS %[1]s", column)
	}
	// Total duration: from the client's request to the answer handed back; a negative one is a clock that was set.
	const total = `coalesce(any_value(CASE WHEN response_out_at >= request_in_at THEN date_diff('millisecond', request_in_at, response_out_at) END) FILTER (side = 'client'),
		any_value(duration_ms) FILTER (side = 'client'))`
	query := fmt.Sprintf(`INSERT INTO usage_event (event_id, occurred_at, resource_id, provider_id, consumer_id, purpose, channel, ok, bytes, duration_ms, person_key, is_probe, load_id, source_line)
		SELECT exchange_id, request_in_at, resource_id, provider_id, consumer_id, purpose, 'api', ok, response_bytes, duration_ms, person_key, coalesce(is_probe, false), %d, source_line
		FROM (SELECT exchange_id, %s, %s, %s, %s, %s, %s, %s, %s, bool_and(ok) AS ok, %s AS duration_ms, max(source_line) FILTER (load_id = %d) AS source_line
			FROM %s WHERE exchange_id IN (SELECT exchange_id FROM %s WHERE load_id = %d) GROUP BY exchange_id)`,
		s.id, first("request_in_at"), first("resource_id"), first("provider_id"), first("consumer_id"), first("purpose"), first("response_bytes"), first("person_key"), first("is_probe"),
		total, s.id, halfTable, halfTable, s.id)
	if err := s.exec(ctx, query); err != nil {
		return err
	}
	completed := *usage
	completed.OnChange = schema.Correct
	corrected := s.result.RowsCorrected
	if _, err := s.known(ctx, &completed); err != nil {
		return err
	}
	s.result.RowsCorrected = corrected
	var err error
	if s.result.Exchanges, err = s.count(ctx, fmt.Sprintf("SELECT count(*) FROM usage_event WHERE load_id = %d", s.id)); err != nil {
		return err
	}
	return s.warnOrphans(ctx)
}

// warnOrphans tells how complete the log is: exchanges of this load of which only one half is known.
func (s *settlement) warnOrphans(ctx context.Context) error {
	var all, client, producer int64
	err := s.conn.QueryRowContext(ctx, fmt.Sprintf(`SELECT count(*), count(*) FILTER (sides = 1 AND side = 'client'), count(*) FILTER (sides = 1 AND side = 'producer')
		FROM (SELECT exchange_id, count(*) AS sides, min(side) AS side FROM %s WHERE exchange_id IN (SELECT exchange_id FROM %s WHERE load_id = %d) GROUP BY exchange_id)`,
		halfTable, halfTable, s.id)).Scan(&all, &client, &producer)
	if err != nil || client+producer == 0 {
		return err
	}
	alone := client + producer
	s.result.warn(fmt.Sprintf("%d 次交换中 %d 次只有一端记录（仅客户端 %d，仅服务端 %d），另一端到达后自动补全", all, alone, client, producer),
		fmt.Sprintf("of %d exchanges %d have one half only (client's %d, producer's %d); a late half completes them", all, alone, client, producer))
	return nil
}
