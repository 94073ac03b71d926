package server

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"weir/internal/lang"
	"weir/internal/server/access"
	"weir/metrics"
	"weir/reports/figure"
)

// requestQuery lists the requests that fall due in the month, the latest first, for the departments that the person
// reaches on either side.
const requestQuery = `SELECT q.request_id, q.requester_id, q.provider_id, q.dataset_id, q.share_attribute, q.start_day, q.limit_days, q.extension_days,
	q.reply_due_day, q.replied_day, q.decision, CASE WHEN q.reply_is_due THEN q.reply_on_time END AS reply_on_time,
	q.delivery_due_day, q.delivered_day, CASE WHEN q.delivery_is_due THEN q.delivered_on_time END AS delivered_on_time, q.due_is_unknown
FROM mart_request AS q
WHERE q.month = $month
	AND ($everybody OR list_contains(string_split($reach, chr(31)), q.provider_id) OR list_contains(string_split($reach, chr(31)), q.requester_id))
	AND ($department = '' OR q.provider_id = $department OR q.requester_id = $department)
	AND (NOT $late OR (q.reply_is_due AND NOT q.reply_on_time) OR (q.delivery_is_due AND NOT q.delivered_on_time))
ORDER BY coalesce(q.reply_is_due AND NOT q.reply_on_time, false) DESC, coalesce(q.delivery_is_due AND NOT q.delivered_on_time, false) DESC,
	q.reply_due_day, q.request_id`

// datasetQuery lists the resources with their use and freshness at the end of the month.
const datasetQuery = `SELECT r.department_id, r.dataset_id, d.title AS dataset, r.resource_id, r.title AS resource, r.data_kind, d.share_attribute, r.is_mounted,
	r.cadence, r.last_data_as_of, r.last_exchange_day, coalesce(u.consumers, 0) AS consumers, coalesce(u.exchanges, 0) AS exchanges, r.stored_rows, r.stored_bytes
FROM mart_resource AS r
LEFT JOIN dataset AS d ON d.dataset_id = r.dataset_id
LEFT JOIN (SELECT resource_id, count(DISTINCT consumer_id) AS consumers, CAST(sum(exchanges) AS BIGINT) AS exchanges FROM mart_usage_month WHERE month = $month AND consumer_id <> provider_id GROUP BY resource_id) AS u
	ON u.resource_id = r.resource_id
WHERE r.month = $month
	AND ($everybody OR list_contains(string_split($reach, chr(31)), r.department_id))
	AND ($department = '' OR r.department_id = $department)
	AND ($text = '' OR contains(lower(coalesce(d.title, '') || ' ' || coalesce(r.title, '') || ' ' || r.resource_id || ' ' || coalesce(r.dataset_id, '')), lower($text)))
	AND (NOT $dormant OR (r.is_mounted AND r.last_exchange_day IS NULL))
ORDER BY r.department_id, r.dataset_id, r.resource_id`

// resourceQuery is one resource; resourceUseQuery who uses it and for what.
const resourceQuery = `SELECT r.resource_id, r.title, r.dataset_id, d.title AS dataset, r.department_id, r.data_kind, d.share_attribute, d.cadence_text, r.cadence, r.is_mounted, r.mounted_at,
	r.stored_rows, r.stored_bytes, r.last_data_as_of, r.shelf_life_minutes, r.last_exchange_day, r.protocol_is_standard, r.metadata_complete, r.system_id
FROM mart_resource AS r LEFT JOIN dataset AS d ON d.dataset_id = r.dataset_id WHERE r.month = $month AND r.resource_id = $resource`

const resourceUseQuery = `SELECT u.consumer_id, u.scenario_id, CAST(sum(u.exchanges) AS BIGINT) AS exchanges, CAST(sum(u.exchange_rows) AS BIGINT) AS exchange_rows
FROM mart_usage_month AS u WHERE u.month = $month AND u.resource_id = $resource GROUP BY ALL ORDER BY exchanges DESC, u.consumer_id, u.scenario_id`

