package typst

import (
	"errors"
	"fmt"
)

// tasks is the queue of what a browser would run after the current script.
type tasks struct{ queue []func() }

func (t *tasks) later(f func()) { t.queue = append(t.queue, f) }

// run works the queue off, also what is added meanwhile.
func (t *tasks) run() {
	for len(t.queue) > 0 {
		next := t.queue[0]
		t.queue = t.queue[1:]
		next()
	}
}

// promiseValue is a value that may still be on its way.
type promiseValue struct {
	tasks             *tasks
	settled, rejected bool
	value             any
	waiting           []func()
}

func (t *tasks) promise() *promiseValue { return &promiseValue{tasks: t} }

// settle fulfils or rejects the promise once; a promise as value is followed.
func (p *promiseValue) settle(v any, rejected bool) {
	if p.settled {
		return
	}
	if inner, ok := v.(*promiseValue); ok && !rejected {
		inner.after(func() { p.settle(inner.value, inner.rejected) })
		return
	}
	p.settled, p.rejected, p.value = true, rejected, v
	for _, f := range p.waiting {
		p.tasks.later(f)
	}
	p.waiting = nil
}

// after queues f for when the promise is settled.
func (p *promiseValue) after(f func()) {
	if p.settled {
		p.tasks.later(f)
		return
	}
	p.waiting = append(p.waiting, f)
}

// then is the promise of what f makes of the value.
func (p *promiseValue) then(f *functionValue) *promiseValue {
	next := p.tasks.promise()
	p.after(func() {
		if p.rejected {
			next.settle(p.value, true)
			return
		}
		v, err := f.call([]any{p.value})
		if err != nil {
			next.settle(asError(err), true)
			return
		}
		next.settle(v, false)
	})
	return next
}

// await runs the queue and returns what the value has become.
func (t *tasks) await(v any) (any, error) {
	t.run()
	p, ok := v.(*promiseValue)
	switch {
	case !ok:
		return v, nil
	case !p.settled:
		return nil, errors.New("typst waits for something that never comes")
	case p.rejected:
		return nil, fmt.Errorf("typst: %s", describe(p.value))
	}
	return p.value, nil
}

func asError(err error) *errorValue {
	var e *errorValue
	if errors.As(err, &e) {
		return e
	}
	return &errorValue{err.Error()}
}
