package readmodel

import "weir/reports/dossier"

func (r *reader) stale(d *dossier.Dossier) error {
	return r.each(`SELECT u.department_id, u.resource_id, coalesce(max(m.title), ''), max(u.data_kind), max(u.cadence), count(*), count(*) FILTER (WHERE NOT u.is_met),
			max(s.last_loaded_at)
		FROM {mart_update} AS u
		LEFT JOIN {mart_resource} AS m ON m.resource_id = u.resource_id
		LEFT JOIN {mart_update_state} AS s ON s.resource_id = u.resource_id
		GROUP BY u.department_id, u.resource_id HAVING count(*) FILTER (WHERE NOT u.is_met) > 0
		ORDER BY u.department_id, 7 DESC, u.resource_id`, func(c row) {
		d.Stale = append(d.Stale, dossier.Stale{Department: c.text(0), Resource: c.text(1), Title: c.text(2), DataKind: c.text(3), Cadence: c.text(4),
			Due: int(c.integer(5)), Missed: int(c.integer(6)), LastUpdate: c.moment(7)})
	})
}

// dormant lists what the page of dormant_storage_share counts as dormant.
func (r *reader) dormant(d *dossier.Dossier) error {
	return r.each(`SELECT department_id, resource_id, coalesce(title, ''), data_kind, stored_bytes, coalesce(mounted_days, 0), last_exchange_day
		FROM {mart_resource}
		WHERE is_shareable AND is_mounted AND stored_bytes IS NOT NULL
			AND coalesce(mounted_days, 180) >= 180 AND coalesce(last_exchange_day < CAST($from_180 AS DATE), true)
		ORDER BY stored_bytes DESC, resource_id`, func(c row) {
		d.Dormant = append(d.Dormant, dossier.Dormant{Department: c.text(0), Resource: c.text(1), Title: c.text(2), DataKind: c.text(3), Bytes: c.integer(4),
			Days: c.integer(5), LastUsed: c.moment(6)})
	})
}

func (r *reader) stages(d *dossier.Dossier) error {
	return r.each(`WITH used AS (
			SELECT DISTINCT s.dataset_id FROM {mart_use_state} AS u JOIN {resource} AS s ON s.resource_id = u.resource_id
			WHERE u.last_day >= CAST($from_365 AS DATE)),
		asked AS (
			SELECT coalesce(q.dataset_id, s.dataset_id) AS dataset_id, bool_or(coalesce(q.delivered_at < $period_end, false)) AS is_delivered
			FROM {request} AS q LEFT JOIN {resource} AS s ON s.resource_id = q.resource_id
			WHERE q.submitted_at < $period_end AND CAST(timezone($time_zone, timezone('UTC', q.submitted_at)) AS DATE) >= CAST($from_365 AS DATE)
			GROUP BY ALL)
		SELECT d.department_id, count(*), count(*) FILTER (WHERE d.resources > 0),
			count(*) FILTER (WHERE d.resources > 0 AND (a.dataset_id IS NOT NULL OR u.dataset_id IS NOT NULL)),
			count(*) FILTER (WHERE d.resources > 0 AND (coalesce(a.is_delivered, false) OR u.dataset_id IS NOT NULL)),
			count(*) FILTER (WHERE d.resources > 0 AND u.dataset_id IS NOT NULL)
		FROM {mart_dataset} AS d
		LEFT JOIN asked AS a ON a.dataset_id = d.dataset_id
		LEFT JOIN used AS u ON u.dataset_id = d.dataset_id
		WHERE d.is_shareable
		GROUP BY d.department_id ORDER BY d.department_id`, func(c row) {
		d.Stages = append(d.Stages, dossier.Stage{Department: c.text(0), Catalogued: int(c.integer(1)), Mounted: int(c.integer(2)),
			Requested: int(c.integer(3)), Provided: int(c.integer(4)), Used: int(c.integer(5))})
	})
}

// refused counts the rows that were in quarantine when the month was closed. The register of loads is not part of
// the lake: loads and refusals never change, and later ones are left out.
func (r *reader) refused(d *dossier.Dossier) error {
	return r.each(`SELECT l.table_name, q.code, min(q.reason), count(*)
		FROM quarantine AS q
		JOIN load AS l ON l.load_id = q.load_id
		LEFT JOIN load AS again ON again.load_id = q.replayed_load_id AND again.finished_at <= $closed_at
		WHERE l.finished_at <= $closed_at AND again.load_id IS NULL
		GROUP BY l.table_name, q.code ORDER BY l.table_name, 4 DESC, q.code`, func(c row) {
		d.Refused = append(d.Refused, dossier.Refused{Table: c.text(0), Code: c.text(1), Reason: c.text(2), Rows: c.integer(3)})
	})
}

// objections lists those of the twelve months up to the reported one, each in the state of its last message before
// the close: messages are only added.
func (r *reader) objections(d *dossier.Dossier) error {
	return r.each(`SELECT o.objection_id, o.month, o.department_id, coalesce(o.indicator_id, ''),
			coalesce((SELECT m.state FROM objection_message AS m WHERE m.objection_id = o.objection_id AND m.written_at <= $closed_at AND m.state <> ''
				ORDER BY m.message_id DESC LIMIT 1), 'open'),
			o.filed_at
		FROM objection AS o
		WHERE o.filed_at <= $closed_at AND o.month <= left($month, 7) AND o.month > strftime(CAST($month AS DATE) - INTERVAL 12 MONTH, '%Y-%m')
		ORDER BY o.objection_id`, func(c row) {
		d.Objections = append(d.Objections, dossier.Objection{Number: c.integer(0), Month: c.text(1), Department: c.text(2), Indicator: c.text(3), State: c.text(4), FiledAt: c.day(5)})
	})
}