const resourceUpdateQuery = `SELECT slot_start, slot_end, grace_end, met_at, is_met, source FROM mart_update WHERE month = $month AND resource_id = $resource ORDER BY slot_end`

const resourceQualityQuery = `SELECT run_at, standard_code, mode, checked, passed FROM quality_check WHERE resource_id = $resource AND run_at < $period_end ORDER BY run_at DESC, standard_code`

// districtQuery states in which district a department is, which tells namesakes apart.
const districtQuery = `SELECT department_id, district FROM department WHERE district IS NOT NULL AND district <> '' ORDER BY department_id`

const rowsPage = 100

// reachParameters narrow a query to the departments for which the person holds a permission.
func (r *request) reachParameters(m *closedMonth, p access.Permission) map[string]any {
	ids := make([]string, len(m.Departments))
	for i, d := range m.Departments {
		ids[i] = d.ID
	}
	return map[string]any{"everybody": r.who.May(p, access.Every).Allowed, "reach": strings.Join(r.who.Reach(p, ids), "\x1f")}
}

// rowsOf runs one of the service's queries with a page of its rows.
func (s *Server) rowsOf(r *request, m *closedMonth, query string, parameters map[string]any, offset, limit int) (*Table, error) {
	if s.parts.Rows == nil {
		return nil, fail(unavail, "明细不可用", "rows are not available")
	}
	if m.Withheld {
		return &Table{}, nil
	}
	t, err := s.parts.Rows.Query(r.Context(), m.Month.Month, m.Revision, fmt.Sprintf("SELECT * FROM (%s) LIMIT %d OFFSET %d", query, limit+1, offset), parameters)
	if err != nil {
		return nil, err
	}
	if len(t.Rows) > limit {
		t.Rows, t.More = t.Rows[:limit], true
	}
	return t, nil
}

func (s *Server) requests(w http.ResponseWriter, r *request) error {
	m, err := s.ofPath(r)
	if err != nil {
		return err
	}
	q := r.URL.Query()
	parameters := r.reachParameters(m, access.RequestRead)
	parameters["department"], parameters["late"] = q.Get("department"), q.Get("late") != ""
	return s.listRows(w, r, m, rowList{page: "requests", title: lang.T("共享申请", "Requests"), query: requestQuery, parameters: parameters, name: "requests-" + m.Month.Month,
		extra: map[string]any{"Department": q.Get("department"), "Late": q.Get("late") != ""}})
}

// rowList is a page with a filtered, paged, exportable list.
type rowList struct {
	page, query, name string
	title             lang.Text
	parameters        map[string]any
	extra             map[string]any
}

func (s *Server) listRows(w http.ResponseWriter, r *request, m *closedMonth, l rowList) error {
	if format := r.URL.Query().Get("format"); format != "" {
		if !r.who.Has(access.Export) || m.Withheld {
			return refusal(r.who.May(access.Export, access.Every))
		}
		if err := s.act(r, "export", l.name, format); err != nil {
			return err
		}
		return s.export(w, r, format, l.name, func(offset, limit int) (*Table, error) {
			return s.rowsOf(r, m, l.query, l.parameters, offset, limit)
		})
	}
	n := pageOf(r)
	t, err := s.rowsOf(r, m, l.query, l.parameters, (n-1)*rowsPage, rowsPage)
	if err != nil {
		return err
	}
	v := s.rowsView(r, t, l.title.In(r.lang), n, rowsPage)
	s.named(r, m, t, v)
	if r.who.Has(access.Export) && !m.Withheld {
		v.Exports = exportLinks(r.URL)
	}
	return s.show(w, r, shown{page: l.page, title: l.title, month: m.Month.Month, wide: true, build: func() (any, error) {
		l.extra["Month"], l.extra["Table"], l.extra["Departments"] = m, v, m.reached()
		return l.extra, nil
	}})
}

