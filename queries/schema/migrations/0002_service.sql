-- The tables of the service: who may sign in, what they did, what they object to, what ran.
CREATE TABLE user_account (
  user_id VARCHAR NOT NULL,
  name VARCHAR NOT NULL,
  password VARCHAR NOT NULL,
  grants VARCHAR NOT NULL,
  language VARCHAR NOT NULL,
  disabled BOOLEAN NOT NULL,
  must_change BOOLEAN NOT NULL,
  created_at TIMESTAMP NOT NULL,
  changed_at TIMESTAMP NOT NULL
);
COMMENT ON TABLE user_account IS '用户 | users of the service';
COMMENT ON COLUMN user_account.user_id IS '用户名 | user identifier';
COMMENT ON COLUMN user_account.name IS '姓名 | name as shown';
COMMENT ON COLUMN user_account.password IS '密码散列（argon2id），单点登录用户为空 | argon2id hash, empty where only single sign-on serves';
COMMENT ON COLUMN user_account.grants IS '授权：角色与部门 | grants: roles and departments, as JSON';
COMMENT ON COLUMN user_account.language IS '语言 | language {zh, en}, empty follows the workspace';
COMMENT ON COLUMN user_account.disabled IS '是否停用 | may not sign in';
COMMENT ON COLUMN user_account.must_change IS '下次登录须改密码 | must change the password at the next sign-in';
COMMENT ON COLUMN user_account.created_at IS '创建时间 | created (UTC)';
COMMENT ON COLUMN user_account.changed_at IS '修改时间 | changed (UTC)';

CREATE TABLE user_session (
  session_id VARCHAR NOT NULL,
  user_id VARCHAR NOT NULL,
  view_as VARCHAR NOT NULL,
  address VARCHAR NOT NULL,
  agent VARCHAR NOT NULL,
  created_at TIMESTAMP NOT NULL,
  seen_at TIMESTAMP NOT NULL,
  ended_at TIMESTAMP
);
COMMENT ON TABLE user_session IS '登录会话 | sessions of browsers';
COMMENT ON COLUMN user_session.session_id IS '会话标识（Cookie 的 SHA-256） | SHA-256 of the cookie';
COMMENT ON COLUMN user_session.user_id IS '用户名 | user';
COMMENT ON COLUMN user_session.view_as IS '以其身份查看的用户 | user as whom an administrator looks';
COMMENT ON COLUMN user_session.address IS '来源地址 | address';
COMMENT ON COLUMN user_session.agent IS '浏览器 | browser';
COMMENT ON COLUMN user_session.created_at IS '登录时间 | signed in (UTC)';
COMMENT ON COLUMN user_session.seen_at IS '最近活动时间 | last seen (UTC)';
COMMENT ON COLUMN user_session.ended_at IS '结束时间 | ended (UTC)';

CREATE TABLE access_token (
  token_id VARCHAR NOT NULL,
  digest VARCHAR NOT NULL,
  user_id VARCHAR NOT NULL,
  name VARCHAR NOT NULL,
  narrowing VARCHAR NOT NULL,
  created_at TIMESTAMP NOT NULL,
  expires_at TIMESTAMP NOT NULL,
  used_at TIMESTAMP,
  revoked_at TIMESTAMP
);
COMMENT ON TABLE access_token IS '访问令牌：只能收窄用户的授权 | tokens, which only narrow what their user may do';
COMMENT ON COLUMN access_token.token_id IS '令牌标识 | token identifier';
COMMENT ON COLUMN access_token.digest IS '令牌的 SHA-256 | SHA-256 of the secret';
COMMENT ON COLUMN access_token.user_id IS '用户名 | user';
COMMENT ON COLUMN access_token.name IS '用途 | what uses it';
COMMENT ON COLUMN access_token.narrowing IS '限制：权限与部门 | limit: permissions and departments, as JSON';
COMMENT ON COLUMN access_token.created_at IS '创建时间 | created (UTC)';
COMMENT ON COLUMN access_token.expires_at IS '失效时间 | ends (UTC)';
COMMENT ON COLUMN access_token.used_at IS '最近使用时间 | last used (UTC)';
COMMENT ON COLUMN access_token.revoked_at IS '吊销时间 | revoked (UTC)';

CREATE TABLE audit_event (
  event_id BIGINT NOT NULL,
  occurred_at TIMESTAMP NOT NULL,
  user_id VARCHAR NOT NULL,
  actor_id VARCHAR NOT NULL,
  token_id VARCHAR NOT NULL,
  address VARCHAR NOT NULL,
  request_id VARCHAR NOT NULL,
  action VARCHAR NOT NULL,
  target VARCHAR NOT NULL,
  detail VARCHAR NOT NULL,
  allowed BOOLEAN NOT NULL,
  rule VARCHAR NOT NULL,
  chain VARCHAR NOT NULL
);
COMMENT ON TABLE audit_event IS '审计记录：在动作执行之前写入 | audit log, written before the act';
COMMENT ON COLUMN audit_event.event_id IS '序号 | number, without gaps';
COMMENT ON COLUMN audit_event.occurred_at IS '时间 | moment (UTC)';
COMMENT ON COLUMN audit_event.user_id IS '用户名 | user';
COMMENT ON COLUMN audit_event.actor_id IS '以他人身份查看的管理员 | administrator who views as the user';
COMMENT ON COLUMN audit_event.token_id IS '令牌标识 | token used';
COMMENT ON COLUMN audit_event.address IS '来源地址 | address';
COMMENT ON COLUMN audit_event.request_id IS '请求标识，与日志对应 | identifier of the request in the log';
COMMENT ON COLUMN audit_event.action IS '动作 | act';
COMMENT ON COLUMN audit_event.target IS '对象 | what it was done to';
COMMENT ON COLUMN audit_event.detail IS '内容，例如查询语句 | content, such as the query';
COMMENT ON COLUMN audit_event.allowed IS '是否允许 | allowed';
COMMENT ON COLUMN audit_event.rule IS '依据的规则 | rule that decided';
COMMENT ON COLUMN audit_event.chain IS '链式 SHA-256：覆盖本行与上一行 | SHA-256 over this row and the chain of the row before';

