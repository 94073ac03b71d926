/*
name: mart_check_state
label: {zh: 资源最近核验状态, en: when each resource was last checked}
events: {quality_check: [0, 0]}
chain: true
columns:
  - {name: resource_id, type: VARCHAR, zh: 资源标识, en: resource identifier}
  - {name: last_online_at, type: TIMESTAMP, zh: 最近线上核验时间, en: last online check}
  - {name: last_signed_at, type: TIMESTAMP, zh: 最近线下签字核验时间, en: last offline check with a signature}
*/
SELECT resource_id, max(last_online_at), max(last_signed_at)
FROM (
  SELECT
    resource_id,
    CASE WHEN mode = 'online' THEN run_at END AS last_online_at,
    CASE WHEN mode = 'offline' AND signed_by IS NOT NULL THEN run_at END AS last_signed_at
  FROM quality_check
  WHERE run_at >= CAST($chain_start AS TIMESTAMP) AND run_at < CAST($period_end AS TIMESTAMP)
  UNION ALL
  SELECT resource_id, last_online_at, last_signed_at
  FROM mart_check_state
  WHERE month = CAST($chain_month AS DATE)
) AS known
GROUP BY resource_id
ORDER BY resource_id
