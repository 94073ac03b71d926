/*
name: mart_assessment
label: {zh: 近12个月应采取措施的绩效评价, en: assessments within twelve months whose grade asks for action}
events: {assessment: [-11, 0]}
columns:
  - {name: assessment_id, type: VARCHAR, zh: 评价标识, en: assessment identifier}
  - {name: department_id, type: VARCHAR, ref: department, zh: 部门标识, en: department identifier}
  - {name: project_id, type: VARCHAR, zh: 项目标识, en: project identifier}
  - {name: fiscal_year, type: BIGINT, zh: 预算年度, en: fiscal year, unit: year}
  - {name: grade, type: VARCHAR, zh: 评价等级, en: grade, codes: grade}
  - {name: assessed_at, type: TIMESTAMP, zh: 评价时间, en: assessed}
  - {name: action, type: VARCHAR, zh: 预算或整改措施, en: budget or rectification action}
  - {name: action_recorded_at, type: TIMESTAMP, zh: 措施登记时间, en: action recorded}
  - {name: is_applied, type: BOOLEAN, zh: 期末是否已登记措施, en: an action was recorded by the end of the period}
*/
SELECT
  assessment_id, department_id, project_id, fiscal_year, grade, assessed_at, action, action_recorded_at,
  coalesce(action_recorded_at < $period_end, false)
FROM assessment
WHERE requires_action AND assessed_at >= utc_time(CAST($from_12_months AS DATE), $time_zone) AND assessed_at < CAST($period_end AS TIMESTAMP)
ORDER BY assessment_id
