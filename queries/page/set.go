package page

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"

	"weir/internal/problem"
)

// Set is every indicator with all its versions.
type Set struct {
	byID map[string][]*Indicator // versions in ascending order
	ids  []string                // by dimension, then id
}

// Load reads every indicator page below the roots. A page of a later root replaces the pages of the same id of an
// earlier one from its effective_from on when its version is higher, and altogether when the version is the same.
// A root that does not exist is empty.
func Load(roots ...fs.FS) (*Set, problem.List) {
	s := &Set{byID: map[string][]*Indicator{}}
	var problems problem.List
	for _, root := range roots {
		found := map[string]map[int]string{} // id → version → file, within the root
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
			p, list := ParseIndicator(file, content)
			problems = append(problems, list...)
			if p == nil || p.ID == "" {
				return nil
			}
			if other, twice := found[p.ID][p.Version]; twice {
				problems = append(problems, problem.Problem{File: file, Line: 1, What: fmt.Sprintf("%s version %d stands in %s as well", p.ID, p.Version, other), Cure: "raise the version of the newer one"})
				return nil
			}
			if found[p.ID] == nil {
				found[p.ID] = map[int]string{}
			}
			found[p.ID][p.Version] = file
			s.put(p)
			return nil
		})
		if err != nil {
			problems = append(problems, problem.Problem{File: ".", What: err.Error(), Cure: "make the folder readable"})
		}
	}
	s.order()
	problems = append(problems, s.checkVersions()...)
	problems.Sort()
	return s, problems
}

// NewSet is a set of pages that were read one by one.
func NewSet(pages ...*Indicator) *Set {
	s := &Set{byID: map[string][]*Indicator{}}
	for _, p := range pages {
		s.put(p)
	}
	s.order()
	return s
}

func (s *Set) put(p *Indicator) {
	versions := s.byID[p.ID]
	if i := slices.IndexFunc(versions, func(v *Indicator) bool { return v.Version == p.Version }); i >= 0 {
		versions[i] = p
		return
	}
	s.byID[p.ID] = append(versions, p)
}

func (s *Set) order() {
	s.ids = s.ids[:0]
	for id, versions := range s.byID {
		s.ids = append(s.ids, id)
		slices.SortFunc(versions, func(a, b *Indicator) int { return a.Version - b.Version })
	}
	rank := func(id string) int {
		return slices.Index(ids(Dimensions), s.byID[id][len(s.byID[id])-1].Dimension)
	}
	slices.SortFunc(s.ids, func(a, b string) int {
		if d := rank(a) - rank(b); d != 0 {
			return d
		}
		return strings.Compare(a, b)
	})
}

// checkVersions finds versions that begin no later than the one before, which no month could be judged by.
func (s *Set) checkVersions() problem.List {
	var problems problem.List
	for _, id := range s.ids {
		versions := s.byID[id]
		for i := 1; i < len(versions); i++ {
			a, b := versions[i-1], versions[i]
			if !b.EffectiveFrom.After(a.EffectiveFrom.Time) {
				problems = append(problems, problem.Problem{File: b.File, Line: 1,
					What: fmt.Sprintf("version %d takes effect no later than version %d (%s)", b.Version, a.Version, a.File),
					Cure: "set effective_from to the first day judged by the new version"})
			}
		}
	}
	return problems
}

// IDs lists the indicators by dimension, then id.
func (s *Set) IDs() []string { return slices.Clone(s.ids) }

// Versions lists the versions of an indicator, oldest first; none for an unknown id.
func (s *Set) Versions(id string) []*Indicator { return slices.Clone(s.byID[id]) }

// Latest is the newest version of an indicator.
func (s *Set) Latest(id string) (*Indicator, bool) {
	versions := s.byID[id]
	if len(versions) == 0 {
		return nil, false
	}
	return versions[len(versions)-1], true
}

// On is the version that judges a day: the newest that is in effect then. Before the first version takes effect
// the first one serves, so that data of earlier years can be judged at all.
func (s *Set) On(id string, day time.Time) (*Indicator, bool) {
	versions := s.byID[id]
	if len(versions) == 0 {
		return nil, false
	}
	best := versions[0]
	for _, v := range versions[1:] {
		if !v.EffectiveFrom.After(day) {
			best = v
		}
	}
	return best, true
}

// AllOn lists the versions that judge a day, withdrawn ones left out, by dimension, then id.
func (s *Set) AllOn(day time.Time) []*Indicator {
	var list []*Indicator
	for _, id := range s.ids {
		if p, ok := s.On(id, day); ok && p.Status != Withdrawn {
			list = append(list, p)
		}
	}
	return list
}
