package typst

import (
	"context"
	"errors"
	"fmt"
	"sort"
	"strings"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"

	"weir/internal/fonts"
)

// Options configures a compiler. The zero value compiles the module anew (15 to
// 25 seconds) and bounds its memory at 1 GiB.
type Options struct {
	// CacheDir is a private directory in which the compiled module is kept
	// between processes (100 MB). What lies there is executed, so nobody else
	// may write to it. Empty: none.
	CacheDir string
	// MemoryLimit bounds the module's memory in bytes; 0 means 1 GiB.
	MemoryLimit uint64
}

// Compiler is a loaded Typst. It belongs to one goroutine at a time. Its memory
// grows with the documents it has set, by up to some 3 MB a page, which Renew
// gives back.
type Compiler struct {
	runtime  wazero.Runtime
	compiled wazero.CompiledModule
	machine  *machine
	pointer  uint64
	broken   error // set when a run ended in the middle; nothing works after it
}

const pageSize = 64 << 10 // of WebAssembly memory

// New loads the module and the embedded fonts.
func New(ctx context.Context, options Options) (c *Compiler, err error) {
	code, err := module()
	if err != nil {
		return nil, err
	}
	if options.MemoryLimit == 0 {
		options.MemoryLimit = 1 << 30
	}
	config := wazero.NewRuntimeConfig().WithMemoryLimitPages(uint32(options.MemoryLimit / pageSize))
	if options.CacheDir != "" {
		cache, err := wazero.NewCompilationCacheWithDir(options.CacheDir)
		if err != nil {
			return nil, fmt.Errorf("directory for the compiled typst: %w", err)
		}
		config = config.WithCompilationCache(cache)
	}
	c = &Compiler{runtime: wazero.NewRuntimeWithConfig(ctx, config), machine: newMachine(ctx)}
	defer func() {
		if err != nil {
			c.runtime.Close(context.WithoutCancel(ctx))
		}
	}()
	defer catch(&err)
	if err = c.load(ctx, code); err != nil {
		return nil, err
	}
	if err = c.start(ctx); err != nil {
		return nil, err
	}
	return c, nil
}

// modest is the size of the module's memory from which on Spare renews it: a
// fresh one with its fonts takes some 40 MB.
const modest = 64 << 20

// Spare renews a compiler that has grown or is broken. Call it between
// documents.
func (c *Compiler) Spare(ctx context.Context) error {
	if c.broken == nil && c.MemoryBytes() <= modest {
		return nil
	}
	return c.Renew(ctx)
}

// Renew starts the module afresh, without compiling it again: its memory is
// given back and a broken compiler works again.
func (c *Compiler) Renew(ctx context.Context) (err error) {
	defer catch(&err)
	if err := c.machine.module.Close(context.WithoutCancel(ctx)); err != nil {
		return err
	}
	*c.machine = *newMachine(ctx)
	c.broken = errors.New("it could not be started afresh")
	if err := c.start(ctx); err != nil {
		return err
	}
	c.broken = nil
	return nil
}

// start makes an instance of the module with the embedded fonts.
func (c *Compiler) start(ctx context.Context) error {
	files, err := fonts.Files()
	if err != nil {
		return err
	}
	m, err := c.runtime.InstantiateModule(withMemory(ctx), c.compiled, wazero.NewModuleConfig().WithName("typst").WithStartFunctions())
	if err != nil {
		return err
	}
	c.machine.module, c.machine.memory = m, m.Memory()
	return c.build(files)
}

// load compiles the module and connects it to the table of values.
func (c *Compiler) load(ctx context.Context, code []byte) error {
	compiled, err := c.runtime.CompileModule(ctx, code)
	if err != nil {
		return fmt.Errorf("compile typst %s: %w", Version, err)
	}
	c.compiled = compiled
	known := imports()
	host := c.runtime.NewHostModuleBuilder("wbg")
	for _, f := range compiled.ImportedFunctions() {
		_, name, _ := f.Import()
		answer, ok := known[name]
		if !ok {
			return fmt.Errorf("typst %s asks for %s, which is not known: another version of the module", Version, name)
		}
		host.NewFunctionBuilder().WithGoModuleFunction(api.GoModuleFunc(func(_ context.Context, _ api.Module, s []uint64) {
			answer(c.machine, s)
		}), f.ParamTypes(), f.ResultTypes()).Export(name)
	}
	_, err = host.Instantiate(ctx)
	return err
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
// the run only, since watching it inside makes every run nearly three times as
// long; a Worker can be stopped at any time.
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
	pdf, warnings, err = c.set(ctx, files, main)
	whole = true
	return pdf, warnings, err
}

func (c *Compiler) set(ctx context.Context, files map[string][]byte, main string) (pdf []byte, warnings []string, err error) {
	m := c.machine
	m.ctx, m.notes = ctx, nil
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

// MemoryBytes is the size of the module's memory at present.
func (c *Compiler) MemoryBytes() uint64 { return uint64(c.machine.memory.Size()) }

// Close frees the compiler's memory.
func (c *Compiler) Close() error { return c.runtime.Close(context.Background()) }

// Broken reports that a run ended in the middle: make a new compiler.
func (c *Compiler) Broken() bool { return c.broken != nil }
