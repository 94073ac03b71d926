/*
name: mart_update
label: {zh: 当月到期的更新周期, en: update slots that end in the month}
events: {update_event: [0, 6]}
references: [dataset, resource, rule_cadence]
marts: {mart_update_state: [-1, 0]}
columns:
  - {name: resource_id, type: VARCHAR, zh: 资源标识, en: resource identifier}
  - {name: department_id, type: VARCHAR, ref: department, zh: 提供部门, en: providing department}
  - {name: data_kind, type: VARCHAR, zh: 数据种类（未分类为空）, en: "kind of data, empty where not classified"}
  - {name: cadence, type: VARCHAR, zh: 承诺更新周期, en: promised update period}
  - {name: slot, type: BIGINT, zh: 第几个周期, en: number of the slot since publication, unit: "1"}
  - {name: slot_start, type: TIMESTAMP, zh: 周期起（不含）, en: "begin of the slot, excluded"}
  - {name: slot_end, type: TIMESTAMP, zh: 周期止（含）, en: "end of the slot, included"}
  - {name: grace_end, type: TIMESTAMP, zh: 宽限止, en: end of the grace after it}
  - {name: met_at, type: TIMESTAMP, zh: 满足该周期的更新时间, en: update that met it}
  - {name: is_met, type: BOOLEAN, zh: 是否按期更新, en: met in the slot or the grace after it}
  - {name: source, type: VARCHAR, zh: 依据, en: "known from: event, or catalogue, a last-updated field", codes: update_source}
*/
WITH known AS (
  SELECT coalesce(bool_or(has_events), false) AS events_are_connected
  FROM mart_update_state
  WHERE month = $month
),
promise AS (
  SELECT
    r.resource_id, r.department_id, coalesce(d.data_kind, '') AS data_kind, d.cadence,
    c.months, c.minutes, c.grace_percent,
    local_time(coalesce(d.published_at, r.mounted_at, s.first_loaded_at), $time_zone) AS anchor,
    r.mounted_at, least(r.retired_at, d.retired_at) AS retired_at,
    s.last_loaded_at, earlier.last_loaded_at AS last_before,
    -- A resource whose updates are known from the catalogue only counts with its newest slot, all that a
    -- last-updated date can prove.
    NOT coalesce(s.has_events, false) AND (coalesce(s.has_catalogue, false) OR NOT k.events_are_connected) AS is_catalogue
  FROM resource AS r
  JOIN dataset AS d ON d.dataset_id = r.dataset_id
  JOIN rule_cadence AS c ON c.cadence = d.cadence AND c.is_regular
  CROSS JOIN known AS k
  LEFT JOIN mart_update_state AS s ON s.month = $month AND s.resource_id = r.resource_id
  LEFT JOIN mart_update_state AS earlier
    ON earlier.month = CAST($month AS DATE) - INTERVAL 1 MONTH AND earlier.resource_id = r.resource_id
),
clock AS (
  SELECT local_time(CAST($period_start AS TIMESTAMP), $time_zone) AS begins, local_time(CAST($period_end AS TIMESTAMP), $time_zone) AS ends
),
-- Slots are counted from publication on the wall clock, months and years by the calendar. The range is taken a
-- little wide and cut by the true ends below.
numbered AS (
  SELECT
    p.*,
    CASE WHEN p.months > 0
      THEN datediff('month', p.anchor, CASE WHEN is_catalogue THEN c.ends ELSE c.begins END) // p.months - 2
      ELSE datesub('minute', p.anchor, CASE WHEN is_catalogue THEN c.ends ELSE c.begins END) // p.minutes - 2 END AS low,
    CASE WHEN p.months > 0
      THEN datediff('month', p.anchor, c.ends) // p.months + 1
      ELSE datesub('minute', p.anchor, c.ends) // p.minutes + 1 END AS high
  FROM promise AS p
  CROSS JOIN clock AS c
  WHERE p.anchor < c.ends
),
walled AS (
  SELECT
    n.*, k AS slot,
    CASE WHEN months > 0 THEN anchor + to_months(CAST((k - 1) * months AS INTEGER)) ELSE anchor + to_minutes((k - 1) * minutes) END AS starts,
    CASE WHEN months > 0 THEN anchor + to_months(CAST(k * months AS INTEGER)) ELSE anchor + to_minutes(k * minutes) END AS stops
  FROM numbered AS n, unnest(range(greatest(low, 1), high + 1)) AS range_of_slots(k)
),
slot AS (
  SELECT
    w.*,
    utc_time(starts, $time_zone) AS slot_start,
    utc_time(stops, $time_zone) AS slot_end,
    utc_time(stops + to_microseconds((epoch_us(stops) - epoch_us(starts)) * grace_percent // 100), $time_zone) AS grace_end
  FROM walled AS w
),
due AS (
  SELECT * FROM slot
  WHERE NOT is_catalogue
    AND slot_end >= CAST($period_start AS TIMESTAMP) AND slot_end < CAST($period_end AS TIMESTAMP) AND grace_end <= CAST($known_until AS TIMESTAMP)
    AND coalesce(mounted_at < slot_end, true) AND coalesce(retired_at >= slot_end, true)
),
met AS (
  SELECT d.resource_id, d.slot, min(u.loaded_at) AS met_at
  FROM due AS d
  JOIN update_event AS u
    ON u.resource_id = d.resource_id AND u.loaded_at > d.slot_start AND u.loaded_at <= d.grace_end
  WHERE coalesce(u.ok, true) AND u.loaded_at >= CAST($period_start AS TIMESTAMP) AND u.loaded_at < CAST($known_until AS TIMESTAMP)
  GROUP BY d.resource_id, d.slot
),
newest AS (
  SELECT * FROM slot
  WHERE is_catalogue AND last_loaded_at IS NOT NULL AND grace_end <= CAST($period_end AS TIMESTAMP)
    AND coalesce(mounted_at < CAST($period_end AS TIMESTAMP), true) AND coalesce(retired_at >= CAST($period_end AS TIMESTAMP), true)
  QUALIFY row_number() OVER (PARTITION BY resource_id ORDER BY slot DESC) = 1
)
SELECT
  d.resource_id, d.department_id, d.data_kind, d.cadence, d.slot, d.slot_start, d.slot_end, d.grace_end,
  CASE WHEN d.last_before > d.slot_start THEN d.last_before ELSE m.met_at END AS met_at,
  coalesce(d.last_before > d.slot_start, false) OR m.met_at IS NOT NULL,
  'event'
FROM due AS d
LEFT JOIN met AS m ON m.resource_id = d.resource_id AND m.slot = d.slot
UNION ALL
SELECT
  resource_id, department_id, data_kind, cadence, slot, slot_start, slot_end, grace_end,
  CASE WHEN last_loaded_at > slot_start THEN last_loaded_at END,
  last_loaded_at > slot_start,
  'catalogue'
FROM newest
ORDER BY 1, 5
