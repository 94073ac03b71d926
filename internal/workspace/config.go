package workspace

import (
	_ "embed"
	"fmt"
	"time"

	"weir/internal/closing"
	"weir/internal/evaluate"
	"weir/internal/lang"
	"weir/internal/problem"
	"weir/internal/store"
	"weir/internal/strictyaml"
	"weir/metrics/scoring"
)

//go:embed weir.yaml
var template []byte

// Config is weir.yaml. A key that the file leaves out has the value of Default.
type Config struct {
	Name         lang.Text     `yaml:"name"`         // the city or region whose platform is measured
	Organisation lang.Text     `yaml:"organisation"` // who issues the reports
	Language     lang.Lang     `yaml:"language"`
	TimeZone     string        `yaml:"time_zone"`
	MemoryLimit  string        `yaml:"memory_limit"` // of the engine, default 2GB: what needs more goes by way of the disk, or is refused; "" leaves it to the engine
	Grades       scoring.Bands `yaml:"grades"`
	LeakCap      string        `yaml:"leak_cap"` // best grade open to a department with a confirmed data leak within twelve months; "" for none
	Calendar     []string      `yaml:"calendar"` // files of working days that add years to the built-in ones, relative to the workspace
	Server       Service       `yaml:"server"`   // weir serve
	Reporting    Reporting     `yaml:"reporting"`
	Inbox        Inbox         `yaml:"inbox"` // files that are dropped

	Uncertainty closing.Uncertainty `yaml:"uncertainty"` // simulations behind intervals of scores and ranks
	Integrity   closing.Integrity   `yaml:"integrity"`   // limits beyond which records are flagged beside a score

	// The rules by which months are judged: time limits, shelf lives, targets.
	evaluate.Settings `yaml:",inline"`
}

// Default is the configuration of an empty weir.yaml.
func Default() Config {
	return Config{
		Name:         lang.T("本市", "the city"),
		Organisation: lang.T("数据主管部门", "data bureau"),
		Language:     lang.Zh,
		TimeZone:     store.DefaultTimeZone,
		MemoryLimit:  "2GB",
		Grades:       scoring.DefaultBands(),
		LeakCap:      "中",
		Uncertainty:  closing.DefaultUncertainty(),
		Integrity:    closing.DefaultIntegrity(),
		Reporting:    DefaultReporting(),
		Inbox:        DefaultInbox(),
		Settings:     evaluate.DefaultSettings(),
	}
}

// Parse reads the text of a weir.yaml and reports every problem at once.
func Parse(file string, text []byte) (Config, problem.List) {
	c := Default()
	problems := strictyaml.Decode(file, 1, text, &c)
	if len(problems) > 0 {
		return c, problems
	}
	add := func(what, cure string) {
		problems = append(problems, problem.Problem{File: file, What: what, Cure: cure})
	}
	if _, err := lang.Parse(string(c.Language)); err != nil {
		add("language: "+err.Error(), "")
	}
	if _, err := time.LoadLocation(c.TimeZone); err != nil {
		add(fmt.Sprintf("time_zone %q is not known", c.TimeZone), "use a name of the IANA data base, such as Asia/Shanghai")
	}
	if err := c.Settings.Validate(); err != nil {
		add(err.Error(), "")
	}
	for _, err := range []error{c.Uncertainty.Validate(), c.Integrity.Validate()} {
		if err != nil {
			add(err.Error(), "")
		}
	}
	if err := c.Grades.Validate(); err != nil {
		add("grades: "+err.Error(), "list the grades from the best to the worst, the last with min: 0")
	}
	problems = append(problems, c.Reporting.problems(file)...)
	problems = append(problems, c.Inbox.problems(file)...)
	return c, append(problems, c.Server.problems(file)...)
}

// Location is the time zone. Parse has checked that it exists.
func (c Config) Location() *time.Location {
	zone, err := time.LoadLocation(c.TimeZone)
	if err != nil {
		return time.UTC
	}
	return zone
}
