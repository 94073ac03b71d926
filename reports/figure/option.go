package figure

import (
	_ "embed"
	"encoding/json"
	"fmt"
)

//go:embed figure.js
var script string

// Script defines prepareOption, which every figure's option goes through before
// it is drawn, in the process or on a page.
func Script() string { return script }

// chart is what go-echarts' types have in common.
type chart interface {
	Validate()
	JSON() map[string]any
}

// option is a chart's option as JSON values.
type option map[string]any

// m is a JSON object.
type m = map[string]any

// fromChart takes the option of a go-echarts chart. Only what a builder states
// itself is kept of titles, legends and toolboxes.
func fromChart(c chart) (option, error) {
	c.Validate()
	raw, err := json.Marshal(c.JSON())
	if err != nil {
		return nil, err
	}
	var o option
	if err := json.Unmarshal(raw, &o); err != nil {
		return nil, err
	}
	for _, key := range []string{"title", "toolbox", "legend", "tooltip", "color"} {
		delete(o, key)
	}
	o["animation"] = false
	o["tooltip"] = m{"trigger": "item", "confine": true, "className": "tip", "formatter": function("tip", nil)}
	return o, nil
}

// function names one of the functions of figure.js with its settings.
func function(name string, settings m) m {
	f := m{"$function": name}
	for k, v := range settings {
		f[k] = v
	}
	return f
}

// series returns the i-th series for amendment.
func (o option) series(i int) m {
	list, _ := o["series"].([]any)
	if i >= len(list) {
		return m{}
	}
	s, _ := list[i].(m)
	return s
}

// add appends a series that go-echarts' types cannot say.
func (o option) add(series m) {
	list, _ := o["series"].([]any)
	o["series"] = append(list, series)
}

// set amends an object with the values of others.
func set(target m, values m) {
	for k, v := range values {
		target[k] = v
	}
}

// encode writes the option. encoding/json escapes <, > and &, so that the text
// may stand inside a script element.
func (o option) encode() ([]byte, error) {
	out, err := json.Marshal(o)
	if err != nil {
		return nil, fmt.Errorf("write option: %w", err)
	}
	return out, nil
}

// frame is the position and size of the plot in pixels.
type frame struct{ left, right, top, bottom int }

func (f frame) grid() m {
	return m{"left": f.left, "right": f.right, "top": f.top, "bottom": f.bottom, "containLabel": false, "outerBoundsMode": "none"}
}

// rows is the vertical axis of a figure with one row per label, first on top.
func rows(names rowNames, links []string) m {
	data := make([]any, len(names.labels))
	for i, label := range names.labels {
		data[i] = m{"value": label, "link": links[i]}
	}
	return m{
		"type": "category", "inverse": true, "data": data, "triggerEvent": true,
		"axisLine": m{"show": false}, "axisTick": m{"show": false},
		"axisLabel": m{"interval": 0, "margin": 10, "color": ink, "fontSize": names.size, "lineHeight": closeLine, "hideOverlap": false},
	}
}

// words is a series of words beside the rows.
func words(cells [][]m, low float64) m {
	data := make([]any, len(cells))
	items := make([]any, len(cells))
	for i, c := range cells {
		data[i] = []any{low, i}
		items[i] = c
	}
	return m{
		"type": "custom", "silent": true, "data": data, "encode": m{"x": 0, "y": 1}, "z": 5, "tooltip": m{"show": false},
		"renderItem": function("words", m{"items": items}),
	}
}

// header is a line of words above the plot.
func header(cells []m, low float64, above int) m {
	return m{
		"type": "custom", "silent": true, "data": []any{[]any{low, 0}}, "encode": m{"x": 0, "y": 1}, "z": 5, "tooltip": m{"show": false},
		"renderItem": function("words", m{"items": []any{cells}, "header": above}),
	}
}
