/*
name: mart_request
label: {zh: 当月到期的共享申请, en: requests whose reply or delivery falls due in the month}
events: {request: [-12, 0]}
references: [dataset, resource, working_day, rule_time_limit]
history: 11
columns:
  - {name: request_id, type: VARCHAR, zh: 申请标识, en: request identifier}
  - {name: requester_id, type: VARCHAR, ref: department, zh: 申请部门, en: requesting department}
  - {name: provider_id, type: VARCHAR, ref: department, zh: 提供部门, en: providing department}
  - {name: dataset_id, type: VARCHAR, zh: 目录项标识, en: dataset identifier}
  - {name: resource_id, type: VARCHAR, zh: 资源标识, en: resource identifier}
  - {name: data_kind, type: VARCHAR, zh: 数据种类（未分类为空）, en: "kind of data, empty where not classified"}
  - {name: share_attribute, type: VARCHAR, zh: 共享属性, en: sharing class, codes: share_attribute}
  - {name: start_day, type: DATE, zh: 答复期限起算日（补正后为重新提交日）, en: "day from which the reply is due, that of the resubmission where there is one"}
  - {name: limit_days, type: BIGINT, unit: working day, zh: 答复期限, en: limit of the reply}
  - {name: extension_days, type: BIGINT, unit: working day, zh: 有效延长（已批准且已告知）, en: "extension that counts: approved and notified"}
  - {name: reply_due_day, type: DATE, zh: 答复到期日, en: last day of the reply}
  - {name: replied_day, type: DATE, zh: 答复日, en: day of the reply}
  - {name: decision, type: VARCHAR, zh: 答复结果, en: decision, codes: decision}
  - {name: reply_is_due, type: BOOLEAN, zh: 答复是否计入当月, en: the reply counts in this month}
  - {name: reply_on_time, type: BOOLEAN, zh: 是否按期答复, en: replied on time}
  - {name: delivery_due_day, type: DATE, zh: 提供到期日, en: last day of the delivery}
  - {name: delivered_day, type: DATE, zh: 首次有效提供日, en: day of the first working delivery}
  - {name: delivery_is_due, type: BOOLEAN, zh: 提供是否计入当月, en: the delivery counts in this month}
  - {name: delivered_on_time, type: BOOLEAN, zh: 是否按期提供, en: delivered on time}
  - {name: was_delivered, type: BOOLEAN, zh: 是否当月提供, en: delivered in the month}
  - {name: cycle_days, type: BIGINT, unit: working day, zh: 自首次提交至提供的工作日数, en: working days from first handing in to delivery}
  - {name: due_is_unknown, type: BOOLEAN, zh: 到期日超出工作日历, en: the due day lies beyond the working-day calendar}
*/
WITH known AS (
  -- What is dated after the as-of instant has not happened yet.
  SELECT
    q.request_id, q.requester_id, q.provider_id, q.dataset_id, q.resource_id, q.decision, q.extension_days,
    coalesce(q.share_attribute, d.share_attribute, 'C') AS share_attribute,
    coalesce(d.data_kind, '') AS data_kind,
    local_day(q.submitted_at, $time_zone) AS submitted_day,
    coalesce(q.delivered_at >= $period_start AND q.delivered_at < $period_end, false) AS was_delivered,
    local_day(CASE WHEN $resubmission_restarts AND q.resubmitted_at >= q.submitted_at AND q.resubmitted_at < $known_until
      THEN q.resubmitted_at ELSE q.submitted_at END, $time_zone) AS start_day,
    local_day(CASE WHEN q.replied_at < $known_until THEN q.replied_at END, $time_zone) AS replied_day,
    local_day(CASE WHEN q.delivered_at < $known_until THEN q.delivered_at END, $time_zone) AS delivered_day,
    local_day(CASE WHEN q.withdrawn_at < $known_until THEN q.withdrawn_at END, $time_zone) AS withdrawn_day,
    coalesce(q.extension_approved_at < $known_until AND q.extension_notified_at < $known_until, false) AS is_extended
  FROM request AS q
  LEFT JOIN resource AS r ON r.resource_id = q.resource_id
  LEFT JOIN dataset AS d ON d.dataset_id = coalesce(q.dataset_id, r.dataset_id)
  WHERE q.submitted_at >= $history_12 AND q.submitted_at < $period_end
),
reply AS (
  SELECT
    k.*, l.days AS limit_days,
    CASE WHEN is_extended THEN least(greatest(coalesce(k.extension_days, 0), 0), l.maximum_extension) ELSE 0 END AS extension
  FROM known AS k
  LEFT JOIN rule_time_limit AS l
    ON l.rule = CASE k.share_attribute WHEN 'U' THEN 'reply_unconditional' WHEN 'C' THEN 'reply_conditional' END
    AND k.start_day >= l.effective_from AND k.start_day < l.effective_to
),
clocked AS (
  SELECT
    p.*, reply_due.day AS reply_due_day, delivery_due.day AS delivery_due_day,
    CASE WHEN p.was_delivered THEN done.ordinal - submitted.ordinal END AS cycle_days,
    p.limit_days IS NOT NULL AND reply_due.day IS NULL
      OR delivery.days IS NOT NULL AND p.decision = 'agreed' AND p.replied_day IS NOT NULL AND delivery_due.day IS NULL AS due_is_unknown
  FROM reply AS p
  LEFT JOIN working_day AS started ON started.day = p.start_day
  LEFT JOIN working_day AS reply_due ON reply_due.is_working AND reply_due.ordinal = started.ordinal + p.limit_days + p.extension
  LEFT JOIN rule_time_limit AS delivery
    ON delivery.rule = 'delivery' AND p.replied_day >= delivery.effective_from AND p.replied_day < delivery.effective_to
  LEFT JOIN working_day AS submitted ON submitted.day = p.submitted_day
  LEFT JOIN working_day AS done ON done.day = p.delivered_day
  LEFT JOIN working_day AS agreed ON agreed.day = p.replied_day AND p.decision = 'agreed'
  LEFT JOIN working_day AS delivery_due ON delivery_due.is_working AND delivery_due.ordinal = agreed.ordinal + delivery.days
),
judged AS (
  SELECT
    c.*,
    -- A due day lasts until 24:00. A request withdrawn before that is out of the count.
    coalesce(reply_due_day >= CAST($month AS DATE) AND utc_time(reply_due_day + INTERVAL 1 DAY, $time_zone) <= CAST($period_end AS TIMESTAMP)
      AND NOT coalesce(withdrawn_day <= reply_due_day, false), false) AS reply_is_due,
    coalesce(delivery_due_day >= CAST($month AS DATE) AND utc_time(delivery_due_day + INTERVAL 1 DAY, $time_zone) <= CAST($period_end AS TIMESTAMP)
      AND NOT coalesce(withdrawn_day <= delivery_due_day, false), false) AS delivery_is_due
  FROM clocked AS c
)
SELECT
  request_id, requester_id, provider_id, dataset_id, resource_id, data_kind, share_attribute,
  start_day, limit_days, extension, reply_due_day, replied_day, decision,
  reply_is_due, coalesce(replied_day <= reply_due_day, false),
  delivery_due_day, delivered_day, delivery_is_due, coalesce(delivered_day <= delivery_due_day, false),
  was_delivered, cycle_days, due_is_unknown
FROM judged
WHERE reply_is_due OR delivery_is_due OR was_delivered OR due_is_unknown
ORDER BY request_id
