package reading

import (
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"strings"
	"unicode"

	"weir/internal/lang"
	"weir/metrics"
)

// Names names every department in a language and tells namesakes apart by their district, or by their identifier where
// that does not help or would put a Chinese district into an English name.
func Names(departments []metrics.Department, districts map[string]string, l lang.Lang) map[string]string {
	names := map[string]string{metrics.City: l.Pick("全市", "All departments")}
	bracket := func(name, part string) string { return name + l.Pick("（", " (") + part + l.Pick("）", ")") }
	plain, told := map[string]int{}, map[string]int{}
	nameOf := func(d metrics.Department) string { return d.Name.In(l) }
	for _, d := range departments {
		plain[nameOf(d)]++
		told[nameOf(d)+"\x00"+districts[d.ID]]++
	}
	foreign := func(district string) bool {
		return l == lang.En && strings.ContainsFunc(district, func(r rune) bool { return unicode.Is(unicode.Han, r) })
	}
	for _, d := range departments {
		name := nameOf(d)
		switch {
		case name == "":
			names[d.ID] = d.ID
		case plain[name] == 1:
			names[d.ID] = name
		case districts[d.ID] != "" && !foreign(districts[d.ID]) && told[name+"\x00"+districts[d.ID]] == 1:
			names[d.ID] = bracket(name, districts[d.ID])
		default:
			names[d.ID] = bracket(name, d.ID)
		}
	}
	return names
}

// Name is the department as printed; a department that is not of the month keeps its identifier.
func (r *Reading) Name(department string) string {
	if name, ok := r.names[department]; ok {
		return name
	}
	return department
}

// Has tells whether a department is in being in the month: others, such as one that was merged into another, have no
// section to lead to.
func (r *Reading) Has(department string) bool {
	_, ok := r.names[department]
	return ok && department != metrics.City
}

var plainID = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]*$`)

// Slug makes an identifier fit for links and file names: it stays as it is where it is plain, and becomes the start
// of its SHA-256 where it is not, such as a name in Chinese.
func Slug(id string) string {
	if plainID.MatchString(id) && len(id) <= 64 && id != allSlug {
		return id
	}
	sum := sha256.Sum256([]byte(id))
	return "x" + hex.EncodeToString(sum[:6])
}

// allSlug stands for all departments in identifiers.
const allSlug = "all"

// DepartmentSection is the id of a department's section.
func DepartmentSection(department string) string { return "department-" + Slug(department) }

// DefinitionID is the id of an indicator's definition.
func DefinitionID(indicator string) string { return "indicator-" + indicator }

// ExplanationID is the id of a figure's explanation.
func ExplanationID(indicator, department string) string {
	if department == metrics.City {
		return indicator + "." + allSlug
	}
	return indicator + "." + Slug(department)
}
