/*
name: mart_link
label: {zh: 当月关联比对, en: linking of records in the month}
events: {link_run: [0, 0]}
columns:
  - {name: department_id, type: VARCHAR, ref: department, zh: 作业部门, en: department}
  - {name: resource_id, type: VARCHAR, zh: 资源标识（未载明为空）, en: "resource, empty where not stated"}
  - {name: runs, type: BIGINT, zh: 作业数, en: runs, unit: run}
  - {name: attempted, type: BIGINT, unit: record, zh: 应关联记录数, en: records to link}
  - {name: matched, type: BIGINT, unit: record, zh: 关联成功记录数, en: records linked}
  - {name: attributes_compared, type: BIGINT, zh: 比对属性数, en: attributes compared, unit: attribute}
  - {name: attributes_agreeing, type: BIGINT, zh: 一致属性数, en: attributes that agree, unit: attribute}
*/
SELECT department_id, coalesce(resource_id, ''), count(*), sum(attempted), sum(matched), sum(attributes_compared), sum(attributes_agreeing)
FROM link_run
WHERE run_at >= $period_start AND run_at < $period_end
GROUP BY ALL
ORDER BY 1, 2
