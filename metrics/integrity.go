package metrics

// Integrity is one measure of how far the records of a department can be trusted (数据真实性), held against the limit
// that the workspace sets. It stands beside the score and lowers nothing: people decide.
type Integrity struct {
	Department string
	Indicator  string   // id of the page that defines the measure
	Value      *float64 // nil where there is none
	N          *int64   // number of cases
	// Limit is the configured limit, nil where none is set; Above tells on which side of it the trouble lies.
	Limit *float64
	Above bool
	// Flagged: the value lies beyond the limit and rests on enough cases to say so.
	Flagged bool
	// Columns and Evidence list the first rows behind a flagged measure.
	Columns  []string
	Evidence [][]string
}

// Flags are the flagged measures of a department.
func (m *Month) Flags(department string) []Integrity {
	var list []Integrity
	for _, i := range m.Integrity {
		if i.Department == department && i.Flagged {
			list = append(list, i)
		}
	}
	return list
}
