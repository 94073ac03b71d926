/*
name: mart_matter_call
label: {zh: 当月有数据调用的办件, en: matters for which data of another department were delivered}
events: {usage_event: [0, 0]}
columns:
  - {name: matter_id, type: VARCHAR, zh: 办件标识, en: matter identifier}
  - {name: calls, type: BIGINT, zh: 有效送达次数, en: delivered events, unit: call}
*/
SELECT matter_id, count(*)
FROM usage_event
WHERE occurred_at >= $period_start AND occurred_at < $period_end AND matter_id IS NOT NULL
  AND ok AND NOT coalesce(is_probe, false) AND coalesce("rows", 1) > 0 AND provider_id <> consumer_id
GROUP BY matter_id
ORDER BY matter_id
