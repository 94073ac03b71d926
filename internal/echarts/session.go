package echarts

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"modernc.org/quickjs"
)

// environment is what the library expects of its surroundings. Timers never
// fire: a chart is drawn in one go, without animation.
const environment = `
globalThis.setTimeout = function () { return 0 };
globalThis.clearTimeout = function () {};
globalThis.console = { log: function () {}, warn: function () {}, error: function () {} };
`

// draw is the function that each chart goes through. A series type that the
// library does not know would give an empty picture without an error, so the
// series are counted after the option was taken.
const draw = `
echarts.setPlatformAPI({
  measureText: function (text, font) {
    return { width: measureWidth(String(text == null ? '' : text), String(font || '')) };
  }
});
globalThis.drawOption = function (json, width, height) {
  var option = JSON.parse(json);
  if (globalThis.prepareOption) option = prepareOption(option);
  option.animation = false;
  var chart = echarts.init(null, null, { renderer: 'svg', ssr: true, width: width, height: height });
  try {
    chart.setOption(option);
    var series = [].concat(option.series || []);
    if (!series.length) throw new Error('the option has no series');
    series.forEach(function (s) {
      if (!chart.getModel().getSeriesByType(String(s.type)).length)
        throw new Error('series type ' + JSON.stringify(s.type) + ' is not known');
    });
    return chart.renderToSVGString();
  } finally {
    chart.dispose();
  }
};
`

// Session draws the charts of one document. The ids in its pictures are unique
// among them, and the same charts in the same order give the same bytes. A
// session belongs to one goroutine.
type Session struct {
	vm *quickjs.VM
}

// Session starts a session; Close ends it.
func (e *Engine) Session() (*Session, error) {
	code, err := e.bytecode()
	if err != nil {
		return nil, err
	}
	vm, err := quickjs.NewVM()
	if err != nil {
		return nil, err
	}
	s := &Session{vm: vm}
	if err := s.start(e, code); err != nil {
		s.Close()
		return nil, fmt.Errorf("start the chart engine: %w", err)
	}
	return s, nil
}

func (s *Session) start(e *Engine, code []byte) error {
	s.vm.SetMemoryLimit(uintptr(e.options.MemoryLimit))
	if err := s.vm.SetEvalTimeout(e.options.Timeout); err != nil {
		return err
	}
	if err := s.eval(environment); err != nil {
		return err
	}
	measure := func(text, css string) float64 {
		size, bold := parseFont(css)
		return e.fonts.Width(text, size, bold)
	}
	if err := s.vm.RegisterFunc("measureWidth", measure, false); err != nil {
		return err
	}
	loaded, err := s.vm.EvalBytecodeValue(code)
	if err != nil {
		return err
	}
	loaded.Free()
	if err := s.eval(draw); err != nil {
		return err
	}
	if e.options.Prepare == "" {
		return nil
	}
	if err := s.eval(e.options.Prepare); err != nil {
		return fmt.Errorf("script of the figures: %w", err)
	}
	return nil
}

func (s *Session) eval(script string) error {
	v, err := s.vm.EvalValue(script, quickjs.EvalGlobal)
	if err != nil {
		return err
	}
	v.Free()
	return nil
}

// SVG draws the option, given as JSON, into a picture of the size in CSS pixels.
// It is an error if the option is no JSON, has no series or one of an unknown
// type, or passes the limits of time and memory.
func (s *Session) SVG(option []byte, width, height int) (string, error) {
	if width <= 0 || height <= 0 {
		return "", fmt.Errorf("a chart of %d × %d pixels cannot be drawn", width, height)
	}
	result, err := s.vm.Call("drawOption", string(option), width, height)
	if err != nil {
		return "", fmt.Errorf("draw chart: %w", err)
	}
	svg, ok := result.(string)
	if !ok {
		return "", errors.New("draw chart: the engine returned no picture")
	}
	return tidy(svg)
}

// Close releases the session.
func (s *Session) Close() error { return s.vm.Close() }

var fontSize = regexp.MustCompile(`(\d+(?:\.\d+)?|\.\d+)px`)

// parseFont reads size and weight from a CSS font such as "bold 12px Noto Sans".
func parseFont(css string) (size float64, bold bool) {
	size = 12
	head, _, _ := strings.Cut(css, "px")
	if m := fontSize.FindStringSubmatch(css); m != nil {
		size, _ = strconv.ParseFloat(m[1], 64)
	}
	for _, word := range strings.Fields(head) {
		if weight, err := strconv.Atoi(word); word == "bold" || word == "bolder" || err == nil && weight >= 600 && weight <= 900 {
			bold = true
		}
	}
	return size, bold
}
