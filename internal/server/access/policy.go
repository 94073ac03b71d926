package access

import (
	"slices"

	"weir/internal/lang"
)

// Permission is one thing that may be done. Its name is what a refused page prints and what a token is limited to.
type Permission string

// The permissions. Those marked scoped are asked for one department, or for all of them with Every.
const (
	MonthRead       Permission = "month.read"       // city totals, indicators, months, revisions
	CodebookRead    Permission = "codebook.read"    // meanings, tables, code lists
	DepartmentRead  Permission = "department.read"  // scoped: figures of a department
	EvidenceRead    Permission = "evidence.read"    // scoped: the rows behind a figure
	RequestRead     Permission = "request.read"     // scoped: requests and their clocks
	DatasetRead     Permission = "dataset.read"     // scoped: datasets, resources and who uses them
	BudgetRead      Permission = "budget.read"      // scoped: budget review
	ReportRead      Permission = "report.read"      // scoped: rendered reports
	Export          Permission = "export"           // scoped: figures and rows as files
	SQLRun          Permission = "sql.run"          // scoped, and asked for all departments: read-only SQL and notebooks over closed months
	NotebookWrite   Permission = "notebook.write"   // drafts and published notebooks
	ObjectionRead   Permission = "objection.read"   // scoped
	ObjectionFile   Permission = "objection.file"   // scoped
	ObjectionAnswer Permission = "objection.answer" // scoped
	LoadRead        Permission = "load.read"        // loads and the quarantine
	LoadWrite       Permission = "load.write"       // upload files and events
	QuarantineWrite Permission = "quarantine.write" // repair and replay
	MonthClose      Permission = "month.close"      // close a month and render its reports
	JobRead         Permission = "job.read"         // what ran and what is due
	UserManage      Permission = "user.manage"      // users, grants, view as
	AuditRead       Permission = "audit.read"
	AccountOwn      Permission = "account.own" // own password, sessions and tokens
)

// rule says which roles have a permission and whether it is asked for a department.
type rule struct {
	permission Permission
	name       lang.Text
	scoped     bool
	roles      []Role
}

// policy is the whole of who may do what. Order is the order of the page that shows it.
var policy = []rule{
	{MonthRead, lang.T("查看全市汇总与月结", "read city totals and closed months"), false, []Role{Finance, Department, Planner, Operator}},
	{CodebookRead, lang.T("查看指标与数据字典", "read the codebook"), false, []Role{Finance, Department, Planner, Operator, Admin}},
	{DepartmentRead, lang.T("查看部门数值", "read a department's figures"), true, []Role{Finance, Department, Planner}},
	{EvidenceRead, lang.T("查看数值背后的明细", "read the rows behind a figure"), true, []Role{Finance, Department, Planner}},
	{RequestRead, lang.T("查看共享申请", "read requests"), true, []Role{Finance, Department, Planner}},
	{DatasetRead, lang.T("查看目录与资源使用情况", "read datasets and their use"), true, []Role{Finance, Department, Planner}},
	{BudgetRead, lang.T("查看预算绩效", "read the budget review"), true, []Role{Finance, Department}},
	{ReportRead, lang.T("下载报告", "read reports"), true, []Role{Finance, Department, Planner}},
	{Export, lang.T("导出数据", "export"), true, []Role{Finance, Department, Planner}},
	{SQLRun, lang.T("运行只读查询与笔记本", "run read-only SQL and notebooks"), true, []Role{Finance, Planner}},
	{NotebookWrite, lang.T("编写与发布笔记本", "write and publish notebooks"), false, []Role{Planner}},
	{ObjectionRead, lang.T("查看申诉", "read objections"), true, []Role{Finance, Department}},
	{ObjectionFile, lang.T("提出申诉", "file an objection"), true, []Role{Department}},
	{ObjectionAnswer, lang.T("答复申诉", "answer an objection"), true, []Role{Finance}},
	{LoadRead, lang.T("查看装载与隔离区", "read loads and the quarantine"), false, []Role{Operator}},
	{LoadWrite, lang.T("上传数据", "upload data"), false, []Role{Operator}},
	{QuarantineWrite, lang.T("修复并重放隔离行", "repair and replay quarantined rows"), false, []Role{Operator}},
	{MonthClose, lang.T("月结", "close a month"), false, []Role{Operator}},
	{JobRead, lang.T("查看任务", "read jobs"), false, []Role{Operator, Finance, Admin}},
	{UserManage, lang.T("管理用户", "manage users"), false, []Role{Admin}},
	{AuditRead, lang.T("查看审计记录", "read the audit log"), false, []Role{Admin}},
	{AccountOwn, lang.T("管理本人账户", "manage one's own account"), false, []Role{Finance, Department, Planner, Operator, Admin}},
}

// Permissions lists every permission in the order of the policy.
func Permissions() []Permission {
	list := make([]Permission, len(policy))
	for i, r := range policy {
		list[i] = r.permission
	}
	return list
}

// Name is the permission as pages print it.
func (p Permission) Name() lang.Text {
	if r, ok := find(p); ok {
		return r.name
	}
	return lang.Same(string(p))
}

// Scoped tells whether the permission is asked for a department.
func (p Permission) Scoped() bool { r, _ := find(p); return r.scoped }

// Has tells whether a role carries the permission at all.
func (r Role) Has(p Permission) bool {
	found, ok := find(p)
	return ok && slices.Contains(found.roles, r)
}

func find(p Permission) (rule, bool) {
	i := slices.IndexFunc(policy, func(r rule) bool { return r.permission == p })
	if i < 0 {
		return rule{}, false
	}
	return policy[i], true
}
