package composite

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/gonum/stat"

	"weir/metrics/stats"
)

// Run computes the index of a table by a methodology.
func Run(t Table, m *Methodology) (Result, error) {
	if err := m.Validate(); err != nil {
		return Result{}, err
	}
	p, err := prepare(t, m)
	if err != nil {
		return Result{}, err
	}
	normal, err := p.normalised("")
	if err != nil {
		return Result{}, err
	}
	p.stages = append(p.stages, p.stage("normalised", Text{"标准化", "Normalised"}, normal, p.flatNotes))
	e := newEvaluation(p, m)
	scores, err := e.run(normal, variation{})
	if err != nil {
		return Result{}, err
	}
	ranks := rankScores(scores, m.Ranking)
	p.stages = append(p.stages, e.weightStage(), e.groupStage(),
		byColumns("ranking", Text{"得分与排名", "Score and rank"}, unitHead, p.labels, []string{"score", "rank"}, [][]float64{scores, ranks}, nil))
	if m.Uncertainty != nil {
		stages, err := uncertain(p, m, normal, ranks)
		if err != nil {
			return Result{}, fmt.Errorf("uncertainty: %w", err)
		}
		p.stages = append(p.stages, stages...)
	}
	r := Result{Units: p.units, Labels: p.labels, Stages: p.stages}
	for i := range scores {
		r.Scores, r.Ranks = append(r.Scores, cell(scores[i])), append(r.Ranks, cell(ranks[i]))
	}
	return r, nil
}

var unitHead = Text{"单位", "Unit"}

// prepared is a table up to the point where methods begin to differ.
type prepared struct {
	m         *Methodology
	units     []string
	labels    []string
	ids       []string // of indicators
	values    [][]float64
	discounts map[string][]float64 // by column
	stages    []Stage
	flatNotes []Text
}

func prepare(t Table, m *Methodology) (*prepared, error) {
	p := &prepared{m: m, discounts: map[string][]float64{}}
	var err error
	if p.units, err = t.Text(m.Unit); err != nil {
		return nil, err
	}
	for i, u := range p.units {
		if u == "" {
			return nil, invalid("%s:%d: column %q is empty", t.Name, t.Lines[i], m.Unit)
		}
		if first := slices.Index(p.units, u); first != i {
			return nil, invalid("%s:%d: unit %q appears a second time, first in line %d", t.Name, t.Lines[i], u, t.Lines[first])
		}
	}
	if p.labels, err = t.Text(orElse(m.Label, m.Unit)); err != nil {
		return nil, err
	}
	for _, ind := range m.Indicators {
		p.ids = append(p.ids, ind.ID)
	}
	if err := p.discountColumns(t, m.Index); err != nil {
		return nil, err
	}
	return p, p.columns(t)
}

// discountColumns reads the percentages that nodes are reduced by.
func (p *prepared) discountColumns(t Table, n Node) error {
	if n.Discount != "" {
		xs, err := t.Numbers(n.Discount)
		if err != nil {
			return err
		}
		for i, x := range xs {
			if x < 0 || x > 100 {
				return invalid("%s:%d: column %q: %v, want a percentage from 0 to 100", t.Name, t.Lines[i], n.Discount, x)
			}
		}
		p.discounts[n.Discount] = xs
	}
	for _, c := range n.Children {
		if err := p.discountColumns(t, c); err != nil {
			return err
		}
	}
	return nil
}

