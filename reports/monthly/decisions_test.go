package monthly

import (
	"fmt"
	"strings"
	"testing"

	"weir/internal/lang"
	"weir/metrics"
)

// Twelve departments in the lowest grade would fill pages: the three with the lowest scores are named, the others counted.
func TestTheOverviewNamesTheLowestAndCountsTheRest(t *testing.T) {
	this := month("2026-10")
	this.Departments, this.Flows = nil, nil
	for i := range 12 {
		id := fmt.Sprintf("D%02d", i)
		this.Departments = append(this.Departments, metrics.Department{ID: id, Name: lang.T("局"+id, "Bureau "+id)})
		v := rate(id, float64(20+i), 100)
		v.Low, v.High = ptr(*v.Value-8), ptr(*v.Value+8)
		this.Values = append(this.Values, v)
	}
	decisions := text(section(t, build(t, input(t, this), lang.Zh), "overview"))
	if strings.Count(decisions, "失分最多") != 3 || !strings.Contains(decisions, "局D00得 20.00 分") || !strings.Contains(decisions, "另有 9 个部门同为等级“差”") {
		t.Error(decisions)
	}
}
