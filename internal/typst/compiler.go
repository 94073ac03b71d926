package typst

import (
	"context"
	"errors"
	"fmt"
	"sort"
	"strings"

	"weir/internal/fonts"
)

// Options configures a compiler. The zero value compiles the module anew (some
// 20 CPU seconds) and bounds its memory at 1 GiB.
type Options struct {
	// CacheDir is a private directory in which the compiled module is kept
	// between processes (90 MB). What lies there is executed, so nobody else
	// may write to it. Empty: none.
	CacheDir string
	// MemoryLimit bounds the module's memory in bytes; 0 means 1 GiB.
	MemoryLimit uint64
}

// Compiler is a loaded Typst. It belongs to one goroutine at a time. Its memory
// grows with the documents it has set, by up to some 3 MB a page, which Renew
// gives back.
type Compiler struct {
	loader  *loader
	machine *machine
	pointer uint64
	broken  error // set when a run ended in the middle; nothing works after it
}

// New loads the module and the embedded fonts.
func New(ctx context.Context, options Options) (c *Compiler, err error) {
	if options.MemoryLimit == 0 {
		options.MemoryLimit = 1 << 30
	}
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	l, err := load(options)
	if err != nil {
		return nil, err
	}
	c = &Compiler{loader: l}
	defer func() {
		if err != nil {
			c.Close()
		}
	}()
	defer catch(&err)
	if err = c.start(); err != nil {
		return nil, err
	}
	return c, nil
}

// modest is the size of the module's memory from which on Spare renews it: a
// fresh one with its fonts takes some 40 MB.
const modest = 64 << 20

// Spare renews a compiler that has grown or is broken. Call it between
// documents.
func (c *Compiler) Spare() error {
	if c.broken == nil && c.MemoryBytes() <= modest {
		return nil
	}
	return c.Renew()
}

// Renew starts the module afresh, without compiling it again: its memory is
// given back and a broken compiler works again.
func (c *Compiler) Renew() (err error) {
	defer catch(&err)
	c.end()
	c.broken = errors.New("it could not be started afresh")
	if err := c.start(); err != nil {
		return err
	}
	c.broken = nil
	return nil
}

// start makes an instance of the module with the embedded fonts.
func (c *Compiler) start() error {
	files, err := fonts.Files()
	if err != nil {
		return err
	}
	c.machine = newMachine()
	if c.machine.instance, err = c.loader.instance(c.machine); err != nil {
		return err
	}
	return c.build(files)
}

// end gives the instance's memory back.
func (c *Compiler) end() {
	if c.machine != nil && c.machine.instance != nil {
		c.machine.instance.close()
		c.machine.instance = nil
	}
}

// build makes a compiler that reads only the files it is given.
func (c *Compiler) build(files []fonts.File) error {
	m := c.machine
	builder, err := m.withResult(func(r uint64) { m.call("typstcompilerbuilder_new", r) })
	if err != nil {
		return err
	}
	given := m.call("typstcompilerbuilder_set_access_model", uint64(builder), m.add(undefined{}),
		m.add(answers(0.0)), m.add(answers(true)), m.add(answers("")), m.add(answers(undefined{})))
	if _, err := m.tasks.await(m.take(given)); err != nil {
		return err
	}
	for _, f := range files {
		added := m.call("typstcompilerbuilder_add_raw_font", uint64(builder), m.add(&bytesValue{f.Data}))
		if _, err := m.tasks.await(m.take(added)); err != nil {
			return fmt.Errorf("font %s: %w", f.Name, err)
		}
	}
	built, err := m.tasks.await(m.take(m.call("typstcompilerbuilder_build", uint64(builder))))
	if err != nil {
		return err
	}
	handle, ok := built.(*handleValue)
	if !ok {
		return fmt.Errorf("typst gave %s instead of a compiler", describe(built))
	}
	c.pointer = uint64(handle.address)
	return nil
}

// answers is a function that always gives the same. The module asks such
// functions for files that were not handed over; they have no content.
func answers(v any) *functionValue {
	return &functionValue{call: func([]any) (any, error) { return v, nil }}
}

// PDF sets the files, of which main is the document, and returns the PDF with
// the warnings of Typst. Names are absolute: /main.typ. Errors of the document
// come back with file, line and column, and the compiler stays usable; after a
// run that passed the limit of memory it is not. The context is looked at before
// the run only; a Worker can be stopped at any time.
func (c *Compiler) PDF(ctx context.Context, files map[string][]byte, main string) (pdf []byte, warnings []string, err error) {
	if c.broken != nil {
		return nil, nil, fmt.Errorf("typst failed before and is not usable: %w", c.broken)
	}
	if ctx.Err() != nil {
		return nil, nil, context.Cause(ctx)
	}
	whole := false
	defer func() {
		if !whole {
			pdf, c.broken = nil, err
		}
	}()
	defer catch(&err)
	pdf, warnings, err = c.set(files, main)
	whole = true
	return pdf, warnings, err
}

func (c *Compiler) set(files map[string][]byte, main string) (pdf []byte, warnings []string, err error) {
	m := c.machine
	m.notes = nil
	c.give(files)
	path, pathLength := m.put([]byte(main))
	format, formatLength := m.put([]byte("pdf"))
	const fullDiagnostics = 2
	value, err := m.withResult(func(r uint64) {
		m.call("typstcompiler_compile", r, c.pointer, path, pathLength, 0, 0, format, formatLength, fullDiagnostics)
	})
	if err != nil {
		return nil, nil, withNotes(err, m.notes)
	}
	outcome, ok := m.take(uint64(value)).(*objectValue)
	if !ok {
		return nil, nil, withNotes(errors.New("typst gave no result"), m.notes)
	}
	messages := diagnostics(outcome.get("diagnostics"))
	if made, ok := outcome.get("result").(*bytesValue); ok {
		return made.data, messages, nil
	}
	if len(messages) == 0 {
		messages = []string{"no result and no message"}
	}
	return nil, nil, errors.New("typst: " + strings.Join(messages, "\n"))
}

// give replaces the files of the run before.
func (c *Compiler) give(files map[string][]byte) {
	m := c.machine
	m.call("typstcompiler_reset_shadow", c.pointer)
	names := make([]string, 0, len(files))
	for name := range files {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		path, pathLength := m.put([]byte(name))
		data, dataLength := m.put(files[name])
		m.call("typstcompiler_map_shadow", c.pointer, path, pathLength, data, dataLength)
	}
}

// diagnostics writes the messages one by one.
func diagnostics(v any) []string {
	list, ok := v.(*arrayValue)
	if !ok {
		if absent(v) {
			return nil
		}
		return []string{describe(v)}
	}
	var out []string
	for _, item := range list.items {
		if text, ok := item.(string); ok {
			out = append(out, text)
			continue
		}
		out = append(out, describe(item))
	}
	return out
}

func withNotes(err error, notes []string) error {
	if len(notes) == 0 {
		return err
	}
	return fmt.Errorf("%w (%s)", err, strings.Join(notes, "; "))
}

// MemoryBytes is the size of the module's memory at present, 0 for a compiler
// that could not be started afresh.
func (c *Compiler) MemoryBytes() uint64 {
	if c.machine.instance == nil {
		return 0
	}
	return uint64(len(c.machine.instance.bytes()))
}

// Close frees the compiler's memory.
func (c *Compiler) Close() error {
	c.end()
	c.loader.close()
	return nil
}

// Broken reports that a run ended in the middle: make a new compiler.
func (c *Compiler) Broken() bool { return c.broken != nil }
