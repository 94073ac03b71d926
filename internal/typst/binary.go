package typst

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"weir/internal/fonts"
)

// Binary sets documents with a typst program of the machine, version 0.13 or
// newer, in place of the built-in one. It sees the embedded fonts only and reads
// nothing outside a temporary directory.
type Binary struct{ Path string }

// PDF is Compiler.PDF by the program.
func (b Binary) PDF(ctx context.Context, files map[string][]byte, main string) (pdf []byte, warnings []string, err error) {
	dir, err := os.MkdirTemp("", "weir-typst-")
	if err != nil {
		return nil, nil, err
	}
	defer os.RemoveAll(dir)
	root, letters := filepath.Join(dir, "root"), filepath.Join(dir, "fonts")
	faces, err := fonts.Files()
	if err != nil {
		return nil, nil, err
	}
	content := map[string][]byte{}
	for _, f := range faces {
		content[filepath.Join(letters, f.Name+".ttf")] = f.Data
	}
	for name, data := range files {
		content[filepath.Join(root, filepath.Clean("/"+name))] = data
	}
	for name, data := range content {
		if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			return nil, nil, err
		}
		if err := os.WriteFile(name, data, 0o600); err != nil {
			return nil, nil, err
		}
	}
	target := filepath.Join(dir, "out.pdf")
	command := exec.CommandContext(ctx, b.Path, "compile", "--root", root, "--font-path", letters, "--ignore-system-fonts", "--diagnostic-format", "short",
		"--creation-timestamp", "0", filepath.Join(root, filepath.Clean("/"+main)), target)
	var said bytes.Buffer
	command.Stderr = &said
	command.Env = []string{"HOME=" + dir, "PATH=" + os.Getenv("PATH")}
	if err := command.Run(); err != nil {
		if ctx.Err() != nil {
			return nil, nil, context.Cause(ctx)
		}
		return nil, nil, fmt.Errorf("%s: %w: %s", b.Path, err, strings.ReplaceAll(strings.TrimSpace(said.String()), root, ""))
	}
	pdf, err = os.ReadFile(target)
	return pdf, lines(said.String()), err
}

func lines(s string) []string {
	var out []string
	for _, line := range strings.Split(s, "\n") {
		if line = strings.TrimSpace(line); line != "" {
			out = append(out, line)
		}
	}
	return out
}
