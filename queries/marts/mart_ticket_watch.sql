/*
name: mart_ticket_watch
label: {zh: 当月满90日观察期的已更正问题, en: corrected defects whose 90 days of watch end in the month}
events: {correction_ticket: [-12, 0]}
references: [dataset, resource]
columns:
  - {name: ticket_id, type: VARCHAR, zh: 校核单标识, en: ticket identifier}
  - {name: resource_id, type: VARCHAR, zh: 资源标识, en: resource identifier}
  - {name: department_id, type: VARCHAR, ref: department, zh: 提供部门, en: providing department}
  - {name: data_kind, type: VARCHAR, zh: 数据种类（未分类为空）, en: "kind of data, empty where not classified"}
  - {name: rule_code, type: VARCHAR, zh: 违反的规则, en: rule broken}
  - {name: closed_at, type: TIMESTAMP, zh: 更正反馈时间, en: corrected and reported back}
  - {name: again_at, type: TIMESTAMP, zh: 再次提出时间, en: raised again}
  - {name: recurred, type: BOOLEAN, zh: 是否复发, en: raised again within 90 days}
*/
WITH closed AS (
  SELECT t.ticket_id, t.resource_id, t.rule_code, greatest(t.feedback_at, t.fixed_at) AS closed_at
  FROM correction_ticket AS t
  WHERE t.filed_at >= $history_12 AND t.filed_at < $period_end AND t.fixed_at IS NOT NULL AND t.feedback_at IS NOT NULL
    AND coalesce(t.valid, true)
),
watched AS (
  SELECT c.*, utc_time(local_time(c.closed_at, $time_zone) + INTERVAL 90 DAY, $time_zone) AS watched_until
  FROM closed AS c
),
again AS (
  SELECT w.ticket_id, min(t.filed_at) AS again_at
  FROM watched AS w
  JOIN correction_ticket AS t
    ON (t.reraised_ticket_id = w.ticket_id
      OR t.resource_id = w.resource_id AND t.rule_code = w.rule_code AND t.ticket_id <> w.ticket_id AND coalesce(t.valid, true))
    AND t.filed_at > w.closed_at AND t.filed_at <= w.watched_until
  WHERE t.filed_at >= $history_12 AND t.filed_at < $period_end
  GROUP BY w.ticket_id
)
SELECT w.ticket_id, w.resource_id, r.department_id, coalesce(d.data_kind, ''), w.rule_code, w.closed_at, a.again_at, a.again_at IS NOT NULL
FROM watched AS w
JOIN resource AS r ON r.resource_id = w.resource_id
LEFT JOIN dataset AS d ON d.dataset_id = r.dataset_id
LEFT JOIN again AS a ON a.ticket_id = w.ticket_id
WHERE w.watched_until >= CAST($period_start AS TIMESTAMP) AND w.watched_until < CAST($period_end AS TIMESTAMP)
ORDER BY w.ticket_id
