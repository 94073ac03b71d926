package server

import (
	"net/http"
	"strings"

	"weir/internal/lang"
	"weir/internal/server/access"
	"weir/internal/server/export"
)

// operation describes a route of the API; the OpenAPI document is made of these and of the routes themselves.
type operation struct {
	id         string
	summary    lang.Text
	parameters []parameter
	body       string // media type of the request's body, "" for none
	rows       bool   // a list: paged JSON, or a file with ?format=
	answers    string // media type of the answer where it is no JSON
	job        bool   // answers with a job
}

type parameter struct {
	name     string
	in       string // query or header
	text     lang.Text
	required bool
}

func query(name, zh, en string) parameter { return parameter{name, "query", lang.T(zh, en), false} }

// apiRoutes are the routes of the API with their description.
func (s *Server) apiRoutes() []route {
	op := func(id, zh, en string, more ...parameter) *operation {
		return &operation{id: id, summary: lang.T(zh, en), parameters: more}
	}
	rows := func(o *operation) *operation { o.rows = true; return o }
	jobs := func(o *operation, body string, more ...parameter) *operation {
		o.job, o.body, o.parameters = true, body, append(o.parameters, more...)
		return o
	}
	key := parameter{"Idempotency-Key", "header", lang.T("幂等键：同一键与内容只执行一次", "the same key and content is done once"), false}
	department, indicator := query("department", "部门标识，* 为全市", "department identifier, * for the city"), query("indicator", "指标标识", "indicator identifier")
	revision := query("revision", "版次，缺省为最新", "revision, the newest by default")
	report := op("getReport", "下载一份报告", "download a report")
	report.answers = "application/octet-stream"
	return []route{
		{method: get, pattern: "/api/v1/openapi.json", needs: access.CodebookRead, handle: s.openapi, doc: op("getOpenAPI", "本说明", "this description")},
		{method: get, pattern: "/api/v1/me", needs: access.CodebookRead, handle: s.apiMe, doc: op("getMe", "当前用户与权限", "who asks, and what they may do")},
		{method: get, pattern: "/api/v1/indicators", needs: access.CodebookRead, handle: s.apiIndicators, doc: op("listIndicators", "指标定义，含全部版本", "indicator definitions in all versions")},
		{method: get, pattern: "/api/v1/model", needs: access.CodebookRead, handle: s.apiModel, doc: op("getModel", "数据模型：表、列、代码", "the event model: tables, columns, codes")},
		{method: get, pattern: "/api/v1/months", needs: access.MonthRead, handle: s.apiMonths, doc: rows(op("listMonths", "已结月份与版次", "closed months and revisions"))},
		{method: get, pattern: "/api/v1/months/{month}/values", needs: access.MonthRead, handle: s.apiValues, doc: rows(op("listValues", "指标值（只含可见的部门）", "indicator values of departments that you may see", indicator, department, query("by_kind", "含分数据种类的值", "also by kind of data"), revision))},
		{method: get, pattern: "/api/v1/months/{month}/scores", needs: access.DepartmentRead, handle: s.apiScores, doc: rows(op("listScores", "得分、等级与名次", "scores, grades and ranks", revision))},
		{method: get, pattern: "/api/v1/months/{month}/flows", needs: access.MonthRead, handle: s.apiFlows, doc: rows(op("listFlows", "部门间有效交换", "effective exchanges between departments", revision))},
		{method: get, pattern: "/api/v1/months/{month}/requests", needs: access.RequestRead, handle: s.apiRequests, doc: rows(op("listRequests", "当月到期的申请及其时钟", "requests that fall due, with their clocks", department, query("late", "只要逾期的", "only late ones")))},
		{method: get, pattern: "/api/v1/months/{month}/resources", needs: access.DatasetRead, handle: s.apiResources, doc: rows(op("listResources", "资源及其使用与新鲜度", "resources with their use and freshness", department, query("q", "名称或标识", "title or identifier"), query("dormant", "只要一年未被使用的", "only those not used for a year")))},
		{method: get, pattern: "/api/v1/months/{month}/departments/{department}/{indicator}", needs: access.DepartmentRead, scope: pathDepartment, handle: s.apiFigure, doc: op("getFigure", "一个数值及其说明", "one figure and what lies behind it")},
		{method: get, pattern: "/api/v1/months/{month}/departments/{department}/{indicator}/evidence", needs: access.EvidenceRead, scope: pathDepartment, handle: s.apiEvidence, doc: rows(op("listEvidence", "数值背后的明细行", "the rows behind a figure"))},
		{method: get, pattern: "/api/v1/months/{month}/tables/{table}", needs: access.SQLRun, scope: everyDepartment, handle: s.apiTable, doc: rows(op("readTable", "月结数据湖中的一张表", "a table of the closed month's lake"))},
		{method: get, pattern: "/api/v1/months/{month}/reports", needs: access.ReportRead, handle: s.apiReports, doc: rows(op("listReports", "可下载的报告", "reports to download"))},
		{method: get, pattern: "/api/v1/months/{month}/reports/{name}", needs: access.ReportRead, handle: s.apiReport, doc: report},
		{method: post, pattern: "/api/v1/months/{month}/close", needs: access.MonthClose, handle: s.apiClose, doc: jobs(op("closeMonth", "月结", "close a month", query("as_of", "数据截至日期，未结束的月份须给出", "last day known, for a month that is not over")), "")},
		{method: get, pattern: "/api/v1/loads", needs: access.LoadRead, handle: s.apiLoads, doc: rows(op("listLoads", "装载登记", "register of loads"))},
		{method: post, pattern: "/api/v1/loads", needs: access.LoadWrite, streamed: true, handle: s.apiUpload, doc: jobs(op("uploadFile", "上传并装入一个文件", "upload and load a file"), "application/octet-stream",
			parameter{"name", "query", lang.T("文件名", "the file's name"), true}, query("table", "目标表", "table"), query("mapping", "映射名称", "name of a mapping"), query("dry_run", "只检查", "check only"), key)},
		{method: post, pattern: "/api/v1/events/{table}", needs: access.LoadWrite, streamed: true, handle: s.apiEvents, doc: jobs(op("sendEvents", "发送事件，每行一个 JSON 对象", "send events, one JSON object a line"), "application/x-ndjson", key)},
		{method: get, pattern: "/api/v1/quarantine", needs: access.LoadRead, handle: s.apiQuarantine, doc: rows(op("listQuarantine", "隔离的行", "quarantined rows", query("load", "装载批次", "load")))},
		{method: get, pattern: "/api/v1/jobs", needs: access.JobRead, handle: s.apiJobs, doc: op("listJobs", "任务", "jobs")},
		{method: get, pattern: "/api/v1/jobs/{job}", needs: access.JobRead, quiet: true, handle: s.apiJob, doc: op("getJob", "一个任务", "one job")},
		{method: get, pattern: "/api/v1/objections", needs: access.ObjectionRead, handle: s.apiObjections, doc: op("listObjections", "申诉及答复", "objections with their answers", query("month", "月份", "month"), department, query("state", "状态", "state"))},
		{method: get, pattern: "/api/v1/audit", needs: access.AuditRead, handle: s.apiAudit, doc: op("listAudit", "审计记录", "audit log", query("user", "用户", "user"), query("action", "动作", "act"), query("refused", "只要被拒绝的", "only refused"), query("before", "序号之前", "before this number"), query("from", "自", "from"), query("to", "至", "to"), query("limit", "条数", "entries"))},
	}
}

