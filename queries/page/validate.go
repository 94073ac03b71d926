package page

import (
	"fmt"
	"math"
	"path"
	"regexp"
	"slices"
	"strings"

	"weir/internal/lang"
	"weir/internal/problem"
	"weir/queries/schema"
)

var (
	validID     = regexp.MustCompile(`^[a-z][a-z0-9_]{2,47}$`)
	validSeed   = regexp.MustCompile(`^S(0[1-9]|[12][0-9]|30)$`)
	placeholder = regexp.MustCompile(`\{([^{}]*)\}`)
	windows     = []string{"month", "30d", "90d", "180d", "365d", "12m", "fiscal_year", "end_of_month"}
	sections    = []string{"Meaning", "Not counted", "Disputes", "Worked example"}
)

// validator collects the problems of one page.
type validator struct {
	p        *Indicator
	at       positions
	problems problem.List
}

func (v *validator) add(key, what, cure string) {
	v.problems = append(v.problems, v.at.problem(key, what, cure))
}

// validate checks the meaning of a page whose YAML could be read.
func (p *Indicator) validate(d *Document) problem.List {
	v := &validator{p: p, at: newPositions(d)}
	if v.at.root == nil {
		return nil // no YAML could be read, which is reported: nothing more can be said
	}
	v.identity()
	v.texts()
	v.measure()
	v.target()
	v.scoring()
	v.basis()
	v.body(d)
	return v.problems
}

func (v *validator) identity() {
	p := v.p
	base, _, _ := strings.Cut(path.Base(p.File), ".")
	switch {
	case p.ID == "":
		v.add("id", "no id", "write id: "+base)
	case !validID.MatchString(p.ID):
		v.add("id", fmt.Sprintf("id %q", p.ID), "use 3 to 48 small letters, digits and underscores, a letter first")
	case p.ID != base:
		v.add("id", fmt.Sprintf("id %q in a file named %s", p.ID, path.Base(p.File)), "give both the same name; an earlier version may stand in "+p.ID+".v1.md")
	}
	if p.Version < 1 {
		v.add("version", "no version", "write version: 1, and one more whenever the definition changes")
	}
	if p.EffectiveFrom.IsZero() {
		v.add("effective_from", "no effective_from", "write the first day judged by this version, as 2025-08-01")
	}
	v.oneOf("status", string(p.Status), string(Active), string(Diagnostic), string(Withdrawn))
	v.oneOf("dimension", p.Dimension, ids(Dimensions)...)
	if directory := path.Base(path.Dir(p.File)); slices.Contains(ids(Dimensions), directory) && directory != p.Dimension {
		v.add("dimension", fmt.Sprintf("dimension %q in the folder %s", p.Dimension, directory), "move the file or correct the key")
	}
	for _, s := range p.Seeds {
		if !validSeed.MatchString(s) {
			v.add("seeds", fmt.Sprintf("seed statement %q", s), "name statements S01 to S30")
		}
	}
	if len(p.Seeds) == 0 && p.Dimension != "integrity" {
		v.add("seeds", "no seed statement", "name the statements S01 to S30 that the indicator answers")
	}
}

func (v *validator) texts() {
	p := v.p
	for _, t := range []struct {
		key  string
		text lang.Text
	}{{"name", p.Name}, {"question", p.Question}, {"definition", p.Definition}, {"finding", p.Finding}, {"limits", p.Limits}} {
		v.both(t.key, t.text)
	}
	if p.Formula == "" {
		v.add("formula", "no formula", "write it in one line")
	}
	for language, text := range map[string]string{"zh": p.Finding.Zh, "en": p.Finding.En} {
		for _, m := range placeholder.FindAllStringSubmatch(text, -1) {
			if !slices.Contains(Placeholders, m[1]) {
				v.add("finding."+language, fmt.Sprintf("unknown placeholder {%s}", m[1]), problem.DidYouMean(m[1], Placeholders))
			}
		}
	}
}

