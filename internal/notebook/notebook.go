// Package notebook runs notebook pages: it chooses their parameters' values, composes their cells, runs them through
// the runner on the lake of a close, and makes of the answers a document, a script or a file. The same page with the
// same values on the same close gives the same answer on any machine.
//
// Pages are parsed by queries/page, SQL is judged and run by internal/runner, documents are rendered by reports. No
// output is ever written into a page.
package notebook

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"weir/internal/problem"
	"weir/queries/page"
)

// Set is every notebook by id.
type Set struct{ list []*page.Notebook }

// Load reads the notebooks of the roots. A page of a later root replaces that of the same id of an earlier one. A root
// that does not exist is empty.
func Load(roots ...fs.FS) (*Set, problem.List) {
	s := &Set{}
	var problems problem.List
	for _, root := range roots {
		found := map[string]string{}
		err := fs.WalkDir(root, ".", func(file string, d fs.DirEntry, err error) error {
			if errors.Is(err, fs.ErrNotExist) && file == "." {
				return fs.SkipAll
			}
			if err != nil || d.IsDir() || path.Ext(file) != ".md" || strings.EqualFold(path.Base(file), "readme.md") {
				return err
			}
			content, err := fs.ReadFile(root, file)
			if err != nil {
				return err
			}
			n, list := page.ParseNotebook(file, content)
			problems = append(problems, list...)
			if n == nil || n.ID == "" {
				return nil
			}
			if other, twice := found[n.ID]; twice {
				problems = append(problems, problem.Problem{File: file, Line: 1, What: fmt.Sprintf("the id %s stands in %s as well", n.ID, other), Cure: "give each notebook its own id"})
				return nil
			}
			found[n.ID] = file
			s.put(n)
			return nil
		})
		if err != nil {
			problems = append(problems, problem.Problem{File: ".", What: err.Error(), Cure: "make the folder readable"})
		}
	}
	slices.SortFunc(s.list, func(a, b *page.Notebook) int { return strings.Compare(a.ID, b.ID) })
	problems.Sort()
	return s, problems
}

func (s *Set) put(n *page.Notebook) {
	if i := slices.IndexFunc(s.list, func(o *page.Notebook) bool { return o.ID == n.ID }); i >= 0 {
		s.list[i] = n
		return
	}
	s.list = append(s.list, n)
}

// All lists the notebooks by id.
func (s *Set) All() []*page.Notebook { return slices.Clone(s.list) }

// Find is the notebook of an id.
func (s *Set) Find(id string) (*page.Notebook, error) {
	var ids []string
	for _, n := range s.list {
		if n.ID == id {
			return n, nil
		}
		ids = append(ids, n.ID)
	}
	return nil, fmt.Errorf("no notebook %q; %s", id, problem.DidYouMean(id, ids))
}
