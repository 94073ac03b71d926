package server

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"

	"weir/internal/calendar"
	"weir/internal/lang"
	"weir/internal/server/access"
	"weir/metrics"
	"weir/metrics/scoring"
	"weir/queries/page"
	"weir/reports/reading"
)

// monthCache keeps the list of closed months and the months themselves. A revision never changes; the list changes
// only when this process closes a month, which says so by closed.
type monthCache struct {
	mu    sync.Mutex
	list  []Closed
	known bool
	full  map[string]*closedMonth // month@revision → unfiltered
	order []string
}

// trendMonths is how many months before its own a page shows.
const trendMonths = 12

// keptMonths bounds what is kept: a month with the twelve before it, which its pages show, twice.
const keptMonths = 2 * (1 + trendMonths)

// Closed tells the service that a month was closed: its list is read anew, and its pages are made.
func (s *Server) Closed() {
	s.months.mu.Lock()
	defer s.months.mu.Unlock()
	s.months.known = false
	s.warmer.want()
}

// closedList gives every revision, oldest first.
func (s *Server) closedList(ctx context.Context) ([]Closed, error) {
	s.months.mu.Lock()
	defer s.months.mu.Unlock()
	if s.months.known {
		return s.months.list, nil
	}
	if s.parts.Months == nil {
		return nil, nil
	}
	list, err := s.parts.Months.List(ctx)
	if err != nil {
		return nil, err
	}
	if len(list) != len(s.months.list) {
		s.forgetSuperseded(list)
	}
	s.months.list, s.months.known = list, true
	return list, nil
}

// forgetSuperseded drops what a further close leaves without readers: revisions that are no longer the newest of their
// month, and every kept page, since their keys name the list as it was. The caller holds the lock of months.
func (s *Server) forgetSuperseded(list []Closed) {
	newest := map[string]int{}
	for _, c := range list {
		newest[c.Month] = max(newest[c.Month], c.Revision)
	}
	s.months.order = slices.DeleteFunc(s.months.order, func(key string) bool {
		m := s.months.full[key]
		if m.Revision == newest[m.Month.Month] {
			return false
		}
		delete(s.months.full, key)
		return true
	})
	s.cache.clear()
}

// newestRevisions gives the newest revision of each month, newest month first.
func (s *Server) newestRevisions(ctx context.Context) ([]Closed, error) {
	list, err := s.closedList(ctx)
	if err != nil {
		return nil, err
	}
	var newest []Closed
	for i := len(list) - 1; i >= 0; i-- {
		if len(newest) == 0 || newest[len(newest)-1].Month != list[i].Month {
			newest = append(newest, list[i])
		}
	}
	return newest, nil
}

type valueKey struct{ indicator, department string }

// closedMonth is a closed month as one person may see it, with look-ups. The values of departments that the person
// does not reach are not in it: a page cannot show what it was not given.
type closedMonth struct {
	*metrics.Month
	Indicators []*page.Indicator
	Full       bool // every department is in it
	Withheld   bool // figures are blanked: an administrator views as somebody else

	reach      map[string]bool
	names      map[string]lang.Text
	values     map[valueKey]metrics.Value
	scores     map[string]scoring.Result
	lines      map[valueKey]scoring.Line
	indicators map[string]*page.Indicator
	aggregates map[string]aggregate // by indicator, and by index id for scores
}

// aggregate is the distribution of a figure over all departments: published to everybody where at least
// fewestForAggregate departments are in it.
type aggregate struct {
	N                         int
	Low, Q1, Median, Q3, High float64
}

const fewestForAggregate = 5

// month gives a closed month for the request's person. Revision 0 is the newest.
func (s *Server) month(r *request, month string, revision int) (*closedMonth, error) {
	full, err := s.fullMonth(r.Context(), month, revision)
	if err != nil {
		return nil, err
	}
	return full.forPrincipal(r.who), nil
}

// ofPath is the month that the path names.
func (s *Server) ofPath(r *request) (*closedMonth, error) {
	return s.month(r, r.PathValue("month"), 0)
}

