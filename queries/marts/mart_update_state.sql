/*
name: mart_update_state
label: {zh: 资源最近更新状态, en: what is known of a resource's updates so far}
events: {update_event: [0, 0]}
chain: true
columns:
  - {name: resource_id, type: VARCHAR, zh: 资源标识, en: resource identifier}
  - {name: first_loaded_at, type: TIMESTAMP, zh: 首次更新入库时间, en: first update loaded}
  - {name: last_loaded_at, type: TIMESTAMP, zh: 最近更新入库时间, en: last update loaded}
  - {name: last_data_as_of, type: TIMESTAMP, zh: 最近数据基准时间, en: newest state of the data}
  - {name: has_events, type: BOOLEAN, zh: 是否有更新事件记录, en: some update is known from an event}
  - {name: has_catalogue, type: BOOLEAN, zh: 是否有目录所载更新日期, en: some update is known from a catalogue's last-updated field}
*/
SELECT resource_id, min(first_loaded_at), max(last_loaded_at), max(last_data_as_of), bool_or(has_events), bool_or(has_catalogue)
FROM (
  SELECT
    resource_id, loaded_at AS first_loaded_at, loaded_at AS last_loaded_at,
    coalesce(data_as_of, loaded_at) AS last_data_as_of,
    coalesce(source, 'event') = 'event' AS has_events,
    coalesce(source, 'event') = 'catalogue' AS has_catalogue
  FROM update_event
  WHERE loaded_at >= CAST($chain_start AS TIMESTAMP) AND loaded_at < CAST($period_end AS TIMESTAMP) AND coalesce(ok, true)
  UNION ALL
  SELECT resource_id, first_loaded_at, last_loaded_at, last_data_as_of, has_events, has_catalogue
  FROM mart_update_state
  WHERE month = CAST($chain_month AS DATE)
) AS known
GROUP BY resource_id
ORDER BY resource_id
