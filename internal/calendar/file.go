package calendar

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"weir/internal/problem"
	"weir/internal/strictyaml"
)

//go:embed china.json
var chinaJSON []byte

// File is the form in which arrangements are kept and imported, as JSON.
type File struct {
	Name  string `yaml:"name"`
	Years []Year `yaml:"years"`
}

// Year is the arrangement of one year. Days off and working weekends may lie in a neighbouring year, as a New
// Year's holiday does that begins on 31 December.
type Year struct {
	Year    int      `yaml:"year"`
	Notice  string   `yaml:"notice"`  // title or number of the notice
	URL     string   `yaml:"url"`     // its address
	Off     []string `yaml:"off"`     // days or ranges first/last, last included, as 2026-10-01/2026-10-07
	Working []string `yaml:"working"` // Saturdays and Sundays that are working days
}

// China is the calendar that ships with the product.
var China = sync.OnceValue(func() *Calendar {
	c, problems := Parse("china.json", chinaJSON)
	if err := problems.Err(); err != nil {
		// The file is embedded and tested: a failure here is a broken build.
		panic(err)
	}
	return c
})

// Parse reads a file of arrangements and reports all that is wrong with it at once.
func Parse(file string, text []byte) (*Calendar, problem.List) {
	var f File
	if problems := strictyaml.Decode(file, 1, text, &f); len(problems) > 0 {
		return nil, problems
	}
	return New(file, f.Years)
}

// With is the calendar with the years of a further file, which replace those it already has.
func (c *Calendar) With(file string, text []byte) (*Calendar, problem.List) {
	var f File
	if problems := strictyaml.Decode(file, 1, text, &f); len(problems) > 0 {
		return nil, problems
	}
	years := slices.DeleteFunc(slices.Clone(c.years), func(y Year) bool {
		return slices.ContainsFunc(f.Years, func(n Year) bool { return n.Year == y.Year })
	})
	return New(file, append(years, f.Years...))
}

// New builds a calendar from arrangements, which must form a run of years without a gap. Days that no arrangement
// names are working days from Monday to Friday.
func New(file string, years []Year) (*Calendar, problem.List) {
	var problems problem.List
	add := func(year Year, what, cure string) {
		problems = append(problems, problem.Problem{File: file, What: fmt.Sprintf("year %d: %s", year.Year, what), Cure: cure})
	}
	if len(years) == 0 {
		return nil, problem.List{{File: file, What: "no years", Cure: `give at least one under "years"`}}
	}
	years = slices.Clone(years)
	slices.SortStableFunc(years, func(a, b Year) int { return a.Year - b.Year })
	c := &Calendar{first: Date(years[0].Year, time.January, 1), years: years}
	last := Date(years[len(years)-1].Year, time.December, 31)
	if years[0].Year < 1949 || years[len(years)-1].Year > 2200 {
		return nil, problem.List{{File: file, What: fmt.Sprintf("years %d to %d", years[0].Year, years[len(years)-1].Year), Cure: "give years between 1949 and 2200"}}
	}
	c.working = make([]bool, daysBetween(c.first, last)+1)
	for i := range c.working {
		c.working[i] = !isWeekend(c.first.AddDate(0, 0, i))
	}
	for i, y := range years {
		if i > 0 && y.Year != years[i-1].Year+1 {
			add(y, fmt.Sprintf("follows %d", years[i-1].Year), "give each year once and leave none out, since limits are counted across the turn of the year")
		}
		if y.Notice == "" || !strings.HasPrefix(y.URL, "http") {
			add(y, "notice or url is missing", "name the notice and give its address, so that anyone can check the dates")
		}
		c.apply(y, add)
	}
	if len(problems) > 0 {
		return nil, problems
	}
	c.count()
	return c, nil
}

// apply enters the days off and the working weekends of a year.
func (c *Calendar) apply(y Year, add func(Year, string, string)) {
	off := map[time.Time]bool{}
	for _, text := range y.Off {
		from, to, err := parseRange(text)
		if err != nil {
			add(y, fmt.Sprintf("off: %q is no day or range", text), "write 2026-05-01 or 2026-10-01/2026-10-07")
			continue
		}
		for d := from; !d.After(to); d = d.AddDate(0, 0, 1) {
			off[d] = true
			c.set(y, d, false, add)
		}
	}
	for _, text := range y.Working {
		d, err := time.Parse(time.DateOnly, text)
		switch {
		case err != nil:
			add(y, fmt.Sprintf("working: %q is no day", text), "write it as 2026-10-10")
		case !isWeekend(d):
			add(y, fmt.Sprintf("working: %s is no Saturday or Sunday", text), "list working weekends only")
		case off[d]:
			add(y, fmt.Sprintf("%s is both off and working", text), "keep one of the two")
		default:
			c.set(y, d, true, add)
		}
	}
}

func (c *Calendar) set(y Year, d time.Time, working bool, add func(Year, string, string)) {
	if d.Year() < y.Year-1 || d.Year() > y.Year+1 {
		add(y, d.Format(time.DateOnly)+" is not of this year", "move it to its own year")
		return
	}
	// A day in a year that is not loaded says nothing: that year stays unknown.
	if i := daysBetween(c.first, d); i >= 0 && i < len(c.working) {
		c.working[i] = working
	}
}

func parseRange(text string) (from, to time.Time, err error) {
	a, b, isRange := strings.Cut(text, "/")
	if !isRange {
		b = a
	}
	if from, err = time.Parse(time.DateOnly, a); err != nil {
		return from, to, err
	}
	if to, err = time.Parse(time.DateOnly, b); err != nil {
		return from, to, err
	}
	if days := daysBetween(from, to); days < 0 || days > 31 {
		return from, to, fmt.Errorf("%s: want first/last, at most a month", text)
	}
	return from, to, nil
}

func isWeekend(d time.Time) bool { return d.Weekday() == time.Saturday || d.Weekday() == time.Sunday }