func (s *Server) datasets(w http.ResponseWriter, r *request) error {
	m, err := s.ofPath(r)
	if err != nil {
		return err
	}
	q := r.URL.Query()
	parameters := r.reachParameters(m, access.DatasetRead)
	parameters["department"], parameters["text"], parameters["dormant"] = q.Get("department"), strings.TrimSpace(q.Get("q")), q.Get("dormant") != ""
	return s.listRows(w, r, m, rowList{page: "datasets", title: lang.T("目录与资源", "Datasets and resources"), query: datasetQuery, parameters: parameters, name: "resources-" + m.Month.Month,
		extra: map[string]any{"Department": q.Get("department"), "Text": q.Get("q"), "Dormant": q.Get("dormant") != ""}})
}

// resource shows one resource: who uses it for what, its update slots, its quality checks.
func (s *Server) resource(w http.ResponseWriter, r *request) error {
	m, err := s.ofPath(r)
	if err != nil {
		return err
	}
	id := r.PathValue("resource")
	one, err := s.rowsOf(r, m, resourceQuery, map[string]any{"resource": id}, 0, 1)
	if err != nil {
		return err
	}
	if len(one.Rows) == 0 {
		return noSuch(lang.T("资源", "resource"), id)
	}
	provider, _ := one.Rows[0][slices.IndexFunc(one.Columns, func(c TableColumn) bool { return c.Name == "department_id" })].(string)
	if d := r.who.May(access.DatasetRead, provider); !d.Allowed {
		return refusal(d)
	}
	facts := s.rowsView(r, one, id, 1, 1)
	s.named(r, m, one, facts)
	title := id
	if at := slices.IndexFunc(one.Columns, func(c TableColumn) bool { return c.Name == "title" }); at >= 0 {
		if text, ok := one.Rows[0][at].(string); ok && text != "" {
			title = text
		}
	}
	view := map[string]any{"Month": m, "Facts": facts, "Title": title, "ID": id}
	for _, part := range []struct {
		name, query string
		caption     lang.Text
	}{
		{"Use", resourceUseQuery, lang.T("谁在使用、用于什么", "who uses it, and for what")},
		{"Updates", resourceUpdateQuery, lang.T("当月到期的更新周期", "update slots that end in the month")},
		{"Quality", resourceQualityQuery, lang.T("质量检查", "quality checks")},
	} {
		t, err := s.rowsOf(r, m, part.query, map[string]any{"resource": id}, 0, 200)
		if err != nil {
			return err
		}
		table := s.rowsView(r, t, part.caption.In(r.lang), 1, 200)
		table.Next = ""
		s.named(r, m, t, table)
		view[part.name] = table
	}
	return s.show(w, r, shown{page: "resource", title: lang.Same(title), month: m.Month.Month, build: func() (any, error) { return view, nil }})
}

// ---- flows

type flowView struct {
	Month    *closedMonth
	Drawing  *figureView
	Heads    []string
	Rows     []flowRow
	Top      *tableView
	Total    int64
	Pairs    int
	Possible int
	Full     bool
	Network  *networkView
}

type flowRow struct {
	Name, Href string
	Cells      []flowCell
	Given      int64
}

type flowCell struct {
	N    int64
	Tint string
}

func (s *Server) flows(w http.ResponseWriter, r *request) error {
	m, err := s.ofPath(r)
	if err != nil {
		return err
	}
	return s.show(w, r, shown{page: "flows", title: lang.T("数据流向", "Flows between departments"), month: m.Month.Month, scripts: []string{"chart.js"}, wide: true, key: m.key(s, r, "flows"), build: func() (any, error) {
		return s.buildFlows(r, m)
	}})
}

