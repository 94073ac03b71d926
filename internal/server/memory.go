package server

import (
	"bytes"
	"context"
	"os"
	"runtime"
	"strconv"
)

// Held is what the engine and its database take, in bytes.
type Held struct {
	Memory   map[string]int64 // by what the engine holds it for, in the engine's own words
	Spilled  int64            // on disk in place of memory
	File     int64            // the database
	WriteLog int64            // committed and not yet in the file
}

// Holder tells what it takes.
type Holder interface {
	Held(ctx context.Context) (Held, error)
}

// memoryGauges tell where the memory of the process is: the Go heap, the engine, the pages that are kept. What the
// process holds beyond their sum the C allocator keeps for later.
func (s *Server) memoryGauges(ctx context.Context) ([]gauge, error) {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	list := []gauge{
		{name: "weir_memory_heap_bytes", help: "Go heap in use, without the engine's memory.", value: float64(m.HeapInuse)},
		{name: "weir_memory_go_bytes", help: "Memory that the Go runtime holds: heap, stacks and what it keeps for later.", value: float64(m.Sys - m.HeapReleased)},
	}
	if n, ok := resident(); ok {
		list = append(list, gauge{name: "process_resident_memory_bytes", help: "Resident memory of the process.", value: float64(n)})
	}
	entries, size := s.cache.held()
	list = append(list, gauge{name: "weir_kept_pages", help: "Pages of closed months that are kept.", value: float64(entries)},
		gauge{name: "weir_kept_pages_bytes", help: "Memory of the pages that are kept.", value: float64(size)})
	if s.parts.Held == nil {
		return list, nil
	}
	h, err := s.parts.Held.Held(ctx)
	if err != nil {
		return nil, err
	}
	for tag, n := range h.Memory {
		list = append(list, gauge{name: "weir_engine_memory_bytes", help: "Memory of the engine, by what it is for; memory_limit bounds the sum.", label: "tag", of: tag, value: float64(n)})
	}
	return append(list, gauge{name: "weir_engine_spilled_bytes", help: "What the engine put on disk for want of memory.", value: float64(h.Spilled)},
		gauge{name: "weir_database_bytes", help: "Size of the database file.", value: float64(h.File)},
		gauge{name: "weir_database_log_bytes", help: "What is committed and not yet in the database file.", value: float64(h.WriteLog)}), nil
}

// resident is the resident memory of this process, where the system tells it as Linux does.
func resident() (int64, bool) {
	text, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0, false
	}
	fields := bytes.Fields(text)
	if len(fields) < 2 {
		return 0, false
	}
	n, err := strconv.ParseInt(string(fields[1]), 10, 64)
	return n * int64(os.Getpagesize()), err == nil
}
