package cli

import (
	"regexp"
	"strings"

	"weir/internal/lang"
)

// misuses are the words of the parser of command lines, which speaks English only, with their Chinese form. What it
// quotes stays as it is.
var misuses = []struct {
	english *regexp.Regexp
	chinese string
}{
	{regexp.MustCompile(`^unknown flag (\S+)$`), "没有选项 $1"},
	{regexp.MustCompile(`^unexpected argument (.+)$`), "多余或未知的参数 $1"},
	{regexp.MustCompile(`^unexpected flag argument (.+)$`), "该选项不带值：$1"},
	{regexp.MustCompile(`^unexpected token (.+)$`), "无法理解 $1"},
	{regexp.MustCompile(`^missing flags: (.+)$`), "缺少选项 $1"},
	{regexp.MustCompile(`^missing positional arguments (.+)$`), "缺少参数 $1"},
	{regexp.MustCompile(`^expected one of (.+)$`), "须为下列之一：$1"},
	{regexp.MustCompile(`^expected \S+ value but got "EOL" \(<EOL>\)$`), "缺少值"},
	{regexp.MustCompile(`^expected (?:an int|a valid \d+ bit u?int) but got (".*").*$`), "须为整数，而给出的是 $1"},
	{regexp.MustCompile(`^expected a float but got (".*").*$`), "须为数字，而给出的是 $1"},
	{regexp.MustCompile(`^expected duration but got (".*?").*$`), "须为时长，如 30s、5m，而给出的是 $1"},
	{regexp.MustCompile(`^expected \S+ value but got (".*") \(.*\)$`), "须有值，而给出的是 $1"},
	{regexp.MustCompile(`^bool value must be .* but got (".*")$`), "须为 true 或 false，而给出的是 $1"},
	{regexp.MustCompile(`^missing value, expecting (".*")$`), "缺少值，写法为 $1"},
	{regexp.MustCompile(`^(\S+) must be one of (.+) but got (".*")$`), "$1 须为 $2 之一，而给出的是 $3"},
	{regexp.MustCompile(`^(\S+) and (\S+) can't be used together$`), "$1 与 $2 不能同时使用"},
	{regexp.MustCompile(`^expected (".*")$`), "缺少 $1"},
}

var (
	meant      = regexp.MustCompile(`^(.*), did you mean (?:one of )?(.+)\?$`)
	ofAFlag    = regexp.MustCompile(`^(--[^:]+|<[^:]+>): (.+)$`)
	perhapsTry = regexp.MustCompile(`^(.*); perhaps try (.+)\?$`)
)

// misuse says in the language of the call why a command line cannot be understood. What is not known here stays English:
// a text that is understood by some is better than none.
func misuse(err error, l lang.Lang) string {
	text := err.Error()
	if l == lang.En {
		return text
	}
	if m := meant.FindStringSubmatch(text); m != nil {
		return chineseMisuse(m[1]) + "，是否为 " + strings.ReplaceAll(m[2], ", ", " 或 ") + "？"
	}
	if m := perhapsTry.FindStringSubmatch(text); m != nil {
		return chineseMisuse(m[1]) + "；或许是 " + m[2] + "？"
	}
	return chineseMisuse(text)
}

func chineseMisuse(text string) string {
	if m := ofAFlag.FindStringSubmatch(text); m != nil {
		return m[1] + "：" + chineseMisuse(m[2])
	}
	for _, known := range misuses {
		if known.english.MatchString(text) {
			return known.english.ReplaceAllString(text, known.chinese)
		}
	}
	return text
}
