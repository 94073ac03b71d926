package simulate

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"strings"

	"go.yaml.in/yaml/v3"

	"weir/internal/lang"
)

// TruthFile is the name of the file of planted truths.
const TruthFile = "truth.yaml"

// Truth is something that was planted in the city on purpose, and what an indicator must therefore show.
type Truth struct {
	ID          string        `yaml:"id"`
	Indicators  []string      `yaml:"indicators"` // indicators and diagnostics that it is about
	Departments []string      `yaml:"departments,omitempty,flow"`
	Planted     lang.Text     `yaml:"planted"`
	Expect      []Expectation `yaml:"expect"`
}

// Expectation is a statement that a program can check. Values are in the indicator's unit: a rate in percent from
// 0 to 100, numerators and denominators as they are counted. Every field that is set must hold.
type Expectation struct {
	Indicator   string   `yaml:"indicator"`
	Department  string   `yaml:"department,omitempty"` // empty: the whole city
	From        string   `yaml:"from,omitempty"`       // first month; the statement holds in each month of from..to
	To          string   `yaml:"to,omitempty"`         // last month; equal to from for one month
	Pooled      bool     `yaml:"pooled,omitempty"`     // numerators and denominators of from..to are added first
	Numerator   *Exact   `yaml:"numerator,omitempty"`
	Denominator *Exact   `yaml:"denominator,omitempty"`
	Value       *Exact   `yaml:"value,omitempty"`
	Above       *Exact   `yaml:"above,omitempty"`
	Below       *Exact   `yaml:"below,omitempty"`
	Rank        string   `yaml:"rank,omitempty"`         // lowest or highest of the departments that still exist and have a denominator of 5 or more; ties allowed
	StepUpIn    string   `yaml:"step_up_in,omitempty"`   // month: pooled over the three months from it, the value is higher by at least By than over the three before
	StepDownIn  string   `yaml:"step_down_in,omitempty"` // likewise lower
	By          *Exact   `yaml:"by,omitempty"`
	Set         string   `yaml:"set,omitempty"`          // what the members are, as dormant_resources
	Members     []string `yaml:"members,omitempty,flow"` // exactly these, in any order
}

// Exact is a number written without loss.
type Exact string

// MarshalYAML writes the number plainly.
func (e Exact) MarshalYAML() (any, error) {
	tag := "!!int"
	if strings.Contains(string(e), ".") {
		tag = "!!float"
	}
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: tag, Value: string(e)}, nil
}

// UnmarshalYAML keeps the digits as written.
func (e *Exact) UnmarshalYAML(n *yaml.Node) error {
	*e = Exact(n.Value)
	return nil
}

func num[T ~int | ~int64](n T) *Exact { e := Exact(itoa(n)); return &e }

// fen gives an amount of fen as yuan.
func fen(n int) *Exact { e := Exact(money(n)); return &e }

func decimal(s string) *Exact { e := Exact(s); return &e }

// TruthSheet is the content of truth.yaml.
type TruthSheet struct {
	City   lang.Text `yaml:"city"`
	Seed   uint64    `yaml:"seed"`
	From   string    `yaml:"from"`
	To     string    `yaml:"to"`
	Repeat struct {
		Table string `yaml:"table"`
		Rows  int    `yaml:"rows"`
	} `yaml:"repeated_rows"` // exact repetitions in the files, which a load must count as duplicates
	Truths []Truth `yaml:"truths"`
}

// ReadTruths reads a file of planted truths.
func ReadTruths(path string) (TruthSheet, error) {
	f, err := os.Open(path)
	if err != nil {
		return TruthSheet{}, err
	}
	defer f.Close()
	text, err := io.ReadAll(f)
	if err != nil {
		return TruthSheet{}, err
	}
	var sheet TruthSheet
	d := yaml.NewDecoder(bytes.NewReader(text))
	d.KnownFields(true)
	if err := d.Decode(&sheet); err != nil {
		return TruthSheet{}, fmt.Errorf("%s: %w", path, err)
	}
	return sheet, nil
}

func (c *city) writeTruths(s *sink) {
	sheet := TruthSheet{City: lang.T(cityName, "Qinglan City"), Seed: c.Seed, From: c.month(0).String(), To: c.last().String(), Truths: c.plantedTruths()}
	sheet.Repeat.Table, sheet.Repeat.Rows = "usage_event", c.repeated
	c.truths = sheet.Truths
	var b bytes.Buffer
	b.WriteString("# What was planted in this invented city, and what the indicators must therefore show. Written with the data.\n")
	e := yaml.NewEncoder(&b)
	e.SetIndent(2)
	s.fail(e.Encode(sheet))
	s.text(TruthFile, b.String())
}

func (c *city) last() month { return c.month(c.Months - 1) }

// needsMonths are the months that a city must have lived for a truth to show: trailing windows fill slowly.
var needsMonths = map[string]int{
	"idle_customs": 12, "stale_mechanisms": 15, "old_software": defaultMonths, "slow_adoption": 15, "wrong_people": 12, "supplied_unasked": 6,
}

// plantedTruths lists what the city's months reach: a truth about later months is left out.
func (c *city) plantedTruths() []Truth {
	var kept []Truth
	for _, list := range [][]Truth{c.flowTruths(), c.stockTruths(), c.timeTruths(), c.reuseTruths(), c.qualityTruths(), c.mechanismTruths(), c.moneyTruths(), c.networkTruths(), c.integrityTruths()} {
		for _, t := range list {
			if !c.reaches(t) || c.Months < needsMonths[t.ID] {
				continue
			}
			for i := range t.Expect {
				if c.Departments > minDepartments {
					t.Expect[i].Rank = "" // further departments are drawn: one of them may be the extreme
				}
			}
			kept = append(kept, t)
		}
	}
	return kept
}

func (c *city) reaches(t Truth) bool {
	end := c.month(c.Months).String()
	for _, e := range t.Expect {
		if e.From > e.To || e.To >= end || e.StepUpIn >= end || e.StepDownIn >= end {
			return false
		}
		if step := e.StepUpIn + e.StepDownIn; step != "" && step > c.month(c.Months-3).String() {
			return false
		}
	}
	return true
}

// say writes a text whose %s stand for months, counted from the first month of the city.
func (c *city) say(zh, en string, months ...int) lang.Text {
	var inZh, inEn []any
	for _, i := range months {
		on := c.month(i).first().date()
		inZh, inEn = append(inZh, on.Format("2006 年 1 月")), append(inEn, on.Format("January 2006"))
	}
	return lang.T(fmt.Sprintf(zh, inZh...), fmt.Sprintf(en, inEn...))
}

// in states something for the months from..to, counted from the first month of the city.
func (c *city) in(from, to int, e Expectation) Expectation {
	e.From, e.To = c.month(from).String(), c.month(to).String()
	return e
}

// atEnd states something for the last month.
func (c *city) atEnd(e Expectation) Expectation { return c.in(c.Months-1, c.Months-1, e) }
