package draft

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"weir/ingest/mapping"
	"weir/queries/schema"
)

// profile is what stands in a column of the sample.
type profile struct {
	name     string
	values   []string // that are not missing
	rows     int
	distinct []string // in the order of the file
	shares   map[string]float64
}

func profileOf(s Sample, column int) profile {
	p := profile{name: s.Columns[column], rows: len(s.Rows), shares: map[string]float64{}}
	seen := map[string]bool{}
	for _, r := range s.Rows {
		v := ""
		if column < len(r) {
			v = strings.TrimSpace(r[column])
		}
		if v == "" {
			continue
		}
		p.values = append(p.values, v)
		if !seen[v] {
			seen[v] = true
			p.distinct = append(p.distinct, v)
		}
	}
	return p
}

// share is the part of the values that a pattern fits. It is remembered under the name of the pattern, since every
// column of every target asks.
func (p profile) share(name string, fits func(string) bool) float64 {
	if known, ok := p.shares[name]; ok || len(p.values) == 0 {
		return known
	}
	n := 0
	for _, v := range p.values {
		if fits(v) {
			n++
		}
	}
	p.shares[name] = float64(n) / float64(len(p.values))
	return p.shares[name]
}

// unique tells that every row has a value of its own.
func (p profile) unique() bool {
	return len(p.values) == p.rows && len(p.distinct) == p.rows && p.rows > 0
}

var (
	dateLike   = regexp.MustCompile(`^(19|20|21)\d\d[-/.年]\d{1,2}([-/.月]\d{1,2}日?)?([ T]\d{1,2}:\d\d.*)?$|^(19|20)\d{6}$`)
	rocLike    = regexp.MustCompile(`^(民國|民国)?\s*\d{2,3}[年/.-]\d{1,2}[月/.-]\d{1,2}日?$`)
	epochLike  = regexp.MustCompile(`^[6-9]\d{8}$|^1\d{9}(\d{3})?$`)
	wholeLike  = regexp.MustCompile(`^[+-]?\d{1,3}(,\d{3})+$|^[+-]?\d{1,18}$`)
	numberLike = regexp.MustCompile(`^[+-]?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?$`)
	unitLike   = regexp.MustCompile(`^\d+\s*\D{1,6}$`)
	urlLike    = regexp.MustCompile(`(?i)^https?://`)
	officeLike = regexp.MustCompile(`(局|委|委员会|委員會|办|办公室|厅|廳|处|處|院|部|署|中心|政府|公司|集团|銀行|银行|所|会|會|法院|大学|大學|学校|學校|区|區|镇|街道|队|隊)(】|[）)])?$|(?i)\b(department|office|bureau|agency|ministry|administration|commission|authority|board)\b`)
	codeLike   = regexp.MustCompile(`^[A-Za-z0-9_./:-]{3,}$`)
	mixedCode  = regexp.MustCompile(`^[A-Za-z0-9_./:-]*([A-Za-z][A-Za-z0-9_./:-]*[0-9]|[0-9][A-Za-z0-9_./:-]*[A-Za-z])[A-Za-z0-9_./:-]*$`)
	nameless   = regexp.MustCompile(`^column[0-9]+$`)
	formatLike = regexp.MustCompile(`(?i)\b(csv|xlsx?|json|xml|rdf|pdf|docx?|zip|api|kml|shp|wms|txt)\b`)
)

func isTime(v string) bool  { return dateLike.MatchString(v) || rocLike.MatchString(v) }
func isEpoch(v string) bool { return epochLike.MatchString(v) }

