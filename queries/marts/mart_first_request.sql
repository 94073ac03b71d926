/*
name: mart_first_request
label: {zh: 目录项首次被申请时间, en: when each dataset was first asked for}
events: {request: [0, 0]}
references: [resource]
chain: true
columns:
  - {name: dataset_id, type: VARCHAR, zh: 目录项标识, en: dataset identifier}
  - {name: first_submitted_at, type: TIMESTAMP, zh: 首次提交申请时间, en: first request handed in}
  - {name: requests, type: BIGINT, zh: 累计申请数, en: requests so far, unit: request}
*/
SELECT dataset_id, min(first_submitted_at), sum(requests)
FROM (
  SELECT coalesce(q.dataset_id, r.dataset_id) AS dataset_id, q.submitted_at AS first_submitted_at, 1 AS requests
  FROM request AS q
  LEFT JOIN resource AS r ON r.resource_id = q.resource_id
  WHERE q.submitted_at >= CAST($chain_start AS TIMESTAMP) AND q.submitted_at < CAST($period_end AS TIMESTAMP)
  UNION ALL
  SELECT dataset_id, first_submitted_at, requests
  FROM mart_first_request
  WHERE month = CAST($chain_month AS DATE)
) AS asked
WHERE dataset_id IS NOT NULL
GROUP BY dataset_id
ORDER BY dataset_id
