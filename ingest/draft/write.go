package draft

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"weir/ingest/mapping"
	"weir/queries/schema"
)

// writer writes a proposal as a mapping file, one line for each thing that is said.
type writer struct {
	id       string
	sample   Sample
	proposal proposal
	profiles []profile
	model    *schema.Model
	out      bytes.Buffer
	nulls    []string
	doubts   int
	fills    map[string]bool
}

// line writes a line, with its doubts behind it.
func (w *writer) line(text string, doubts ...string) {
	w.out.WriteString(text)
	doubts = slices.DeleteFunc(doubts, func(d string) bool { return d == "" })
	if len(doubts) > 0 {
		w.doubts += len(doubts)
		w.out.WriteString("  # 存疑 doubt: " + oneLine(strings.Join(doubts, "; ")))
	}
	w.out.WriteString("\n")
}

func (w *writer) write() []byte {
	w.fills = map[string]bool{}
	s := w.sample
	w.line("# 由 weir mapping new 拟稿：请核对注有“存疑”的各行。 A draft: look at the lines marked as doubts.")
	w.line("mapping: " + scalar(w.id))
	w.line("files: ["+quoted(strings.ToValidUTF8(pattern(s.File), "?"))+"]", "日后各期的文件是否都如此命名 are later files called so?")
	w.line("format: "+s.Format, s.Doubts...)
	for _, key := range [][2]string{{"encoding", s.Encoding}, {"delimiter", s.Delimiter}, {"path", s.Path}, {"sheet", s.Sheet}} {
		if key[1] != "" {
			w.line(key[0] + ": " + scalar(key[1]))
		}
	}
	if s.Skip > 0 {
		w.line(fmt.Sprintf("skip: %d", s.Skip), "表头之前的行数 lines before the header")
	}
	if s.NoHeader {
		w.line("header: false", "首行像数据，没有表头 the first line looks like data")
		w.line("names: " + list(s.Columns))
	}
	if len(w.nulls) > 0 {
		w.line("null: "+list(w.nulls), "这些写法当作缺失 these count as missing")
	}
	w.line("target: " + w.proposal.target.name)
	if slices.ContainsFunc(w.proposal.target.columns, func(c schema.Column) bool {
		_, matched := w.proposal.matches[c.Name]
		return c.Ref == "department" && (matched || c.Required)
	}) {
		w.line("departments: create", "按文件中的名称登记部门；部门表已装载时改为 known registers departments by name; write known once they are loaded")
	}
	if w.proposal.target.flat {
		w.line("# district: 某市  （填写区划，与其他区划的同名部门区分 the district tells namesakes apart）")
	}
	w.line("columns:")
	for _, c := range w.proposal.target.columns {
		if m, ok := w.proposal.matches[c.Name]; ok {
			w.matched(c, m)
		} else if c.Required {
			w.missing(c)
		}
	}
	w.unused()
	return w.out.Bytes()
}

// matched writes a column that one of the file fills.
func (w *writer) matched(c schema.Column, m match) {
	p := w.profiles[m.column]
	source, doubt := w.source(c, p)
	var doubts []string
	switch {
	case m.name < enough:
		doubts = append(doubts, "按内容判断 by content")
	case m.name < 0.85:
		doubts = append(doubts, "名称只是相近 the name is only similar")
	}
	if m.other >= 0 {
		doubts = append(doubts, "也可能是 or "+w.profiles[m.other].name)
	}
	if missing := p.rows - len(p.values); c.Required && missing > 0 {
		doubts = append(doubts, fmt.Sprintf("样本 %d 行缺此值，将被隔离 missing in %d rows of the sample, which would be quarantined", missing, missing))
	}
	w.fills[c.Name] = true
	w.line("  "+c.Name+": "+source, append(doubts, doubt)...)
}

