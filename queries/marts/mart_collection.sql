/*
name: mart_collection
label: {zh: 当月数据采集项, en: data items collected in the month}
events: {data_collection: [0, 0]}
references: [dataset]
columns:
  - {name: collection_id, type: VARCHAR, zh: 采集项标识, en: collection identifier}
  - {name: department_id, type: VARCHAR, ref: department, zh: 采集部门, en: collecting department}
  - {name: title, type: VARCHAR, zh: 采集内容, en: what is collected}
  - {name: same_dataset_id, type: VARCHAR, zh: 内容相同的目录项, en: catalogue item that already holds it}
  - {name: same_department_id, type: VARCHAR, ref: department, zh: 该目录项的提供部门, en: department that shares it}
  - {name: is_duplicate, type: BOOLEAN, zh: 是否重复采集, en: another department already shares it}
*/
SELECT
  c.collection_id, c.department_id, c.title, c.same_dataset_id, d.department_id,
  coalesce(d.department_id <> c.department_id AND coalesce(d.share_attribute, 'U') <> 'N'
    AND coalesce(d.published_at <= c.collected_at, true) AND coalesce(d.retired_at > c.collected_at, true), false)
FROM data_collection AS c
LEFT JOIN dataset AS d ON d.dataset_id = c.same_dataset_id
WHERE c.collected_at >= $period_start AND c.collected_at < $period_end
ORDER BY c.collection_id
