package html

import (
	"regexp"
	"strings"
	"testing"
)

func TestSlimPicturesShowTheSame(t *testing.T) {
	const svg = `<svg width="720" xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"><path d="M26.12345 88.5L168 -0.0049" fill="none"></path>` +
		`<text dominant-baseline="central" x="1.99999" fill="#1f2933">0.123456 &lt;5.55555&gt;</text><use xlink:href="#a"></use></svg>`
	want := `<svg class="middle" width="720"><path d="M26.12 88.5L168 -0" fill="none"/><text x="2" fill="#1f2933">0.123456 &lt;5.55555&gt;</text><use href="#a"></use></svg>`
	if got := slim(svg); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	// A text that stands otherwise keeps its attribute, and so do its neighbours.
	mixed := strings.Replace(svg, "<use", `<text y="3">x</text><use`, 1)
	if got := slim(mixed); strings.Contains(got, "middle") || !strings.Contains(got, central) {
		t.Errorf("texts of two kinds: %s", got)
	}
	if !regexp.MustCompile(`\.middle text \{ dominant-baseline: central; \}`).MatchString(styleSource) {
		t.Error("the style does not set what pictures leave to it")
	}
}
