package readmodel

import (
	"fmt"

	"weir/internal/evaluate"
	"weir/internal/lang"
	"weir/queries/page"
	"weir/reports/dossier"
)

// ruleNames are the duties in the order in which a request passes through them.
var ruleNames = []struct {
	id            string
	name, subject lang.Text
}{
	{"reply_unconditional", lang.T("申请答复（无条件共享）", "Reply to requests (unconditional sharing)"), lang.T("申请", "request")},
	{"reply_conditional", lang.T("申请答复（有条件共享）", "Reply to requests (conditional sharing)"), lang.T("申请", "request")},
	{"delivery", lang.T("数据提供", "Delivery of data"), lang.T("申请", "request")},
	{"catalogue_update", lang.T("目录更新", "Catalogue update"), lang.T("目录更新事项", "catalogue change")},
	{"catalogue_publish", lang.T("目录发布", "Publication of the catalogue"), lang.T("目录更新事项", "catalogue change")},
	{"correction", lang.T("校核更正", "Correction of data"), lang.T("校核单", "ticket")},
	{"backflow", lang.T("数据回流", "Return of data to lower levels"), lang.T("回流", "return")},
	{"coordination", lang.T("统筹协调", "Coordination"), lang.T("协调事项", "matter")},
}

// rules says what each duty rests on: the limit in force on the last day of the month.
func (r *reader) rules() []dossier.Rule {
	var list []dossier.Rule
	for _, n := range ruleNames {
		rule := dossier.Rule{ID: n.id, Name: n.name, Subject: n.subject,
			Source: lang.T("各事项约定的到期时间", "the due time that each matter states"), Limit: lang.T("约定时间", "as agreed")}
		if l, ok := r.limit(n.id); ok {
			rule.Source, rule.IsLaw = l.Source, l.Mark != page.Design
			rule.Limit = lang.T(fmt.Sprintf("%d 个工作日", l.Days), fmt.Sprintf("%d working days", l.Days))
			if l.Days == 1 {
				rule.Limit.En = "1 working day"
			}
			if l.MaximumExtension > 0 {
				rule.Limit.Zh += fmt.Sprintf("（经同意可延长 %d 个）", l.MaximumExtension)
				rule.Limit.En += fmt.Sprintf(" (up to %d more with consent)", l.MaximumExtension)
			}
		}
		list = append(list, rule)
	}
	return list
}

// limit is the limit of a rule in force at the end of the month: a local one before a national one, the newest of
// either.
func (r *reader) limit(rule string) (evaluate.TimeLimit, bool) {
	day := r.at.Add(1).Day()
	var best evaluate.TimeLimit
	found := false
	for _, l := range r.Settings.TimeLimits {
		if l.Rule != rule || l.Jurisdiction != "" && l.Jurisdiction != r.Settings.Jurisdiction || !l.From.Time.Before(day) {
			continue
		}
		if !found || l.Jurisdiction != "" && best.Jurisdiction == "" || (l.Jurisdiction == "") == (best.Jurisdiction == "") && l.From.After(best.From.Time) {
			best, found = l, true
		}
	}
	return best, found
}

func (r *reader) districts(d *dossier.Dossier) error {
	return r.each("SELECT department_id, district FROM {department} WHERE district IS NOT NULL AND district <> '' ORDER BY department_id", func(c row) {
		d.Districts[c.text(0)] = c.text(1)
	})
}

// cases are all duties that fell due in the month, from requests and from other cases.
const requestCases = `
	SELECT CASE share_attribute WHEN 'U' THEN 'reply_unconditional' ELSE 'reply_conditional' END AS rule, provider_id AS department_id,
		request_id AS case_id, requester_id AS counterpart_id, dataset_id, resource_id, start_day, reply_due_day AS due_day, replied_day AS done_day, reply_on_time AS is_on_time
	FROM {mart_request} WHERE reply_is_due
	UNION ALL
	SELECT 'delivery', provider_id, request_id, requester_id, dataset_id, resource_id, replied_day, delivery_due_day, delivered_day, delivered_on_time
	FROM {mart_request} WHERE delivery_is_due`

const deadlineCases = `
	SELECT m.duty AS rule, m.department_id, m.case_id, m.counterpart_id, c.dataset_id, coalesce(t.resource_id, b.resource_id) AS resource_id,
		m.start_day, m.due_day, CAST(timezone($time_zone, timezone('UTC', m.done_at)) AS DATE) AS done_day, m.is_on_time
	FROM {mart_deadline} AS m
	LEFT JOIN {dataset_change} AS c ON m.duty IN ('catalogue_update', 'catalogue_publish') AND c.change_id = m.case_id
	LEFT JOIN {correction_ticket} AS t ON m.duty = 'correction' AND t.ticket_id = m.case_id
	LEFT JOIN {backflow} AS b ON m.duty = 'backflow' AND b.backflow_id = m.case_id`

func (r *reader) duties(d *dossier.Dossier) error {
	for _, cases := range []string{requestCases, deadlineCases} {
		err := r.each(`WITH c AS (`+cases+`) SELECT rule, department_id, count(*), count(*) FILTER (WHERE NOT is_on_time)
			FROM c WHERE department_id IS NOT NULL GROUP BY rule, department_id ORDER BY rule, department_id`, func(c row) {
			d.Duties = append(d.Duties, dossier.Duty{Rule: c.text(0), Department: c.text(1), Due: int(c.integer(2)), Late: int(c.integer(3))})
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (r *reader) overdue(d *dossier.Dossier) error {
	for _, cases := range []string{requestCases, deadlineCases} {
		err := r.each(`WITH c AS (`+cases+`)
			SELECT c.rule, c.department_id, c.case_id, coalesce(c.counterpart_id, ''), coalesce(s.title, e.title, ''), c.start_day, c.due_day,
				CASE WHEN c.done_day <= CAST($last_day AS DATE) THEN c.done_day END,
				CAST(greatest(coalesce(done.ordinal - due.ordinal, 0), 0) AS BIGINT)
			FROM c
			LEFT JOIN {resource} AS r ON r.resource_id = c.resource_id
			LEFT JOIN {dataset} AS s ON s.dataset_id = coalesce(c.dataset_id, r.dataset_id)
			LEFT JOIN {resource} AS e ON e.resource_id = c.resource_id
			LEFT JOIN {working_day} AS due ON due.day = c.due_day
			LEFT JOIN {working_day} AS done ON done.day = least(coalesce(c.done_day, CAST($last_day AS DATE)), CAST($last_day AS DATE))
			WHERE NOT c.is_on_time AND c.department_id IS NOT NULL
			ORDER BY c.rule, c.department_id, 9 DESC, c.due_day, c.case_id`, func(c row) {
			d.Overdue = append(d.Overdue, dossier.Overdue{Rule: c.text(0), Department: c.text(1), Case: c.text(2), Counterpart: c.text(3),
				Subject: c.text(4), Start: c.day(5), Due: c.day(6), Done: c.moment(7), DaysLate: int(c.integer(8))})
		})
		if err != nil {
			return err
		}
	}
	return nil
}
