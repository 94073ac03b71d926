package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"weir/internal/workspace"
)

// A rule of the inbox that names a mapping which is not there is found before a file comes in.
func TestCheckLooksUpTheMappingsOfTheInbox(t *testing.T) {
	own := fstest.MapFS{}
	good := filepath.Join(t.TempDir(), "ckan.yaml")
	shipped, err := os.ReadFile("../../ingest/mappings/ckan.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(good, shipped, 0o600); err != nil {
		t.Fatal(err)
	}
	for mapping, want := range map[string]string{
		"":                   "",
		"ckan":               "",
		good:                 "",
		"ckam":               `weir.yaml: inbox.rules[1].mapping: there is no mapping "ckam"; did you mean "ckan"?`,
		"no/such/place.yaml": "no such file",
	} {
		found := checkInbox("weir.yaml", []workspace.InboxRule{{Files: "a_*", Mapping: "kong"}, {Files: "b_*", Mapping: mapping}}, own)
		if want == "" && len(found) > 0 || want != "" && (len(found) != 1 || !strings.Contains(found[0].Error(), want)) {
			t.Errorf("%q: %v", mapping, found)
		}
	}
	own["kong.yaml"] = &fstest.MapFile{Data: []byte("mapping: kong\n")}
	if found := checkInbox("weir.yaml", nil, own); len(found) == 0 {
		t.Error("a faulty mapping is not told")
	}
}