func (s *Server) buildFlows(r *request, m *closedMonth) (*flowView, error) {
	v := &flowView{Month: m, Full: m.Full}
	amounts, highest := map[[2]string]int64{}, int64(0)
	f := figure.Flows{Head: figure.Head{ID: "flows", Title: r.say("部门间有效交换", "Effective exchanges between departments"), Unit: r.say("次", "exchanges"), Source: r.say("已月结数值", "closed month")}, MaxUnits: 12}
	var err error
	if v.Network, err = s.buildNetwork(r, m); err != nil {
		return nil, err
	}
	for _, d := range m.Departments {
		f.Units = append(f.Units, figure.Label{ID: d.ID, Name: d.Name.In(r.lang), Group: v.Network.communityOf(d.ID)})
	}
	if v.Network != nil {
		f.Note = r.say("颜色与编号表示社群", "colours and numbers tell communities")
	}
	flows := slices.Clone(m.Flows)
	slices.SortStableFunc(flows, func(a, b metrics.Flow) int { return int(max(-1, min(1, b.Exchanges-a.Exchanges))) })
	v.Top = &tableView{Caption: r.say("最大的流向", "The largest flows"), Columns: []columnView{{Title: r.say("提供方", "Provider")}, {Title: r.say("使用方", "Consumer")}, {Title: r.say("有效交换（次）", "Effective exchanges"), Number: true}, {Title: r.say("提供行数", "Rows delivered"), Number: true}}}
	for _, flow := range flows {
		if flow.Exchanges <= 0 || flow.Provider == flow.Consumer {
			continue
		}
		amounts[[2]string{flow.Provider, flow.Consumer}] += flow.Exchanges
		highest = max(highest, flow.Exchanges)
		v.Total += flow.Exchanges
		v.Pairs++
		f.Links = append(f.Links, figure.Flow{From: flow.Provider, To: flow.Consumer, Amount: float64(flow.Exchanges)})
		if len(v.Top.Rows) < 30 {
			v.Top.Rows = append(v.Top.Rows, rowView{Cells: []cellView{s.departmentCell(r, m, flow.Provider), s.departmentCell(r, m, flow.Consumer),
				{Text: count(flow.Exchanges), Number: true, Sort: fmt.Sprint(flow.Exchanges)}, {Text: count(flow.Rows), Number: true, Sort: fmt.Sprint(flow.Rows)}}})
		}
	}
	n := len(m.Departments)
	v.Possible = n * (n - 1)
	for _, to := range m.Departments {
		v.Heads = append(v.Heads, to.Name.In(r.lang))
	}
	for _, from := range m.Departments {
		if !m.Full && !m.reaches(from.ID) {
			touches := slices.ContainsFunc(m.Departments, func(to metrics.Department) bool { return amounts[[2]string{from.ID, to.ID}] > 0 })
			if !touches {
				continue
			}
		}
		row := flowRow{Name: from.Name.In(r.lang)}
		if m.reaches(from.ID) {
			row.Href = "/months/" + m.Month.Month + "/departments/" + url.PathEscape(from.ID)
		}
		for _, to := range m.Departments {
			amount := amounts[[2]string{from.ID, to.ID}]
			cell := flowCell{N: amount}
			if amount > 0 && highest > 0 {
				cell.Tint = tint(100 * float64(len(strconv.FormatInt(amount, 10))) / float64(len(strconv.FormatInt(highest, 10))))
			}
			row.Given += amount
			row.Cells = append(row.Cells, cell)
		}
		v.Rows = append(v.Rows, row)
	}
	if len(f.Links) > 0 {
		if v.Drawing, err = s.draw(r, m, f); err != nil {
			return nil, err
		}
		v.Drawing.Table = nil // the matrix stands below
	}
	return v, nil
}

func (s *Server) departmentCell(r *request, m *closedMonth, id string) cellView {
	c := cellView{Text: m.names[id].In(r.lang)}
	if c.Text == "" {
		c.Text = id
	}
	if m.reaches(id) {
		c.Href = "/months/" + m.Month.Month + "/departments/" + url.PathEscape(id)
	}
	return c
}
