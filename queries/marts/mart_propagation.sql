/*
name: mart_propagation
label: {zh: 当月新版本到达订阅部门的时滞, en: how long new versions loaded in the month took to reach their subscribers}
events: {update_event: [0, 0], usage_event: [0, 0]}
references: [dataset, resource, subscription, rule_cadence]
columns:
  - {name: resource_id, type: VARCHAR, zh: 资源标识, en: resource identifier}
  - {name: department_id, type: VARCHAR, ref: department, zh: 提供部门, en: providing department}
  - {name: consumer_id, type: VARCHAR, ref: department, zh: 订阅部门, en: subscribing department}
  - {name: loaded_at, type: TIMESTAMP, zh: 新版本入库时间, en: new version loaded}
  - {name: received_at, type: TIMESTAMP, zh: 订阅部门首次取得时间, en: first receipt by the subscriber}
  - {name: waited_minutes, type: BIGINT, unit: min, zh: 至取得（未取得则至期末）的分钟数, en: "minutes until the receipt, or until the end of the period where there is none"}
  - {name: period_minutes, type: BIGINT, unit: min, zh: 更新周期折合分钟, en: nominal length of the promised period}
*/
WITH version AS (
  SELECT u.resource_id, r.department_id, s.consumer_id, u.loaded_at, coalesce(u.data_as_of, u.loaded_at) AS data_as_of, c.nominal_minutes
  FROM update_event AS u
  JOIN resource AS r ON r.resource_id = u.resource_id
  JOIN dataset AS d ON d.dataset_id = r.dataset_id
  JOIN rule_cadence AS c ON c.cadence = d.cadence AND c.is_regular
  JOIN subscription AS s
    ON s.resource_id = u.resource_id AND s.valid_from <= u.loaded_at AND coalesce(s.valid_to > u.loaded_at, true)
  WHERE u.loaded_at >= $period_start AND u.loaded_at < $period_end AND coalesce(u.ok, true) AND coalesce(u.source, 'event') = 'event'
    AND s.consumer_id <> r.department_id
),
receipt AS (
  SELECT e.resource_id, e.consumer_id, e.occurred_at, e.data_as_of
  FROM usage_event AS e
  WHERE e.occurred_at >= $period_start AND e.occurred_at < $period_end AND e.data_as_of IS NOT NULL
    AND e.ok AND NOT coalesce(e.is_probe, false) AND coalesce(e."rows", 1) > 0 AND e.provider_id <> e.consumer_id
    AND e.resource_id IN (SELECT resource_id FROM version)
),
met AS (
  SELECT v.resource_id, v.consumer_id, v.loaded_at, min(r.occurred_at) AS received_at
  FROM version AS v
  JOIN receipt AS r
    ON r.resource_id = v.resource_id AND r.consumer_id = v.consumer_id AND r.occurred_at >= v.loaded_at AND r.data_as_of >= v.data_as_of
  GROUP BY v.resource_id, v.consumer_id, v.loaded_at
)
SELECT DISTINCT
  v.resource_id, v.department_id, v.consumer_id, v.loaded_at, m.received_at,
  whole_minutes(v.loaded_at, coalesce(m.received_at, CAST($period_end AS TIMESTAMP))), v.nominal_minutes
FROM version AS v
LEFT JOIN met AS m ON m.resource_id = v.resource_id AND m.consumer_id = v.consumer_id AND m.loaded_at = v.loaded_at
ORDER BY 1, 3, 4
