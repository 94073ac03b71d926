/*
name: mart_zero_report
label: {zh: 当月零报告, en: zero reports of the month}
events: {zero_report: [0, 0]}
columns:
  - {name: department_id, type: VARCHAR, ref: department, zh: 部门标识, en: department identifier}
  - {name: day, type: DATE, zh: 日期, en: day}
*/
SELECT DISTINCT department_id, day
FROM zero_report
WHERE day >= CAST($month AS DATE) AND day <= CAST($last_day AS DATE)
ORDER BY 1, 2
