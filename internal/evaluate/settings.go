package evaluate

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"weir/internal/lang"
	"weir/queries/page"
)

// Settings are the rules that a workspace may set. DefaultSettings documents each default; a zero value is not
// usable.
type Settings struct {
	Jurisdiction    string                 `yaml:"jurisdiction"`      // whose time limits go before the national ones; "" for none
	TimeLimits      []TimeLimit            `yaml:"time_limits"`       // dated limits in working days
	Resubmission    string                 `yaml:"resubmission"`      // restart: completing a request restarts the reply clock; ignore: it does not
	Cadence         Cadence                `yaml:"cadence"`           // how promised update periods are judged
	ShelfLife       ShelfLife              `yaml:"shelf_life"`        // how long data keep
	FiscalYearStart int                    `yaml:"fiscal_year_start"` // month in which the budget year begins, 1 to 12
	Targets         map[string]page.Target `yaml:"targets"`           // by indicator id, in place of the page's own
	MinimumN        map[string]int         `yaml:"minimum_n"`         // by indicator id, in place of the page's own
}

// TimeLimit is one limit in working days, as the law of a jurisdiction states it from a day on. A month is judged
// by the law of its time: the limit in force on the day the clock starts.
type TimeLimit struct {
	Rule             string    `yaml:"rule"`              // one of Rules
	Jurisdiction     string    `yaml:"jurisdiction"`      // "" is national
	From             page.Date `yaml:"from"`              // first day in force; the zero value is ever since
	Days             int       `yaml:"days"`              // working days
	MaximumExtension int       `yaml:"maximum_extension"` // working days that an approved extension may add
	Source           lang.Text `yaml:"source"`
	Mark             page.Mark `yaml:"mark"`
}

// Rules that a time limit may state.
var Rules = []string{"reply_unconditional", "reply_conditional", "delivery", "catalogue_update", "catalogue_publish", "correction", "backflow"}

// Cadence says how promised update periods are judged.
type Cadence struct {
	Realtime     string `yaml:"realtime"`      // period by which a promise of 实时 or 即时 is judged, ISO 8601
	Shortest     string `yaml:"shortest"`      // a promise shorter than this is judged by it, ISO 8601
	GracePercent int    `yaml:"grace_percent"` // part of the period that an update may come late
}

// ShelfLife says how long data keep before they count as stale.
type ShelfLife struct {
	Periods float64           `yaml:"periods"` // shelf life in promised update periods, where no kind states its own
	ByKind  map[string]string `yaml:"by_kind"` // kind of data → ISO 8601 period
}

// DefaultSettings are the product's defaults, each with its reason.
func DefaultSettings() Settings {
	regulations := lang.T("政务数据共享条例", "Regulations on Government Data Sharing")
	law := func(rule string, days, extension, article int) TimeLimit {
		return TimeLimit{Rule: rule, From: page.Date{Time: time.Date(2025, 8, 1, 0, 0, 0, 0, time.UTC)}, Days: days, MaximumExtension: extension,
			Source: lang.T("《"+regulations.Zh+"》第"+lang.ChineseNumeral(article)+"条", regulations.En+", article "+strconv.Itoa(article)), Mark: page.TextRead}
	}
	s := Settings{
		TimeLimits: []TimeLimit{
			law("reply_unconditional", 1, 10, 21), law("reply_conditional", 10, 10, 21), law("delivery", 20, 0, 22),
			law("catalogue_update", 10, 5, 17), law("catalogue_publish", 2, 0, 17), law("correction", 10, 0, 26),
			// Article 24 asks for timely return and states no number of days.
			{Rule: "backflow", Days: 20, Source: lang.T("比照第二十二条（第二十四条未定天数）", "by analogy with article 22, since article 24 states no days"), Mark: page.Design},
		},
		Resubmission: "restart",
		// A promise of real time is judged by the day: the mildest reading that still tells it from a weekly one.
		Cadence: Cadence{Realtime: "P1D", Shortest: "PT1H", GracePercent: 10},
		// With a shelf life of one period, data updated without fault and used evenly average 0.5; with two, 0.75.
		ShelfLife:       ShelfLife{Periods: 2},
		FiscalYearStart: 1,
	}
	// Before the Regulations took effect the same limits serve as a management standard, which is no law.
	for _, l := range slices.Clone(s.TimeLimits) {
		if !l.From.IsZero() {
			l.From, l.Mark = page.Date{}, page.Design
			l.Source = lang.T("条例施行前比照其时限作为管理标准", "before the Regulations took effect, their limits as a management standard")
			s.TimeLimits = append(s.TimeLimits, l)
		}
	}
	return s
}

// Validate reports the first setting that cannot be used.
func (s Settings) Validate() error {
	for _, l := range s.TimeLimits {
		if !slices.Contains(Rules, l.Rule) {
			return fmt.Errorf("time limit %q: want one of %v", l.Rule, Rules)
		}
		if l.Days < 0 || l.MaximumExtension < 0 {
			return fmt.Errorf("time limit %s: %d days, extension %d: want at least 0", l.Rule, l.Days, l.MaximumExtension)
		}
	}
	if s.Resubmission != "restart" && s.Resubmission != "ignore" {
		return fmt.Errorf("resubmission %q: want restart or ignore", s.Resubmission)
	}
	if s.FiscalYearStart < 1 || s.FiscalYearStart > 12 {
		return fmt.Errorf("fiscal_year_start %d: want a month from 1 to 12", s.FiscalYearStart)
	}
	if s.Cadence.GracePercent < 0 || s.Cadence.GracePercent > 100 {
		return fmt.Errorf("cadence.grace_percent %d: want 0 to 100", s.Cadence.GracePercent)
	}
	if !(s.ShelfLife.Periods > 0) {
		return fmt.Errorf("shelf_life.periods %v: want a number above 0", s.ShelfLife.Periods)
	}
	for _, name := range []string{s.Cadence.Realtime, s.Cadence.Shortest} {
		if _, err := ParseSpan(name); err != nil {
			return fmt.Errorf("cadence: %w", err)
		}
	}
	for kind, text := range s.ShelfLife.ByKind {
		if _, err := ParseSpan(text); err != nil {
			return fmt.Errorf("shelf_life.by_kind.%s: %w", kind, err)
		}
	}
	return nil
}

// Target is the target of an indicator for a department class and a kind of data: the workspace's own where it
// states one, else the page's; the kind goes before the class. ok is false where the indicator has none.
func (s Settings) Target(p *page.Indicator, class, kind string) (value float64, ok bool) {
	t := p.Target
	if own, set := s.Targets[p.ID]; set {
		t = &own
	}
	if t == nil || p.Direction == page.Within {
		return 0, false
	}
	if v, set := t.ByKind[kind]; set && kind != "" {
		return v, true
	}
	if v, set := t.ByClass[class]; set && class != "" {
		return v, true
	}
	return t.Default, true
}
