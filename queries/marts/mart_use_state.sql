/*
name: mart_use_state
label: {zh: 近365日使用关系, en: who used what within 365 days}
marts: {mart_usage_month: [-12, 0]}
chain: true
columns:
  - {name: resource_id, type: VARCHAR, zh: 资源标识, en: resource identifier}
  - {name: provider_id, type: VARCHAR, ref: department, zh: 提供部门, en: providing department}
  - {name: consumer_id, type: VARCHAR, ref: department, zh: 使用部门, en: consuming department}
  - {name: scenario_id, type: VARCHAR, zh: 使用场景（无则为空）, en: "scenario, empty where none"}
  - {name: last_day, type: DATE, zh: 末次有效交换日, en: day of the last effective exchange}
*/
SELECT resource_id, provider_id, consumer_id, scenario_id, max(last_day)
FROM (
  SELECT resource_id, provider_id, consumer_id, scenario_id, last_day
  FROM mart_usage_month
  WHERE month >= CAST($chain_from_month AS DATE) AND month <= CAST($month AS DATE)
  UNION ALL
  SELECT resource_id, provider_id, consumer_id, scenario_id, last_day
  FROM mart_use_state
  WHERE month = CAST($chain_month AS DATE)
) AS used
WHERE last_day >= CAST($from_365 AS DATE)
GROUP BY resource_id, provider_id, consumer_id, scenario_id
ORDER BY resource_id, consumer_id, scenario_id, provider_id
