package draft

import (
	"fmt"
	"regexp"
	"strings"

	"weir/queries/schema"
)

// timeForm is a way to write a date and the expression that makes one of it; %s is the column.
type timeForm struct {
	values     *regexp.Regexp
	matches    string // the same for the engine
	expression string
}

var timeForms = []timeForm{
	{regexp.MustCompile(`^(19|20)\d\d[-/]\d{1,2}[-/]\d{1,2}([ T].*)?$`), `(19|20)[0-9]{2}[-/][0-9]{1,2}[-/][0-9]{1,2}([ T].*)?`, "%s"},
	{regexp.MustCompile(`^(19|20)\d\d年\d{1,2}月\d{1,2}日`), `(19|20)[0-9]{2}年[0-9]{1,2}月[0-9]{1,2}日.*`,
		`regexp_replace(%s, '([0-9]{4})年([0-9]{1,2})月([0-9]{1,2})日', '\1-\2-\3 ')`},
	{regexp.MustCompile(`^(19|20)\d{6}$`), `(19|20)[0-9]{6}`, `regexp_replace(%s, '([0-9]{4})([0-9]{2})([0-9]{2})', '\1-\2-\3')`},
	{rocLike, `(民國|民国)?\s*[0-9]{2,3}[年/.-][0-9]{1,2}[月/.-][0-9]{1,2}日?`,
		`concat_ws('-', regexp_extract(%[1]s, '([0-9]{2,3})[年/.-]', 1)::INT + 1911, regexp_extract(%[1]s, '[年/.-]([0-9]{1,2})[月/.-]', 1), regexp_extract(%[1]s, '[月/.-]([0-9]{1,2})日?$', 1))`},
}

// timeSource says how the dates of a column are read: those in the usual form as they are, others by an expression.
// What is no date stays empty.
func timeSource(p profile) (text, doubt string) {
	if len(p.values) == 0 {
		return scalar(p.name), "样本中没有值 no values in the sample"
	}
	if p.share("isEpoch", isEpoch) > 0.9 {
		unit := "s"
		if len(p.values[0]) == 13 {
			unit = "ms"
		}
		return fmt.Sprintf("{column: %s, epoch: %s}", scalar(p.name), unit), ""
	}
	var cases []string
	name, usual := identifier(p.name), 0.0
	var odd []string
	for i, f := range timeForms {
		share := p.share(f.matches, f.values.MatchString)
		if i == 0 {
			usual = share
		}
		if share > 0 {
			cases = append(cases, fmt.Sprintf("WHEN regexp_full_match(%s, %s) THEN %s", name, schema.Literal(f.matches), fmt.Sprintf(f.expression, name)))
		}
	}
	if usual == 1 {
		return scalar(p.name), ""
	}
	for _, v := range p.distinct {
		known := false
		for _, f := range timeForms {
			known = known || f.values.MatchString(v)
		}
		if !known {
			odd = append(odd, v)
		}
	}
	if len(odd) > 0 {
		doubt = "留空 these are no dates and stay empty: " + some(odd)
	} else {
		doubt = "日期由表达式换算 the dates are converted by an expression"
	}
	if len(cases) == 0 {
		return scalar(p.name), doubt
	}
	return sql("CASE " + strings.Join(cases, " ") + " END"), doubt
}

// numberSource says how numbers are read: separators of thousands are taken out, a unit behind the number is cut off.
func numberSource(c schema.Column, p profile) (text, doubt string) {
	if len(p.values) == 0 {
		return scalar(p.name), "样本中没有值 no values in the sample"
	}
	clean := func(v string) bool { return !strings.ContainsAny(v, ",") && numberLike.MatchString(v) }
	whole := func(v string) bool { return wholeLike.MatchString(v) }
	name := identifier(p.name)
	digits := "replace(" + name + ", ',', '')"
	fits := numberLike.MatchString
	if c.Type == schema.Integer {
		fits = whole
	}
	switch {
	case p.share(string(c.Type), fits) == 1 && p.share("clean", clean) == 1:
		return scalar(p.name), ""
	case p.share(string(c.Type), fits) == 1:
		return sql(digits), ""
	}
	var odd []string
	for _, v := range p.distinct {
		if !fits(v) {
			odd = append(odd, v)
		}
	}
	return sql("nullif(regexp_extract(" + digits + ", '^[0-9]+'), '')"), "只取开头的数字 only the digits at the start are taken: " + some(odd)
}
