package notebook

import (
	_ "embed"
	"fmt"
	"strings"
)

//go:embed template.md
var template string

// Template is a new notebook of an id: one that runs, to start from.
func Template(id string) (string, error) {
	if !validID.MatchString(id) {
		return "", fmt.Errorf("id %q: use 3 to 48 small letters, digits and underscores, a letter first", id)
	}
	return strings.ReplaceAll(template, "new_notebook", id), nil
}
