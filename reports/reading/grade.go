package reading

import (
	"strings"

	"weir/internal/lang"
	"weir/reports/document"
)

// gradeNames are the usual grades of budget performance in English; grades of the workspace's own stay as they are.
var gradeNames = map[string]string{"优": "excellent", "良": "good", "中": "fair", "差": "poor"}

// Grade is a grade as printed.
func (r *Reading) Grade(name string) string { return GradeName(name, r.Lang) }

// GradeName is a grade in a language; one that is not usual stays as the bands name it.
func GradeName(name string, l lang.Lang) string {
	if en, ok := gradeNames[name]; ok && l == lang.En {
		return en
	}
	return name
}

// GradeCell is a grade in a table, sorted by its band.
func (r *Reading) GradeCell(name string) document.Cell {
	if name == "" {
		return document.Empty()
	}
	return document.Grade(r.Grade(name), r.Band(name))
}

// Band is the place of a grade among the bands, 0 for the best; a grade that they do not know stands behind them.
func (r *Reading) Band(name string) int {
	for i, b := range r.Bands {
		if b.Grade == name {
			return i
		}
	}
	return len(r.Bands)
}

// CapReason takes the language's half of a reason that was frozen in both, Chinese first.
func CapReason(text string, l lang.Lang) string {
	zh, en, ok := strings.Cut(text, " / ")
	if !ok {
		return text
	}
	return strings.TrimSpace(l.Pick(zh, en))
}
