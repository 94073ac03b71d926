/*
name: mart_usage_day
label: {zh: 每日使用, en: use by day}
events: {usage_event: [0, 0]}
columns:
  - {name: day, type: DATE, zh: 日期, en: day}
  - {name: resource_id, type: VARCHAR, zh: 资源标识, en: resource identifier}
  - {name: provider_id, type: VARCHAR, ref: department, zh: 提供部门, en: providing department}
  - {name: consumer_id, type: VARCHAR, ref: department, zh: 使用部门, en: consuming department}
  - {name: scenario_id, type: VARCHAR, zh: 使用场景（无则为空）, en: "scenario, empty where none"}
  - {name: channel, type: VARCHAR, zh: 共享方式（未知为空）, en: "way of sharing, empty where not known", codes: channel}
  - {name: events, type: BIGINT, zh: 全部事件数, en: all events, unit: event}
  - {name: ok_events, type: BIGINT, zh: 成功事件数（不含探测）, en: "events that succeeded, probes left out", unit: event}
  - {name: failed_events, type: BIGINT, zh: 失败事件数（不含探测）, en: "events that failed, probes left out", unit: event}
  - {name: empty_events, type: BIGINT, zh: 成功但返回零行的事件数, en: events that succeeded with no rows, unit: event}
  - {name: delivered_events, type: BIGINT, zh: 有效送达事件数（成功且行数未知或大于零，不含探测）, en: "delivered events: succeeded, rows unknown or above 0, no probe", unit: event}
  - {name: self_events, type: BIGINT, zh: 其中部门自用的送达事件数, en: delivered events of a department to itself, unit: event}
  - {name: probe_events, type: BIGINT, zh: 探测事件数, en: probes, unit: event}
  - {name: exchanges, type: BIGINT, zh: 有效交换数（跨部门；同部门同资源同场景同一钟点只计一次）, en: "effective exchanges: across departments, once for each consumer, resource, scenario and clock hour", unit: exchange}
  - {name: exchange_rows, type: BIGINT, unit: row, zh: 有效交换行数（每次交换取最大一次）, en: "rows of the exchanges, of each its largest delivery"}
  - {name: exchange_bytes, type: BIGINT, unit: B, zh: 有效交换字节数（每次交换取最大一次）, en: "bytes of the exchanges, of each its largest delivery"}
  - {name: robot_events, type: BIGINT, zh: 同一钟点内不少于100次的送达事件数, en: delivered events of exchanges that hold 100 or more of them, unit: event}
*/
WITH event AS (
  SELECT
    occurred_at, resource_id, provider_id, consumer_id,
    coalesce(scenario_id, '') AS scenario_id,
    coalesce(channel, '') AS channel,
    local_time(occurred_at, $time_zone) AS local_at,
    ok, coalesce(is_probe, false) AS is_probe, "rows", bytes,
    ok AND NOT coalesce(is_probe, false) AND coalesce("rows", 1) > 0 AS is_delivered
  FROM usage_event
  WHERE occurred_at >= $period_start AND occurred_at < $period_end
),
-- An exchange belongs to the department and the way of sharing of its first delivered event. The hour is kept as
-- the instant at which it began, so that the hour repeated in autumn is not taken for the one before.
exchange AS (
  SELECT
    CAST(local_at AS DATE) AS day, resource_id, consumer_id, scenario_id,
    occurred_at - (local_at - date_trunc('hour', local_at)) AS hour_start,
    min({'occurred_at': occurred_at, 'provider_id': provider_id, 'channel': channel}) AS first,
    max("rows") AS exchange_rows, max(bytes) AS exchange_bytes, count(*) AS delivered
  FROM event
  WHERE is_delivered AND provider_id <> consumer_id
  GROUP BY ALL
),
part AS (
  SELECT
    CAST(local_at AS DATE) AS day, resource_id, provider_id, consumer_id, scenario_id, channel,
    count(*) AS events,
    count(*) FILTER (WHERE ok AND NOT is_probe) AS ok_events,
    count(*) FILTER (WHERE NOT ok AND NOT is_probe) AS failed_events,
    count(*) FILTER (WHERE ok AND NOT is_probe AND "rows" = 0) AS empty_events,
    count(*) FILTER (WHERE is_delivered) AS delivered_events,
    count(*) FILTER (WHERE is_delivered AND provider_id = consumer_id) AS self_events,
    count(*) FILTER (WHERE is_probe) AS probe_events,
    0 AS exchanges, 0 AS exchange_rows, 0 AS exchange_bytes, 0 AS robot_events
  FROM event
  GROUP BY ALL
  UNION ALL
  SELECT
    day, resource_id, first.provider_id, consumer_id, scenario_id, first.channel,
    0, 0, 0, 0, 0, 0, 0,
    count(*), coalesce(sum(exchange_rows), 0), coalesce(sum(exchange_bytes), 0),
    coalesce(sum(delivered) FILTER (WHERE delivered >= 100), 0)
  FROM exchange
  GROUP BY ALL
)
SELECT
  day, resource_id, provider_id, consumer_id, scenario_id, channel,
  sum(events), sum(ok_events), sum(failed_events), sum(empty_events), sum(delivered_events), sum(self_events),
  sum(probe_events), sum(exchanges), sum(exchange_rows), sum(exchange_bytes), sum(robot_events)
FROM part
GROUP BY day, resource_id, provider_id, consumer_id, scenario_id, channel
ORDER BY day, resource_id, consumer_id, scenario_id, channel, provider_id
