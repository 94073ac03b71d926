package server

import (
	"container/list"
	"context"
	"errors"
	"sync"
)

// cacheBytes bounds what rendered pages and charts may take.
const cacheBytes = 64 << 20

// cache keeps rendered pages and charts of closed months by a key that names everything they depend on, so that
// nothing in it is ever wrong, only unused. The least recently used entries go first. Two callers that want the same
// entry wait for one of them to make it.
type cache struct {
	limit int
	mu    sync.Mutex
	size  int
	order *list.List // of *cached, newest first
	known map[string]*list.Element
	under map[string]*making
}

type cached struct {
	key   string
	value *rendered
}

type making struct {
	done  chan struct{}
	value *rendered
	err   error
}

func newCache(limit int) *cache {
	return &cache{limit: limit, order: list.New(), known: map[string]*list.Element{}, under: map[string]*making{}}
}

// get gives the entry, made by create where it is not kept. Errors are not kept; those who waited for somebody who went
// away make it themselves.
func (c *cache) get(key string, create func() (*rendered, error)) (*rendered, error) {
	for {
		value, err, waited := c.once(key, create)
		if !waited || !errors.Is(err, context.Canceled) && !errors.Is(err, context.DeadlineExceeded) {
			return value, err
		}
	}
}

// once gives the entry that is kept, that somebody else makes, or that create makes.
func (c *cache) once(key string, create func() (*rendered, error)) (value *rendered, err error, waited bool) {
	c.mu.Lock()
	if e, ok := c.known[key]; ok {
		c.order.MoveToFront(e)
		c.mu.Unlock()
		return e.Value.(*cached).value, nil, false
	}
	if m, ok := c.under[key]; ok {
		c.mu.Unlock()
		<-m.done
		return m.value, m.err, true
	}
	m := &making{done: make(chan struct{}), err: errAbandoned}
	c.under[key] = m
	c.mu.Unlock()
	defer func() { // also when create panics
		c.mu.Lock()
		delete(c.under, key)
		if m.err == nil {
			c.put(key, m.value)
		}
		c.mu.Unlock()
		close(m.done)
	}()
	m.value, m.err = create()
	return m.value, m.err, false
}

// has tells whether an entry is kept, and leaves its age as it is.
func (c *cache) has(key string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.known[key] != nil
}

// clear forgets every entry.
func (c *cache) clear() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.order.Init()
	clear(c.known)
	c.size = 0
}

// held tells how many entries are kept, and their bytes.
func (c *cache) held() (entries, bytes int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.known), c.size
}

var errAbandoned = fail(internal, "页面未能生成", "the page could not be made")

func (c *cache) put(key string, value *rendered) {
	if value.size() > c.limit/4 {
		return
	}
	c.known[key] = c.order.PushFront(&cached{key, value})
	c.size += value.size() + len(key)
	for c.size > c.limit {
		oldest := c.order.Back()
		e := c.order.Remove(oldest).(*cached)
		delete(c.known, e.key)
		c.size -= e.value.size() + len(e.key)
	}
}
