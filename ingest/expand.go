package ingest

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"weir/internal/lang"
	"weir/internal/problem"
)

// Expand gives the files that the arguments of a command name, each once: a file stands for itself, a folder for all
// files in and below it in the order of their names, a pattern for what it matches. In patterns * and ? stand for signs
// of a name, ** for any folders; a file whose name has such signs goes before the pattern.
//
// What is skipped in folders is listed beside: hidden files, the locks of spreadsheet programs, and documents. What
// does not exist is given as it is, so that loading reports it with the others.
func Expand(arguments []string) (files, skipped []string, err error) {
	var problems problem.List
	for _, a := range arguments {
		found, passed, p := expand(a)
		if p != nil {
			problems = append(problems, *p)
		}
		skipped = append(skipped, passed...)
		for _, f := range found {
			if !slices.Contains(files, f) {
				files = append(files, f)
			}
		}
	}
	return files, skipped, problems.Err()
}

func expand(argument string) (files, skipped []string, p *problem.Problem) {
	info, err := os.Stat(argument)
	switch {
	case err == nil && info.IsDir():
		files, skipped, err = filesBelow(argument)
	case err == nil || !strings.ContainsAny(argument, "*?["):
		return []string{argument}, nil, nil
	default:
		files, skipped, err = matches(argument)
	}
	var known problem.Problem
	switch {
	case errors.As(err, &known):
		return nil, nil, &known
	case err != nil:
		p := problem.Of(argument, lang.T("无法读取："+err.Error(), err.Error()), lang.T("检查名称与权限", "check the name and the permissions"))
		return nil, nil, &p
	case len(files) == 0:
		p := problem.Of(argument, lang.T("这里没有可装入的文件", "there is no file to load here"),
			lang.T("检查名称；隐藏文件与说明文档会被跳过", "check the name; hidden files and documents are passed over"))
		return nil, skipped, &p
	}
	return files, skipped, nil
}

// filesBelow lists the files in a folder and below it.
func filesBelow(folder string) (files, skipped []string, err error) {
	if _, err := os.Stat(filepath.Join(folder, "weir.yaml")); err == nil {
		return nil, nil, problem.Of(folder, lang.T("这是工作区，不是数据文件夹", "this is a workspace, not a folder of data"), lang.Text{})
	}
	err = filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := os.Stat(path) // of what a link points to
		switch {
		case err != nil:
			return err
		case d.IsDir() && path != folder && strings.HasPrefix(d.Name(), "."):
			skipped = append(skipped, path)
			return fs.SkipDir
		case d.IsDir() || !info.Mode().IsRegular():
		case noData(d.Name()):
			skipped = append(skipped, path)
		default:
			files = append(files, path)
		}
		return nil
	})
	return files, skipped, err
}

// noData tells of files in folders that hold no data: hidden ones, locks of spreadsheet programs, documents.
func noData(name string) bool {
	return strings.HasPrefix(name, ".") || strings.HasPrefix(name, "~$") || strings.EqualFold(filepath.Ext(name), ".md")
}

// matches lists the files that a pattern fits.
func matches(pattern string) (files, skipped []string, err error) {
	before, _, deep := strings.Cut(filepath.ToSlash(pattern), "**")
	if !deep {
		found, err := filepath.Glob(pattern)
		for _, f := range found {
			if info, err := os.Stat(f); err == nil && info.Mode().IsRegular() {
				files = append(files, f)
			}
		}
		return files, nil, err
	}
	root, _, _ := strings.Cut(before, "*")
	root = filepath.FromSlash(root[:strings.LastIndexByte(root, '/')+1])
	if root == "" {
		root = "."
	}
	all, skipped, err := filesBelow(filepath.Clean(root))
	if err != nil {
		return nil, nil, err
	}
	parts := strings.Split(filepath.ToSlash(filepath.Clean(pattern)), "/")
	fits := func(f string) bool { return fit(parts, strings.Split(filepath.ToSlash(f), "/")) }
	return slices.DeleteFunc(all, func(f string) bool { return !fits(f) }), slices.DeleteFunc(skipped, func(f string) bool { return !fits(f) }), nil
}

// fit compares the parts of a pattern with those of a path; ** stands for any number of folders.
func fit(pattern, path []string) bool {
	for i, p := range pattern {
		if p == "**" {
			for skip := range len(path) - i + 1 {
				if fit(pattern[i+1:], path[i+skip:]) {
					return true
				}
			}
			return false
		}
		if i >= len(path) {
			return false
		}
		if ok, err := filepath.Match(p, path[i]); err != nil || !ok {
			return false
		}
	}
	return len(pattern) == len(path)
}
