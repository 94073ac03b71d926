/*
name: mart_freshness
label: {zh: 使用时的数据新鲜度, en: freshness of data when used}
events: {usage_event: [0, 0]}
references: [dataset, resource, rule_cadence, rule_shelf_life]
columns:
  - {name: resource_id, type: VARCHAR, zh: 资源标识, en: resource identifier}
  - {name: provider_id, type: VARCHAR, ref: department, zh: 提供部门, en: providing department}
  - {name: data_kind, type: VARCHAR, zh: 数据种类（未分类为空）, en: "kind of data, empty where not classified"}
  - {name: shelf_life_minutes, type: BIGINT, unit: min, zh: 数据保鲜期, en: shelf life}
  - {name: exchanges, type: BIGINT, zh: 有效交换数, en: effective exchanges, unit: exchange}
  - {name: dated_exchanges, type: BIGINT, zh: 其中载有数据基准时间的, en: exchanges that state the date of their data, unit: exchange}
  - {name: remaining_minutes, type: BIGINT, unit: min, zh: 剩余保鲜期之和（不低于零）, en: "shelf life left at the exchanges, summed, none below 0"}
  - {name: age_minutes, type: BIGINT, unit: min, zh: 数据年龄之和（负值计为零）, en: "ages of the data summed, negative ones as 0"}
  - {name: negative_ages, type: BIGINT, zh: 基准时间晚于使用时间的交换数, en: exchanges whose data are dated after their use, unit: exchange}
*/
WITH event AS (
  SELECT
    occurred_at, resource_id, provider_id, consumer_id, coalesce(scenario_id, '') AS scenario_id, data_as_of,
    local_time(occurred_at, $time_zone) AS local_at
  FROM usage_event
  WHERE occurred_at >= $period_start AND occurred_at < $period_end
    AND ok AND NOT coalesce(is_probe, false) AND coalesce("rows", 1) > 0 AND provider_id <> consumer_id
),
-- The date of an exchange is that of its first delivered event that states one.
exchange AS (
  SELECT
    resource_id, consumer_id, scenario_id, occurred_at - (local_at - date_trunc('hour', local_at)) AS hour_start,
    min({'occurred_at': occurred_at, 'provider_id': provider_id}) AS first,
    min({'occurred_at': occurred_at, 'data_as_of': data_as_of}) FILTER (WHERE data_as_of IS NOT NULL) AS dated
  FROM event
  GROUP BY ALL
),
aged AS (
  SELECT
    resource_id, first.provider_id AS provider_id, dated IS NOT NULL AS is_dated, dated.occurred_at < dated.data_as_of AS is_negative,
    CASE WHEN dated.occurred_at >= dated.data_as_of THEN whole_minutes(dated.data_as_of, dated.occurred_at) ELSE 0 END AS age
  FROM exchange
),
kept AS (
  SELECT a.*, coalesce(d.data_kind, '') AS data_kind, coalesce(l.minutes, c.shelf_life_minutes) AS shelf_life
  FROM aged AS a
  LEFT JOIN resource AS r ON r.resource_id = a.resource_id
  LEFT JOIN dataset AS d ON d.dataset_id = r.dataset_id
  LEFT JOIN rule_cadence AS c ON c.cadence = d.cadence
  LEFT JOIN rule_shelf_life AS l ON l.data_kind = d.data_kind
)
SELECT
  resource_id, provider_id, data_kind, shelf_life,
  count(*), count(*) FILTER (WHERE is_dated),
  coalesce(sum(greatest(shelf_life - age, 0)) FILTER (WHERE is_dated), 0),
  coalesce(sum(age) FILTER (WHERE is_dated), 0),
  count(*) FILTER (WHERE is_dated AND is_negative)
FROM kept
GROUP BY resource_id, provider_id, data_kind, shelf_life
ORDER BY resource_id, provider_id