// source says how the values of a column become those of the target.
func (w *writer) source(c schema.Column, p profile) (text, doubt string) {
	name := identifier(p.name)
	switch {
	case c.Name == mapping.Cadence, codes(c, w.model) != "":
		words, rows := p.unknown(c, w.model)
		if rows == 0 {
			break
		}
		return fmt.Sprintf("{column: %s, else: \"null\"}", scalar(p.name)),
			fmt.Sprintf("样本 %d 行的用词未收录，留空；可加 words: {词: 代码} words of %d rows are not known and stay empty; add words: {word: code} for %s", rows, rows, some(words))
	case c.Type == schema.Timestamp || c.Type == schema.Date:
		return timeSource(p)
	case c.Type == schema.Integer || c.Type == schema.Decimal:
		return numberSource(c, p)
	case c.Type == schema.Boolean && p.share("isBoolean", isBoolean) < 1:
		yes, _ := p.yesWords()
		return sql(name + " IN (" + literals(yes) + ")"), "只有这些值算成功 only these values count as success"
	case c.Ref == "department" && p.share("inBrackets", inBrackets.MatchString) > 0.5:
		return sql("coalesce(nullif(regexp_extract(" + name + ", '【(.+)】', 1), ''), " + name + ")"), "只取括号中的名称 the name in brackets alone is taken"
	}
	return scalar(p.name), ""
}

var inBrackets = regexp.MustCompile(`【.+】`)

// missing writes a required column that no column of the file fills.
func (w *writer) missing(c schema.Column) {
	w.fills[c.Name] = true
	if c.Name == w.proposal.target.columns[0].Name && c.Type == schema.Text {
		expression, twins := w.identity()
		doubt := "没有作为标识的列，由这些列合成 no column identifies the rows; these together do"
		if twins > 0 {
			doubt += fmt.Sprintf("，样本有 %d 行分不开，算作重复 but %d rows of the sample are the same in them and count as duplicates", twins, twins)
		}
		w.line("  "+c.Name+": "+sql(expression), doubt)
		return
	}
	if i := w.longest(); (c.Name == "title" || c.Name == "name") && i >= 0 {
		w.line("  "+c.Name+": "+scalar(w.profiles[i].name), "没有名称列，取内容最长的列 no column is called so; the longest text is taken")
		return
	}
	value := "待填"
	switch {
	case c.Codes != "":
		value = slices.Min(w.model.CodeNames(c.Codes))
	case c.Type == schema.Boolean:
		value = "true"
	case c.Type == schema.Timestamp, c.Type == schema.Date:
		value = "2000-01-01"
	case c.Type != schema.Text:
		value = "0"
	}
	w.line("  "+c.Name+": {value: "+quoted(value)+"}", "没有这样的列，请改为来源列或正确的值 no column of the file; name one, or write the right value")
}

// identity makes an identifier of what does not change from one delivery to the next; twins are rows of the sample that
// it cannot tell apart.
func (w *writer) identity() (expression string, twins int) {
	var columns []int
	for _, p := range w.profiles {
		if p.unique() && p.share("urlLike", urlLike.MatchString) > 0.9 {
			return "md5(" + identifier(p.name) + ")", 0
		}
	}
	for _, name := range []string{"title", "department", "resource_id", "provider_id", "consumer_id", "occurred_at", "published_at", "url", "data_kind"} {
		if m, ok := w.proposal.matches[name]; ok {
			columns = append(columns, m.column)
		}
	}
	// Of what stays the same from one delivery to the next first; of an event everything does.
	for _, changing := range []bool{false, true} {
		for i, p := range w.profiles {
			if twins = w.twins(columns); twins == 0 && len(columns) > 0 || changing && w.proposal.target.flat && len(columns) > 0 {
				break
			}
			if !slices.Contains(columns, i) && len(p.values) > 0 && changing == (p.share("isTime", isTime) > 0.5 || p.share("numberLike", numberLike.MatchString) > 0.5) {
				columns = append(columns, i)
			}
		}
	}
	names := make([]string, len(columns))
	for i, c := range columns {
		names[i] = identifier(w.profiles[c].name)
	}
	if len(names) == 0 {
		return "md5('')", max(0, len(w.sample.Rows)-1)
	}
	return "md5(concat_ws('|', " + strings.Join(names, ", ") + "))", w.twins(columns)
}

// twins counts the rows of the sample that are the same as an earlier one in the columns, but not in all.
func (w *writer) twins(columns []int) int {
	seen, n := map[string]string{}, 0
	for _, r := range w.sample.Rows {
		var key strings.Builder
		for _, c := range columns {
			key.WriteString(r[c] + "\x1f")
		}
		whole := strings.Join(r, "\x1f")
		if first, twice := seen[key.String()]; twice && first != whole {
			n++
		} else if !twice {
			seen[key.String()] = whole
		}
	}
	return n
}

