package typst

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/bytecodealliance/wasmtime-go/v39"

	"weir/internal/asset"
)

// loader holds the module as code of this machine. Kept in a file it is mapped
// from there, so that processes share it and the system may drop what is not
// used.
type loader struct {
	engine *wasmtime.Engine
	module *wasmtime.Module
	limit  uint64 // of an instance's memory, bytes
}

// load takes the compiled module from the directory or compiles it.
func load(options Options) (*loader, error) {
	sum, err := asset.Sum(assets, "assets", "typst.wasm")
	if err != nil {
		return nil, err
	}
	config := wasmtime.NewConfig()
	config.SetCraneliftNanCanonicalization(true) // the same bytes on every machine
	l := &loader{engine: wasmtime.NewEngineWithConfig(config), limit: options.MemoryLimit}
	kept := shelf{options.CacheDir, "typst-" + sum[:16] + "-"}
	if l.module = kept.open(l.engine); l.module != nil {
		return l, nil
	}
	code, err := module()
	if err == nil {
		l.module, err = wasmtime.NewModule(l.engine, code)
	}
	if err != nil {
		l.engine.Close()
		return nil, fmt.Errorf("compile typst %s: %w", Version, err)
	}
	// What is kept is opened again: mapped from its file it takes less memory.
	if kept.keep(l.module) {
		if mapped := kept.open(l.engine); mapped != nil {
			l.module.Close()
			l.module = mapped
			trim()
		}
	}
	return l, nil
}

func (l *loader) close() {
	l.module.Close()
	l.engine.Close()
}

// shelf is where compiled modules are kept, named after the module and the
// SHA-256 of the file itself: a damaged file is never executed.
type shelf struct{ directory, prefix string }

const compiledSuffix = ".compiled"

// open gives what is kept, or nil if there is nothing that fits this machine and
// this version of the runtime.
func (s shelf) open(engine *wasmtime.Engine) *wasmtime.Module {
	if s.directory == "" {
		return nil
	}
	files, _ := filepath.Glob(filepath.Join(s.directory, s.prefix+"*"+compiledSuffix))
	for _, file := range files {
		if sum, err := hashFile(file); err != nil || filepath.Base(file) != s.name(sum) {
			continue
		}
		if module, err := wasmtime.NewModuleDeserializeFile(engine, file); err == nil {
			return module
		}
	}
	return nil
}

// keep writes the module, whole or not at all, in place of those of other
// versions. Where nothing can be kept, it is compiled again next time.
func (s shelf) keep(module *wasmtime.Module) bool {
	if s.directory == "" || os.MkdirAll(s.directory, 0o700) != nil {
		return false
	}
	compiled, err := module.Serialize()
	if err != nil {
		return false
	}
	file, err := os.CreateTemp(s.directory, ".typst-*")
	if err != nil {
		return false
	}
	defer os.Remove(file.Name())
	_, err = file.Write(compiled)
	if e := file.Close(); err != nil || e != nil {
		return false
	}
	older, _ := filepath.Glob(filepath.Join(s.directory, "typst-*"+compiledSuffix))
	sum := sha256.Sum256(compiled)
	target := filepath.Join(s.directory, s.name(hex.EncodeToString(sum[:])))
	if os.Rename(file.Name(), target) != nil {
		return false
	}
	for _, old := range older {
		if old != target {
			os.Remove(old)
		}
	}
	return true
}

func (s shelf) name(sum string) string { return s.prefix + sum[:32] + compiledSuffix }

func hashFile(name string) (string, error) {
	file, err := os.Open(name)
	if err != nil {
		return "", err
	}
	defer file.Close()
	h := sha256.New()
	if _, err := io.Copy(h, file); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}
