package server

import (
	"net/http"

	"weir/internal/server/access"
)

const (
	get  = http.MethodGet
	post = http.MethodPost
)

// queryDepartment takes the department from the query, and asks for all departments where none is named.
func queryDepartment(r *request) string {
	if d := r.URL.Query().Get("department"); d != "" {
		return d
	}
	return access.Every
}

// everyDepartment asks for all departments, whatever the request says.
func everyDepartment(*request) string { return access.Every }

// list is every route of the service. Nothing is reachable that does not stand here.
func (s *Server) list() []route {
	routes := []route{
		// People.
		{method: get, pattern: "/login", public: true, handle: s.loginPage},
		{method: post, pattern: "/login", public: true, handle: s.login},
		{method: get, pattern: "/login/oidc", public: true, handle: s.oidcStart},
		{method: get, pattern: "/login/oidc/callback", public: true, handle: s.oidcCallback},
		{method: post, pattern: "/logout", public: true, handle: s.logout},
		{method: post, pattern: "/view-as", public: true, handle: s.viewAs}, // asks the person, not the view: see viewAs
		{method: get, pattern: "/account", needs: access.AccountOwn, handle: s.accountPage},
		{method: post, pattern: "/account/password", needs: access.AccountOwn, handle: s.accountPassword},
		{method: post, pattern: "/account/language", needs: access.AccountOwn, handle: s.accountLanguage},
		{method: post, pattern: "/account/tokens", needs: access.AccountOwn, handle: s.accountToken},
		{method: post, pattern: "/account/tokens/{token}/revoke", needs: access.AccountOwn, handle: s.accountRevoke},
		{method: get, pattern: "/users", needs: access.UserManage, handle: s.usersPage},
		{method: post, pattern: "/users", needs: access.UserManage, handle: s.userAdd},
		{method: get, pattern: "/users/{user}", needs: access.UserManage, handle: s.userPage},
		{method: post, pattern: "/users/{user}", needs: access.UserManage, handle: s.userChange},
		{method: post, pattern: "/users/{user}/password", needs: access.UserManage, handle: s.userPassword},
		{method: post, pattern: "/users/{user}/tokens/{token}/revoke", needs: access.UserManage, handle: s.userRevoke},
		{method: get, pattern: "/audit", needs: access.AuditRead, handle: s.auditPage},
		{method: post, pattern: "/audit/check", needs: access.AuditRead, handle: s.auditCheck},

		// Closed months.
		{method: get, pattern: "/{$}", needs: access.AccountOwn, handle: s.home},
		{method: get, pattern: "/months", needs: access.MonthRead, handle: s.monthsPage},
		{method: post, pattern: "/months/close", needs: access.MonthClose, handle: s.monthClose},
		{method: get, pattern: "/months/{month}", needs: access.MonthRead, handle: s.overview},
		{method: get, pattern: "/months/{month}/revisions/{revision}", needs: access.MonthRead, handle: s.revision},
		{method: get, pattern: "/months/{month}/departments/{department}", needs: access.DepartmentRead, scope: pathDepartment, handle: s.department},
		{method: get, pattern: "/months/{month}/departments/{department}/{indicator}", needs: access.DepartmentRead, scope: pathDepartment, handle: s.figureOfDepartment},
		{method: get, pattern: "/months/{month}/departments/{department}/{indicator}/evidence", needs: access.EvidenceRead, scope: pathDepartment, handle: s.evidence},
		{method: get, pattern: "/months/{month}/indicators/{indicator}", needs: access.MonthRead, handle: s.indicator},
		{method: get, pattern: "/months/{month}/city/{indicator}", needs: access.MonthRead, handle: s.figureOfCity},
		{method: get, pattern: "/months/{month}/flows", needs: access.MonthRead, handle: s.flows},
		{method: get, pattern: "/months/{month}/requests", needs: access.RequestRead, handle: s.requests},
		{method: get, pattern: "/months/{month}/datasets", needs: access.DatasetRead, handle: s.datasets},
		{method: get, pattern: "/months/{month}/resources/{resource}", needs: access.DatasetRead, handle: s.resource},
		{method: get, pattern: "/months/{month}/budget", needs: access.BudgetRead, handle: s.budget},
		{method: get, pattern: "/months/{month}/reports", needs: access.ReportRead, handle: s.reportsPage},
		{method: post, pattern: "/months/{month}/reports", needs: access.MonthClose, handle: s.reportRender},
		{method: get, pattern: "/months/{month}/reports/{name}", needs: access.ReportRead, handle: s.reportFile},
		{method: get, pattern: "/codebook", needs: access.CodebookRead, handle: s.codebook},
		{method: get, pattern: "/codebook/indicators/{indicator}", needs: access.CodebookRead, handle: s.codebookIndicator},
		{method: get, pattern: "/codebook/tables/{table}", needs: access.CodebookRead, handle: s.codebookTable},

		// Objections.
		{method: get, pattern: "/objections", needs: access.ObjectionRead, handle: s.objectionsPage},
		{method: get, pattern: "/objections/new", needs: access.ObjectionFile, scope: queryDepartment, handle: s.objectionForm},
		{method: post, pattern: "/objections", needs: access.ObjectionFile, streamed: true, handle: s.objectionFile},
		{method: get, pattern: "/objections/{objection}", needs: access.ObjectionRead, handle: s.objectionPage},
		{method: post, pattern: "/objections/{objection}", needs: access.ObjectionRead, streamed: true, handle: s.objectionAdd},
		{method: get, pattern: "/objections/{objection}/attachments/{attachment}", needs: access.ObjectionRead, handle: s.objectionAttachment},

		// Operation.
		{method: get, pattern: "/loads", needs: access.LoadRead, handle: s.loadsPage},
		{method: post, pattern: "/loads", needs: access.LoadWrite, streamed: true, handle: s.upload},
		{method: get, pattern: "/quarantine", needs: access.LoadRead, handle: s.quarantinePage},
		{method: post, pattern: "/quarantine", needs: access.QuarantineWrite, handle: s.repair},
		{method: get, pattern: "/jobs", needs: access.JobRead, handle: s.jobsPage},
		{method: get, pattern: "/jobs/{job}", needs: access.JobRead, handle: s.jobPage},

		// Machines.
		{method: get, pattern: "/assets/{name}", public: true, quiet: true, handle: s.asset},
		{method: get, pattern: "/healthz", public: true, quiet: true, handle: s.healthz},
		{method: get, pattern: "/readyz", public: true, quiet: true, handle: s.readyz},
		{method: get, pattern: "/metrics", public: true, quiet: true, handle: s.metrics},
	}
	return append(append(routes, s.apiRoutes()...), s.notebookRoutes()...)
}
