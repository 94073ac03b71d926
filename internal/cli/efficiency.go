package cli

import (
	"errors"
	"fmt"
	"math"

	"weir/internal/lang"
	"weir/metrics/efficiency"
	"weir/metrics/scoring/composite"
)

type efficiencyCommand struct {
	Table       string   `arg:"" placeholder:"TABLE.csv" help:"${efficiency_table}"`
	Inputs      []string `required:"" placeholder:"A,B" help:"${efficiency_inputs}"`
	Outputs     []string `required:"" placeholder:"C,D" help:"${efficiency_outputs}"`
	Unit        string   `placeholder:"COLUMN" help:"${efficiency_unit}"`
	Scale       string   `enum:"crs,vrs,nirs,ndrs" default:"crs" placeholder:"crs|vrs|nirs|ndrs" help:"${efficiency_scale}"`
	Orientation string   `enum:"input,output" default:"input" placeholder:"input|output" help:"${efficiency_orientation}"`
	FewUnits    bool     `help:"${efficiency_few}"`
}

func efficiencyTexts() map[string]lang.Text {
	return map[string]lang.Text{
		"efficiency":             lang.T("数据包络分析（DEA）：效率、松弛、参照单位及权重、规模", "data envelopment analysis: efficiency, slacks, peers with weights, scale"),
		"efficiency_table":       lang.T("单位表格（CSV，首行为列名）", "table of units (CSV with a head)"),
		"efficiency_inputs":      lang.T("投入列", "columns of inputs"),
		"efficiency_outputs":     lang.T("产出列", "columns of outputs"),
		"efficiency_unit":        lang.T("单位名称列，缺省为第一列", "column that names the units; default the first"),
		"efficiency_scale":       lang.T("规模报酬：crs 不变，vrs 可变，nirs 非递增，ndrs 非递减", "returns to scale: crs constant, vrs variable, nirs non-increasing, ndrs non-decreasing"),
		"efficiency_orientation": lang.T("投入导向或产出导向", "input or output orientation"),
		"efficiency_few":         lang.T("单位数不足时仍然计算（区分度差，仅供复算）", "compute although there are too few units, to rebuild published examples"),
	}
}

// Run prints the efficiency of every unit, then peers and scale.
func (c efficiencyCommand) Run(e *env) error {
	t, err := readTable(e, c.Table)
	if err != nil {
		return err
	}
	data, err := c.data(t)
	if err != nil {
		return err
	}
	options := efficiency.Options{Orientation: efficiency.Orientation(c.Orientation), Scale: efficiency.Scale(c.Scale), AllowFewUnits: c.FewUnits}
	results, err := efficiency.Radial(data, options)
	if err != nil {
		return c.refused(e, err)
	}
	scales, err := efficiency.ScaleEfficiency(data, options)
	if err != nil {
		return c.refused(e, err)
	}
	return e.printSections([]section{c.scores(e, data, results), c.peers(e, results), c.scales(e, scales)})
}

func (c efficiencyCommand) refused(e *env, err error) error {
	if errors.Is(err, efficiency.ErrTooFew) {
		return fmt.Errorf("%s: %w%s", c.Table, err, e.lang.Pick("（--few-units 可强制计算）", " (--few-units computes nevertheless)"))
	}
	return fmt.Errorf("%s: %w", c.Table, err)
}

// data takes the named columns; a missing number is refused, since a unit without it cannot be compared.
func (c efficiencyCommand) data(t composite.Table) (efficiency.Table, error) {
	unit := c.Unit
	if unit == "" {
		unit = t.Columns[0]
	}
	data := efficiency.Table{InputNames: c.Inputs, OutputNames: c.Outputs}
	var err error
	if data.Units, err = t.Text(unit); err != nil {
		return data, err
	}
	if data.Inputs, err = completeRows(t, c.Inputs); err != nil {
		return data, err
	}
	data.Outputs, err = completeRows(t, c.Outputs)
	return data, err
}

// completeRows reads columns of numbers row by row and refuses an empty cell.
func completeRows(t composite.Table, names []string) ([][]float64, error) {
	rows := make([][]float64, len(t.Rows))
	for _, name := range names {
		numbers, err := t.Numbers(name)
		if err != nil {
			return nil, err
		}
		for i, x := range numbers {
			if math.IsNaN(x) {
				return nil, fmt.Errorf("%s:%d: column %q is empty; fill it or leave the row out", t.Name, t.Lines[i], name)
			}
			rows[i] = append(rows[i], x)
		}
	}
	return rows, nil
}

func (c efficiencyCommand) scores(e *env, data efficiency.Table, results []efficiency.Result) section {
	t := &table{columns: []string{"unit", "efficiency", "score", "efficient"}}
	for _, side := range []struct {
		names  []string
		suffix string
	}{{data.InputNames, "_slack"}, {data.OutputNames, "_slack"}, {data.InputNames, "_target"}, {data.OutputNames, "_target"}} {
		for _, name := range side.names {
			t.columns = append(t.columns, name+side.suffix)
		}
	}
	for _, r := range results {
		row := []any{r.Unit, r.Efficiency, r.Score, r.Efficient}
		for _, list := range [][]float64{r.InputSlacks, r.OutputSlacks, r.InputTargets, r.OutputTargets} {
			for _, x := range list {
				row = append(row, x)
			}
		}
		t.add(row...)
	}
	return section{id: "efficiency", title: fmt.Sprintf(e.lang.Pick("效率（%s，%s）", "Efficiency (%s, %s orientation)"), c.Scale, e.orientation(c.Orientation)), table: t}
}

func (e *env) orientation(name string) string {
	if name == string(efficiency.Output) {
		return e.lang.Pick("产出导向", "output")
	}
	return e.lang.Pick("投入导向", "input")
}

func (c efficiencyCommand) peers(e *env, results []efficiency.Result) section {
	t := &table{columns: []string{"unit", "peer", "weight"}}
	for _, r := range results {
		for _, p := range r.Peers {
			t.add(r.Unit, p.Unit, p.Weight)
		}
	}
	return section{id: "peers", title: e.lang.Pick("参照单位及权重", "Peers with weights"), table: t}
}

func (c efficiencyCommand) scales(e *env, scales []efficiency.ScaleResult) section {
	t := &table{columns: []string{"unit", "crs", "vrs", "scale_efficiency", "returns"}}
	for _, s := range scales {
		t.add(s.Unit, s.Constant, s.Variable, s.ScaleEfficiency, string(s.Returns))
	}
	return section{id: "scale", title: e.lang.Pick("规模效率", "Scale efficiency"), table: t}
}