func (v *validator) both(key string, t lang.Text) {
	if t.Zh == "" {
		v.add(key, key+": no Chinese text", "add "+key+".zh")
	}
	if t.En == "" {
		v.add(key, key+": no English text", "add "+key+".en")
	}
}

func (v *validator) oneOf(key, value string, known ...string) {
	switch {
	case value == "":
		v.add(key, "no "+key, "write one of "+strings.Join(known, ", "))
	case !slices.Contains(known, value):
		v.add(key, fmt.Sprintf("%s %q", key, value), problem.DidYouMean(value, known))
	}
}

func (v *validator) measure() {
	p := v.p
	v.oneOf("unit", p.Unit, ids(Units)...)
	v.oneOf("direction", string(p.Direction), string(Higher), string(Lower), string(Within), string(None))
	v.oneOf("kind", string(p.Kind), string(Proportion), string(Share), string(Ratio), string(Mean), string(Median), string(Count), string(Index))
	v.oneOf("grain", string(p.Grain), string(ByDepartment), string(ByKind))
	v.oneOf("total", string(p.Total), string(TotalSum), string(TotalQuery), string(TotalNone))
	v.oneOf("absent", string(p.Absent), string(AbsentNotApplicable), string(AbsentMissing))
	v.oneOf("window", p.Window, windows...)
	if p.Method != "" {
		v.oneOf("method", string(p.Method), string(DEA))
		if p.Grain != ByDepartment || p.Total != TotalNone {
			v.add("method", "a model compares departments", "write grain: department and total: none")
		}
	}
	if (p.Kind == Proportion || p.Kind == Share) && p.Unit != "%" && p.Unit != "" {
		v.add("unit", fmt.Sprintf("unit %q for a %s", p.Unit, p.Kind), `a part of a whole is stated in percent: write unit: "%"`)
	}
	if (p.Kind == Median || p.Kind == Count) && p.Unit == "%" {
		v.add("unit", fmt.Sprintf("unit %% for a %s", p.Kind), "write the unit of a single case")
	}
	if p.Direction == None && p.Status == Active {
		v.add("direction", "an active indicator without direction", "say which way is better, or make it a diagnostic")
	}
	if p.Decimals < 0 || p.Decimals > 6 {
		v.add("decimals", fmt.Sprintf("%d decimals", p.Decimals), "use 0 to 6")
	}
	if p.MinimumN < 0 {
		v.add("minimum_n", fmt.Sprintf("minimum_n %d", p.MinimumN), "use 0 for no minimum")
	}
	if len(p.Roles) == 0 {
		v.add("roles", "no roles", "name the parts that are measured: provider, demander, bureau or any")
	}
	for _, r := range p.Roles {
		v.oneOf("roles", string(r), string(Provider), string(Demander), string(Bureau), string(Any))
	}
	if len(p.Sources) == 0 {
		v.add("sources", "no sources", "name the tables without which nobody can be measured")
	}
	for _, s := range p.Sources {
		v.source(s)
	}
}

// source checks a table or table.column against the event model.
func (v *validator) source(s string) {
	model := schema.Default()
	table, column, hasColumn := strings.Cut(s, ".")
	t, ok := model.Table(table)
	if !ok {
		v.add("sources", fmt.Sprintf("source %q is no table", table), problem.DidYouMean(table, model.TableNames()))
		return
	}
	if _, ok := t.Column(column); hasColumn && !ok {
		v.add("sources", fmt.Sprintf("table %s has no column %q", table, column), problem.DidYouMean(column, t.ColumnNames()))
	}
}