CREATE TABLE objection (
  objection_id BIGINT NOT NULL,
  month VARCHAR NOT NULL,
  revision BIGINT NOT NULL,
  department_id VARCHAR NOT NULL,
  indicator_id VARCHAR NOT NULL,
  state VARCHAR NOT NULL,
  filed_by VARCHAR NOT NULL,
  filed_at TIMESTAMP NOT NULL,
  changed_at TIMESTAMP NOT NULL
);
COMMENT ON TABLE objection IS '申诉：部门对本部门数值提出的异议 | objections of a department against its figure';
COMMENT ON COLUMN objection.objection_id IS '申诉编号 | number';
COMMENT ON COLUMN objection.month IS '月份 | month (YYYY-MM)';
COMMENT ON COLUMN objection.revision IS '提出时的版次 | revision at which it was filed';
COMMENT ON COLUMN objection.department_id IS '部门标识 | department';
COMMENT ON COLUMN objection.indicator_id IS '指标标识，针对总分时为空 | indicator, empty where the score as a whole is meant';
COMMENT ON COLUMN objection.state IS '状态 | state {open, accepted, rejected, withdrawn}';
COMMENT ON COLUMN objection.filed_by IS '提出人 | filed by';
COMMENT ON COLUMN objection.filed_at IS '提出时间 | filed (UTC)';
COMMENT ON COLUMN objection.changed_at IS '最近变动时间 | last change (UTC)';

CREATE TABLE objection_message (
  objection_id BIGINT NOT NULL,
  message_id BIGINT NOT NULL,
  written_by VARCHAR NOT NULL,
  written_at TIMESTAMP NOT NULL,
  state VARCHAR NOT NULL,
  text VARCHAR NOT NULL
);
COMMENT ON TABLE objection_message IS '申诉的理由与答复 | reasons and answers of an objection';
COMMENT ON COLUMN objection_message.objection_id IS '申诉编号 | objection';
COMMENT ON COLUMN objection_message.message_id IS '序号 | number within the objection';
COMMENT ON COLUMN objection_message.written_by IS '撰写人 | written by';
COMMENT ON COLUMN objection_message.written_at IS '时间 | written (UTC)';
COMMENT ON COLUMN objection_message.state IS '由此进入的状态 | state that it brought';
COMMENT ON COLUMN objection_message.text IS '内容 | text';

CREATE TABLE objection_attachment (
  objection_id BIGINT NOT NULL,
  message_id BIGINT NOT NULL,
  attachment_id BIGINT NOT NULL,
  file VARCHAR NOT NULL,
  bytes BIGINT NOT NULL,
  sha256 VARCHAR NOT NULL
);
COMMENT ON TABLE objection_attachment IS '申诉附件 | attachments of objections';
COMMENT ON COLUMN objection_attachment.objection_id IS '申诉编号 | objection';
COMMENT ON COLUMN objection_attachment.message_id IS '所属内容序号 | message that it belongs to';
COMMENT ON COLUMN objection_attachment.attachment_id IS '附件序号 | number within the objection';
COMMENT ON COLUMN objection_attachment.file IS '文件名 | file name as given';
COMMENT ON COLUMN objection_attachment.bytes IS '大小 | size [B]';
COMMENT ON COLUMN objection_attachment.sha256 IS '内容的 SHA-256，也是存储名 | SHA-256 of the content, under which it is stored';

CREATE TABLE job (
  job_id BIGINT NOT NULL,
  kind VARCHAR NOT NULL,
  argument VARCHAR NOT NULL,
  requested_by VARCHAR NOT NULL,
  key VARCHAR NOT NULL,
  state VARCHAR NOT NULL,
  due_at TIMESTAMP,
  queued_at TIMESTAMP NOT NULL,
  started_at TIMESTAMP,
  finished_at TIMESTAMP,
  result VARCHAR NOT NULL,
  error VARCHAR NOT NULL
);
COMMENT ON TABLE job IS '任务：装载、月结、出报告、备份 | jobs: loads, closes, reports, backups';
COMMENT ON COLUMN job.job_id IS '任务编号 | number';
COMMENT ON COLUMN job.kind IS '种类 | kind';
COMMENT ON COLUMN job.argument IS '参数 | argument, as JSON';
COMMENT ON COLUMN job.requested_by IS '发起人，schedule 为定时 | requested by, schedule for the timetable';
COMMENT ON COLUMN job.key IS '幂等键：同一键只执行一次 | key under which it runs once';
COMMENT ON COLUMN job.state IS '状态 | state {queued, running, done, failed, interrupted}';
COMMENT ON COLUMN job.due_at IS '应执行时间 | due (UTC)';
COMMENT ON COLUMN job.queued_at IS '排队时间 | queued (UTC)';
COMMENT ON COLUMN job.started_at IS '开始时间 | started (UTC)';
COMMENT ON COLUMN job.finished_at IS '结束时间 | finished (UTC)';
COMMENT ON COLUMN job.result IS '结果 | result, as JSON';
COMMENT ON COLUMN job.error IS '错误 | error';
