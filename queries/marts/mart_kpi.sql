/*
name: mart_kpi
label: {zh: 绩效指标最近完成情况, en: newest reported attainment of the year's targets}
events: {kpi_progress: [-12, 0]}
references: [kpi_target]
columns:
  - {name: kpi_id, type: VARCHAR, zh: 绩效指标标识, en: target identifier}
  - {name: department_id, type: VARCHAR, ref: department, zh: 部门标识, en: department identifier}
  - {name: title, type: VARCHAR, zh: 三级指标, en: third-level indicator}
  - {name: rule, type: VARCHAR, zh: 指标方向, en: rule of comparison, codes: target_rule}
  - {name: target, type: "DECIMAL(18,2)", zh: 年度指标值（单位见 kpi_target）, en: target of the year}
  - {name: actual, type: "DECIMAL(18,2)", zh: 实际完成值, en: value reached}
  - {name: weight, type: "DECIMAL(18,2)", unit: point, zh: 分值, en: weight}
  - {name: points, type: "DECIMAL(18,2)", unit: point, zh: 得分, en: points}
  - {name: progress, type: "DECIMAL(38,12)", zh: 完成进度（0至1）, en: progress from 0 to 1, unit: "1"}
  - {name: reported_at, type: TIMESTAMP, zh: 报送时间, en: reported}
  - {name: deviation_reason, type: VARCHAR, zh: 偏差原因, en: reason for deviation}
  - {name: needs_reason, type: BOOLEAN, zh: 超过目标30%而未说明原因, en: 30 % above the target without a reason}
*/
WITH newest AS (
  SELECT kpi_id, max({'reported_at': reported_at, 'actual': actual, 'qualitative_score': qualitative_score, 'reason': deviation_reason}) AS last
  FROM kpi_progress
  WHERE reported_at >= $history_12 AND reported_at < $period_end
  GROUP BY kpi_id
),
-- Amounts in hundredths, so that points are exact and rounded once, half up. Negative values count as 0.
whole AS (
  SELECT
    t.kpi_id, t.department_id, t.title, t.rule, t.target, t.weight, n.last.actual AS actual, n.last.reported_at AS reported_at, n.last.reason AS reason,
    CAST(CASE WHEN n.last.actual < 0 THEN 0 ELSE n.last.actual END * 100 AS HUGEINT) AS a, CAST(t.target * 100 AS HUGEINT) AS t, CAST(t.weight * 100 AS HUGEINT) AS w,
    CAST(CASE WHEN n.last.qualitative_score < 0 THEN 0 WHEN n.last.qualitative_score > 100 THEN 100 ELSE n.last.qualitative_score END * 100 AS HUGEINT) AS q
  FROM kpi_target AS t
  JOIN newest AS n ON n.kpi_id = t.kpi_id
  WHERE t.fiscal_year = $fiscal_year
),
scored AS (
  SELECT
    k.*,
    CASE
      WHEN rule = 'qualitative' THEN q
      WHEN a IS NULL OR t IS NULL THEN NULL
      WHEN rule IN ('positive', 'equal') AND t > 0 THEN least(a, t)
      WHEN rule = 'positive' THEN 1
      WHEN rule = 'equal' THEN CASE WHEN a <= 0 THEN 1 ELSE 0 END
      WHEN rule = 'reverse' AND t > 0 THEN CASE WHEN a <= t THEN t WHEN a >= 2 * t THEN 0 ELSE 2 * t - a END
      WHEN rule = 'reverse' THEN CASE WHEN a <= 0 THEN 1 ELSE 0 END
    END AS part,
    CASE WHEN rule = 'qualitative' THEN 10000 WHEN t > 0 THEN t ELSE 1 END AS whole
  FROM whole AS k
)
SELECT
  kpi_id, department_id, title, rule, target, actual, weight,
  CAST((2 * part * w + whole) // (2 * whole) AS DECIMAL(18, 2)) / 100,
  quotient(part, whole), reported_at, reason,
  coalesce(rule IN ('positive', 'equal') AND t > 0 AND 10 * a >= 13 * t AND reason IS NULL, false)
FROM scored
WHERE part IS NOT NULL
ORDER BY kpi_id
