/*
name: mart_usage_month
label: {zh: 每月使用, en: use by month}
marts: {mart_usage_day: [0, 0]}
history: 12
columns:
  - {name: resource_id, type: VARCHAR, zh: 资源标识, en: resource identifier}
  - {name: provider_id, type: VARCHAR, ref: department, zh: 提供部门, en: providing department}
  - {name: consumer_id, type: VARCHAR, ref: department, zh: 使用部门, en: consuming department}
  - {name: scenario_id, type: VARCHAR, zh: 使用场景（无则为空）, en: "scenario, empty where none"}
  - {name: ok_events, type: BIGINT, zh: 成功事件数（不含探测）, en: "events that succeeded, probes left out", unit: event}
  - {name: failed_events, type: BIGINT, zh: 失败事件数（不含探测）, en: "events that failed, probes left out", unit: event}
  - {name: delivered_events, type: BIGINT, zh: 有效送达事件数, en: delivered events, unit: event}
  - {name: exchanges, type: BIGINT, zh: 有效交换数, en: effective exchanges, unit: exchange}
  - {name: exchange_rows, type: BIGINT, unit: row, zh: 有效交换行数, en: rows of the exchanges}
  - {name: exchange_bytes, type: BIGINT, unit: B, zh: 有效交换字节数, en: bytes of the exchanges}
  - {name: first_day, type: DATE, zh: 当月首次有效交换日, en: day of the first exchange in the month}
  - {name: last_day, type: DATE, zh: 当月末次有效交换日, en: day of the last exchange in the month}
*/
SELECT
  resource_id, provider_id, consumer_id, scenario_id,
  sum(ok_events), sum(failed_events), sum(delivered_events), sum(exchanges), sum(exchange_rows), sum(exchange_bytes),
  min(day) FILTER (WHERE exchanges > 0), max(day) FILTER (WHERE exchanges > 0)
FROM mart_usage_day
WHERE month = $month
GROUP BY resource_id, provider_id, consumer_id, scenario_id
ORDER BY resource_id, consumer_id, scenario_id, provider_id