// fullMonth reads a month without a filter. Only month and aggregates use it.
func (s *Server) fullMonth(ctx context.Context, month string, revision int) (*closedMonth, error) {
	if _, err := calendar.ParseMonth(month); err != nil {
		return nil, failf(invalid, "月份写作 2026-10，收到的是“%s”", "a month is written as 2026-10, this is %q", month)
	}
	list, err := s.closedList(ctx)
	if err != nil {
		return nil, err
	}
	wanted := 0
	for _, c := range list {
		if c.Month == month && (revision == 0 || c.Revision == revision) {
			wanted = max(wanted, c.Revision)
		}
	}
	if revision = wanted; revision == 0 {
		return nil, noSuch(lang.T("已结月份", "closed month"), month)
	}
	key := fmt.Sprintf("%s@%d", month, revision)
	s.months.mu.Lock()
	m := s.months.full[key]
	s.months.mu.Unlock()
	if m != nil {
		return m, nil
	}
	read, err := s.parts.Months.Read(ctx, month, revision)
	if err != nil {
		return nil, err
	}
	definitions, err := s.parts.Definitions.Used(read)
	if err != nil {
		return nil, err
	}
	districts, err := s.districts(ctx, read)
	if err != nil {
		return nil, err
	}
	m = newClosedMonth(read, definitions, districts)
	s.months.mu.Lock()
	defer s.months.mu.Unlock()
	if s.months.full == nil {
		s.months.full = map[string]*closedMonth{}
	}
	if s.months.full[key] == nil {
		s.months.full[key] = m
		s.months.order = append(s.months.order, key)
		if len(s.months.order) > keptMonths {
			delete(s.months.full, s.months.order[0])
			s.months.order = s.months.order[1:]
		}
	}
	return m, nil
}

func newClosedMonth(m *metrics.Month, definitions []*page.Indicator, districts map[string]string) *closedMonth {
	told := *m
	told.Departments = toldApart(m.Departments, districts)
	c := &closedMonth{Month: &told, Full: true}
	measured := map[string]bool{}
	for _, v := range m.Values {
		measured[v.Indicator] = true
	}
	for _, p := range definitions {
		if measured[p.ID] {
			c.Indicators = append(c.Indicators, p)
		}
	}
	c.index()
	c.aggregates = aggregates(m)
	return c
}

// toldApart names the departments as reports do: namesakes with their district.
func toldApart(departments []metrics.Department, districts map[string]string) []metrics.Department {
	zh, en := reading.Names(departments, districts, lang.Zh), reading.Names(departments, districts, lang.En)
	list := slices.Clone(departments)
	for i, d := range list {
		list[i].Name = lang.T(zh[d.ID], en[d.ID])
	}
	return list
}

// districts reads the districts of the departments of a closed month, where they are stated.
func (s *Server) districts(ctx context.Context, m *metrics.Month) (map[string]string, error) {
	districts := map[string]string{}
	if s.parts.Rows == nil {
		return districts, nil
	}
	t, err := s.parts.Rows.Query(ctx, m.Month, m.Revision, districtQuery, nil)
	if err != nil {
		return nil, err
	}
	for _, row := range t.Rows {
		id, ok := row[0].(string)
		district, stated := row[1].(string)
		if ok && stated {
			districts[id] = district
		}
	}
	return districts, nil
}

func (c *closedMonth) index() {
	c.names = map[string]lang.Text{metrics.City: lang.T("全市", "All departments")}
	for _, d := range c.Departments {
		c.names[d.ID] = d.Name
	}
	c.values = make(map[valueKey]metrics.Value, len(c.Values))
	for _, v := range c.Values {
		if v.DataKind == "" {
			c.values[valueKey{v.Indicator, v.Department}] = v
		}
	}
	c.scores, c.lines = map[string]scoring.Result{}, map[valueKey]scoring.Line{}
	for _, r := range c.Scores {
		c.scores[r.Department] = r
		for _, line := range r.Total.Lines {
			c.lines[valueKey{line.Indicator, r.Department}] = line
		}
	}
	c.indicators = make(map[string]*page.Indicator, len(c.Indicators))
	for _, p := range c.Indicators {
		c.indicators[p.ID] = p
	}
}

// aggregates are made of all departments, before anything is filtered.
func aggregates(m *metrics.Month) map[string]aggregate {
	samples := map[string][]float64{}
	for _, v := range m.Values {
		if v.DataKind == "" && v.Department != metrics.City && v.Value != nil {
			samples[v.Indicator] = append(samples[v.Indicator], *v.Value)
		}
	}
	for _, r := range m.Scores {
		if r.Total.Scored {
			samples[scoreTotal] = append(samples[scoreTotal], r.Total.Score)
		}
		for _, index := range r.Indices {
			if index.Scored {
				samples["index "+index.ID] = append(samples["index "+index.ID], index.Score)
			}
		}
	}
	all := map[string]aggregate{}
	for name, sample := range samples {
		if len(sample) < fewestForAggregate {
			continue
		}
		slices.Sort(sample)
		at := func(p float64) float64 { // smallest value whose cumulative count reaches p·n
			i := int(p*float64(len(sample)) + 0.999999)
			return sample[max(0, min(len(sample), i)-1)]
		}
		all[name] = aggregate{N: len(sample), Low: sample[0], Q1: at(0.25), Median: at(0.5), Q3: at(0.75), High: sample[len(sample)-1]}
	}
	return all
}