func (v *validator) target() {
	t := v.p.Target
	if t == nil {
		if v.p.Status == Active {
			v.add("target", "no target", "give target.default, or make it a diagnostic")
		}
		return
	}
	v.oneOf("target.mark", string(t.Mark), marks...)
	if v.p.Direction == Within {
		if !(t.Lower < t.Upper) {
			v.add("target", fmt.Sprintf("band from %v to %v", t.Lower, t.Upper), "give target.lower and target.upper, the lower one first")
		}
	} else {
		if !v.at.has("target.default") {
			v.add("target", "no target.default", "give the value to be reached, in the unit of the indicator")
		}
		if t.Lower != 0 || t.Upper != 0 {
			v.add("target", "lower and upper belong to direction band", "use target.default")
		}
	}
	switch {
	case t.Frozen == "" && t.FrozenOf != "":
		v.add("target.frozen_of", "frozen_of without frozen", "name the statistic: frozen: median or p75")
	case t.Frozen != "":
		v.oneOf("target.frozen", string(t.Frozen), string(FrozenMedian), string(FrozenP75))
		v.oneOf("target.frozen_of", t.FrozenOf, "kind", "class", "all")
	}
	if len(t.ByKind) > 0 && v.p.Grain != ByKind {
		v.add("target.by_kind", "targets by kind for an indicator without kinds", "write grain: department_kind, or use by_class")
	}
}

func (v *validator) scoring() {
	s := v.p.Scoring
	switch {
	case s == nil && v.p.Status == Active:
		v.add("scoring", "no scoring", "give scoring.group and scoring.weight, or make it a diagnostic")
	case s == nil:
	case v.p.Status == Diagnostic:
		v.add("scoring", "a diagnostic is never scored", "remove scoring, or write status: active")
	default:
		v.oneOf("scoring.group", s.Group, ids(Groups)...)
		if s.Weight < 0 || s.Weight > 100 || math.Round(s.Weight*100) != s.Weight*100 {
			v.add("scoring.weight", fmt.Sprintf("weight %v", s.Weight), "use 0 to 100 with at most two decimals")
		}
		if (s.Weight == 0) != (s.Group == "outside") {
			v.add("scoring.weight", fmt.Sprintf("weight %v in group %s", s.Weight, s.Group), "group outside has weight 0, every other group a weight above 0")
		}
		if s.Scale != "" {
			v.oneOf("scoring.scale", s.Scale, "linear", "log10_1p")
		}
		if s.Ceiling != 0 && (v.p.Direction != Lower || v.p.Target != nil && s.Ceiling <= v.p.Target.Default) {
			v.add("scoring.ceiling", fmt.Sprintf("ceiling %v", s.Ceiling), "a ceiling belongs to direction lower and lies above the target")
		}
	}
}

var marks = []string{string(TextRead), string(SecondarySource), string(Design)}

func (v *validator) basis() {
	if len(v.p.Basis) == 0 {
		v.add("basis", "no basis", "name the law, standard or literature it rests on; where there is none, mark it design")
	}
	for _, b := range v.p.Basis {
		v.oneOf("basis", string(b.Mark), marks...)
		v.both("basis", b.Source)
		v.both("basis", b.Says)
	}
}

func (v *validator) body(d *Document) {
	p := v.p
	for _, q := range []struct {
		name  string
		query Query
	}{{"sql", p.SQL}, {"sql evidence", p.Evidence}, {"sql check", p.Check}} {
		if strings.TrimSpace(q.query.Text) == "" {
			v.problems = append(v.problems, problem.Problem{File: d.File, Line: d.BodyLine, What: "no block " + q.name, Cure: "add ```" + q.name})
			continue
		}
		v.problems = append(v.problems, checkSQL(d.File, q.name, q.query, q.name == "sql evidence")...)
	}
	if len(p.Examples) == 0 {
		v.problems = append(v.problems, problem.Problem{File: d.File, Line: d.BodyLine, What: "no worked example", Cure: "add ```csv given=<table> and ```csv expect month=…"})
	}
	for _, s := range sections {
		if !slices.ContainsFunc(d.Headings, func(h Heading) bool { return strings.Contains(h.Text, s) }) {
			v.problems = append(v.problems, problem.Problem{File: d.File, Line: d.BodyLine, What: "no section " + s, Cure: "add a heading that holds the words " + s})
		}
	}
}
