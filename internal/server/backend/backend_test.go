package backend

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"weir/ingest"
	"weir/internal/server"
	"weir/internal/server/access"
	"weir/internal/server/account"
	"weir/internal/server/audit"
	"weir/internal/server/backup"
	"weir/internal/server/job"
	"weir/internal/server/keep"
	"weir/internal/server/objection"
	"weir/internal/store"
)

func open(t *testing.T, path string) *store.Store {
	t.Helper()
	s, err := store.Open(context.Background(), path, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestWhatIsKeptOutlivesTheProcess writes users, sessions, tokens, audit, objections and jobs, opens the file anew and
// finds them; a backup of it restores to the same.
func TestWhatIsKeptOutlivesTheProcess(t *testing.T) {
	ctx, dir := context.Background(), t.TempDir()
	path := filepath.Join(dir, "weir.duckdb")
	s := open(t, path)
	k := keep.New(s)
	book, err := account.Open(ctx, k, account.Options{})
	if err != nil {
		t.Fatal(err)
	}
	grants := []access.Grant{{Role: access.Department, Departments: []string{"MZ"}}}
	if err := book.Add(ctx, account.User{ID: "李敏", Name: "O'Neill; DROP TABLE job", Grants: grants}, "Chang-Jiang 2026"); err != nil {
		t.Fatal(err)
	}
	secret, _, err := book.SignIn(ctx, "李敏", "10.0.0.1", "browser", "Chang-Jiang 2026")
	if err != nil {
		t.Fatal(err)
	}
	token, _, err := book.Issue(ctx, "李敏", "script", access.Limit{Permissions: []access.Permission{access.Export}}, time.Now().Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	if err := book.Change(ctx, "李敏", func(u *account.User) { u.Name = "李敏" }); err != nil {
		t.Fatal(err)
	}
	log, err := audit.Open(ctx, k, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, target := range []string{"a", "b", "c"} {
		if err := log.Write(ctx, audit.Entry{User: "李敏", Action: "export", Target: target, Allowed: target != "c"}); err != nil {
			t.Fatal(err)
		}
	}
	desk, err := objection.NewDesk(ctx, k, nil)
	if err != nil {
		t.Fatal(err)
	}
	filed, err := desk.File(ctx, objection.Objection{Month: "2026-10", Revision: 1, Department: "MZ", FiledBy: "李敏"}, "数据有误，请核对", []objection.Attachment{{File: "证据.pdf", Bytes: 3, SHA256: strings.Repeat("a", 64)}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := desk.Add(ctx, filed.ID, "财政", objection.Rejected, "经核对无误", nil); err != nil {
		t.Fatal(err)
	}
	if err := k.SaveJob(ctx, job.Job{ID: 1, Kind: "ingest", Argument: json.RawMessage(`{"a":1}`), State: job.Running, QueuedAt: time.Now().UTC()}); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}

	s = open(t, path)
	archive := filepath.Join(t.TempDir(), "b.tar.zst")
	if _, err := backup.Write(ctx, s, backup.Workspace{Dir: dir, Database: path, Temp: filepath.Join(dir, ".tmp")}, archive, time.Now()); err != nil {
		t.Fatal(err)
	}
	restored := filepath.Join(t.TempDir(), "restored")
	if _, err := backup.Restore(ctx, archive, restored); err != nil {
		t.Fatal(err)
	}
	copied := open(t, filepath.Join(restored, "weir.duckdb"))
	for name, s := range map[string]*store.Store{"reopened": s, "restored": copied} {
		k := keep.New(s)
		book, err := account.Open(ctx, k, account.Options{})
		if err != nil {
			t.Fatal(name, err)
		}
		if _, u, who, err := book.Resume(secret); err != nil || u.Name != "李敏" || !who.May(access.DepartmentRead, "MZ").Allowed {
			t.Errorf("%s: session %v %+v", name, err, u)
		}
		if _, _, who, err := book.Show(token); err != nil || !who.May(access.Export, "MZ").Allowed || who.May(access.DepartmentRead, "MZ").Allowed {
			t.Errorf("%s: token %v", name, err)
		}
		log, err := audit.Open(ctx, k, nil)
		if err != nil {
			t.Fatal(name, err)
		}
		if n, err := log.Check(ctx); err != nil || n != 3 {
			t.Errorf("%s: audit of %d entries: %v", name, n, err)
		}
		if list, err := log.List(ctx, audit.Filter{Refused: true}); err != nil || len(list) != 1 || list[0].Target != "c" {
			t.Errorf("%s: refused %v %v", name, list, err)
		}
		list, err := k.Objections(ctx, objection.Filter{Month: "2026-10"})
		if err != nil || len(list) != 1 || list[0].State != objection.Rejected || len(list[0].Messages) != 2 || list[0].Messages[0].Attachments[0].File != "证据.pdf" {
			t.Errorf("%s: objections %+v %v", name, list, err)
		}
		jobs, err := k.Jobs(ctx, 10)
		if err != nil || len(jobs) != 1 || jobs[0].State != job.Running || string(jobs[0].Argument) != `{"a":1}` {
			t.Errorf("%s: jobs %+v %v", name, jobs, err)
		}
		if err := k.Forget(ctx, time.Now().Add(time.Hour)); err != nil {
			t.Fatal(name, err)
		}
		if left, err := log.List(ctx, audit.Filter{}); err != nil || len(left) != 1 {
			t.Errorf("%s: after retention %v %v", name, left, err)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestDamagedBackupsAreRefused(t *testing.T) {
	ctx, dir := context.Background(), t.TempDir()
	s := open(t, "")
	defer s.Close()
	if err := os.WriteFile(filepath.Join(dir, "weir.yaml"), []byte(strings.Repeat("name: x\n", 5000)), 0o600); err != nil {
		t.Fatal(err)
	}
	archive := filepath.Join(t.TempDir(), "b.tar.zst")
	if _, err := backup.Write(ctx, s, backup.Workspace{Dir: dir, Database: filepath.Join(dir, "weir.duckdb"), Temp: filepath.Join(dir, ".tmp")}, archive, time.Now()); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(archive)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(archive, whole[:len(whole)/2], 0o600); err != nil {
		t.Fatal(err)
	}
	target := filepath.Join(t.TempDir(), "new")
	if _, err := backup.Restore(ctx, archive, target); err == nil {
		t.Error("half a backup was restored")
	}
	if _, err := os.Stat(target); err == nil {
		t.Error("something is left of the failed restore")
	}
}

// TestRepairedRowsGoIn loads a file with a broken row, repairs it and finds the row loaded and the old one marked.
func TestRepairedRowsGoIn(t *testing.T) {
	ctx, dir := context.Background(), t.TempDir()
	s := open(t, "")
	defer s.Close()
	l := &Loads{Store: s, Settings: ingest.Settings{Key: []byte(strings.Repeat("k", 32))}, Now: time.Now}
	file := filepath.Join(dir, "department.csv")
	if err := os.WriteFile(file, []byte("department_id,name,is_bureau\nMZ,民政局,false\nGA,公安局,perhaps\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	first, err := l.Ingest(ctx, file, "department.csv", server.Source{Table: "department"}, false)
	if err != nil || first.Loaded != 1 || first.Quarantined != 1 {
		t.Fatalf("%+v %v", first, err)
	}
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	rows, err := l.Quarantine(ctx, first.Load, 0, 10)
	if err != nil || len(rows) != 1 || rows[0].Line != 3 || rows[0].Column != "is_bureau" {
		t.Fatalf("%+v %v", rows, err)
	}
	second, err := l.Repair(ctx, first.Load, map[int64]string{3: strings.Replace(rows[0].Raw, "perhaps", "true", 1)})
	if err != nil || second.Loaded != 1 || second.Quarantined != 0 {
		t.Fatalf("%+v %v", second, err)
	}
	rows, err = l.Quarantine(ctx, first.Load, 0, 10)
	if err != nil || rows[0].Replayed != second.Load {
		t.Errorf("the old row is not marked: %+v %v", rows, err)
	}
	loads, err := l.List(ctx, 10)
	if err != nil || len(loads) != 2 || !slices.Contains(l.Mappings(), "shanghai") {
		t.Errorf("%+v %v %v", loads, l.Mappings(), err)
	}
}
