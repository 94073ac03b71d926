package ingest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"weir/internal/store"
)

// replayAll replays every row that waits, as it is or as repair puts it.
func replayAll(t *testing.T, st *store.Store, s Settings, repair func(Quarantined) Repair) []Replayed {
	t.Helper()
	waiting, err := Quarantine(context.Background(), st, QuarantineFilter{})
	if err != nil {
		t.Fatal(err)
	}
	var repairs []Repair
	for _, q := range waiting {
		repairs = append(repairs, repair(q))
	}
	done, err := Replay(context.Background(), st, s, repairs, Options{Now: clock})
	if err != nil && !errors.Is(err, ErrNothingToReplay) {
		t.Fatal(err)
	}
	return done
}

func asItIs(q Quarantined) Repair { return Repair{LoadID: q.LoadID, Line: q.Line} }

// TestRowsGoInOnceTheirDepartmentIsKnown replays rows of every format as they were read: whatever the encoding, the
// delimiter, the lines before the head and the place of the records in the file.
func TestRowsGoInOnceTheirDepartmentIsKnown(t *testing.T) {
	gbk := "id;部门;名称\n" + "S1;甲局;一\nS2;新局;\"二;分号\"\nS3;新局;三\n"
	encoded := func(text string) string {
		var b strings.Builder
		for _, r := range text {
			if c, ok := map[rune]string{'部': "\xb2\xbf", '门': "\xc3\xc5", '名': "\xc3\xfb", '称': "\xb3\xc6", '甲': "\xbc\xd7", '局': "\xbe\xd6", '一': "\xd2\xbb", '新': "\xd0\xc2", '二': "\xb6\xfe", '分': "\xb7\xd6", '号': "\xba\xc5", '三': "\xc8\xfd"}[r]; ok {
				b.WriteString(c)
				continue
			}
			b.WriteRune(r)
		}
		return b.String()
	}
	const mapped = "mapping: m\ntitle: {zh: 甲, en: m}\nfiles: [\"m*\"]\ntarget: dataset\n%s\ncolumns:\n  dataset_id: id\n  department_id: 部门\n  title: 名称\n"
	for _, c := range []struct{ name, read, file, content string }{
		{"semicolons in GBK", "encoding: gb18030\ndelimiter: \";\"\nskip: 1", "m.csv", "报表\n" + "SKIP"},
		{"no header", "names: [id, 部门, 名称]\nheader: false\ndelimiter: \";\"", "m2.csv", strings.SplitN(gbk, "\n", 2)[1]},
		{"nested JSON", "path: data.rows", "m3.json", `{"data":{"rows":[{"id":"S1","部门":"甲局","名称":"一"},` + "\n" + `{"id":"S2","部门":"新局",` + "\n" + `"名称":"二;分号"},{"id":"S3","部门":"新局","名称":"三"}]}}`},
		{"workbook", "skip: 1", "m4.xlsx", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			st := withDepartments(t)
			dir := t.TempDir()
			s := Settings{Key: settings.Key, Mappings: os.DirFS(dir), Temp: dir}
			if err := os.WriteFile(filepath.Join(dir, "m.yaml"), []byte(fmt.Sprintf(mapped, c.read)), 0o600); err != nil {
				t.Fatal(err)
			}
			if strings.HasSuffix(c.content, "SKIP") {
				c.content = "x\n" + encoded(gbk)
			}
			path := filepath.Join(dir, c.file)
			if c.content == "" {
				book := excelize.NewFile()
				for i, row := range [][]any{{"目录"}, {"id", "部门", "名称"}, {"S1", "甲局", "一"}, {"S2", "新局", "二;分号"}, {"S3", "新局", "三"}} {
					if err := book.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &row); err != nil {
						t.Fatal(err)
					}
				}
				if err := book.SaveAs(path); err != nil {
					t.Fatal(err)
				}
			} else if err := os.WriteFile(path, []byte(c.content), 0o600); err != nil {
				t.Fatal(err)
			}
			results, err := Files(context.Background(), st, s, []string{path}, Options{Now: clock})
			if err != nil || results[0].RowsLoaded != 1 || results[0].RowsQuarantined != 2 {
				t.Fatalf("%+v %v", results, err)
			}
			// Nothing is known yet: the rows stay, and nothing is left of the trial.
			loads := number(t, st, "SELECT count(*) FROM load")
			done := replayAll(t, st, s, asItIs)
			if len(done) != 1 || len(done[0].In) != 0 || len(done[0].Left) != 2 || number(t, st, "SELECT count(*) FROM load") != loads || number(t, st, "SELECT count(*) FROM quarantine") != 2 {
				t.Fatalf("%+v", done)
			}
			ingestFile(t, st, Options{}, write(t, "department_2.csv", "department_id,name\nD9,新局\n"))
			done = replayAll(t, st, s, asItIs)
			if len(done) != 1 || len(done[0].In) != 2 || done[0].Result.RowsLoaded != 2 || len(done[0].Left) != 0 {
				t.Fatalf("%+v", done)
			}
			if got := strings.Join(list(t, st, "SELECT dataset_id, department_id, title FROM dataset ORDER BY 1"), " "); got != "S1|D1|一 S2|D9|二;分号 S3|D9|三" {
				t.Error(got)
			}
			// The entries are kept and marked; replaying again finds nothing.
			if n := number(t, st, fmt.Sprintf("SELECT count(*) FROM quarantine WHERE replayed_load_id = %d", done[0].Result.LoadID)); n != 2 {
				t.Errorf("%d marked", n)
			}
			if again := replayAll(t, st, s, asItIs); again != nil {
				t.Errorf("%+v", again)
			}
			left, err := filepath.Glob(filepath.Join(dir, "weir-replay-*"))
			if err != nil || len(left) > 0 {
				t.Errorf("left behind: %v %v", left, err)
			}
		})
	}
}

