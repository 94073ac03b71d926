package cli

type configCommand struct{}

// Run lists every setting with its value and origin.
func (configCommand) Run(e *env) error {
	w, err := e.workspace()
	if err != nil {
		return err
	}
	settings, err := w.Settings()
	if err != nil {
		return err
	}
	t := &table{columns: []string{"key", "value", "origin"}}
	for _, s := range settings {
		t.add(s.Key, s.Value, s.Origin)
	}
	return e.print(t)
}
