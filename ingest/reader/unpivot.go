package reader

import (
	"path"

	"weir/ingest/record"
	"weir/internal/lang"
)

// UnpivotOptions make rows of columns: a table that has a column for each year has a row for each of them.
type UnpivotOptions struct {
	Pattern string // of the columns, with one *, such as Appropriations *
	Name    string // column that takes what the * stands for
	Value   string // column that takes the value
}

// Unpivot reads a delimited file and passes on a row for each cell of the columns that the pattern names. A blank
// cell states nothing and gives no row: blank is not zero. Rows are numbered on from the line of their record.
type Unpivot struct {
	from    *Delimited
	columns []string
	kept    []int    // columns of the file that every row has
	spread  []int    // columns of the file that give a row each
	names   []string // what the * stands for in each of them
	line    int64
}

// NewUnpivot prepares the reader; it fails where no column fits the pattern.
func NewUnpivot(d *Delimited, o UnpivotOptions) (*Unpivot, error) {
	u := &Unpivot{from: d}
	for i, c := range d.Columns() {
		if ok, err := path.Match(o.Pattern, c); err == nil && ok {
			u.spread = append(u.spread, i)
			u.names = append(u.names, starred(o.Pattern, c))
			continue
		}
		u.kept = append(u.kept, i)
		u.columns = append(u.columns, c)
	}
	if len(u.spread) == 0 {
		return nil, failure(d.file.Path, int64(d.HeaderLine()), lang.T("没有名为 "+o.Pattern+" 的列", "no column is called "+o.Pattern), lang.T("改正映射中的 unpivot:", "correct unpivot: in the mapping"))
	}
	u.columns = append(u.columns, o.Name, o.Value)
	return u, nil
}

// starred is what the * of a pattern stands for in a name that fits it.
func starred(pattern, name string) string {
	for i := range pattern {
		if pattern[i] == '*' {
			return name[i : len(name)-(len(pattern)-i-1)]
		}
	}
	return name
}

// Layout is that of the file.
func (u *Unpivot) Layout() (columns []string, delimiter byte) { return u.from.Layout() }

// Columns names the columns that every row keeps, then name and value.
func (u *Unpivot) Columns() []string { return u.columns }

// Read passes every row on.
func (u *Unpivot) Read(w *record.Writer, place []int) error {
	whole := make([]int, len(u.from.columns))
	for i := range whole {
		whole[i] = -1
	}
	return u.from.each(func() error {
		d := u.from
		if !d.whole() {
			return d.passAs(w, whole, u.next())
		}
		for i, column := range u.spread {
			if len(trimBlank(d.fields[column])) == 0 {
				continue
			}
			if line := u.next(); w.Wants(line) {
				w.Begin(line)
				for k, kept := range u.kept {
					if p := place[k]; p >= 0 {
						w.Field(p, d.fields[kept])
					}
				}
				for k, v := range [][]byte{[]byte(u.names[i]), d.fields[column]} {
					if p := place[len(u.kept)+k]; p >= 0 {
						w.Field(p, v)
					}
				}
				if err := w.End(d.raw); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

func (u *Unpivot) next() int64 {
	u.line = max(u.from.line, u.line+1)
	return u.line
}
