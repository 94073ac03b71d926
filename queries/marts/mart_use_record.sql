/*
name: mart_use_record
label: {zh: 当月使用的授权、用途、留痕与触发方式, en: "authorization, purpose, trace and trigger of the month's use"}
events: {usage_event: [0, 0]}
references: [authorization, scenario]
columns:
  - {name: consumer_id, type: VARCHAR, ref: department, zh: 使用部门, en: consuming department}
  - {name: provider_id, type: VARCHAR, ref: department, zh: 提供部门, en: providing department}
  - {name: resource_id, type: VARCHAR, zh: 资源标识, en: resource identifier}
  - {name: exchanges, type: BIGINT, zh: 有效交换数, en: effective exchanges, unit: exchange}
  - {name: compliant, type: BIGINT, zh: 其中各项均合规的, en: exchanges in order in every respect, unit: exchange}
  - {name: unauthorized, type: BIGINT, zh: 无有效授权的, en: exchanges without an authorization for this resource and consumer, unit: exchange}
  - {name: out_of_time, type: BIGINT, zh: 超出使用时限的, en: exchanges outside the time of the authorization, unit: exchange}
  - {name: out_of_purpose, type: BIGINT, zh: 与批准的场景或用途不符的, en: exchanges outside the approved scenario or purpose, unit: exchange}
  - {name: untraced, type: BIGINT, zh: 留痕不完整的, en: exchanges without a complete trace, unit: exchange}
  - {name: unprotected, type: BIGINT, zh: 涉及个人信息而缺少依据或未脱敏的, en: exchanges of personal information without basis or masking, unit: exchange}
  - {name: with_matter, type: BIGINT, zh: 随事：载有办件的, en: exchanges that name a matter, unit: exchange}
  - {name: with_person, type: BIGINT, zh: 随人：无办件而有操作人的, en: exchanges that name a person and no matter, unit: exchange}
*/
WITH event AS (
  SELECT
    u.occurred_at, u.provider_id, u.consumer_id, u.resource_id, coalesce(u.scenario_id, '') AS scenario_id,
    local_time(u.occurred_at, $time_zone) AS local_at,
    a.authorization_id IS NULL AS no_authorization,
    coalesce(u.occurred_at < a.valid_from OR u.occurred_at >= a.valid_to, false) AS is_late,
    coalesce(a.scenario_id <> coalesce(u.scenario_id, ''), false)
      OR coalesce(a.purpose <> coalesce(u.purpose, ''), false)
      OR coalesce(s.purpose <> coalesce(u.purpose, ''), false) AS is_off_purpose,
    NOT coalesce(u.trace_complete, false) AS no_trace,
    coalesce(u.is_personal, false) AND (a.legal_basis IS NULL OR NOT coalesce(a.is_masked, false)) AS is_unprotected,
    u.matter_id IS NOT NULL AS has_matter, u.person_key IS NOT NULL AS has_person
  FROM usage_event AS u
  LEFT JOIN "authorization" AS a
    ON a.authorization_id = u.authorization_id AND a.resource_id = u.resource_id AND a.consumer_id = u.consumer_id
  LEFT JOIN scenario AS s ON s.scenario_id = u.scenario_id
  WHERE u.occurred_at >= $period_start AND u.occurred_at < $period_end
    AND u.ok AND NOT coalesce(u.is_probe, false) AND coalesce(u."rows", 1) > 0 AND u.provider_id <> u.consumer_id
),
-- One call that breaks a rule makes the exchange break it.
exchange AS (
  SELECT
    resource_id, consumer_id, scenario_id, occurred_at - (local_at - date_trunc('hour', local_at)) AS hour_start,
    min({'occurred_at': occurred_at, 'provider_id': provider_id}) AS first,
    bool_or(no_authorization) AS no_authorization, bool_or(is_late) AS is_late, bool_or(is_off_purpose) AS is_off_purpose,
    bool_or(no_trace) AS no_trace, bool_or(is_unprotected) AS is_unprotected,
    bool_or(has_matter) AS has_matter, bool_or(has_person) AS has_person
  FROM event
  GROUP BY ALL
)
SELECT
  consumer_id, first.provider_id, resource_id, count(*),
  count(*) FILTER (WHERE NOT (no_authorization OR is_late OR is_off_purpose OR no_trace OR is_unprotected)),
  count(*) FILTER (WHERE no_authorization), count(*) FILTER (WHERE is_late), count(*) FILTER (WHERE is_off_purpose),
  count(*) FILTER (WHERE no_trace), count(*) FILTER (WHERE is_unprotected),
  count(*) FILTER (WHERE has_matter), count(*) FILTER (WHERE has_person AND NOT has_matter)
FROM exchange
GROUP BY ALL
ORDER BY 1, 3, 2
