-- What rows need to be loaded again after their file is gone, and what people decided about names of departments.
ALTER TABLE load ADD COLUMN column_names VARCHAR;
ALTER TABLE load ADD COLUMN delimiter VARCHAR;
COMMENT ON COLUMN load.column_names IS '源文件列名（JSON 数组），无表头的格式为空 | column names of the file as a JSON array, NULL for formats whose rows name theirs';
COMMENT ON COLUMN load.delimiter IS '分隔符 | delimiter of the fields';

CREATE TABLE department_decision (
  decision_id BIGINT NOT NULL,
  kind VARCHAR NOT NULL,
  department_id VARCHAR NOT NULL,
  name VARCHAR,
  former_name VARCHAR,
  successor_id VARCHAR,
  valid_from DATE,
  valid_to DATE,
  decided_by VARCHAR NOT NULL,
  decided_at TIMESTAMP NOT NULL,
  reason VARCHAR NOT NULL,
  load_id BIGINT NOT NULL
);
COMMENT ON TABLE department_decision IS '部门身份的认定：别名、新设、更名、撤并 | decisions about who a name means: aliases, new departments, renames, mergers';
COMMENT ON COLUMN department_decision.decision_id IS '认定编号 | number';
COMMENT ON COLUMN department_decision.kind IS '种类 | kind {add, alias, rename, merge}';
COMMENT ON COLUMN department_decision.department_id IS '部门标识 | department';
COMMENT ON COLUMN department_decision.name IS '别名或新名称 | alias or new name';
COMMENT ON COLUMN department_decision.former_name IS '更名前的名称 | name before';
COMMENT ON COLUMN department_decision.successor_id IS '承继部门 | department that took over its duties';
COMMENT ON COLUMN department_decision.valid_from IS '起始日期 | first day';
COMMENT ON COLUMN department_decision.valid_to IS '截止日期 | first day no longer';
COMMENT ON COLUMN department_decision.decided_by IS '认定人 | decided by';
COMMENT ON COLUMN department_decision.decided_at IS '认定时间 | decided (UTC)';
COMMENT ON COLUMN department_decision.reason IS '理由 | reason';
COMMENT ON COLUMN department_decision.load_id IS '装载批次 | load under which it stands in the tables';
