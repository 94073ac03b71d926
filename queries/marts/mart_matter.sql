/*
name: mart_matter
label: {zh: 当月办结的办件, en: matters handled in the month}
events: {matter: [0, 0]}
history: 11
marts: {mart_matter_call: [-3, 0]}
columns:
  - {name: matter_id, type: VARCHAR, zh: 办件标识, en: matter identifier}
  - {name: department_id, type: VARCHAR, ref: department, zh: 办理部门, en: handling department}
  - {name: matter_type, type: VARCHAR, zh: 事项名称, en: type of matter}
  - {name: calls, type: BIGINT, zh: 其间的数据调用次数（含前三个月）, en: delivered data calls in the month and the three before, unit: call}
*/
WITH called AS (
  SELECT matter_id, sum(calls) AS calls
  FROM mart_matter_call
  WHERE month >= CAST($month AS DATE) - INTERVAL 3 MONTH AND month <= CAST($month AS DATE)
  GROUP BY matter_id
)
SELECT m.matter_id, m.department_id, m.matter_type, coalesce(c.calls, 0)
FROM matter AS m
LEFT JOIN called AS c ON c.matter_id = m.matter_id
WHERE m.handled_at >= $period_start AND m.handled_at < $period_end
ORDER BY m.matter_id
