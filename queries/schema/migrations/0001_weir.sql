-- The tables that Weir keeps for itself: what was loaded, what was refused, what was closed.
CREATE SEQUENCE load_id START 1;

CREATE TABLE load (
  load_id BIGINT NOT NULL,
  file VARCHAR NOT NULL,
  sha256 VARCHAR NOT NULL,
  bytes BIGINT NOT NULL,
  table_name VARCHAR NOT NULL,
  mapping VARCHAR,
  mapping_sha256 VARCHAR,
  reader VARCHAR NOT NULL,
  reader_version BIGINT NOT NULL,
  started_at TIMESTAMP NOT NULL,
  finished_at TIMESTAMP NOT NULL,
  rows_in BIGINT NOT NULL,
  rows_loaded BIGINT NOT NULL,
  rows_duplicate BIGINT NOT NULL,
  rows_quarantined BIGINT NOT NULL
);
COMMENT ON TABLE load IS '装载登记：每个文件一行 | register of loads, one file a row';
COMMENT ON COLUMN load.load_id IS '装载批次 | load identifier';
COMMENT ON COLUMN load.file IS '文件名 | file name';
COMMENT ON COLUMN load.sha256 IS '文件内容的 SHA-256 | SHA-256 of the file as read';
COMMENT ON COLUMN load.bytes IS '文件大小 | size of the file [B]';
COMMENT ON COLUMN load.table_name IS '目标表 | table filled';
COMMENT ON COLUMN load.mapping IS '映射名称 | mapping used';
COMMENT ON COLUMN load.mapping_sha256 IS '映射内容的 SHA-256 | SHA-256 of the mapping';
COMMENT ON COLUMN load.reader IS '读取器 | reader used';
COMMENT ON COLUMN load.reader_version IS '读取器版本 | version of the reader';
COMMENT ON COLUMN load.started_at IS '开始时间 | started (UTC)';
COMMENT ON COLUMN load.finished_at IS '结束时间 | finished (UTC)';
COMMENT ON COLUMN load.rows_in IS '文件行数 | rows in the file [row]';
COMMENT ON COLUMN load.rows_loaded IS '装入行数 | rows loaded [row]';
COMMENT ON COLUMN load.rows_duplicate IS '重复行数 | rows already known [row]';
COMMENT ON COLUMN load.rows_quarantined IS '隔离行数 | rows quarantined [row]';

CREATE TABLE quarantine (
  load_id BIGINT NOT NULL,
  file VARCHAR NOT NULL,
  line BIGINT NOT NULL,
  column_name VARCHAR,
  code VARCHAR NOT NULL,
  reason VARCHAR NOT NULL,
  cure VARCHAR NOT NULL,
  value VARCHAR,
  raw VARCHAR NOT NULL,
  replayed_load_id BIGINT
);
COMMENT ON TABLE quarantine IS '隔离区：未能装入的行 | rows that could not be loaded';
COMMENT ON COLUMN quarantine.load_id IS '装载批次 | load that met the row';
COMMENT ON COLUMN quarantine.file IS '文件名 | file name';
COMMENT ON COLUMN quarantine.line IS '行号 | line in the file';
COMMENT ON COLUMN quarantine.column_name IS '出错的列 | column at fault';
COMMENT ON COLUMN quarantine.code IS '原因代码 | code of the reason';
COMMENT ON COLUMN quarantine.reason IS '原因 | reason';
COMMENT ON COLUMN quarantine.cure IS '修正办法 | cure';
COMMENT ON COLUMN quarantine.value IS '出错的值，或已有版本所在之处 | value at fault, or the place of the other version';
COMMENT ON COLUMN quarantine.raw IS '原始内容（个人信息已遮蔽） | raw text, personal data masked';
COMMENT ON COLUMN quarantine.replayed_load_id IS '重放后的装载批次 | load that took the row after repair';

CREATE TABLE superseded (
  table_name VARCHAR NOT NULL,
  key VARCHAR NOT NULL,
  content VARCHAR NOT NULL,
  load_id BIGINT NOT NULL,
  source_line BIGINT NOT NULL,
  superseded_by BIGINT NOT NULL,
  superseded_at TIMESTAMP NOT NULL
);
COMMENT ON TABLE superseded IS '被更正的旧版本 | earlier versions of corrected rows';
COMMENT ON COLUMN superseded.table_name IS '表名 | table';
COMMENT ON COLUMN superseded.key IS '业务主键 | natural key as JSON';
COMMENT ON COLUMN superseded.content IS '旧内容 | earlier content as JSON';
COMMENT ON COLUMN superseded.load_id IS '原装载批次 | load that brought it';
COMMENT ON COLUMN superseded.source_line IS '原行号 | line in that file';
COMMENT ON COLUMN superseded.superseded_by IS '更正的装载批次 | load that replaced it';
COMMENT ON COLUMN superseded.superseded_at IS '更正时间 | replaced (UTC)';

