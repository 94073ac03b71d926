package access

import (
	"strings"
	"testing"
)

func person(grants ...string) Principal {
	w := Principal{User: "u"}
	for _, text := range grants {
		g, err := ParseGrant(text)
		if err != nil {
			panic(err)
		}
		w.Grants = append(w.Grants, g)
	}
	return w
}

func TestMay(t *testing.T) {
	for _, c := range []struct {
		name       string
		who        Principal
		permission Permission
		department string
		want       bool
	}{
		{"nobody", Principal{Grants: []Grant{{Role: Finance}}}, MonthRead, "", false},
		{"finance reads every department", person("finance"), DepartmentRead, Every, true},
		{"finance of one division", person("finance:MZ,GA"), DepartmentRead, "GA", true},
		{"finance of one division elsewhere", person("finance:MZ,GA"), DepartmentRead, "WJ", false},
		{"finance of one division, all", person("finance:MZ,GA"), DepartmentRead, Every, false},
		{"department reads its own", person("department:MZ"), EvidenceRead, "MZ", true},
		{"department reads another", person("department:MZ"), EvidenceRead, "GA", false},
		{"department reads all", person("department:MZ"), ReportRead, Every, false},
		{"department has no SQL", person("department:MZ"), SQLRun, "", false},
		{"no department is named", person("department:MZ"), DepartmentRead, "", false},
		{"planner runs SQL", person("planner"), SQLRun, Every, true},
		{"planner of some departments", person("planner:MZ"), SQLRun, Every, false},
		{"operator sees no figure", person("operator"), DepartmentRead, "MZ", false},
		{"operator closes", person("operator"), MonthClose, "", true},
		{"admin sees no data", person("admin"), MonthRead, "", false},
		{"admin manages users", person("admin"), UserManage, "", true},
		{"two grants add up", person("department:MZ", "operator"), LoadWrite, "", true},
		{"unknown permission", person("finance"), "figure.change", Every, false},
	} {
		if d := c.who.May(c.permission, c.department); d.Allowed != c.want {
			t.Errorf("%s: allowed %v (%s)", c.name, d.Allowed, d.Rule.En)
		}
	}
}

func TestLimitOnlyNarrows(t *testing.T) {
	department := person("department:MZ")
	for _, p := range Permissions() {
		for _, limit := range []Limit{{Permissions: []Permission{p}, Departments: []string{"GA", "MZ"}}, {Permissions: Permissions(), Departments: []string{"GA"}}, {}} {
			narrowed := department
			narrowed.Limit = &limit
			for _, d := range []string{"MZ", "GA", Every, ""} {
				for _, q := range Permissions() {
					if narrowed.May(q, d).Allowed && !department.May(q, d).Allowed {
						t.Errorf("limit %v adds %s for %q", limit, q, d)
					}
				}
			}
		}
	}
	reader := person("finance")
	reader.Limit = &Limit{Permissions: []Permission{DepartmentRead}, Departments: []string{"MZ"}}
	if !reader.May(DepartmentRead, "MZ").Allowed || reader.May(DepartmentRead, "GA").Allowed || reader.May(DepartmentRead, Every).Allowed || reader.May(Export, "MZ").Allowed {
		t.Error("a token for one department and one permission reaches further, or not that far")
	}
}

func TestViewAsReadsOnly(t *testing.T) {
	seen := person("finance", "operator", "planner", "department:MZ")
	seen.Actor = "root"
	for _, p := range []Permission{Export, ReportRead, SQLRun, NotebookWrite, ObjectionFile, ObjectionAnswer, LoadWrite, QuarantineWrite, MonthClose, AccountOwn, UserManage} {
		if seen.May(p, "MZ").Allowed {
			t.Errorf("viewing as another user allows %s", p)
		}
	}
	if !seen.May(DepartmentRead, "MZ").Allowed || !seen.Withheld() {
		t.Error("viewing as another user must show the pages and withhold the figures")
	}
}

func TestRefusalNamesTheRule(t *testing.T) {
	d := person("department:MZ").May(DepartmentRead, "GA")
	if !strings.Contains(d.Rule.En, "department.read") || !strings.Contains(d.Rule.En, "GA") || !strings.Contains(d.Rule.Zh, "GA") {
		t.Errorf("rule %v", d.Rule)
	}
}

func TestGrantsAreValidated(t *testing.T) {
	for _, text := range []string{"", "root", "department", "department:", "department:*", "operator:MZ", "admin:MZ", "finance:MZ,"} {
		if g, err := ParseGrant(text); err == nil {
			t.Errorf("%q was read as %v", text, g)
		}
	}
	for _, text := range []string{"finance", "finance:MZ,GA", "department:MZ", "planner", "operator", "admin"} {
		g, err := ParseGrant(text)
		if err != nil || g.String() != text {
			t.Errorf("%q: %v %v", text, g, err)
		}
	}
}

func TestEveryPermissionIsNamedAndHeld(t *testing.T) {
	for _, p := range Permissions() {
		if p.Name().Zh == "" || p.Name().En == "" {
			t.Errorf("%s has no name", p)
		}
		held := false
		for _, r := range Roles {
			held = held || r.Has(p)
		}
		if !held {
			t.Errorf("no role has %s", p)
		}
	}
}
