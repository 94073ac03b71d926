package runner

import "weir/queries/views"

// Publish gives a source the tables and functions of the published schema.
func (s *Source) Publish(tables []views.Definition, functions []views.Function) {
	for _, t := range tables {
		s.Views = append(s.Views, View{Name: t.Name, SQL: t.SQL, Else: t.Else})
	}
	for _, f := range functions {
		s.Functions = append(s.Functions, Function{Name: f.Name, SQL: f.SQL, Reads: f.Reads})
	}
}
