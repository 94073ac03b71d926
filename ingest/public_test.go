package ingest

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// What the READMEs say of the content of the portals' catalogues.
func TestPublicFiles(t *testing.T) {
	st := open(t)
	for _, c := range publicFiles {
		if c.with == ofPortals {
			c.load(t, st)
		}
	}
	// Shanghai: 2,234 resources of 56 departments; Guizhou promises 实时 in 9,418 rows, of which 9,156 were last
	// updated more than 31 days before 2023-06-18. The X-Road file holds 130 exchanges.
	for query, want := range map[string]int64{
		"SELECT count(*) FROM resource JOIN load USING (load_id) WHERE mapping = 'shanghai'":                       2234,
		"SELECT count(DISTINCT department_id) FROM resource JOIN load USING (load_id) WHERE mapping = 'shanghai'":  56,
		"SELECT count(*) FROM dataset JOIN load USING (load_id) WHERE mapping = 'guizhou' AND cadence_text = '实时'": 9418,
		"SELECT count(*) FROM usage_event":   130,
		"SELECT count(*) FROM exchange_half": 260,
		"SELECT count(*) FROM dataset WHERE cadence = 'P1M' AND cadence_text = '每月(更新说明:暂无新业务数据产生)'":                                                                                                                                               47,
		"SELECT count(*) FROM dataset d JOIN update_event u ON u.resource_id = d.dataset_id JOIN load l ON l.load_id = d.load_id WHERE l.mapping = 'guizhou' AND d.cadence_text = '实时' AND u.loaded_at < TIMESTAMP '2023-05-18' - INTERVAL 8 HOUR": 9156,
	} {
		if got := number(t, st, query); got != want {
			t.Errorf("%s: %d, want %d", query, got, want)
		}
	}
}

// Halves in any order and overlapping pages give the same exchanges.
func TestLateHalvesCompleteTheirExchange(t *testing.T) {
	whole := text(t, "xroad_exchange/harvest_PLAYGROUND_2023.csv.gz")
	lines := strings.SplitAfter(strings.TrimSuffix(whole, "\n"), "\n")
	header, rows := lines[0], lines[1:]
	side := func(name string) string {
		var b strings.Builder
		b.WriteString(header)
		for _, r := range rows {
			if strings.Contains(r, ","+name+",") {
				b.WriteString(r)
			}
		}
		return b.String()
	}
	const content = "SELECT * EXCLUDE (load_id, source_line) FROM usage_event ORDER BY event_id"
	at := open(t)
	ingestFile(t, at, Options{}, write(t, "harvest_all.csv", whole))
	want := list(t, at, content)
	for name, parts := range map[string][]string{
		"producer first": {side("Producer"), side("Client")},
		"overlapping":    {header + strings.Join(rows[100:], ""), header + strings.Join(rows[:200], ""), whole},
	} {
		t.Run(name, func(t *testing.T) {
			st := open(t)
			var last Result
			for i, p := range parts {
				last = ingestFile(t, st, Options{}, write(t, fmt.Sprintf("harvest_%d.csv", i), p))
			}
			if got := list(t, st, content); !slices.Equal(got, want) {
				t.Errorf("%d events differ from the %d of the whole file", len(got), len(want))
			}
			if name == "producer first" && (last.Exchanges != 130 || number(t, st, "SELECT count(*) FROM superseded") != 130) {
				t.Errorf("%+v", last)
			}
		})
	}
}

func TestPublicFilesAreAsRegistered(t *testing.T) {
	sums, err := os.ReadFile(public("SHA256SUMS"))
	if err != nil {
		t.Fatal(err)
	}
	listed := map[string]bool{}
	for _, line := range strings.Split(strings.TrimSpace(string(sums)), "\n") {
		sum, name, _ := strings.Cut(line, "  ")
		b, err := os.ReadFile(public(name))
		if err != nil {
			t.Error(err)
			continue
		}
		if got := sha256.Sum256(b); hex.EncodeToString(got[:]) != sum {
			t.Errorf("%s is not the file that was registered", name)
		}
		listed[name] = true
	}
	err = filepath.WalkDir(public(""), func(path string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() && strings.HasSuffix(path, ".gz") {
			name, _ := filepath.Rel(public(""), path)
			if !listed[filepath.ToSlash(name)] {
				t.Errorf("%s is not in SHA256SUMS", name)
			}
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}
