package simulate

import (
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"strings"
	"time"
)

//go:embed subjects.txt
var subjectLines string

//go:embed scenarios.txt
var scenarioLines string

// city is everything that was invented, except usage events, which are drawn while they are written.
type city struct {
	Options
	start         month
	opening       day // first day
	extract       instant
	days          workdays
	departments   []*department
	byID          map[string]*department
	datasets      []*dataset
	resources     []*resource
	lineage       [][2]*resource
	changes       []change
	scenarios     []*scenario
	requests      []*request
	relations     []*relation
	matters       []matter
	truths        []Truth
	repeated      int
	ledger        ledger
	relationIndex map[*relation]int
}

// newCity invents who, what and which exchanges, in the order in which they depend on each other.
func newCity(o Options) *city {
	c := &city{Options: o, days: newWorkdays(), byID: map[string]*department{}}
	start, _ := time.Parse("2006-01", o.Start) // validated before
	c.start = monthOf(start)
	c.opening = c.start.first()
	// The platform is asked for its records at the midnight that ends the last month: what lies later is not known yet.
	c.extract = c.month(o.Months).first().start()
	c.inventDepartments()
	c.inventCatalogue()
	c.inventScenarios()
	c.inventRelations()
	c.inventRequests()
	c.settleRequests()
	c.inventUpdates()
	c.inventMatters()
	c.inventChanges()
	return c
}

func (c *city) month(i int) month { return c.start + month(i) }

// index counts the month of a moment from the first month of the city; it is negative before it.
func (c *city) index(t instant) int { return int(t.month() - c.start) }

func (c *city) dice(purpose string) dice { return newDice(c.Seed, purpose) }

// known writes a moment that had come to pass when the records were taken, otherwise nothing.
func (c *city) known(t instant) string {
	if !c.happened(t) {
		return ""
	}
	return t.String()
}

func (c *city) happened(t instant) bool { return t != 0 && t < c.extract }

// personKey stands for the keyed hash of a person, as it would arrive from a platform.
func personKey(parts string, n int) string {
	sum := sha256.Sum256([]byte(cityName + parts + itoa(n)))
	return hex.EncodeToString(sum[:6])
}

// table reads lines of cells divided by bars; # begins a comment line.
func cells(text string) [][]string {
	var rows [][]string
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if line != "" && !strings.HasPrefix(line, "#") {
			rows = append(rows, strings.Split(line, "|"))
		}
	}
	return rows
}
