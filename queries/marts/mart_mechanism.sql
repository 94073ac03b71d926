/*
name: mart_mechanism
label: {zh: 八项保障机制落实情况, en: the eight mechanisms of guarantee at the end of the period}
references: [department, mechanism]
columns:
  - {name: department_id, type: VARCHAR, ref: department, zh: 部门标识, en: department identifier}
  - {name: item_code, type: VARCHAR, zh: 机制项（条例条号）, en: mechanism item (article)}
  - {name: is_in_force, type: BOOLEAN, zh: 是否有效, en: in force}
  - {name: last_exercised_at, type: TIMESTAMP, zh: 最近落实时间, en: last exercised}
  - {name: is_exercised, type: BOOLEAN, zh: 近12个月是否落实, en: exercised within twelve months}
*/
WITH item(item_code) AS (
  VALUES ('10'), ('11'), ('12-13'), ('18'), ('20'), ('26'), ('35'), ('38')
),
known AS (
  SELECT
    department_id, item_code,
    bool_or(in_force_from <= CAST($last_day AS DATE) AND coalesce(in_force_to > CAST($last_day AS DATE), true)) AS is_in_force,
    max(exercised_at) FILTER (WHERE exercised_at < $period_end
      AND in_force_from <= CAST($last_day AS DATE) AND coalesce(in_force_to > CAST($last_day AS DATE), true)) AS last_exercised_at
  FROM mechanism
  GROUP BY department_id, item_code
)
SELECT
  d.department_id, i.item_code, coalesce(k.is_in_force, false), k.last_exercised_at,
  coalesce(k.last_exercised_at >= utc_time(CAST($from_12_months AS DATE), $time_zone), false)
FROM department AS d
CROSS JOIN item AS i
LEFT JOIN known AS k ON k.department_id = d.department_id AND k.item_code = i.item_code
WHERE coalesce(d.valid_from <= CAST($last_day AS DATE), true) AND coalesce(d.valid_to > CAST($month AS DATE), true)
ORDER BY 1, 2
