package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"weir/ingest"
	"weir/internal/evaluate"
	"weir/internal/lang"
	"weir/internal/problem"
	"weir/internal/store"
	"weir/internal/workspace"
	"weir/queries/indicators"
	"weir/queries/page"
	"weir/queries/schema"
)

type checkCommand struct{}

// Run checks configuration, indicator pages, notebooks and mappings, built-in and of the workspace, and prints every problem at once.
// Without a workspace in the directory it checks what ships with the product.
func (checkCommand) Run(e *env) error {
	settings := evaluate.DefaultSettings()
	roots := []fs.FS{indicators.Files()}
	var mappings, own fs.FS
	zone, err := time.LoadLocation(store.DefaultTimeZone)
	if err != nil {
		return err
	}
	w, err := e.workspace()
	var problems problem.List
	switch {
	case err == nil:
		settings = w.Config.Settings
		roots = append(roots, w.Indicators())
		mappings, own, zone = w.Mappings(), os.DirFS(w.Notebooks()), w.Config.Location()
	case errors.Is(err, workspace.ErrNone):
		e.say("目录中没有工作区：只检查内置内容", "no workspace in the directory: checking what is built in")
	default:
		var list problem.List
		if !errors.As(err, &list) {
			return err
		}
		problems = append(problems, list...)
	}
	set, found := page.Load(roots...)
	problems = append(problems, found...)
	if len(found) == 0 {
		var pages []*page.Indicator
		for _, id := range set.IDs() {
			pages = append(pages, set.Versions(id)...)
		}
		linted, err := evaluate.Lint(e.ctx, pages, settings)
		if err != nil {
			return err
		}
		problems = append(problems, linted...)
	}
	found = checkMappings(mappings)
	if w != nil && len(found) == 0 {
		found = checkInbox(filepath.Join(w.Dir, workspace.ConfigFile), w.Config.Inbox.Rules, mappings)
	}
	problems = append(problems, found...)
	books, found, err := e.checkNotebooks(zone, set, own)
	if err != nil {
		return err
	}
	problems = append(problems, found...)
	problems.Sort()
	t := &table{columns: []string{"file", "line", "column", "what", "cure"}}
	for _, p := range problems {
		t.add(p.File, p.Line, p.Column, lang.T(p.WhatZh, p.What).In(e.lang), lang.T(p.CureZh, p.Cure).In(e.lang))
	}
	if err := e.print(t); err != nil {
		return err
	}
	if len(problems) > 0 {
		e.say(fmt.Sprintf("%d 个问题", len(problems)), fmt.Sprintf("%d problems", len(problems)))
		return errFindings
	}
	e.say(fmt.Sprintf("%d 个指标页面、%d 个笔记本与全部映射、配置均无问题", len(set.IDs()), books),
		fmt.Sprintf("%d indicator pages, %d notebooks, all mappings and the configuration are sound", len(set.IDs()), books))
	return nil
}

// checkMappings checks the mapping files of a workspace; those shipped are checked by the tests of the product.
func checkMappings(files fs.FS) problem.List {
	if files == nil {
		return nil
	}
	entries, err := fs.ReadDir(files, ".")
	if err != nil {
		return nil // no such folder: nothing to check
	}
	var problems problem.List
	for _, entry := range entries {
		if entry.IsDir() || !strings.HasSuffix(entry.Name(), ".yaml") {
			continue
		}
		text, err := fs.ReadFile(files, entry.Name())
		if err != nil {
			problems = append(problems, problem.Problem{File: entry.Name(), What: err.Error(), Cure: "make the file readable"})
			continue
		}
		problems = append(problems, ingest.CheckMapping(entry.Name(), text)...)
	}
	return problems
}

// checkInbox looks up the mappings that the inbox's rules name: a file that comes in under a wrong name would be refused
// only then. The mappings themselves are sound.
func checkInbox(config string, rules []workspace.InboxRule, files fs.FS) (problems problem.List) {
	known, list := ingest.Mappings(schema.Default(), files)
	if len(list) > 0 {
		return list
	}
	var ids []string
	for _, m := range known {
		ids = append(ids, m.ID)
	}
	for i, r := range rules {
		if ext := filepath.Ext(r.Mapping); ext == ".yaml" || ext == ".yml" {
			text, err := os.ReadFile(r.Mapping)
			if err != nil {
				problems = append(problems, problem.Of(config, lang.Same(fmt.Sprintf("inbox.rules[%d].mapping: %v", i, err)), lang.T("改正路径，或写出工作区中的映射", "correct the path, or name a mapping of the workspace")))
				continue
			}
			problems = append(problems, ingest.CheckMapping(r.Mapping, text)...)
			continue
		}
		if r.Mapping != "" && !slices.Contains(ids, r.Mapping) {
			problems = append(problems, problem.Of(config, lang.T(fmt.Sprintf("inbox.rules[%d].mapping: 没有映射 %q", i, r.Mapping), fmt.Sprintf("inbox.rules[%d].mapping: there is no mapping %q", i, r.Mapping)),
				problem.Meant(r.Mapping, ids)))
		}
	}
	return problems
}
