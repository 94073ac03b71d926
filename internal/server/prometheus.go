package server

import (
	"fmt"
	"io"
	"maps"
	"net/http"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"
)

// durations are the upper limits of the histogram of response times, in seconds.
var durations = []float64{0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10}

// counters are what /metrics tells in the text format of Prometheus.
type counters struct {
	mu       sync.Mutex
	requests map[requestKey]int64
	times    map[string]*histogram
	inFlight int64
	refused  int64
	signIns  map[string]int64
	started  time.Time
}

type requestKey struct {
	route string
	code  int
}

// gauge is a value at this moment; of is the value of its label, where it has one.
type gauge struct {
	name, help, label, of string
	value                 float64
}

type histogram struct {
	counts []int64 // one for each limit, and one beyond
	sum    float64
}

func newCounters(now time.Time) *counters {
	return &counters{requests: map[requestKey]int64{}, times: map[string]*histogram{}, signIns: map[string]int64{}, started: now}
}

func (c *counters) begin() { c.mu.Lock(); c.inFlight++; c.mu.Unlock() }

func (c *counters) end(route string, code int, took time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.inFlight--
	c.requests[requestKey{route, code}]++
	if code == http.StatusForbidden {
		c.refused++
	}
	h := c.times[route]
	if h == nil {
		h = &histogram{counts: make([]int64, len(durations)+1)}
		c.times[route] = h
	}
	seconds := took.Seconds()
	h.sum += seconds
	i, _ := slices.BinarySearch(durations, seconds)
	h.counts[i]++
}

func (c *counters) signIn(outcome string) { c.mu.Lock(); c.signIns[outcome]++; c.mu.Unlock() }

// write prints counters and gauges, each with its help and type.
func (c *counters) write(w io.Writer, gauges []gauge) {
	c.mu.Lock()
	defer c.mu.Unlock()
	head := func(name, kind, help string) {
		fmt.Fprintf(w, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, kind)
	}
	head("weir_http_requests_total", "counter", "Requests answered, by route and status.")
	keys := slices.SortedFunc(maps.Keys(c.requests), func(a, b requestKey) int {
		if a.route != b.route {
			if a.route < b.route {
				return -1
			}
			return 1
		}
		return a.code - b.code
	})
	for _, k := range keys {
		fmt.Fprintf(w, "weir_http_requests_total{route=%q,code=\"%d\"} %d\n", k.route, k.code, c.requests[k])
	}
	head("weir_http_request_seconds", "histogram", "Time from request to end of answer.")
	for _, route := range slices.Sorted(maps.Keys(c.times)) {
		h, cumulative := c.times[route], int64(0)
		for i, limit := range durations {
			cumulative += h.counts[i]
			fmt.Fprintf(w, "weir_http_request_seconds_bucket{route=%q,le=\"%g\"} %d\n", route, limit, cumulative)
		}
		cumulative += h.counts[len(durations)]
		fmt.Fprintf(w, "weir_http_request_seconds_bucket{route=%q,le=\"+Inf\"} %d\nweir_http_request_seconds_sum{route=%q} %g\nweir_http_request_seconds_count{route=%q} %d\n",
			route, cumulative, route, h.sum, route, cumulative)
	}
	head("weir_http_requests_in_flight", "gauge", "Requests being answered now.")
	fmt.Fprintf(w, "weir_http_requests_in_flight %d\n", c.inFlight)
	head("weir_http_refused_total", "counter", "Requests that a rule refused.")
	fmt.Fprintf(w, "weir_http_refused_total %d\n", c.refused)
	head("weir_sign_ins_total", "counter", "Sign-ins, by outcome.")
	for _, outcome := range slices.Sorted(maps.Keys(c.signIns)) {
		fmt.Fprintf(w, "weir_sign_ins_total{outcome=%q} %d\n", outcome, c.signIns[outcome])
	}
	slices.SortFunc(gauges, func(a, b gauge) int { return strings.Compare(a.name+"\x00"+a.of, b.name+"\x00"+b.of) })
	for i, g := range gauges {
		if i == 0 || gauges[i-1].name != g.name {
			head(g.name, "gauge", g.help)
		}
		if g.label != "" {
			fmt.Fprintf(w, "%s{%s=%q} %g\n", g.name, g.label, g.of, g.value)
		} else {
			fmt.Fprintf(w, "%s %g\n", g.name, g.value)
		}
	}
	head("weir_goroutines", "gauge", "Goroutines.")
	fmt.Fprintf(w, "weir_goroutines %d\n", runtime.NumGoroutine())
	head("weir_start_time_seconds", "gauge", "Start of the process, seconds since 1970.")
	fmt.Fprintf(w, "weir_start_time_seconds %d\n", c.started.Unix())
}
