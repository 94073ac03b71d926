package job

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"
)

type memory struct {
	mu   sync.Mutex
	jobs map[int64]Job
}

func (m *memory) SaveJob(_ context.Context, j Job) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.jobs[j.ID] = j
	return nil
}

func (m *memory) Jobs(context.Context, int) ([]Job, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var list []Job
	for _, j := range m.jobs {
		list = append(list, j)
	}
	return list, nil
}

func queue(t *testing.T, m *memory, now func() time.Time, kinds ...Kind) *Queue {
	t.Helper()
	q, err := NewQueue(context.Background(), m, slog.New(slog.DiscardHandler), now, kinds...)
	if err != nil {
		t.Fatal(err)
	}
	return q
}

func echo(ctx context.Context, j Job) (any, error) { return j.Argument, ctx.Err() }

func TestJobsRunInOrderAndOnceByKey(t *testing.T) {
	var order []int64
	m := &memory{jobs: map[int64]Job{}}
	q := queue(t, m, nil, Kind{Name: "load", Run: func(_ context.Context, j Job) (any, error) {
		order = append(order, j.ID)
		if strings.Contains(string(j.Argument), "bad") {
			return nil, errors.New("bad file")
		}
		if strings.Contains(string(j.Argument), "panic") {
			panic("broken")
		}
		return map[string]int{"rows": 3}, nil
	}})
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() { q.Run(ctx, time.Second); close(ended) }()
	first, added, err := q.Add(ctx, "load", "a", "op", "k1", time.Time{})
	if err != nil || !added {
		t.Fatal(added, err)
	}
	again, added, _ := q.Add(ctx, "load", "a", "op", "k1", time.Time{})
	if added || again.ID != first.ID {
		t.Error("the same key ran twice")
	}
	bad, _, _ := q.Add(ctx, "load", "bad", "op", "k2", time.Time{})
	broken, _, _ := q.Add(ctx, "load", "panic", "op", "", time.Time{})
	j, err := q.Wait(ctx, broken.ID)
	if err != nil || j.State != Failed || !strings.Contains(j.Error, "broken") {
		t.Errorf("panic: %+v %v", j, err)
	}
	if j, _ := q.Find(first.ID); j.State != Done || string(j.Result) != `{"rows":3}` {
		t.Errorf("%+v", j)
	}
	if j, _ := q.Find(bad.ID); j.State != Failed || j.Error != "bad file" {
		t.Errorf("%+v", j)
	}
	retry, added, _ := q.Add(ctx, "load", "good", "op", "k2", time.Time{})
	if !added {
		t.Error("a failed job bars its key")
	}
	if _, err := q.Wait(ctx, retry.ID); err != nil {
		t.Error(err)
	}
	stop()
	<-ended
	if len(order) != 4 || order[0] != 1 || order[3] != 4 {
		t.Errorf("order %v", order)
	}
	if _, _, err := q.Add(context.Background(), "load", "late", "op", "", time.Time{}); !errors.Is(err, ErrBusy) {
		t.Error("a stopped queue takes jobs:", err)
	}
}

func TestQueueIsBounded(t *testing.T) {
	q := queue(t, &memory{jobs: map[int64]Job{}}, nil, Kind{Name: "load", Run: echo})
	for i := range MostQueued {
		if _, _, err := q.Add(context.Background(), "load", i, "op", "", time.Time{}); err != nil {
			t.Fatal(err)
		}
	}
	if _, _, err := q.Add(context.Background(), "load", "one more", "op", "", time.Time{}); !errors.Is(err, ErrBusy) {
		t.Error(err)
	}
}

func TestACrashInterruptsOrResumes(t *testing.T) {
	m := &memory{jobs: map[int64]Job{
		1: {ID: 1, Kind: "load", State: Running, Argument: json.RawMessage(`1`)},
		2: {ID: 2, Kind: "report", State: Running, Argument: json.RawMessage(`2`)},
		3: {ID: 3, Kind: "load", State: Queued, Argument: json.RawMessage(`3`)},
	}}
	q := queue(t, m, nil, Kind{Name: "load", Run: echo, Resume: true}, Kind{Name: "report", Run: echo})
	if m.jobs[2].State != Interrupted || m.jobs[1].State != Queued {
		t.Errorf("after the crash: %+v", m.jobs)
	}
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	go q.Run(ctx, time.Second)
	for _, id := range []int64{1, 3} {
		if j, err := q.Wait(ctx, id); err != nil || j.State != Done {
			t.Errorf("job %d: %+v %v", id, j, err)
		}
	}
}

func TestStopCancelsAfterGraceAndKeepsTheJob(t *testing.T) {
	m := &memory{jobs: map[int64]Job{}}
	started := make(chan struct{})
	q := queue(t, m, nil, Kind{Name: "load", Resume: true, Run: func(ctx context.Context, _ Job) (any, error) {
		close(started)
		<-ctx.Done()
		return nil, ctx.Err()
	}})
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() { q.Run(ctx, 10*time.Millisecond); close(ended) }()
	if _, _, err := q.Add(ctx, "load", 1, "op", "", time.Time{}); err != nil {
		t.Fatal(err)
	}
	<-started
	stop()
	<-ended
	if m.jobs[1].State != Queued {
		t.Errorf("%+v", m.jobs[1])
	}
}

func TestMissedRunsAreCaughtUpOnce(t *testing.T) {
	zone := time.FixedZone("CST", 8*3600)
	now := time.Date(2026, 11, 10, 9, 0, 0, 0, zone)
	clock := func() time.Time { return now }
	m := &memory{jobs: map[int64]Job{}}
	backup := Task{Kind: "backup", Due: Daily(2, 30, zone)}
	q := queue(t, m, clock, Kind{Name: "backup", Run: echo})
	table := NewTimetable(q, backup)
	ctx := context.Background()
	tick := func() int {
		if err := table.Tick(ctx); err != nil {
			t.Fatal(err)
		}
		return len(q.List())
	}
	if n := tick(); n != 0 {
		t.Fatalf("the night before the first start was caught up: %d", n)
	}
	now = now.Add(18 * time.Hour) // 03:00 of the 11th
	if n := tick(); n != 1 {
		t.Fatalf("the due run was not started: %d", n)
	}
	if n := tick(); n != 1 {
		t.Fatalf("started twice: %d", n)
	}
	for id, j := range m.jobs {
		j.State = Done
		m.jobs[id] = j
	}
	now = now.Add(5 * 24 * time.Hour) // down for five nights
	q = queue(t, m, clock, Kind{Name: "backup", Run: echo})
	table = NewTimetable(q, backup)
	if n := tick(); n != 2 {
		t.Fatalf("five missed nights gave %d runs, want one more", n-1)
	}
	if n := tick(); n != 2 {
		t.Fatal("caught up twice")
	}
	if p := table.Plans()[0]; !p.Next.Equal(time.Date(2026, 11, 17, 2, 30, 0, 0, zone)) {
		t.Errorf("next %v", p.Next)
	}
}
