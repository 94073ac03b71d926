package workspace

import (
	"fmt"
	"slices"
	"strings"

	"weir/internal/lang"
	"weir/internal/problem"
)

// Reporting says which reports a month has, when they are due, how they look and who receives them.
type Reporting struct {
	WorkingDay int                  `yaml:"working_day"` // weir month: the month before is due from this working day on; server.schedule.month goes before it
	Kinds      []string             `yaml:"kinds"`       // monthly_overview, department_scorecard, budget_review
	Formats    []string             `yaml:"formats"`     // html, pdf, xlsx, data
	Languages  []lang.Lang          `yaml:"languages"`   // empty: that of the workspace
	Actions    map[string]lang.Text `yaml:"actions"`     // proposal for each grade in the budget review
	Alarms     []Alarm              `yaml:"alarms"`      // least execution rates by month of the fiscal year; empty: 25, 40, 60, 80 % in months 4, 6, 8, 10
	Gap        float64              `yaml:"gap"`         // percentage points between target progress and execution that raise an alarm; 0: 10
	Objections Objections           `yaml:"objections"`
	Look       Look                 `yaml:"look"`
	Mail       Mail                 `yaml:"mail"`
}

// Alarm is the least execution rate at the end of a month of the fiscal year.
type Alarm struct {
	Month int     `yaml:"month"`
	Rate  float64 `yaml:"rate"` // %
}

// Objections say how departments object to their figures.
type Objections struct {
	WorkingDays int       `yaml:"working_days"` // from the day of the close
	Contact     lang.Text `yaml:"contact"`      // whom to write to; empty: the issuing organisation
}

// Look names files of the workspace that change how reports look; "" keeps the built-in form.
type Look struct {
	Template   string   `yaml:"template"`   // Typst template of the PDF; weir report --template prints the built-in one
	Files      []string `yaml:"files"`      // further files that the template reads, by their base name
	Stylesheet string   `yaml:"stylesheet"` // CSS behind the page's own
	Logo       string   `yaml:"logo"`       // SVG or PNG
	Typst      string   `yaml:"typst"`      // path of a typst program that replaces the built-in one
}

// Mail says how finished reports are sent. Without a host nothing is sent.
type Mail struct {
	Host         string      `yaml:"host"`          // HOST:PORT of the SMTP server
	Security     string      `yaml:"security"`      // starttls (default), tls, or none for a relay on this machine
	User         string      `yaml:"user"`          // "" for none
	PasswordFile string      `yaml:"password_file"` // file that holds the password, relative to the workspace
	From         string      `yaml:"from"`
	Link         string      `yaml:"link"` // address under which weir serve is reached, for messages with links
	Recipients   []Recipient `yaml:"recipients"`
}

// Recipient is one address and what may be sent to it.
type Recipient struct {
	Address    string    `yaml:"address"`
	Department string    `yaml:"department"` // its scorecard only; "*" for all departments and all reports
	Kinds      []string  `yaml:"kinds"`      // of what it may see; empty: all
	Formats    []string  `yaml:"formats"`    // attached; empty: pdf
	Language   lang.Lang `yaml:"language"`   // empty: that of the workspace
	By         string    `yaml:"by"`         // attachment (default) or link
}

// reportKinds and reportFormats are what the keys may hold.
var (
	reportKinds   = []string{"monthly_overview", "department_scorecard", "budget_review"}
	reportFormats = []string{"html", "pdf", "xlsx", "data"}
)

// DefaultReporting is the reporting of a workspace that states none.
func DefaultReporting() Reporting {
	return Reporting{WorkingDay: 5, Kinds: slices.Clone(reportKinds), Formats: slices.Clone(reportFormats), Objections: Objections{WorkingDays: 10}}
}

// problems lists what cannot be used.
func (r Reporting) problems(file string) problem.List {
	var list problem.List
	add := func(what, cure string) {
		list = append(list, problem.Problem{File: file, What: "reporting." + what, Cure: cure})
	}
	if r.WorkingDay < 1 || r.WorkingDay > 23 {
		add(fmt.Sprintf("working_day %d", r.WorkingDay), "use a working day of the month, 1 to 23")
	}
	list = append(list, known(file, "reporting.kinds", r.Kinds, reportKinds)...)
	list = append(list, known(file, "reporting.formats", r.Formats, reportFormats)...)
	for _, l := range r.Languages {
		if _, err := lang.Parse(string(l)); err != nil {
			add("languages: "+err.Error(), "")
		}
	}
	last := 0
	for _, a := range r.Alarms {
		if a.Month <= last || a.Month > 12 || a.Rate <= 0 || a.Rate > 100 {
			add(fmt.Sprintf("alarms: month %d, rate %v", a.Month, a.Rate), "list months 1 to 12 in order, each with a rate in %")
		}
		last = a.Month
	}
	if r.Gap < 0 {
		add(fmt.Sprintf("gap %v", r.Gap), "use percentage points of at least 0")
	}
	if r.Objections.WorkingDays < 1 || r.Objections.WorkingDays > 250 {
		add(fmt.Sprintf("objections.working_days %d", r.Objections.WorkingDays), "use 1 to 250")
	}
	return append(list, r.Mail.problems(file)...)
}

func (m Mail) problems(file string) problem.List {
	var list problem.List
	add := func(what, cure string) {
		list = append(list, problem.Problem{File: file, What: "reporting.mail." + what, Cure: cure})
	}
	if m.Host == "" {
		if len(m.Recipients) > 0 {
			add("recipients without a host", "name the SMTP server in reporting.mail.host as HOST:PORT")
		}
		return list
	}
	if !strings.Contains(m.Host, ":") {
		add(fmt.Sprintf("host %q has no port", m.Host), "write it as mail.example.org:587")
	}
	if m.From == "" {
		add("from is missing", "name the sender's address")
	}
	if !slices.Contains([]string{"", "starttls", "tls", "none"}, m.Security) {
		add(fmt.Sprintf("security %q", m.Security), "use starttls, tls or none")
	}
	for i, r := range m.Recipients {
		at := fmt.Sprintf("recipients.%d", i+1)
		switch {
		case !strings.Contains(r.Address, "@"):
			add(fmt.Sprintf("%s: address %q", at, r.Address), "write it as name@example.org")
		case strings.ContainsAny(r.Address+m.From, "\r\n"):
			add(at+": an address holds a line break", "write it on one line")
		case r.Department == "":
			add(at+": no department", `name the department whose scorecard it may see, or "*" for all`)
		case !slices.Contains([]string{"", "attachment", "link"}, r.By):
			add(fmt.Sprintf("%s: by %q", at, r.By), "use attachment or link")
		case r.By == "link" && m.Link == "":
			add(at+": by link, but reporting.mail.link is empty", "name the address of weir serve in reporting.mail.link")
		}
		list = append(list, known(file, "reporting.mail."+at+".kinds", r.Kinds, reportKinds)...)
		list = append(list, known(file, "reporting.mail."+at+".formats", r.Formats, reportFormats)...)
	}
	return list
}

func known(file, key string, given, allowed []string) problem.List {
	var list problem.List
	for _, g := range given {
		if !slices.Contains(allowed, g) {
			list = append(list, problem.Problem{File: file, What: fmt.Sprintf("%s: %q is not known", key, g), Cure: problem.DidYouMean(g, allowed)})
		}
	}
	return list
}
