package echarts

import (
	"fmt"
	"sync"
	"time"

	"modernc.org/quickjs"

	"weir/internal/fonts"
)

// Options configures an engine. The zero value draws plain options, keeps the
// compiled script in memory only and uses the default limits.
type Options struct {
	// Prepare is a script that defines globalThis.prepareOption, a function
	// from an option to the option to draw. It is where named functions
	// (formatters, shapes) come from. Empty: options are drawn as they are.
	Prepare string
	// CacheDir is a private directory in which the compiled script is kept
	// between processes (5 MB). Empty: none. What lies there is executed, so
	// nobody else may write to it.
	CacheDir string
	// Timeout bounds the drawing of one chart; 0 means 30 s.
	Timeout time.Duration
	// MemoryLimit bounds one session in bytes; 0 means 256 MiB.
	MemoryLimit uint64
}

// Engine holds the compiled library. It may be used from several goroutines.
type Engine struct {
	options Options
	fonts   *fonts.Set
	once    sync.Once
	code    []byte
	err     error
}

// New makes an engine. The library is compiled on first use (about half a
// second) and shared by all sessions.
func New(options Options) (*Engine, error) {
	set, err := fonts.Default()
	if err != nil {
		return nil, err
	}
	if options.Timeout == 0 {
		options.Timeout = 30 * time.Second
	}
	if options.MemoryLimit == 0 {
		options.MemoryLimit = 256 << 20
	}
	return &Engine{options: options, fonts: set}, nil
}

func (e *Engine) bytecode() ([]byte, error) {
	e.once.Do(func() {
		var script []byte
		if script, e.err = Script(); e.err != nil {
			return
		}
		e.code, e.err = cached(e.options.CacheDir, script, compile)
	})
	return e.code, e.err
}

func compile(script []byte) ([]byte, error) {
	vm, err := quickjs.NewVM()
	if err != nil {
		return nil, err
	}
	defer vm.Close()
	code, err := vm.Compile(string(script), quickjs.EvalGlobal)
	if err != nil {
		return nil, fmt.Errorf("compile echarts %s: %w", Version, err)
	}
	return code, nil
}
