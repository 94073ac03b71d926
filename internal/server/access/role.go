// Package access says who may do what: roles, the permissions they carry, and the departments a grant reaches.
//
// It is the only place that decides. Pages, API, exports, notebooks and mail ask Principal.May and nothing else;
// what no rule allows is refused. It knows no users, no requests and no tables.
package access

import (
	"fmt"
	"slices"
	"strings"

	"weir/internal/lang"
)

// Role is what a person does with the service.
type Role string

// The roles.
const (
	Finance    Role = "finance"    // sees every figure, answers objections
	Department Role = "department" // sees its own figures and published aggregates
	Planner    Role = "planner"    // writes notebooks over de-identified data
	Operator   Role = "operator"   // loads files, closes months, sees no figure of a department
	Admin      Role = "admin"      // manages users and reads the audit log, sees no data
)

// Roles lists every role, in the order in which pages show them.
var Roles = []Role{Finance, Department, Planner, Operator, Admin}

var roleNames = map[Role]lang.Text{
	Finance:    lang.T("财政", "finance"),
	Department: lang.T("部门", "department"),
	Planner:    lang.T("分析规划", "planner"),
	Operator:   lang.T("运行", "operator"),
	Admin:      lang.T("系统管理", "administrator"),
}

// Name is the role as pages print it.
func (r Role) Name() lang.Text { return roleNames[r] }

// ParseRole reads a role by its identifier.
func ParseRole(text string) (Role, error) {
	if slices.Contains(Roles, Role(text)) {
		return Role(text), nil
	}
	return "", fmt.Errorf("role %q is not known: use finance, department, planner, operator or admin", text)
}

// Every stands in a grant for all departments.
const Every = "*"

// Grant gives a role for some departments. Departments matter for finance, department and planner: the role
// department must name its own; the others may be limited to some, and reach all where the list is empty or holds
// Every.
type Grant struct {
	Role        Role     `json:"role"`
	Departments []string `json:"departments,omitempty"`
}

// Validate refuses unknown roles and a role department without a department.
func (g Grant) Validate() error {
	if _, err := ParseRole(string(g.Role)); err != nil {
		return err
	}
	if slices.ContainsFunc(g.Departments, func(d string) bool { return strings.TrimSpace(d) == "" }) {
		return fmt.Errorf("role %s: an empty department identifier", g.Role)
	}
	if g.Role == Department && (len(g.Departments) == 0 || slices.Contains(g.Departments, Every)) {
		return fmt.Errorf("role department needs the departments that it stands for, for example department:MZ")
	}
	if (g.Role == Operator || g.Role == Admin) && len(g.Departments) > 0 {
		return fmt.Errorf("role %s is not limited to departments; leave them out", g.Role)
	}
	return nil
}

// ParseGrant reads role or role:DEPARTMENT,DEPARTMENT.
func ParseGrant(text string) (Grant, error) {
	role, departments, limited := strings.Cut(text, ":")
	g := Grant{Role: Role(role)}
	if limited {
		g.Departments = strings.Split(departments, ",")
	}
	return g, g.Validate()
}

// String writes the grant as ParseGrant reads it.
func (g Grant) String() string {
	if len(g.Departments) == 0 {
		return string(g.Role)
	}
	return string(g.Role) + ":" + strings.Join(g.Departments, ",")
}

// reaches tells whether the grant covers a department; Every asks for all of them.
func (g Grant) reaches(department string) bool {
	all := g.Role != Department && (len(g.Departments) == 0 || slices.Contains(g.Departments, Every))
	return all || department != Every && slices.Contains(g.Departments, department)
}
