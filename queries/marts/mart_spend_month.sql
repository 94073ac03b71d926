/*
name: mart_spend_month
label: {zh: 每月支出, en: spending by month}
events: {spend: [0, 0]}
history: -1
columns:
  - {name: department_id, type: VARCHAR, ref: department, zh: 部门标识, en: department identifier}
  - {name: project_id, type: VARCHAR, zh: 项目标识（无则为空）, en: "project, empty where none"}
  - {name: fiscal_year, type: BIGINT, zh: 预算年度, en: fiscal year charged, unit: year}
  - {name: category, type: VARCHAR, zh: 支出类别, en: category, codes: spend_category}
  - {name: service_life_months, type: BIGINT, unit: month, zh: 资本性支出的使用月数（非资本性为空）, en: "service life of capital spending, empty for other spending"}
  - {name: amount, type: "DECIMAL(38,2)", unit: CNY, zh: 金额, en: amount}
  - {name: payments, type: BIGINT, zh: 支付笔数, en: payments, unit: payment}
*/
SELECT department_id, coalesce(project_id, ''), fiscal_year, category, service_life_months, sum(amount), count(*)
FROM spend
WHERE paid_at >= $period_start AND paid_at < $period_end
GROUP BY ALL
ORDER BY ALL
