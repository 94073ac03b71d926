/*
name: mart_demand
label: {zh: 当月见分晓的共享需求, en: requests whose fate was sealed in the month}
events: {request: [-12, 0]}
references: [dataset, resource]
marts: {mart_request: [0, 0], mart_usage_day: [-2, 0]}
columns:
  - {name: request_id, type: VARCHAR, zh: 申请标识, en: request identifier}
  - {name: requester_id, type: VARCHAR, ref: department, zh: 申请部门, en: requesting department}
  - {name: provider_id, type: VARCHAR, ref: department, zh: 提供部门, en: providing department}
  - {name: data_kind, type: VARCHAR, zh: 数据种类（未分类为空）, en: "kind of data, empty where not classified"}
  - {name: outcome, type: VARCHAR, zh: 结果, en: "outcome: used, unused within 30 days of delivery, refused, reply_overdue, delivery_overdue", codes: demand_outcome}
  - {name: delivered_at, type: TIMESTAMP, zh: 首次有效提供时间, en: first working delivery}
  - {name: first_use_day, type: DATE, zh: 提供后首次使用日, en: day of the first use after delivery}
*/
WITH valid AS (
  SELECT
    q.request_id, q.requester_id, q.provider_id, q.scenario_id, coalesce(q.dataset_id, r.dataset_id) AS dataset_id, q.resource_id,
    coalesce(d.data_kind, '') AS data_kind, q.decision, q.replied_at,
    CASE WHEN q.delivered_at < $period_end THEN q.delivered_at END AS delivered_at
  FROM request AS q
  LEFT JOIN resource AS r ON r.resource_id = q.resource_id
  LEFT JOIN dataset AS d ON d.dataset_id = coalesce(q.dataset_id, r.dataset_id)
  WHERE q.submitted_at >= $history_12 AND q.submitted_at < $period_end
    AND NOT coalesce(q.withdrawn_at < $period_end, false)
    AND NOT (coalesce(q.share_attribute, d.share_attribute, 'C') = 'N' AND d.legal_basis IS NOT NULL)
),
delivered AS (
  SELECT v.*, local_day(v.delivered_at, $time_zone) AS delivered_day
  FROM valid AS v
  WHERE local_time(v.delivered_at, $time_zone) + INTERVAL 30 DAY >= local_time(CAST($period_start AS TIMESTAMP), $time_zone)
    AND local_time(v.delivered_at, $time_zone) + INTERVAL 30 DAY < local_time(CAST($period_end AS TIMESTAMP), $time_zone)
),
used AS (
  SELECT d.request_id, min(u.day) AS first_day
  FROM delivered AS d
  JOIN mart_usage_day AS u
    ON u.consumer_id = d.requester_id AND u.exchanges > 0 AND u.day >= d.delivered_day AND u.day <= d.delivered_day + INTERVAL 30 DAY
    AND (u.scenario_id = '' OR d.scenario_id IS NULL OR u.scenario_id = d.scenario_id)
  JOIN resource AS r ON r.resource_id = u.resource_id
  WHERE u.month >= CAST($from_3_months AS DATE) AND u.month <= CAST($month AS DATE)
    AND (u.resource_id = d.resource_id OR d.resource_id IS NULL AND r.dataset_id = d.dataset_id)
  GROUP BY d.request_id
)
SELECT d.request_id, d.requester_id, d.provider_id, d.data_kind, CASE WHEN u.first_day IS NULL THEN 'unused' ELSE 'used' END, d.delivered_at, u.first_day
FROM delivered AS d
LEFT JOIN used AS u ON u.request_id = d.request_id
UNION ALL
SELECT request_id, requester_id, provider_id, data_kind, 'refused', NULL, NULL
FROM valid
WHERE decision = 'refused' AND replied_at >= $period_start AND replied_at < $period_end AND delivered_at IS NULL
UNION ALL
SELECT v.request_id, v.requester_id, v.provider_id, v.data_kind, CASE WHEN m.reply_is_due AND NOT m.reply_on_time THEN 'reply_overdue' ELSE 'delivery_overdue' END, NULL, NULL
FROM valid AS v
JOIN mart_request AS m ON m.month = $month AND m.request_id = v.request_id
WHERE v.delivered_at IS NULL
  AND (m.reply_is_due AND NOT coalesce(v.replied_at < $period_end, false)
    OR m.delivery_is_due AND v.decision = 'agreed')
ORDER BY 1, 5
