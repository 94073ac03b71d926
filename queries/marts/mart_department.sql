/*
name: mart_department
label: {zh: 当月部门及其角色, en: departments in being and the parts they play}
events: {request: [-12, 0]}
references: [department, dataset, resource]
marts: {mart_use_state: [0, 0]}
columns:
  - {name: department_id, type: VARCHAR, zh: 部门标识, en: department identifier}
  - {name: line_code, type: VARCHAR, zh: 条线代码, en: line of ministries or territory}
  - {name: system_type, type: VARCHAR, zh: 系统类型, en: vertical or territorial, codes: system_type}
  - {name: level, type: VARCHAR, zh: 层级, en: level of government, codes: level}
  - {name: class, type: VARCHAR, zh: 部门类别, en: department class}
  - {name: is_bureau, type: BOOLEAN, zh: 是否数据主管部门, en: is the authority in charge}
  - {name: is_provider, type: BOOLEAN, zh: 是否提供方（有在册目录项或资源，或近一年被申请、被使用）, en: "provides data: has datasets or resources, or was asked or used within a year"}
  - {name: is_demander, type: BOOLEAN, zh: 是否需求方（近一年申请过或使用过）, en: "asks for data: requested or used some within a year"}
*/
WITH asked AS (
  SELECT requester_id, provider_id
  FROM request
  WHERE submitted_at >= $history_12 AND submitted_at < $period_end AND local_day(submitted_at, $time_zone) >= CAST($from_365 AS DATE)
),
provider AS (
  SELECT department_id FROM dataset
  WHERE coalesce(published_at < $period_end, true) AND coalesce(retired_at >= $period_start, true)
  UNION
  SELECT department_id FROM resource
  WHERE coalesce(mounted_at < $period_end, true) AND coalesce(retired_at >= $period_start, true)
  UNION
  SELECT provider_id FROM mart_use_state WHERE month = $month
  UNION
  SELECT provider_id FROM asked
),
demander AS (
  SELECT consumer_id AS department_id FROM mart_use_state WHERE month = $month
  UNION
  SELECT requester_id FROM asked
)
SELECT
  department_id, line_code, system_type, level, class, coalesce(is_bureau, false),
  department_id IN (SELECT department_id FROM provider),
  department_id IN (SELECT department_id FROM demander)
FROM department
WHERE coalesce(valid_from <= CAST($last_day AS DATE), true) AND coalesce(valid_to > CAST($month AS DATE), true)
ORDER BY department_id