func (s *Server) openapi(w http.ResponseWriter, r *request) error {
	asText(w, r)
	return writeJSON(w, s.description(r.lang))
}

type object = map[string]any

// description is the OpenAPI 3.1 document of the API.
func (s *Server) description(l lang.Lang) object {
	paths := object{}
	for i := range s.routes {
		rt := &s.routes[i]
		if rt.doc == nil {
			continue
		}
		item, _ := paths[rt.pattern].(object)
		if item == nil {
			item = object{}
			paths[rt.pattern] = item
		}
		item[strings.ToLower(rt.method)] = rt.describe(l)
	}
	return object{
		"openapi": "3.1.0",
		"info":    object{"title": l.Pick("堰 API", "Weir API"), "version": "1", "description": l.Pick("列表以 offset 与 limit 分页，或以 format 整体导出。", "Lists are paged by offset and limit, or exported whole by format.")},
		"paths":   paths,
		"components": object{
			"securitySchemes": object{"token": object{"type": "http", "scheme": "bearer"}, "session": object{"type": "apiKey", "in": "cookie", "name": s.sessionCookie()}},
			"schemas": object{
				"Error": object{"type": "object", "required": []string{"error"}, "properties": object{"error": object{"type": "object", "required": []string{"code", "message", "request_id"}, "properties": object{
					"code": object{"type": "string"}, "message": object{"type": "object", "properties": object{"zh": object{"type": "string"}, "en": object{"type": "string"}}}, "rule": object{"type": "string"}, "request_id": object{"type": "string"}}}}},
				"List": object{"type": "object", "required": []string{"data", "next"}, "properties": object{"data": object{"type": "array", "items": object{"type": "object"}}, "next": object{"type": []string{"string", "null"}}}},
				"Job": object{"type": "object", "required": []string{"job_id", "kind", "state"}, "properties": object{"job_id": object{"type": "integer"}, "kind": object{"type": "string"},
					"state": object{"type": "string", "enum": []string{"queued", "running", "done", "failed", "interrupted"}}, "result": object{"type": "object"}, "error": object{"type": "string"}}},
			},
		},
		"security": []object{{"token": []string{}}, {"session": []string{}}},
	}
}

