package echarts

import (
	"encoding/xml"
	"errors"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

const barWithGradient = `{
 "xAxis":{"type":"category","data":["民政局","</script><script>alert(1)</script>"],"axisLabel":{"interval":0}},"yAxis":{},
 "series":[{"type":"bar","data":[1,2],"itemStyle":{"color":{"type":"linear","x":0,"y":0,"x2":1,"y2":0,
  "colorStops":[{"offset":0,"color":"#123456"},{"offset":1,"color":"#654321"}]}}}]}`

func open(t *testing.T, options Options) *Session {
	t.Helper()
	engine, err := New(options)
	if err != nil {
		t.Fatal(err)
	}
	session, err := engine.Session()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { session.Close() })
	return session
}

func mustDraw(t *testing.T, s *Session, option string) string {
	t.Helper()
	svg, err := s.SVG([]byte(option), 400, 300)
	if err != nil {
		t.Fatal(err)
	}
	return svg
}

func TestPictureIsWellFormedAndHoldsNoScriptStyleOrLink(t *testing.T) {
	svg := mustDraw(t, open(t, Options{}), barWithGradient)
	decoder := xml.NewDecoder(strings.NewReader(svg))
	texts := ""
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		switch e := token.(type) {
		case xml.StartElement:
			if e.Name.Local == "script" || e.Name.Local == "style" {
				t.Errorf("element %s in the picture", e.Name.Local)
			}
			for _, a := range e.Attr {
				if a.Name.Local == "style" || a.Name.Local == "class" || strings.HasPrefix(a.Name.Local, "on") {
					t.Errorf("attribute %s on %s", a.Name.Local, e.Name.Local)
				}
				if a.Name.Local == "href" && !strings.HasPrefix(a.Value, "#") {
					t.Errorf("reference to %q", a.Value)
				}
			}
		case xml.CharData:
			texts += string(e)
		}
	}
	for _, want := range []string{"民政局", "</script><script>alert(1)</script>"} {
		if !strings.Contains(texts, want) {
			t.Errorf("text %q is not in the picture", want)
		}
	}
}

func TestSameChartsGiveSameBytesAndIdsAreUniqueInADocument(t *testing.T) {
	engine, err := New(Options{})
	if err != nil {
		t.Fatal(err)
	}
	ids := regexp.MustCompile(` id="([^"]+)"`)
	var runs [2]string
	for run := range runs {
		session, err := engine.Session()
		if err != nil {
			t.Fatal(err)
		}
		seen := map[string]bool{}
		for range 3 {
			svg := mustDraw(t, session, barWithGradient)
			runs[run] += svg
			for _, m := range ids.FindAllStringSubmatch(svg, -1) {
				if seen[m[1]] {
					t.Errorf("id %s stands twice in a document", m[1])
				}
				seen[m[1]] = true
			}
		}
		if len(seen) < 3 {
			t.Fatalf("only %d ids seen: the chart no longer uses a gradient", len(seen))
		}
		session.Close()
	}
	if runs[0] != runs[1] {
		t.Error("two sessions drew the same charts differently")
	}
}

func TestWhatCannotBeDrawnIsAnError(t *testing.T) {
	session := open(t, Options{})
	for option, want := range map[string]string{
		`{"series":[{"type":"nope","data":[1]}]}`:                                     `series type "nope"`,
		`{"xAxis":{},"yAxis":{},"series":[{"type":"bar","data":[1]},{"type":"brr"}]}`: `series type "brr"`,
		`{"title":{"text":"x"}}`:                                                      "no series",
		`{"series":`:                                                                  "JSON",
		``:                                                                            "JSON",
	} {
		if _, err := session.SVG([]byte(option), 400, 300); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v, want one that mentions %q", option, err, want)
		}
	}
	if _, err := session.SVG([]byte(barWithGradient), 0, 300); err == nil {
		t.Error("a chart without width was drawn")
	}
	mustDraw(t, session, barWithGradient) // the session is usable after errors
}

func TestPrepareGivesNamedFunctions(t *testing.T) {
	session := open(t, Options{Prepare: `globalThis.prepareOption = function (o) {
		o.series[0].label = { show: true, formatter: function (p) { return '第' + p.value + '号' } };
		return o;
	}`})
	if svg := mustDraw(t, session, barWithGradient); !strings.Contains(svg, "第2号") {
		t.Error("the label of the prepared option is not in the picture")
	}
}

func TestAnEndlessChartIsStopped(t *testing.T) {
	session := open(t, Options{
		Timeout: 2 * time.Second,
		Prepare: `globalThis.prepareOption = function (o) { while (o.endless) {} return o }`,
	})
	if _, err := session.SVG([]byte(`{"endless":true}`), 400, 300); err == nil {
		t.Error("an endless chart ended")
	}
}

func TestMemoryIsBounded(t *testing.T) {
	session := open(t, Options{
		MemoryLimit: 64 << 20,
		Prepare:     `globalThis.prepareOption = function (o) { if (o.grow) { var a = []; for (;;) a.push(new Array(1e5).fill('x')) } return o }`,
	})
	if _, err := session.SVG([]byte(`{"grow":true}`), 400, 300); err == nil {
		t.Error("a chart took memory without end")
	}
	mustDraw(t, session, barWithGradient)
}

// The label lies in a box with 10 pixels at each side, so the box is as wide as
// the text in the embedded font: 5 × 20 px for Chinese characters, 5 × 0.555 ×
// 20 px for figures.
func TestTextIsMeasuredWithTheEmbeddedFont(t *testing.T) {
	session := open(t, Options{})
	for text, want := range map[string]string{"政务数据局": "120", "12345": "75.5"} {
		svg := mustDraw(t, session, `{"xAxis":{"show":false,"data":["a"]},"yAxis":{"show":false},"series":[{"type":"bar","data":[1],"itemStyle":{"color":"none"},
		 "label":{"show":true,"fontSize":20,"padding":[0,10],"backgroundColor":"#abcdef","formatter":"`+text+`"}}]}`)
		box := regexp.MustCompile(`<path d="M-?[0-9.]+ -?[0-9.]+l([0-9.]+) 0[^"]*"[^>]*#abcdef`).FindStringSubmatch(svg)
		if box == nil || box[1] != want {
			t.Errorf("%s: box %v, want width %s", text, box, want)
		}
	}
}

func TestCompiledScriptIsKeptAndDamageIsRepaired(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "cache")
	want := mustDraw(t, open(t, Options{CacheDir: dir}), barWithGradient)
	files, err := filepath.Glob(filepath.Join(dir, "echarts-*.bytecode"))
	if err != nil || len(files) != 1 {
		t.Fatalf("kept files %v, %v", files, err)
	}
	if got := mustDraw(t, open(t, Options{CacheDir: dir}), barWithGradient); got != want {
		t.Error("the kept script draws differently")
	}
	if err := os.WriteFile(files[0], []byte("damaged, and long enough to be taken for bytecode behind its checksum"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := mustDraw(t, open(t, Options{CacheDir: dir}), barWithGradient); got != want {
		t.Error("a damaged file was used")
	}
}

func TestParseFont(t *testing.T) {
	for css, want := range map[string]struct {
		size float64
		bold bool
	}{
		"12px sans-serif": {12, false}, "bold 14px Noto Sans SC": {14, true}, "700 9.5px x": {9.5, true},
		"normal normal 400 11px x": {11, false}, "": {12, false},
	} {
		if size, bold := parseFont(css); size != want.size || bold != want.bold {
			t.Errorf("%q: %v %v, want %v", css, size, bold, want)
		}
	}
}
