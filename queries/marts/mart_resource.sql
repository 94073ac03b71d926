/*
name: mart_resource
label: {zh: 月末资源状况, en: state of each resource at the end of the period}
references: [dataset, resource, rule_cadence, rule_shelf_life]
marts: {mart_use_state: [0, 0], mart_update_state: [0, 0]}
columns:
  - {name: resource_id, type: VARCHAR, zh: 资源标识, en: resource identifier}
  - {name: dataset_id, type: VARCHAR, zh: 目录项标识, en: dataset identifier}
  - {name: department_id, type: VARCHAR, ref: department, zh: 提供部门, en: providing department}
  - {name: data_kind, type: VARCHAR, zh: 数据种类（未分类为空）, en: "kind of data, empty where not classified"}
  - {name: title, type: VARCHAR, zh: 名称, en: title}
  - {name: is_shareable, type: BOOLEAN, zh: 是否可共享（无条件或有条件；目录未载明的视为可共享）, en: "may be shared, conditionally or not; counts as shareable where the catalogue is silent"}
  - {name: is_mounted, type: BOOLEAN, zh: 期末是否在架, en: mounted and not retired at the end of the period}
  - {name: was_mounted, type: BOOLEAN, zh: 期初是否在架, en: mounted and not retired at its begin}
  - {name: mounted_at, type: TIMESTAMP, zh: 挂接时间, en: mounted}
  - {name: mounted_days, type: BIGINT, unit: day, zh: 期末已挂接整天数（挂接时间未知为空）, en: "whole days since mounting, empty where that is not known"}
  - {name: stored_bytes, type: BIGINT, unit: B, zh: 存储量, en: stored volume}
  - {name: stored_rows, type: BIGINT, unit: row, zh: 数据量, en: stored rows}
  - {name: cadence, type: VARCHAR, zh: 承诺更新周期, en: promised update period}
  - {name: period_minutes, type: BIGINT, unit: min, zh: 更新周期折合分钟, en: nominal length of the promised period}
  - {name: shelf_life_minutes, type: BIGINT, unit: min, zh: 数据保鲜期, en: shelf life}
  - {name: last_exchange_day, type: DATE, zh: 近365日内末次有效交换日, en: day of the last effective exchange within 365 days}
  - {name: last_data_as_of, type: TIMESTAMP, zh: 最近数据基准时间, en: newest state of the data}
  - {name: protocol_is_standard, type: BOOLEAN, zh: 协议是否符合标准, en: protocol is the platform's standard}
  - {name: metadata_complete, type: BOOLEAN, zh: 元数据是否完整, en: metadata complete}
  - {name: system_id, type: VARCHAR, zh: 承载系统, en: system that serves it}
*/
WITH used AS (
  SELECT resource_id, max(last_day) AS last_exchange_day
  FROM mart_use_state
  WHERE month = $month
  GROUP BY resource_id
)
SELECT
  r.resource_id, r.dataset_id, r.department_id, coalesce(d.data_kind, ''), coalesce(r.title, d.title),
  -- A field left empty must not take a resource out of the count.
  CASE WHEN d.share_attribute IS NULL THEN coalesce(d.open_attribute, '') <> 'closed' ELSE d.share_attribute <> 'N' END,
  coalesce(r.mounted_at < $period_end, true) AND coalesce(least(r.retired_at, d.retired_at) >= $period_end, true),
  coalesce(r.mounted_at < $period_start, true) AND coalesce(least(r.retired_at, d.retired_at) >= $period_start, true),
  r.mounted_at,
  whole_days(local_time(r.mounted_at, $time_zone), local_time(CAST($period_end AS TIMESTAMP), $time_zone)),
  r.bytes, r."rows", d.cadence, c.nominal_minutes, coalesce(l.minutes, c.shelf_life_minutes),
  u.last_exchange_day, s.last_data_as_of, r.protocol_is_standard, r.metadata_complete, r.system_id
FROM resource AS r
LEFT JOIN dataset AS d ON d.dataset_id = r.dataset_id
LEFT JOIN rule_cadence AS c ON c.cadence = d.cadence
LEFT JOIN rule_shelf_life AS l ON l.data_kind = d.data_kind
LEFT JOIN used AS u ON u.resource_id = r.resource_id
LEFT JOIN mart_update_state AS s ON s.month = $month AND s.resource_id = r.resource_id
WHERE coalesce(r.mounted_at < $period_end, true) AND coalesce(least(r.retired_at, d.retired_at) >= $period_start, true)
ORDER BY r.resource_id