CREATE TABLE month_close (
  month VARCHAR NOT NULL,
  revision BIGINT NOT NULL,
  as_of TIMESTAMP NOT NULL,
  closed_at TIMESTAMP NOT NULL,
  stamp VARCHAR NOT NULL,
  manifest VARCHAR NOT NULL,
  content VARCHAR NOT NULL
);
COMMENT ON TABLE month_close IS '月结记录 | closed months and their revisions';
COMMENT ON COLUMN month_close.month IS '月份 | month (YYYY-MM)';
COMMENT ON COLUMN month_close.revision IS '版次 | revision';
COMMENT ON COLUMN month_close.as_of IS '数据截止时间 | state of the data (UTC)';
COMMENT ON COLUMN month_close.closed_at IS '月结时间 | closed (UTC)';
COMMENT ON COLUMN month_close.stamp IS '印记：数据、定义、配置与引擎的 SHA-256 | SHA-256 over data, definitions, configuration and engine';
COMMENT ON COLUMN month_close.manifest IS '印记所覆盖的内容 | what the stamp covers, as JSON';
COMMENT ON COLUMN month_close.content IS '冻结的部门、得分、流转与数据来源 | departments, scores, flows and sources as frozen, as JSON';

CREATE TABLE indicator_value (
  month VARCHAR NOT NULL,
  revision BIGINT NOT NULL,
  indicator_id VARCHAR NOT NULL,
  indicator_version BIGINT NOT NULL,
  department_id VARCHAR NOT NULL,
  data_kind VARCHAR NOT NULL,
  state VARCHAR NOT NULL,
  numerator DECIMAL(38,6),
  denominator DECIMAL(38,6),
  value DOUBLE,
  n BIGINT,
  low DOUBLE,
  high DOUBLE,
  target DOUBLE,
  unit VARCHAR NOT NULL
);
COMMENT ON TABLE indicator_value IS '月结指标值 | indicator values of closed months';
COMMENT ON COLUMN indicator_value.month IS '月份 | month (YYYY-MM)';
COMMENT ON COLUMN indicator_value.revision IS '版次 | revision';
COMMENT ON COLUMN indicator_value.indicator_id IS '指标标识 | indicator identifier';
COMMENT ON COLUMN indicator_value.indicator_version IS '指标定义版本 | version of the definition';
COMMENT ON COLUMN indicator_value.department_id IS '部门标识，全市为 * | department identifier, * for the whole city';
COMMENT ON COLUMN indicator_value.data_kind IS '数据种类，合计为空 | kind of data, empty for all kinds';
COMMENT ON COLUMN indicator_value.state IS '状态 | state {value, not_applicable, missing, not_measured}';
COMMENT ON COLUMN indicator_value.numerator IS '分子 | numerator';
COMMENT ON COLUMN indicator_value.denominator IS '分母 | denominator';
COMMENT ON COLUMN indicator_value.value IS '指标值 | value';
COMMENT ON COLUMN indicator_value.n IS '样本量 | number of cases';
COMMENT ON COLUMN indicator_value.low IS '区间下限 | lower limit of the 95 % interval';
COMMENT ON COLUMN indicator_value.high IS '区间上限 | upper limit of the 95 % interval';
COMMENT ON COLUMN indicator_value.target IS '目标值 | target';
COMMENT ON COLUMN indicator_value.unit IS '单位 | unit';

CREATE TABLE department_score (
  month VARCHAR NOT NULL,
  revision BIGINT NOT NULL,
  department_id VARCHAR NOT NULL,
  scope VARCHAR NOT NULL,
  points DOUBLE,
  weight DOUBLE NOT NULL,
  score DOUBLE,
  coverage DOUBLE NOT NULL,
  grade VARCHAR,
  rank BIGINT
);
COMMENT ON TABLE department_score IS '月结得分 | scores of closed months';
COMMENT ON COLUMN department_score.month IS '月份 | month (YYYY-MM)';
COMMENT ON COLUMN department_score.revision IS '版次 | revision';
COMMENT ON COLUMN department_score.department_id IS '部门标识 | department identifier';
COMMENT ON COLUMN department_score.scope IS '范围：total、指标组或四大指数 | scope: total, a group or a headline index';
COMMENT ON COLUMN department_score.points IS '得分点数 | points reached [point]';
COMMENT ON COLUMN department_score.weight IS '计分权重 | weight measured [point]';
COMMENT ON COLUMN department_score.score IS '得分（百分制） | score of 100';
COMMENT ON COLUMN department_score.coverage IS '已测权重占比 | share of the weight measured';
COMMENT ON COLUMN department_score.grade IS '等级 | grade';
COMMENT ON COLUMN department_score.rank IS '名次 | rank';

CREATE TABLE frozen_target (
  year BIGINT NOT NULL,
  indicator_id VARCHAR NOT NULL,
  class VARCHAR NOT NULL,
  data_kind VARCHAR NOT NULL,
  target DOUBLE NOT NULL,
  n BIGINT NOT NULL,
  months BIGINT NOT NULL,
  frozen_at TIMESTAMP NOT NULL
);
COMMENT ON TABLE frozen_target IS '按上年同类水平冻结的年度目标 | targets of a year, frozen from last year''s values of the class';
COMMENT ON COLUMN frozen_target.year IS '适用年度 | year for which the target holds';
COMMENT ON COLUMN frozen_target.indicator_id IS '指标标识 | indicator identifier';
COMMENT ON COLUMN frozen_target.class IS '部门类别，不分类为空 | department class, empty for all';
COMMENT ON COLUMN frozen_target.data_kind IS '数据种类，不分类为空 | kind of data, empty for all';
COMMENT ON COLUMN frozen_target.target IS '目标值 | target';
COMMENT ON COLUMN frozen_target.n IS '所依据的部门数 | departments it rests on';
COMMENT ON COLUMN frozen_target.months IS '所依据的已结月份数 | closed months it rests on';
COMMENT ON COLUMN frozen_target.frozen_at IS '冻结时间 | frozen (UTC)';