// TestARepairedRowStaysWhereItStillFails replays repaired rows together: the good ones go in, the bad one keeps its
// place under the reason that it has now.
func TestARepairedRowStaysWhereItStillFails(t *testing.T) {
	st := withDepartments(t)
	first := ingestFile(t, st, Options{}, write(t, "request.csv", "request_id,requester_id,provider_id,submitted_at\n"+
		"R1,D1,XX,2026-02-30\nR2,D1,D2,昨天\nR3,D1,D2,2026-10-08\nR4,D1\nR5,D1,D2,2026-10-08")) // the last line is cut off
	if first.RowsQuarantined != 4 {
		t.Fatalf("%+v", first)
	}
	repaired := map[int64]string{2: "R1,D1,D2,2026-02-30", 3: "R2,D1,D2,2026-10-07", 5: "R4,D1,D2,2026-10-09"}
	done := replayAll(t, st, settings, func(q Quarantined) Repair {
		return Repair{LoadID: q.LoadID, Line: q.Line, Text: repaired[q.Line]}
	})
	if len(done) != 1 || fmt.Sprint(done[0].In) != "[3 5]" || len(done[0].Left) != 2 {
		t.Fatalf("%+v", done)
	}
	got := list(t, st, "SELECT load_id, line, code, column_name, value FROM quarantine WHERE replayed_load_id IS NULL ORDER BY line")
	want := fmt.Sprintf("%[1]d|2|not_time|submitted_at|2026-02-30 %[1]d|6|unfinished", first.LoadID)
	if strings.Join(got, " ") != want {
		t.Errorf("%v, want %s", got, want)
	}
	if got := strings.Join(list(t, st, "SELECT request_id FROM request ORDER BY 1"), " "); got != "R2 R3 R4" {
		t.Error(got)
	}
	// The sum of every load still holds.
	if n := number(t, st, "SELECT count(*) FROM load WHERE rows_in <> rows_loaded + rows_duplicate + rows_quarantined"); n != 0 {
		t.Errorf("%d loads do not add up", n)
	}
}

// TestReplayOfLogsAndPlatforms tries rows of JSON logs and of access logs.
func TestReplayOfLogsAndPlatforms(t *testing.T) {
	st := withDepartments(t)
	ingestFile(t, st, Options{}, write(t, "usage_event.ndjson", `{"event_id":"E1","occurred_at":"2026-10-01T08:00:00+08:00","resource_id":"R","provider_id":"丙局","consumer_id":"D2","ok":true,"person_key":"510101199001011234"}`+"\n"))
	if raw := list(t, st, "SELECT raw FROM quarantine")[0]; strings.Contains(raw, "510101") {
		t.Fatal(raw)
	}
	ingestFile(t, st, Options{}, write(t, "department_2.csv", "department_id,name\nD9,丙局\n"))
	if done := replayAll(t, st, settings, asItIs); len(done) != 1 || done[0].Result.RowsLoaded != 1 {
		t.Fatalf("%+v", done)
	}
	if n := number(t, st, "SELECT count(*) FROM usage_event WHERE provider_id = 'D9' AND person_key LIKE 'h\\_%' ESCAPE '\\' AND length(person_key) = 18"); n != 1 {
		t.Error("the hash was hashed again, or lost")
	}
}
