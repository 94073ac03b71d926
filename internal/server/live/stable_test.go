package live_test

import (
	"testing"
)

// told collects the failures of a test of the tests.
type told struct {
	testing.TB
	failed int
}

func (t *told) Helper()               {}
func (t *told) Error(...any)          { t.failed++ }
func (t *told) Errorf(string, ...any) { t.failed++ }

// TestStableSeesGrowth gives the judgement of the soak memory that grows, that only changes with what runs, and too little.
func TestStableSeesGrowth(t *testing.T) {
	made := func(of func(i int) sample) []sample {
		samples := make([]sample, 60)
		for i := range samples {
			samples[i] = of(i)
		}
		return samples
	}
	for _, c := range []struct {
		name    string
		samples []sample
		failed  bool
	}{
		{"steady, busier in the last third", made(func(i int) sample {
			s := sample{resident: 600 << 20, busy: i%5 == 0 || i > 40 && i%2 == 0}
			if s.busy {
				s.resident = 850 << 20
			}
			return s
		}), false},
		{"growing at rest", made(func(i int) sample { return sample{resident: int64(600+6*i) << 20, busy: false} }), true},
		{"growing while busy", made(func(i int) sample {
			s := sample{resident: 600 << 20, busy: i%2 == 0}
			if s.busy {
				s.resident += int64(8*i) << 20
			}
			return s
		}), true},
		{"files left open", made(func(i int) sample { return sample{resident: 600 << 20, files: 4 * i} }), true},
		{"too short", made(func(int) sample { return sample{} })[:6], true},
	} {
		to := &told{TB: t}
		stable(to, c.samples)
		if to.failed > 0 != c.failed {
			t.Errorf("%s: %d failures", c.name, to.failed)
		}
	}
}
