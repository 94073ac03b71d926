/*
name: mart_release_state
label: {zh: 系统最近版本, en: newest release of each system}
events: {system_release: [0, 0]}
chain: true
columns:
  - {name: system_id, type: VARCHAR, zh: 系统标识, en: system identifier}
  - {name: last_released_at, type: TIMESTAMP, zh: 最近发布时间, en: last release}
*/
SELECT system_id, max(last_released_at)
FROM (
  SELECT system_id, released_at AS last_released_at
  FROM system_release
  WHERE released_at >= CAST($chain_start AS TIMESTAMP) AND released_at < CAST($period_end AS TIMESTAMP)
  UNION ALL
  SELECT system_id, last_released_at
  FROM mart_release_state
  WHERE month = CAST($chain_month AS DATE)
) AS known
GROUP BY system_id
ORDER BY system_id