// fits tells how well the values suit a column of the model: -1 where they cannot be its values, else up to 0.8 to be
// added to the likeness of the name.
func (p profile) fits(c schema.Column, model *schema.Model) float64 {
	if len(p.values) == 0 {
		return 0
	}
	switch {
	case c.Name == mapping.Cadence, codes(c, model) != "":
		known := p.vocabularyShare(c, model)
		if known < 0.3 {
			return -1
		}
		return 0.8 * known
	case c.Type == schema.Timestamp || c.Type == schema.Date:
		times := max(p.share("isTime", isTime), p.share("isEpoch", isEpoch))
		if times < 0.5 {
			return -1
		}
		if nameless.MatchString(p.name) && (c.Name == "updated_at" || c.Name == "occurred_at") {
			return 0.6 * times // dates of a table without names are most often of the last change
		}
		return 0.2 * times
	case c.Type == schema.Integer:
		if p.share("isEpoch", isEpoch) > 0.9 {
			return -1
		}
		if p.share("whole or with a unit", func(v string) bool { return wholeLike.MatchString(v) || unitLike.MatchString(v) }) < 0.8 {
			return -1
		}
		return 0.1
	case c.Type == schema.Decimal:
		if p.share("numberLike", numberLike.MatchString) < 0.8 {
			return -1
		}
		return 0.1
	case c.Type == schema.Boolean:
		if yes, _ := p.yesWords(); len(yes) == 0 && p.share("isBoolean", isBoolean) < 0.9 {
			return -1
		}
		return 0.2
	case c.Ref == "department":
		offices := p.share("officeLike", officeLike.MatchString)
		if p.share("isTime", isTime) > 0.5 || p.share("urlLike", urlLike.MatchString) > 0.5 {
			return -1
		}
		return 0.8*offices - 0.1
	case c.Name == "url":
		if p.share("urlLike", urlLike.MatchString) < 0.5 {
			return -1
		}
		return 0.5
	case c.Name == "formats":
		if p.share("formatLike", formatLike.MatchString) < 0.5 {
			return -1
		}
		return 0.5
	case strings.HasSuffix(c.Name, "_id") && c.Required:
		return p.identifies()
	case c.Name == "title" || c.Name == "name":
		if p.share("no title", func(v string) bool { return isTime(v) || numberLike.MatchString(v) || urlLike.MatchString(v) }) > 0.3 {
			return -1
		}
		return 0.3 * float64(len(p.distinct)) / float64(len(p.values))
	}
	return 0
}

// identifies tells how well the values identify rows.
func (p profile) identifies() float64 {
	switch {
	case p.share("isTime", isTime) > 0.5 || p.share("urlLike", urlLike.MatchString) > 0.5 || p.counts():
		return -1
	case p.unique() && p.share("mixedCode", mixedCode.MatchString) > 0.9:
		return 0.6
	case p.unique() && p.share("codeLike", codeLike.MatchString) > 0.9:
		return 0.4
	case len(p.distinct) < len(p.values)/2:
		return -0.3
	}
	return 0
}

// counts tells that the values only number the rows: the next delivery gives the same numbers to others.
func (p profile) counts() bool {
	for i, v := range p.values {
		n, err := strconv.Atoi(v)
		if first, _ := strconv.Atoi(p.values[0]); err != nil || n != first+i {
			return false
		}
	}
	return len(p.values) > 1
}

// codes is the list of codes of a column; those of the flat target bear its name.
func codes(c schema.Column, model *schema.Model) string {
	if c.Codes == "" && model.Codes[c.Name] != nil {
		return c.Name
	}
	return c.Codes
}

// known tells whether a vocabulary has a word.
func (p profile) known(c schema.Column, model *schema.Model) func(string) bool {
	words := mapping.Vocabulary(model, c, nil)
	return func(v string) bool {
		compared := mapping.Compared(v)
		return words[compared] != "" || c.Name == mapping.Cadence && mapping.IsPeriod(compared)
	}
}

// vocabularyShare is the part of the values that the vocabulary of a column has.
func (p profile) vocabularyShare(c schema.Column, model *schema.Model) float64 {
	name := "vocabulary of " + codes(c, model)
	if known, ok := p.shares[name]; ok {
		return known
	}
	return p.share(name, p.known(c, model))
}

// unknown lists the words that the vocabulary does not have, with how often they stand there.
func (p profile) unknown(c schema.Column, model *schema.Model) (words []string, rows int) {
	known := p.known(c, model)
	for _, v := range p.values {
		if !known(v) {
			rows++
			if !slices.Contains(words, v) {
				words = append(words, v)
			}
		}
	}
	return words, rows
}

var (
	success  = []string{"成功", "正常", "通过", "success", "succeeded", "ok", "200", "200.0", "304", "s"}
	failures = []string{"失败", "异常", "错误", "超时", "fail", "failed", "failure", "error", "timeout", "f"}
	plainYes = []string{"true", "false", "是", "否", "1", "0", "t", "f", "yes", "no", "y", "n"}
)

func isBoolean(v string) bool { return slices.Contains(plainYes, strings.ToLower(v)) }

// yesWords are the values that mean success, where all values are words of success and failure, or HTTP codes.
func (p profile) yesWords() (yes []string, all bool) {
	for _, v := range p.distinct {
		word := strings.ToLower(v)
		switch {
		case slices.Contains(success, word):
			yes = append(yes, v)
		case slices.Contains(failures, word), len(word) == 3 && word >= "100" && word <= "599":
		default:
			return nil, false
		}
	}
	return yes, true
}
