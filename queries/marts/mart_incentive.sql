/*
name: mart_incentive
label: {zh: 近12个月应兑现的激励, en: incentives due within twelve months}
events: {incentive: [-11, 0]}
columns:
  - {name: incentive_id, type: VARCHAR, zh: 激励标识, en: incentive identifier}
  - {name: department_id, type: VARCHAR, ref: department, zh: 部门标识, en: department identifier}
  - {name: rule, type: VARCHAR, zh: 激励规则, en: rule}
  - {name: due_at, type: TIMESTAMP, zh: 应兑现时间, en: due}
  - {name: granted_at, type: TIMESTAMP, zh: 兑现时间, en: granted}
  - {name: is_granted, type: BOOLEAN, zh: 期末是否已兑现, en: granted by the end of the period}
*/
SELECT incentive_id, department_id, rule, due_at, granted_at, coalesce(granted_at < $period_end, false)
FROM incentive
WHERE due_at >= utc_time(CAST($from_12_months AS DATE), $time_zone) AND due_at < CAST($period_end AS TIMESTAMP)
ORDER BY incentive_id
