// Package identity keeps who a department's name means: which departments there are, under which names they appear in
// files and when, who took over whose duties, and which names nobody knows yet.
//
// A name is never guessed. What nobody knows is collected with hints for a person, whose decision is recorded with who,
// when and why, and stands in the tables under a load of its own, so that closed months say what they rest on.
package identity

import (
	"context"
	"fmt"
	"strings"
	"time"

	"weir/internal/problem"
	"weir/internal/store"
)

// Department is a department as it stands, with the names under which it appears.
type Department struct {
	ID, Name, District, Level string
	From, To                  string // days (YYYY-MM-DD), "" for open; To is the first day no longer in being
	Successor                 string // identifier, "" for none
	Aliases                   []Name
}

// Name is a name as written in files with its dates, "" for open; To is the first day no longer valid.
type Name struct{ Text, From, To string }

func (n Name) String() string {
	if n.From == "" && n.To == "" {
		return n.Text
	}
	return fmt.Sprintf("%s [%s, %s)", n.Text, n.From, n.To)
}

// Departments lists the departments by identifier.
func Departments(ctx context.Context, st *store.Store) ([]Department, error) {
	r, err := st.Query(ctx, `SELECT department_id, name, coalesce(district, ''), coalesce(level, ''), coalesce(valid_from::VARCHAR, ''), coalesce(valid_to::VARCHAR, ''), coalesce(successor_id, '')
		FROM department ORDER BY department_id`, nil)
	if err != nil {
		return nil, err
	}
	list := make([]Department, len(r.Rows))
	place := map[string]int{}
	for i, row := range r.Rows {
		list[i] = Department{ID: text(row[0]), Name: text(row[1]), District: text(row[2]), Level: text(row[3]), From: text(row[4]), To: text(row[5]), Successor: text(row[6])}
		place[list[i].ID] = i
	}
	r, err = st.Query(ctx, `SELECT department_id, name, coalesce(valid_from::VARCHAR, ''), coalesce(valid_to::VARCHAR, '') FROM department_alias ORDER BY department_id, valid_from NULLS FIRST, name`, nil)
	if err != nil {
		return nil, err
	}
	for _, row := range r.Rows {
		if i, ok := place[text(row[0])]; ok {
			list[i].Aliases = append(list[i].Aliases, Name{text(row[1]), text(row[2]), text(row[3])})
		}
	}
	return list, nil
}

// find is the department of an identifier; an unknown one is an error that names the nearest.
func find(list []Department, id string) (Department, error) {
	var ids []string
	for _, d := range list {
		if d.ID == id {
			return d, nil
		}
		ids = append(ids, d.ID)
	}
	for _, d := range list {
		if d.Name == id {
			return d, fmt.Errorf("there is no department %q; %q is the name of %s", id, id, d.ID)
		}
	}
	return Department{}, fmt.Errorf("there is no department %q; %s", id, problem.DidYouMean(id, ids))
}

// day checks a date; "" is open.
func day(name, text string) error {
	if text == "" {
		return nil
	}
	if _, err := time.Parse(time.DateOnly, text); err != nil {
		return fmt.Errorf("%s %q is no day of the form YYYY-MM-DD", name, text)
	}
	return nil
}

// overlap tells whether two stretches of time have a day in common.
func overlap(a, b Name) bool {
	return (a.To == "" || b.From == "" || b.From < a.To) && (b.To == "" || a.From == "" || a.From < b.To)
}

func text(cell any) string {
	s, _ := cell.(string)
	return strings.TrimSpace(s)
}