// longest is the column with the longest texts that nothing uses, -1 for none.
func (w *writer) longest() int {
	best, most := -1, 0
	for i, p := range w.profiles {
		used := false
		for _, m := range w.proposal.matches {
			used = used || m.column == i
		}
		n := 0
		for _, v := range p.distinct {
			n += len(v)
		}
		if !used && n > most {
			best, most = i, n
		}
	}
	return best
}

// unused names the columns that nothing takes, so that nobody has to look for them.
func (w *writer) unused() {
	var names []string
	for i, p := range w.profiles {
		if !slices.ContainsFunc(w.proposal.target.columns, func(c schema.Column) bool { m, ok := w.proposal.matches[c.Name]; return ok && m.column == i }) {
			names = append(names, oneLine(p.name))
		}
	}
	if len(names) > 0 {
		w.line("# 未用的列 columns not used: " + strings.Join(names, ", "))
	}
}

// withoutNulls takes the spellings of a missing value out of the sample and lists them.
func withoutNulls(rows [][]string) (clean [][]string, found []string) {
	for _, r := range rows {
		c := slices.Clone(r)
		for i, v := range c {
			if !slices.Contains(nullWords, v) {
				c[i] = strings.ToValidUTF8(v, "�")
				continue
			}
			c[i] = ""
			if !slices.Contains(found, v) {
				found = append(found, v)
			}
		}
		clean = append(clean, c)
	}
	return clean, found
}

var nullWords = []string{`\N`, "None", "NULL", "null", "NaN", "N/A", "n/a", "#N/A", "-", "--", "—"}

var digits = regexp.MustCompile(`[0-9][0-9_.-]*`)

// pattern is the name of the file with * for what will differ in the next one.
func pattern(file string) string {
	for _, ending := range []string{".gz", ".gzip", ".zst", ".zstd"} {
		file = strings.TrimSuffix(file, ending)
	}
	name, ending := file, ""
	if i := strings.LastIndexByte(file, '.'); i > 0 {
		name, ending = file[:i], file[i:]
	}
	name = digits.ReplaceAllString(name, "*")
	return strings.NewReplacer("[", "?", "]", "?", `\`, "?").Replace(name) + ending
}

func some(words []string) string {
	if len(words) > 6 {
		return strings.Join(short(words[:6]), "、") + " …"
	}
	return strings.Join(short(words), "、")
}

func short(words []string) []string {
	out := make([]string, len(words))
	for i, w := range words {
		if r := []rune(oneLine(w)); len(r) > 20 {
			w = string(r[:20]) + "…"
		}
		out[i] = oneLine(w)
	}
	return out
}

// oneLine is a text as a comment can hold it.
func oneLine(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return !unicode.IsPrint(r) || r == ' ' }), " ")
}

// scalar writes a text as YAML: as it is where nothing in it has a meaning there.
func scalar(s string) string {
	if plainScalar.MatchString(s) && !reserved.MatchString(s) {
		return s
	}
	return quoted(s)
}

var (
	plainScalar = regexp.MustCompile(`^[\p{L}_][\p{L}\p{N}_.-]*$`)
	reserved    = regexp.MustCompile(`(?i)^(true|false|null|yes|no|on|off|y|n)$`)
)

// quoted writes a text in double quotes: Go escapes what YAML does not allow in a way that YAML reads.
func quoted(s string) string { return strconv.Quote(s) }

func list(values []string) string {
	all := make([]string, len(values))
	for i, v := range values {
		all[i] = scalar(v)
	}
	return "[" + strings.Join(all, ", ") + "]"
}

func sql(expression string) string { return "{sql: " + quoted(expression) + "}" }

// identifier writes a column's name as SQL.
func identifier(name string) string {
	if regexp.MustCompile(`^[\p{Han}_][\p{Han}\p{N}_]*$`).MatchString(name) {
		return name
	}
	return schema.Quote(name)
}

func literals(values []string) string {
	all := make([]string, len(values))
	for i, v := range values {
		all[i] = schema.Literal(v)
	}
	return strings.Join(all, ", ")
}