const scoreTotal = "total"

// forPrincipal filters the month: only departments that the principal reaches keep their figures, and figures are
// blanked where they must be withheld.
func (c *closedMonth) forPrincipal(who access.Principal) *closedMonth {
	if !who.Withheld() && who.May(access.DepartmentRead, access.Every).Allowed {
		return c
	}
	reach := map[string]bool{}
	for _, d := range c.Departments {
		if who.May(access.DepartmentRead, d.ID).Allowed {
			reach[d.ID] = true
		}
	}
	m := *c.Month
	m.Values, m.Scores, m.Flows = nil, nil, nil
	for _, v := range c.Month.Values {
		if v.Department == metrics.City || reach[v.Department] {
			if who.Withheld() {
				v.Numerator, v.Denominator, v.Value, v.N, v.Low, v.High = nil, nil, nil, nil, nil, nil
			}
			m.Values = append(m.Values, v)
		}
	}
	if !who.Withheld() {
		for _, r := range c.Month.Scores {
			if reach[r.Department] {
				m.Scores = append(m.Scores, r)
			}
		}
		for _, f := range c.Month.Flows {
			if reach[f.Provider] || reach[f.Consumer] {
				m.Flows = append(m.Flows, f)
			}
		}
	}
	f := &closedMonth{Month: &m, Indicators: c.Indicators, reach: reach, Withheld: who.Withheld(), aggregates: c.aggregates}
	f.Full = len(reach) == len(c.Departments)
	if who.Withheld() {
		f.aggregates = map[string]aggregate{}
	}
	f.index()
	return f
}

// reaches tells whether a department's figures are in the month.
func (c *closedMonth) reaches(department string) bool { return c.reach == nil || c.reach[department] }

// reached lists the departments whose figures are in it, best score first.
func (c *closedMonth) reached() []metrics.Department {
	var list []metrics.Department
	for _, d := range c.Departments {
		if c.reaches(d.ID) {
			list = append(list, d)
		}
	}
	rank := func(d metrics.Department) int {
		if r := c.scores[d.ID].Rank; r > 0 {
			return r
		}
		return 1 << 30
	}
	slices.SortStableFunc(list, func(a, b metrics.Department) int { return cmp.Or(rank(a)-rank(b), strings.Compare(a.ID, b.ID)) })
	return list
}

// department finds a department of the month.
func (c *closedMonth) department(id string) (metrics.Department, bool) {
	for _, d := range c.Departments {
		if d.ID == id {
			return d, true
		}
	}
	return metrics.Department{}, false
}

// earlier gives up to n closed months before this one, newest revision each, oldest first.
func (s *Server) earlier(r *request, month string, n int) ([]*closedMonth, error) {
	list, err := s.newestRevisions(r.Context())
	if err != nil {
		return nil, err
	}
	var months []*closedMonth
	for _, c := range list {
		if c.Month >= month || len(months) == n {
			continue
		}
		m, err := s.month(r, c.Month, c.Revision)
		if err != nil {
			return nil, err
		}
		months = append(months, m)
	}
	slices.Reverse(months)
	return months, nil
}

// previous is the closed month right before, nil where that one is not closed.
func previous(month string, earlier []*closedMonth) *closedMonth {
	this, err := calendar.ParseMonth(month)
	if err != nil || len(earlier) == 0 {
		return nil
	}
	if last := earlier[len(earlier)-1]; last.Month.Month == this.Add(-1).String() {
		return last
	}
	return nil
}

// scope is the part of a cache key that names what the request's person may see.
func (r *request) scope() string {
	text, err := json.Marshal(struct {
		Grants   []access.Grant
		Limit    *access.Limit
		Withheld bool
	}{r.who.Grants, r.who.Limit, r.who.Withheld()})
	if err != nil {
		return r.id // never shared
	}
	return string(text)
}

// key names a page of a closed month in the cache.
func (c *closedMonth) key(s *Server, r *request, more ...string) string {
	// A page shows other months too, and revisions are only ever added: their number names the state of the list.
	all, err := s.closedList(r.Context())
	if err != nil {
		return ""
	}
	return strings.Join(append([]string{c.Stamp, fmt.Sprint(len(all)), r.scope()}, more...), "\x00")
}
