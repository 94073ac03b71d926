package ingest

import (
	"errors"
	"fmt"

	"weir/ingest/native"
	"weir/ingest/source"
	"weir/internal/lang"
	"weir/internal/problem"
)

// recognise chooses the mapping of a platform's file by its content, where neither command nor name says what it is.
// A reader that the command names has the mapping of its name. The plan stays without mapping where nothing fits.
func (l *loader) recognise(p *plan) (err error) {
	if reader := l.options.Reader; reader != "" && reader != "auto" {
		if m, err := l.mapping(reader); err == nil {
			p.mapping = m
		}
		return nil
	}
	if binaryName(p.input.path) {
		return nil
	}
	f, err := source.Open(p.input.path, source.Options{})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	found, ok := native.Recognise(f)
	if !ok {
		return nil
	}
	if p.mapping, err = l.mapping(found.Mapping); err != nil {
		return problem.Problem{File: p.input.path, What: fmt.Sprintf("the file is a %s, and there is no mapping %q", found.Title.En, found.Mapping), Cure: "name a mapping with --mapping"}
	}
	p.found = bilingual(lang.T(
		fmt.Sprintf("按内容识别为%s（%s），按映射 %s 装载", found.Title.Zh, found.Why.Zh, p.mapping.ID),
		fmt.Sprintf("taken for %s, since %s; it lands by the mapping %s", found.Title.En, found.Why.En, p.mapping.ID)))
	return nil
}
