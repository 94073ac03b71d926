package access

import (
	"fmt"
	"slices"

	"weir/internal/lang"
)

// Principal is who asks: a user, as narrowed by the token that was shown, or as seen by an administrator.
type Principal struct {
	User   string
	Grants []Grant
	Limit  *Limit // nil: the user's own grants
	// Actor is the administrator who views as User, "" otherwise. Such a view reads only, and figures are withheld,
	// since an administrator sees no data.
	Actor string
}

// Limit narrows a principal. It never adds: what it names beyond the grants has no effect.
type Limit struct {
	Permissions []Permission `json:"permissions,omitempty"` // empty: all that the user has
	Departments []string     `json:"departments,omitempty"` // empty: all that the user reaches
}

// Decision is an answer with the rule that gave it.
type Decision struct {
	Allowed bool
	Rule    lang.Text
}

// May decides whether the principal may do p for a department; Every asks for all departments, and a permission
// that is not scoped ignores the department.
func (w Principal) May(p Permission, department string) Decision {
	r, known := find(p)
	if !known {
		return refuse(p, "没有这项权限", "there is no such permission")
	}
	if w.User == "" {
		return refuse(p, "尚未登录", "nobody is signed in")
	}
	if w.Actor != "" && !readOnly(p) {
		return refuse(p, "以他人身份查看时只读", "viewing as another user reads only")
	}
	if l := w.Limit; l != nil && len(l.Permissions) > 0 && !slices.Contains(l.Permissions, p) {
		return refuse(p, "令牌不含这项权限", "the token does not carry it")
	}
	if l := w.Limit; r.scoped && l != nil && len(l.Departments) > 0 && !slices.Contains(l.Departments, department) {
		return refuse(p, "令牌不含部门 "+department, "the token does not reach department "+department)
	}
	carried := false
	for _, g := range w.Grants {
		if !slices.Contains(r.roles, g.Role) {
			continue
		}
		carried = true
		if !r.scoped || department != "" && g.reaches(department) {
			return Decision{Allowed: true, Rule: lang.T(string(p)+"：角色“"+g.Role.Name().Zh+"”允许", string(p)+": allowed by role "+string(g.Role))}
		}
	}
	if carried {
		return refuse(p, "授权不含部门 "+department, "no grant reaches department "+department)
	}
	return refuse(p, "所有角色均无此权限", "none of the roles carries it")
}

func refuse(p Permission, zh, en string) Decision {
	return Decision{Rule: lang.T(fmt.Sprintf("%s：%s", p, zh), fmt.Sprintf("%s: %s", p, en))}
}

// readOnly tells whether a permission changes nothing and gives no file away.
func readOnly(p Permission) bool {
	switch p {
	case MonthRead, CodebookRead, DepartmentRead, EvidenceRead, RequestRead, DatasetRead, BudgetRead, ObjectionRead, LoadRead, JobRead:
		return true
	}
	return false
}

// Reach filters departments to those for which the principal may do p.
func (w Principal) Reach(p Permission, departments []string) []string {
	var reached []string
	for _, d := range departments {
		if w.May(p, d).Allowed {
			reached = append(reached, d)
		}
	}
	return reached
}

// Has tells whether the principal may do p for at least one department.
func (w Principal) Has(p Permission) bool {
	if w.May(p, Every).Allowed {
		return true
	}
	for _, g := range w.Grants {
		for _, d := range g.Departments {
			if w.May(p, d).Allowed {
				return true
			}
		}
	}
	return false
}

// Departments lists the departments that the grants name, for the pages of a department's own people.
func (w Principal) Departments() []string {
	var list []string
	for _, g := range w.Grants {
		for _, d := range g.Departments {
			if d != Every && !slices.Contains(list, d) && (w.Limit == nil || len(w.Limit.Departments) == 0 || slices.Contains(w.Limit.Departments, d)) {
				list = append(list, d)
			}
		}
	}
	return list
}

// Withheld tells whether figures must be blanked before they are shown.
func (w Principal) Withheld() bool { return w.Actor != "" }
