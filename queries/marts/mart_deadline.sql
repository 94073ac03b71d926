/*
name: mart_deadline
label: {zh: 当月到期的办理事项, en: duties with a limit that fall due in the month}
events: {dataset_change: [-12, 0], correction_ticket: [-12, 0], backflow: [-12, 0], coordination: [-12, 0]}
references: [department, dataset, resource, working_day, rule_time_limit]
columns:
  - {name: duty, type: VARCHAR, zh: 事项类别, en: kind of duty, codes: duty}
  - {name: case_id, type: VARCHAR, zh: 事项标识, en: identifier of the case}
  - {name: department_id, type: VARCHAR, ref: department, zh: 责任部门, en: department that has the duty}
  - {name: counterpart_id, type: VARCHAR, ref: department, zh: 对方部门, en: the other department}
  - {name: data_kind, type: VARCHAR, zh: 数据种类（未分类为空）, en: "kind of data, empty where not classified"}
  - {name: start_day, type: DATE, zh: 起算日, en: day from which the limit runs}
  - {name: limit_days, type: BIGINT, unit: working day, zh: 时限（含有效延期）, en: limit with the extension that counts}
  - {name: due_day, type: DATE, zh: 到期日, en: last day}
  - {name: done_at, type: TIMESTAMP, zh: 完成时间, en: done}
  - {name: is_on_time, type: BOOLEAN, zh: 是否按期, en: done on time}
*/
WITH bureau AS (
  SELECT department_id, district FROM department WHERE is_bureau
),
-- The authority of the department's own district publishes its catalogue, else the first one.
publisher AS (
  SELECT d.department_id, coalesce(min(b.department_id) FILTER (WHERE b.district IS NOT DISTINCT FROM d.district), min(b.department_id)) AS bureau_id
  FROM department AS d
  CROSS JOIN bureau AS b
  GROUP BY d.department_id
),
opened AS (
  SELECT
    'catalogue_update' AS duty, c.change_id AS case_id, c.department_id, p.bureau_id AS counterpart_id, coalesce(d.data_kind, '') AS data_kind,
    c.trigger_at AS started_at, c.updated_at AS done_at,
    CASE WHEN c.extension_approved_at < $known_until THEN greatest(coalesce(c.extension_days, 0), 0) ELSE 0 END AS extension
  FROM dataset_change AS c
  LEFT JOIN dataset AS d ON d.dataset_id = c.dataset_id
  LEFT JOIN publisher AS p ON p.department_id = c.department_id
  WHERE c.trigger_at >= $history_12 AND c.trigger_at < $period_end
  UNION ALL
  SELECT 'catalogue_publish', c.change_id, p.bureau_id, c.department_id, coalesce(d.data_kind, ''), c.received_at, c.published_at, 0
  FROM dataset_change AS c
  LEFT JOIN dataset AS d ON d.dataset_id = c.dataset_id
  JOIN publisher AS p ON p.department_id = c.department_id
  WHERE c.trigger_at >= $history_12 AND c.trigger_at < $period_end AND c.received_at < $period_end
  UNION ALL
  SELECT 'correction', t.ticket_id, r.department_id, t.filed_by, coalesce(d.data_kind, ''), t.filed_at, t.feedback_at, 0
  FROM correction_ticket AS t
  JOIN resource AS r ON r.resource_id = t.resource_id
  LEFT JOIN dataset AS d ON d.dataset_id = r.dataset_id
  WHERE t.filed_at >= $history_12 AND t.filed_at < $period_end
  UNION ALL
  SELECT 'backflow', b.backflow_id, b.provider_id, b.recipient_id, coalesce(d.data_kind, ''), b.registered_at, b.delivered_at, 0
  FROM backflow AS b
  LEFT JOIN resource AS r ON r.resource_id = b.resource_id
  LEFT JOIN dataset AS d ON d.dataset_id = r.dataset_id
  WHERE b.registered_at >= $history_12 AND b.registered_at < $period_end
),
limited AS (
  SELECT o.*, local_day(o.started_at, $time_zone) AS start_day, l.days + least(o.extension, l.maximum_extension) AS limit_days
  FROM opened AS o
  JOIN rule_time_limit AS l
    ON l.rule = o.duty AND local_day(o.started_at, $time_zone) >= l.effective_from AND local_day(o.started_at, $time_zone) < l.effective_to
),
clocked AS (
  SELECT
    l.duty, l.case_id, l.department_id, l.counterpart_id, l.data_kind, l.start_day, l.limit_days, due.day AS due_day,
    CASE WHEN l.done_at < $known_until THEN l.done_at END AS done_at,
    coalesce(local_day(l.done_at, $time_zone) <= due.day AND l.done_at < $known_until, false) AS is_on_time
  FROM limited AS l
  JOIN working_day AS started ON started.day = l.start_day
  JOIN working_day AS due ON due.is_working AND due.ordinal = started.ordinal + l.limit_days
)
SELECT duty, case_id, department_id, counterpart_id, data_kind, start_day, limit_days, due_day, done_at, is_on_time
FROM clocked
-- A due day lasts until 24:00.
WHERE due_day >= CAST($month AS DATE) AND utc_time(due_day + INTERVAL 1 DAY, $time_zone) <= CAST($period_end AS TIMESTAMP)
UNION ALL
-- Matters of coordination carry a due time of their own.
SELECT
  'coordination', coordination_id, bureau_id, department_id, '', local_day(opened_at, $time_zone), NULL, local_day(due_at, $time_zone),
  CASE WHEN closed_at < $known_until THEN closed_at END,
  coalesce(closed_at <= due_at, false)
FROM coordination
WHERE opened_at >= $history_12 AND due_at >= $period_start AND due_at < $period_end
ORDER BY 1, 2
