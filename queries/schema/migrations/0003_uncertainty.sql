-- How sure a figure is: where an interval comes from, how firm scores, ranks and grades are, what the records look like.
ALTER TABLE indicator_value ADD COLUMN standard_error DOUBLE;
ALTER TABLE indicator_value ADD COLUMN cases BIGINT;
ALTER TABLE indicator_value ADD COLUMN interval_method VARCHAR;
COMMENT ON COLUMN indicator_value.standard_error IS '标准误（区间由个案求出时） | standard error, where the interval rests on single cases';
COMMENT ON COLUMN indicator_value.cases IS '标准误所依据的个案数 | cases behind the standard error';
COMMENT ON COLUMN indicator_value.interval_method IS '区间方法 | method of the interval {wilson, student, ratio, order, kaplan_meier, garwood}';

ALTER TABLE department_score ADD COLUMN low DOUBLE;
ALTER TABLE department_score ADD COLUMN high DOUBLE;
ALTER TABLE department_score ADD COLUMN rank_low_data BIGINT;
ALTER TABLE department_score ADD COLUMN rank_high_data BIGINT;
ALTER TABLE department_score ADD COLUMN rank_low_weights BIGINT;
ALTER TABLE department_score ADD COLUMN rank_high_weights BIGINT;
COMMENT ON COLUMN department_score.low IS '总分区间下限（数据的不确定性，95%） | lower limit of the total, from the uncertainty of the data, 95 %';
COMMENT ON COLUMN department_score.high IS '总分区间上限 | upper limit of the total';
COMMENT ON COLUMN department_score.rank_low_data IS '名次区间（数据）：较好的一端 | better end of the rank interval from the data';
COMMENT ON COLUMN department_score.rank_high_data IS '名次区间（数据）：较差的一端 | worse end of the rank interval from the data';
COMMENT ON COLUMN department_score.rank_low_weights IS '名次区间（权重）：较好的一端 | better end of the rank interval from the weights';
COMMENT ON COLUMN department_score.rank_high_weights IS '名次区间（权重）：较差的一端 | worse end of the rank interval from the weights';

CREATE TABLE grade_probability (
  month VARCHAR NOT NULL,
  revision BIGINT NOT NULL,
  department_id VARCHAR NOT NULL,
  varied VARCHAR NOT NULL,
  grade VARCHAR NOT NULL,
  probability DOUBLE NOT NULL
);
COMMENT ON TABLE grade_probability IS '各等级的概率 | probability of each grade';
COMMENT ON COLUMN grade_probability.month IS '月份 | month (YYYY-MM)';
COMMENT ON COLUMN grade_probability.revision IS '版次 | revision';
COMMENT ON COLUMN grade_probability.department_id IS '部门标识 | department identifier';
COMMENT ON COLUMN grade_probability.varied IS '变动的因素 | what varies {data, weights, choices}';
COMMENT ON COLUMN grade_probability.grade IS '等级 | grade';
COMMENT ON COLUMN grade_probability.probability IS '概率 | share of the draws';

CREATE TABLE integrity_measure (
  month VARCHAR NOT NULL,
  revision BIGINT NOT NULL,
  department_id VARCHAR NOT NULL,
  indicator_id VARCHAR NOT NULL,
  value DOUBLE,
  n BIGINT,
  threshold DOUBLE,
  is_above BOOLEAN NOT NULL,
  is_flagged BOOLEAN NOT NULL
);
COMMENT ON TABLE integrity_measure IS '数据真实性：与得分并列，不扣分 | integrity of the records, beside the score, lowering nothing';
COMMENT ON COLUMN integrity_measure.month IS '月份 | month (YYYY-MM)';
COMMENT ON COLUMN integrity_measure.revision IS '版次 | revision';
COMMENT ON COLUMN integrity_measure.department_id IS '部门标识 | department identifier';
COMMENT ON COLUMN integrity_measure.indicator_id IS '度量标识 | measure';
COMMENT ON COLUMN integrity_measure.value IS '度量值 | value';
COMMENT ON COLUMN integrity_measure.n IS '样本量 | number of cases';
COMMENT ON COLUMN integrity_measure.threshold IS '警戒线 | limit beyond which it is flagged';
COMMENT ON COLUMN integrity_measure.is_above IS '是否高于警戒线为异常 | trouble lies above the limit, else below';
COMMENT ON COLUMN integrity_measure.is_flagged IS '是否标记 | flagged';
