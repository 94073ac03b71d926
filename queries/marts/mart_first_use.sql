/*
name: mart_first_use
label: {zh: 资源首次被使用日, en: day on which each resource was first used by another department}
marts: {mart_usage_month: [-12, 0]}
chain: true
columns:
  - {name: resource_id, type: VARCHAR, zh: 资源标识, en: resource identifier}
  - {name: first_day, type: DATE, zh: 首次有效交换日, en: day of the first effective exchange}
*/
SELECT resource_id, min(first_day)
FROM (
  SELECT resource_id, first_day
  FROM mart_usage_month
  WHERE month >= CAST($chain_from_month AS DATE) AND month <= CAST($month AS DATE) AND first_day IS NOT NULL
  UNION ALL
  SELECT resource_id, first_day
  FROM mart_first_use
  WHERE month = CAST($chain_month AS DATE)
) AS used
GROUP BY resource_id
ORDER BY resource_id