// columns carries every indicator from raw to treated and records the stages.
func (p *prepared) columns(t Table) error {
	k := len(p.ids)
	raw, den, imp, tra := make([][]float64, k), make([][]float64, k), make([][]float64, k), make([][]float64, k)
	p.values = make([][]float64, k)
	var denNotes, impNotes, treatNotes []Text
	for j, ind := range p.m.Indicators {
		fail := func(err error) error { return fmt.Errorf("indicator %q: %w", ind.ID, err) }
		var err error
		if raw[j], err = t.Numbers(orElse(ind.Column, ind.ID)); err != nil {
			return fail(err)
		}
		if len(present(raw[j])) == 0 {
			return fail(invalid("no unit has a value"))
		}
		den[j] = raw[j]
		if ind.Denominator != "" {
			d, err := t.Numbers(ind.Denominator)
			if err != nil {
				return fail(err)
			}
			var zeros []int
			den[j], zeros = denominate(raw[j], d, ind.Per)
			denNotes = append(denNotes, p.note(ind.ID, "分母为 0，按缺数处理", "denominator 0, treated as missing", zeros)...)
		}
		im := p.m.impute(ind)
		var groups []string
		if im.Group != "" {
			if groups, err = t.Text(im.Group); err != nil {
				return fail(err)
			}
		}
		var filled []int
		if imp[j], filled, err = im.fill(den[j], groups); err != nil {
			return fail(err)
		}
		impNotes = append(impNotes, p.note(ind.ID, "插补（"+im.Method+"）", "imputed ("+im.Method+")", filled)...)
		tra[j] = make([]float64, len(p.units))
		for i, x := range imp[j] {
			if tra[j][i], err = transform(ind.Transform, x); err != nil {
				return fail(fmt.Errorf("unit %q: %w", p.units[i], err))
			}
		}
		out := p.m.outliers(ind)
		var changed []int
		var rest string
		if len(present(tra[j])) == 0 {
			return fail(invalid("no unit has a value after division by %q", ind.Denominator))
		}
		if p.values[j], changed, rest, err = out.treat(tra[j]); err != nil {
			return fail(err)
		}
		treatNotes = append(treatNotes, p.note(ind.ID, "离群值处理（"+out.Method+"）", "outliers treated ("+out.Method+")", changed)...)
		if rest != "" {
			treatNotes = append(treatNotes, Text{ind.ID + "：达到次数上限后仍偏斜，" + rest, ind.ID + ": still skewed at the limit, " + rest})
		}
	}
	p.stages = append(p.stages,
		p.stage("raw", Text{"原始数据", "Raw data"}, raw, nil),
		p.stage("denominated", Text{"按分母换算", "Denominated"}, den, denNotes),
		p.stage("imputed", Text{"缺数插补", "Imputed"}, imp, impNotes),
		p.stage("transformed", Text{"变换", "Transformed"}, tra, nil),
		p.stage("treated", Text{"离群值处理", "Outliers treated"}, p.values, treatNotes))
	d, err := p.describe()
	if err != nil {
		return err
	}
	p.stages = append(p.stages, d)
	return nil
}

func (p *prepared) stage(id string, title Text, columns [][]float64, notes []Text) Stage {
	return byColumns(id, title, unitHead, p.labels, p.ids, columns, notes)
}

// note names the units concerned, none if there are none.
func (p *prepared) note(id, zh, en string, units []int) []Text {
	if len(units) == 0 {
		return nil
	}
	var names []string
	for _, i := range units {
		names = append(names, p.labels[i])
	}
	return []Text{{fmt.Sprintf("%s：%s：%s", id, zh, strings.Join(names, "、")), fmt.Sprintf("%s: %s: %s", id, en, strings.Join(names, ", "))}}
}

// describe summarises the treated columns.
func (p *prepared) describe() (Stage, error) {
	names := []string{"n", "missing", "minimum", "maximum", "mean", "median", "standard_deviation", "skewness", "kurtosis"}
	s := Stage{ID: "description", Title: Text{"指标描述", "Description of the indicators"}, Head: Text{"指标", "Indicator"}, Rows: p.ids, Columns: names}
	for j := range p.ids {
		xs := present(p.values[j])
		median, err := stats.Median(xs)
		if err != nil {
			return Stage{}, fmt.Errorf("indicator %q: %w", p.ids[j], err)
		}
		row := []float64{float64(len(xs)), float64(len(p.units) - len(xs)), slices.Min(xs), slices.Max(xs), stat.Mean(xs, nil),
			median, deviation(xs, false), Skewness(xs), Kurtosis(xs)}
		var cells []*float64
		for _, v := range row {
			if math.IsInf(v, 0) {
				return Stage{}, invalid("indicator %q: values are too large to describe", p.ids[j])
			}
			cells = append(cells, cell(v))
		}
		s.Cells = append(s.Cells, cells)
	}
	return s, nil
}

// normalised applies each indicator's own method, or in its place the given
// one where the own is one that needs no parameters.
func (p *prepared) normalised(instead string) ([][]float64, error) {
	out := make([][]float64, len(p.ids))
	for j, ind := range p.m.Indicators {
		n := p.m.normalise(ind)
		if instead != "" && slices.Contains(freeMethods, n.Method) {
			n = Normalise{Method: instead, Range: n.Range}
		}
		var flat bool
		var err error
		if out[j], flat, err = n.apply(p.values[j], ind.Direction == "lower"); err != nil {
			return nil, fmt.Errorf("indicator %q: %w", ind.ID, err)
		}
		if flat && instead == "" {
			p.flatNotes = append(p.flatNotes, Text{ind.ID + "：各单位取值相同，不能区分单位", ind.ID + ": the same for all units, it tells none apart"})
		}
	}
	return out, nil
}

// nameUnit puts the unit's name into an error that carries its number.
func (p *prepared) nameUnit(err error) error {
	var u *unitError
	if errors.As(err, &u) {
		return fmt.Errorf("unit %q: %w", p.units[u.unit], u.err)
	}
	return err
}
