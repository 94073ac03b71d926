/*
name: mart_dataset
label: {zh: 月末目录项状况, en: state of each catalogue item at the end of the period}
references: [dataset, resource]
columns:
  - {name: dataset_id, type: VARCHAR, zh: 目录项标识, en: dataset identifier}
  - {name: department_id, type: VARCHAR, ref: department, zh: 提供部门, en: providing department}
  - {name: data_kind, type: VARCHAR, zh: 数据种类（未分类为空）, en: "kind of data, empty where not classified"}
  - {name: title, type: VARCHAR, zh: 名称, en: title}
  - {name: is_shareable, type: BOOLEAN, zh: 是否可共享, en: may be shared}
  - {name: resources, type: BIGINT, zh: 期末在架资源数, en: resources mounted at the end of the period, unit: resource}
*/
SELECT
  d.dataset_id, d.department_id, coalesce(d.data_kind, ''), d.title,
  CASE WHEN d.share_attribute IS NULL THEN coalesce(d.open_attribute, '') <> 'closed' ELSE d.share_attribute <> 'N' END,
  count(r.resource_id)
FROM dataset AS d
LEFT JOIN resource AS r
  ON r.dataset_id = d.dataset_id AND coalesce(r.mounted_at < $period_end, true) AND coalesce(r.retired_at >= $period_end, true)
WHERE coalesce(d.published_at < $period_end, true) AND coalesce(d.retired_at >= $period_end, true)
GROUP BY ALL
ORDER BY d.dataset_id
