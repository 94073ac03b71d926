/*
name: mart_survey
label: {zh: 当月满意度评价, en: ratings sent or given in the month}
events: {survey: [-12, 0]}
columns:
  - {name: survey_id, type: VARCHAR, zh: 评价标识, en: survey identifier}
  - {name: department_id, type: VARCHAR, ref: department, zh: 被评部门, en: rated department}
  - {name: rater_id, type: VARCHAR, ref: department, zh: 评价部门, en: rating department}
  - {name: request_id, type: VARCHAR, zh: 申请标识, en: request rated}
  - {name: was_sent, type: BOOLEAN, zh: 当月发出, en: sent in the month}
  - {name: was_rated, type: BOOLEAN, zh: 当月评价, en: rated in the month}
  - {name: score, type: "DECIMAL(18,2)", unit: point, zh: 得分, en: score}
  - {name: max_score, type: "DECIMAL(18,2)", unit: point, zh: 满分, en: highest possible score}
*/
WITH seen AS (
  SELECT
    survey_id, department_id, rater_id, request_id,
    sent_at >= $period_start AS was_sent,
    coalesce(rated_at >= $period_start AND rated_at < $period_end AND score IS NOT NULL AND max_score > 0, false) AS was_rated,
    score, max_score
  FROM survey
  WHERE sent_at >= $history_12 AND sent_at < $period_end
)
SELECT survey_id, department_id, rater_id, request_id, was_sent, was_rated, CASE WHEN was_rated THEN score END, CASE WHEN was_rated THEN max_score END
FROM seen
WHERE was_sent OR was_rated
ORDER BY survey_id
