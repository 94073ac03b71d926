package ingest

import (
	"context"
	"errors"
	"slices"
	"time"

	"weir/ingest/mapping"
	"weir/internal/store"
	"weir/queries/schema"
)

// Unrepaired is a row of the quarantine as the department that must repair it is shown it.
type Unrepaired struct {
	Quarantined
	Table, Mapping string   // how its file was read
	Department     string   // identifier of the department that answers for the row, "" where the row does not say
	Columns        []string // of its file, nil where rows name their members themselves
	Fields         []string // under these columns; nil where the row cannot be split into them
}

// UnrepairedRows lists rows of the quarantine with their fields and the department that answers for them.
func UnrepairedRows(ctx context.Context, st *store.Store, s Settings, f QuarantineFilter) (_ []Unrepaired, err error) {
	known, problems := Mappings(st.Model(), s.Mappings)
	if err := problems.Err(); err != nil {
		return nil, err
	}
	l := loader{store: st, settings: s, options: Options{Now: time.Now}, mappings: known}
	rows, err := Quarantine(ctx, st, f)
	if err != nil {
		return nil, err
	}
	conn, err := st.Conn(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	zone, err := time.LoadLocation(st.TimeZone())
	if err != nil {
		return nil, err
	}
	origins, all := map[int64]*answering{}, make([]Unrepaired, len(rows))
	for i, q := range rows {
		o, ok := origins[q.LoadID]
		if !ok {
			o = &answering{}
			// A load of an earlier version, or a mapping that is gone, leaves its rows without fields.
			if o.origin, err = l.origin(ctx, q.LoadID); err != nil {
				o.origin = &origin{id: q.LoadID}
			}
			var m *mapping.Mapping
			district := ""
			if o.mapping != "" {
				if m, err = l.mapping(o.mapping); err == nil {
					district = m.District
				}
			}
			if o.names, err = readNames(ctx, conn, district, zone); err != nil {
				return nil, err
			}
			o.columns = departmentSources(st.Model(), o.table, m)
			origins[q.LoadID] = o
		}
		all[i] = Unrepaired{Quarantined: q, Table: o.table, Mapping: o.mapping}
		if o.layout.columns == nil {
			continue
		}
		all[i].Columns = o.layout.columns
		if fields, ok := o.layout.split(q.Raw, o.reader == "xlsx"); ok {
			all[i].Fields, all[i].Department = fields, o.department(fields)
		}
	}
	return all, nil
}

// answering is a load with what says which department answers for its rows.
type answering struct {
	*origin
	names   *names
	columns []string // of the file, the most telling first
}

// department is the one that the row names first, as names stand today.
func (a *answering) department(fields []string) string {
	for _, column := range a.columns {
		i := slices.Index(a.layout.columns, column)
		if i < 0 {
			continue
		}
		if id, ok := a.names.at(fields[i], time.Now()); ok && id != "" {
			return id
		}
	}
	return ""
}

// departmentSources lists the columns of a file that name departments: the provider of data before all others, since it
// delivers the records.
func departmentSources(model *schema.Model, table string, m *mapping.Mapping) []string {
	columns := model.Flat.Columns
	if t, ok := model.Table(table); ok {
		columns = t.Columns
	}
	var first, others []string
	for _, c := range columns {
		if c.Ref != "department" && !(c.Name == "department_id" && table == "department") {
			continue
		}
		source := c.Name
		if m != nil {
			i := slices.IndexFunc(m.Columns, func(of mapping.Column) bool { return of.Target == c.Name })
			if i < 0 || m.Columns[i].Source == "" {
				continue
			}
			source = m.Columns[i].Source
		}
		if c.Name == "provider_id" || c.Name == "department_id" || c.Name == "department" {
			first = append(first, source)
		} else {
			others = append(others, source)
		}
	}
	return append(first, others...)
}
