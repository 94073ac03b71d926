/*
name: mart_quality
label: {zh: 当月质量核验, en: quality checks of the month}
events: {quality_check: [0, 0]}
references: [dataset, resource]
columns:
  - {name: resource_id, type: VARCHAR, zh: 资源标识, en: resource identifier}
  - {name: department_id, type: VARCHAR, ref: department, zh: 提供部门, en: providing department}
  - {name: data_kind, type: VARCHAR, zh: 数据种类（未分类为空）, en: "kind of data, empty where not classified"}
  - {name: quality_dimension, type: VARCHAR, zh: GB/T 36344 一级指标代码, en: dimension of GB/T 36344}
  - {name: standard_code, type: VARCHAR, zh: GB/T 36344 指标代码, en: measure of GB/T 36344}
  - {name: checks, type: BIGINT, zh: 核验次数, en: checks, unit: check}
  - {name: checked, type: BIGINT, unit: element, zh: 核验元素数, en: elements checked}
  - {name: passed, type: BIGINT, unit: element, zh: 符合元素数, en: elements that met the rule}
*/
SELECT q.resource_id, r.department_id, coalesce(d.data_kind, ''), left(q.standard_code, 2), q.standard_code, count(*), sum(q.checked), sum(q.passed)
FROM quality_check AS q
JOIN resource AS r ON r.resource_id = q.resource_id
LEFT JOIN dataset AS d ON d.dataset_id = r.dataset_id
WHERE q.run_at >= $period_start AND q.run_at < $period_end AND q.checked > 0
GROUP BY ALL
ORDER BY 1, 5
