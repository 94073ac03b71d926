package html

import (
	"encoding/base64"
	"fmt"
	"reflect"
	"regexp"
	"sort"
	"strings"

	"weir/internal/fonts"
)

// letters collects the characters of the page, so that the file carries just
// their glyphs.
type letters struct{ plain, strong map[rune]bool }

func (l *letters) regular(s string) { l.plain = collect(l.plain, s) }
func (l *letters) bold(s string)    { l.strong = collect(l.strong, s); l.plain = collect(l.plain, s) }

func collect(seen map[rune]bool, s string) map[rune]bool {
	if seen == nil {
		seen = map[rune]bool{}
	}
	for _, r := range s {
		seen[r] = true
	}
	return seen
}

// always are the characters that scripts and fixed words may add.
const always = " !\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~−–—×·≥≤…↑↓↕　ⓘ△▲▼万亿"

// words adds the fixed texts of the page.
func (l *letters) words(w words) {
	l.bold(always)
	v := reflect.ValueOf(w)
	for i := range v.NumField() {
		if f := v.Field(i); f.Kind() == reflect.String {
			l.bold(f.String())
		}
	}
}

var boldText = regexp.MustCompile(`<text[^>]*font-weight="bold"[^>]*>([^<]*)`)

// picture adds the texts of a picture.
func (l *letters) picture(svg string) {
	l.regular(svg)
	for _, m := range boldText.FindAllStringSubmatch(svg, -1) {
		l.bold(m[1])
	}
}

// css declares the cut fonts.
func (l *letters) css() (string, error) {
	files, err := fonts.Files()
	if err != nil {
		return "", err
	}
	var b strings.Builder
	for _, f := range files {
		if f.Family != fonts.Family {
			continue
		}
		used, weight := l.plain, 400
		if f.Bold {
			used, weight = l.strong, 700
		}
		data, err := fonts.Subset(f.Data, sorted(used))
		if err != nil {
			return "", fmt.Errorf("font %s: %w", f.Name, err)
		}
		if data, err = fonts.WOFF(data); err != nil {
			return "", fmt.Errorf("font %s: %w", f.Name, err)
		}
		fmt.Fprintf(&b, "@font-face{font-family:\"Report Sans\";font-weight:%d;src:url(data:font/woff;base64,%s) format(\"woff\")}\n",
			weight, base64.StdEncoding.EncodeToString(data))
	}
	rare, err := l.rare(files)
	return b.String() + rare, err
}

// rare declares the regular glyphs of the bold characters that the bold font
// lacks, as bold: browsers else thicken them until they are unreadable.
func (l *letters) rare(files []fonts.File) (string, error) {
	var whole, bold fonts.File
	for _, f := range files {
		if f.Family == fonts.Family && f.Bold {
			bold = f
		} else if f.Family == fonts.Family {
			whole = f
		}
	}
	missing, err := fonts.Without(bold.Data, sorted(l.strong))
	if err != nil {
		return "", err
	}
	missing, err = fonts.Within(whole.Data, missing)
	if err != nil || len(missing) == 0 {
		return "", err
	}
	data, err := fonts.Subset(whole.Data, missing)
	if err != nil {
		return "", err
	}
	if data, err = fonts.WOFF(data); err != nil {
		return "", err
	}
	var codes []string
	for _, r := range missing {
		codes = append(codes, fmt.Sprintf("U+%X", r))
	}
	return fmt.Sprintf("@font-face{font-family:\"Report Sans\";font-weight:700;unicode-range:%s;src:url(data:font/woff;base64,%s) format(\"woff\")}\n",
		strings.Join(codes, ","), base64.StdEncoding.EncodeToString(data)), nil
}

func sorted(set map[rune]bool) []rune {
	out := make([]rune, 0, len(set))
	for r := range set {
		out = append(out, r)
	}
	sort.Slice(out, func(i, j int) bool { return out[i] < out[j] })
	return out
}
