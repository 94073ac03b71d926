package server

import (
	"slices"
	"strconv"
	"strings"

	"weir/internal/lang"
	"weir/internal/server/access"
	"weir/internal/server/objection"
)

type navGroup struct {
	Title lang.Text
	Links []navLink
}

// navSection and navEntry are the navigation as it stands for somebody who may see everything.
type navSection struct {
	title   lang.Text
	entries []navEntry
}

type navEntry struct {
	title lang.Text
	href  string
	needs access.Permission
}

type navLink struct {
	Title   lang.Text
	Href    string
	Badge   string
	Current bool
}

// navigation lists what the person may open. Month pages keep the month that is shown; other pages lead to the newest.
func (s *Server) navigation(r *request, month string) (groups []navGroup, current string, months []string, err error) {
	list, err := s.newestRevisions(r.Context())
	if err != nil {
		return nil, "", nil, err
	}
	for _, c := range list {
		months = append(months, c.Month)
	}
	current = month
	if current == "" && len(months) > 0 {
		current = months[0]
	}
	all := []navSection{
		{lang.T("月度", "Month"), []navEntry{
			{lang.T("概览", "Overview"), "/months/{m}", access.MonthRead},
			{lang.T("数据流向", "Flows"), "/months/{m}/flows", access.MonthRead},
			{lang.T("共享申请", "Requests"), "/months/{m}/requests", access.RequestRead},
			{lang.T("目录与资源", "Datasets"), "/months/{m}/datasets", access.DatasetRead},
			{lang.T("预算绩效", "Budget review"), "/months/{m}/budget", access.BudgetRead},
			{lang.T("报告", "Reports"), "/months/{m}/reports", access.ReportRead},
		}},
		{lang.T("协作", "Work"), []navEntry{
			{lang.T("申诉", "Objections"), "/objections", access.ObjectionRead},
			{lang.T("笔记本", "Notebooks"), "/notebooks", access.SQLRun},
			{lang.T("指标与数据字典", "Codebook"), "/codebook", access.CodebookRead},
		}},
		{lang.T("运行", "Operation"), []navEntry{
			{lang.T("装载", "Loads"), "/loads", access.LoadRead},
			{lang.T("隔离区", "Quarantine"), "/quarantine", access.LoadRead},
			{lang.T("月结与版次", "Months"), "/months", access.MonthRead},
			{lang.T("任务与时间表", "Jobs"), "/jobs", access.JobRead},
		}},
		{lang.T("管理", "Administration"), []navEntry{
			{lang.T("用户", "Users"), "/users", access.UserManage},
			{lang.T("审计记录", "Audit log"), "/audit", access.AuditRead},
		}},
	}
	path := r.URL.Path
	for _, g := range all {
		group := navGroup{Title: g.title}
		for _, link := range g.entries {
			if !r.who.Has(link.needs) || link.needs == access.SQLRun && !r.who.May(access.SQLRun, access.Every).Allowed || strings.Contains(link.href, "{m}") && current == "" || link.href == "/notebooks" && s.parts.Notebooks == nil {
				continue
			}
			href := strings.Replace(link.href, "{m}", current, 1)
			n := navLink{Title: link.title, Href: href, Current: path == href || href != "/months/"+current && href != "/months" && strings.HasPrefix(path, href+"/")}
			if href == "/months/"+current && (strings.HasPrefix(path, href+"/departments") || strings.HasPrefix(path, href+"/indicators") || strings.HasPrefix(path, href+"/city")) {
				n.Current = true
			}
			if link.href == "/objections" {
				n.Badge = s.openBadge(r)
			}
			group.Links = append(group.Links, n)
		}
		if len(group.Links) > 0 {
			groups = append(groups, group)
		}
	}
	return groups, current, months, nil
}

// openBadge counts the objections that wait for the person.
func (s *Server) openBadge(r *request) string {
	if s.parts.Objections == nil {
		return ""
	}
	open := slices.DeleteFunc(s.parts.Objections.List(objection.Filter{State: objection.Open}), func(o objection.Objection) bool {
		return !r.who.May(access.ObjectionRead, o.Department).Allowed
	})
	if len(open) == 0 {
		return ""
	}
	return strconv.Itoa(len(open))
}