// describe is one operation.
func (rt *route) describe(l lang.Lang) object {
	d := rt.doc
	var parameters []object
	for _, segment := range strings.Split(rt.pattern, "/") {
		if name, ok := strings.CutPrefix(segment, "{"); ok {
			parameters = append(parameters, object{"name": strings.TrimSuffix(name, "}"), "in": "path", "required": true, "schema": object{"type": "string"}})
		}
	}
	for _, p := range d.parameters {
		parameters = append(parameters, object{"name": p.name, "in": p.in, "required": p.required, "description": p.text.In(l), "schema": object{"type": "string"}})
	}
	ref := func(name string) object { return object{"$ref": "#/components/schemas/" + name} }
	answer := object{"application/json": object{"schema": object{}}}
	switch {
	case d.rows:
		parameters = append(parameters, object{"name": "limit", "in": "query", "schema": object{"type": "integer", "minimum": 1, "maximum": mostLimit, "default": defaultLimit}},
			object{"name": "offset", "in": "query", "schema": object{"type": "integer", "minimum": 0}},
			object{"name": "format", "in": "query", "schema": object{"type": "string", "enum": export.Formats}})
		answer = object{"application/json": object{"schema": ref("List")}}
		for _, f := range export.Formats {
			if f != "json" {
				answer[strings.Split(export.ContentType(f), ";")[0]] = object{}
			}
		}
	case d.job:
		answer = object{"application/json": object{"schema": ref("Job")}}
	case d.answers != "":
		answer = object{d.answers: object{}}
	}
	responses := object{"200": object{"description": l.Pick("成功", "done"), "content": answer}, "default": object{"description": l.Pick("错误", "error"), "content": object{"application/json": object{"schema": ref("Error")}}}}
	if d.job {
		responses["202"] = object{"description": l.Pick("已排队，Location 给出任务地址", "queued; Location is the job's address"), "content": object{"application/json": object{"schema": ref("Job")}}}
	}
	o := object{"operationId": d.id, "summary": d.summary.In(l), "description": string(rt.needs), "responses": responses}
	if len(parameters) > 0 {
		o["parameters"] = parameters
	}
	if d.body != "" {
		o["requestBody"] = object{"required": true, "content": object{d.body: object{}}}
	}
	return o
}
