package identity

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"weir/ingest/reason"
	"weir/internal/store"
	"weir/queries/schema"
)

// Unknown is a name that files write for a department and that stands for none, or for several, or for none on the date
// of the record.
type Unknown struct {
	Name        string
	Code        reason.Code
	Rows        int64
	First, Last time.Time // loads that met it, UTC
	Files       []string
	Columns     []string // table.column
	Nearest     []Hint
}

// Hint is a department that a name may mean.
type Hint struct {
	ID   string
	Name string // the name or alias that is near
}

// codes are the reasons that a decision about a name cures.
var codes = []reason.Code{reason.Department, reason.Ambiguous, reason.NameDate}

// codeList writes the codes for SQL.
func codeList() string {
	var list []string
	for _, c := range codes {
		list = append(list, schema.Literal(string(c)))
	}
	return strings.Join(list, ", ")
}

// Names lists what waits for a decision, the names of most rows first.
func Names(ctx context.Context, st *store.Store) ([]Unknown, error) {
	departments, err := Departments(ctx, st)
	if err != nil {
		return nil, err
	}
	r, err := st.Query(ctx, `SELECT q.value, q.code, count(*), min(l.started_at), max(l.started_at), string_agg(DISTINCT q.file, chr(10) ORDER BY q.file),
			string_agg(DISTINCT l.table_name || '.' || q.column_name, chr(10) ORDER BY l.table_name || '.' || q.column_name)
		FROM quarantine AS q JOIN load AS l ON l.load_id = q.load_id
		WHERE q.code IN (`+codeList()+`) AND q.replayed_load_id IS NULL AND q.value IS NOT NULL
		GROUP BY q.value, q.code ORDER BY count(*) DESC, q.value, q.code`, nil)
	if err != nil {
		return nil, err
	}
	list := make([]Unknown, len(r.Rows))
	for i, row := range r.Rows {
		u := Unknown{Name: row[0].(string), Code: reason.Code(row[1].(string)), Rows: row[2].(int64), First: row[3].(time.Time), Last: row[4].(time.Time)}
		u.Files, u.Columns = strings.Split(text(row[5]), "\n"), strings.Split(text(row[6]), "\n")
		u.Nearest = nearest(u.Name, departments)
		list[i] = u
	}
	return list, nil
}

// Hints are at most three, and share at least a third of their pairs of characters with the name.
const (
	mostHints = 3
	leastLike = 1.0 / 3
)

// nearest finds the departments whose names are most like a name.
func nearest(name string, departments []Department) []Hint {
	type near struct {
		Hint
		like float64
	}
	var found []near
	for _, d := range departments {
		best := near{Hint{d.ID, d.Name}, max(alike(name, d.Name), alike(name, d.District+d.Name))}
		for _, a := range d.Aliases {
			if like := alike(name, a.Text); like > best.like {
				best = near{Hint{d.ID, a.Text}, like}
			}
		}
		if best.like >= leastLike {
			found = append(found, best)
		}
	}
	slices.SortFunc(found, func(a, b near) int { return cmp.Or(cmp.Compare(b.like, a.like), cmp.Compare(a.ID, b.ID)) })
	var hints []Hint
	for _, f := range found[:min(len(found), mostHints)] {
		hints = append(hints, f.Hint)
	}
	return hints
}

// alike says how like two names are, from 0 to 1: by the pairs of neighbouring characters that they share, or, since
// short forms leave characters out (发改委 for 发展和改革委员会), by the part of the shorter that stands in the longer in
// its order, where that is three quarters or more.
func alike(a, b string) float64 {
	if a == b {
		return 1
	}
	return max(dice(a, b), inOrder([]rune(a), []rune(b)))
}

func inOrder(a, b []rune) float64 {
	shorter := min(len(a), len(b))
	if shorter < 3 {
		return 0
	}
	row := make([]int, len(b)+1) // longest common subsequence up to each place of b
	for _, x := range a {
		diagonal := 0
		for j, y := range b {
			above := row[j+1]
			if x == y {
				row[j+1] = diagonal + 1
			} else {
				row[j+1] = max(above, row[j])
			}
			diagonal = above
		}
	}
	if like := float64(row[len(b)]) / float64(shorter); like >= 0.75 {
		return like
	}
	return 0
}

// dice is Dice's coefficient over pairs of neighbouring characters: 0 where no pair is shared.
func dice(a, b string) float64 {
	pairs := map[[2]rune]int{}
	count := func(s string, by int) (n int) {
		r := []rune(s)
		for i := 1; i < len(r); i++ {
			pair := [2]rune{r[i-1], r[i]}
			if by < 0 && pairs[pair] <= 0 {
				continue
			}
			pairs[pair] += by
			n++
		}
		return n
	}
	all := max(0, len([]rune(a))-1) + max(0, len([]rune(b))-1)
	if all == 0 {
		return 0
	}
	count(a, 1)
	return 2 * float64(count(b, -1)) / float64(all)
}
