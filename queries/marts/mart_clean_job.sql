/*
name: mart_clean_job
label: {zh: 当月清洗作业, en: cleaning jobs of the month}
events: {clean_job: [0, 0]}
references: [dataset, resource]
columns:
  - {name: job_id, type: VARCHAR, zh: 作业标识, en: job identifier}
  - {name: department_id, type: VARCHAR, ref: department, zh: 作业部门, en: department}
  - {name: resource_id, type: VARCHAR, zh: 资源标识, en: resource identifier}
  - {name: data_kind, type: VARCHAR, zh: 数据种类（未分类为空）, en: "kind of data, empty where not classified"}
  - {name: fields_in, type: BIGINT, zh: 输入字段数, en: fields in, unit: field}
  - {name: fields_kept, type: BIGINT, zh: 保留字段数, en: fields kept, unit: field}
  - {name: keys_in, type: BIGINT, zh: 输入主键数, en: distinct keys in, unit: key}
  - {name: keys_out, type: BIGINT, zh: 输出主键数, en: distinct keys out, unit: key}
  - {name: retention, type: "DECIMAL(38,12)", zh: 细节留存比, en: part of the detail that is kept, unit: "1"}
*/
SELECT
  j.job_id, j.department_id, j.resource_id, coalesce(d.data_kind, ''), j.fields_in, j.fields_kept, j.keys_in, j.keys_out,
  quotient(j.fields_kept * j.keys_out, j.fields_in * j.keys_in)
FROM clean_job AS j
LEFT JOIN resource AS r ON r.resource_id = j.resource_id
LEFT JOIN dataset AS d ON d.dataset_id = r.dataset_id
WHERE j.run_at >= $period_start AND j.run_at < $period_end AND j.fields_in > 0 AND j.keys_in > 0
ORDER BY j.job_id
