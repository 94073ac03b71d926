package cli

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"time"

	"weir/internal/lang"
	"weir/internal/problem"
	"weir/internal/workspace"
	"weir/queries/indicators"
	"weir/queries/page"
	"weir/reports/codebook"
	"weir/reports/html"
	"weir/reports/xlsx"
)

type indicatorCommand struct {
	List   indicatorList   `cmd:"" help:"${indicator_list}"`
	Show   indicatorShow   `cmd:"" help:"${indicator_show}"`
	Export indicatorExport `cmd:"" help:"${indicator_export}"`
}

func indicatorTexts() map[string]lang.Text {
	return map[string]lang.Text{
		"indicators":       lang.T("查看与导出指标手册", "the catalogue of indicators: list, show, export"),
		"indicator_list":   lang.T("列出全部指标", "list every indicator"),
		"indicator_show":   lang.T("显示一个指标的完整定义", "show one indicator in full"),
		"indicator_export": lang.T("导出指标手册", "write the codebook"),
		"indicator_form":   lang.T("格式：markdown、html、xlsx、json", "form: markdown, html, xlsx, json"),
		"indicator_out":    lang.T("写入的文件，缺省为标准输出", "file to write; standard output where not given"),
		"indicator_on":     lang.T("该日有效的版本，缺省为最新版本", "the versions that judge this day; the newest where not given"),
	}
}

type indicatorDay struct {
	On string `placeholder:"YYYY-MM-DD" help:"${indicator_on}"`
}

// catalogue reads the pages, those of a workspace in the directory before the built-in ones.
func (d indicatorDay) catalogue(e *env) (pages []*page.Indicator, organisation string, err error) {
	day := time.Date(9999, time.December, 31, 0, 0, 0, 0, time.UTC)
	if d.On != "" {
		if day, err = time.Parse(time.DateOnly, d.On); err != nil {
			return nil, "", usageError{fmt.Sprintf("--on %q: write it as 2026-10-31", d.On)}
		}
	}
	roots := []fs.FS{indicators.Files()}
	w, err := e.workspace()
	switch {
	case err == nil:
		roots = append(roots, w.Indicators())
		organisation = w.Config.Organisation.In(e.lang)
	case !errors.Is(err, workspace.ErrNone):
		return nil, "", err
	}
	set, problems := page.Load(roots...)
	if err := problems.Err(); err != nil {
		return nil, "", err
	}
	return set.AllOn(day), organisation, nil
}

type indicatorList struct{ indicatorDay }

// Run lists the catalogue, one indicator a row.
func (c indicatorList) Run(e *env) error {
	pages, _, err := c.catalogue(e)
	if err != nil {
		return err
	}
	t := &table{columns: []string{"indicator_id", "version", "dimension", "indicator", "unit", "direction", "target", "group", "weight", "question"}}
	for _, p := range pages {
		row := []any{p.ID, p.Version, p.Dimension, p.Name.In(e.lang), p.Unit, string(p.Direction), nil, nil, nil, p.Question.In(e.lang)}
		if p.Target != nil && p.Direction != page.Within {
			row[6] = p.Target.Default
		}
		if p.Scoring != nil {
			row[7], row[8] = p.Scoring.Group, p.Scoring.Weight
		}
		t.add(row...)
	}
	return e.print(t)
}

type indicatorShow struct {
	ID string `arg:"" placeholder:"ID" help:"${indicator}"`
	indicatorDay
}

// Run prints one definition: its entry of the codebook, or the whole of it as JSON.
func (c indicatorShow) Run(e *env) error {
	pages, _, err := c.catalogue(e)
	if err != nil {
		return err
	}
	var ids []string
	for _, p := range pages {
		ids = append(ids, p.ID)
		if p.ID != c.ID {
			continue
		}
		if e.format == "json" {
			out := json.NewEncoder(e.stdout)
			out.SetIndent("", "  ")
			return out.Encode(p)
		}
		_, err := io.WriteString(e.stdout, codebook.EntryOf(p, e.lang).Markdown()+"\n"+strings.TrimSpace(p.Body)+"\n")
		return err
	}
	return usageError{fmt.Sprintf("no indicator %q; %s", c.ID, problem.DidYouMean(c.ID, ids))}
}

type indicatorExport struct {
	Form string `enum:"markdown,html,xlsx,json" default:"markdown" help:"${indicator_form}"`
	Out  string `placeholder:"FILE" help:"${indicator_out}"`
	indicatorDay
}

// Run writes the codebook.
func (c indicatorExport) Run(e *env) error {
	pages, organisation, err := c.catalogue(e)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	switch c.Form {
	case "json":
		out := json.NewEncoder(&b)
		out.SetIndent("", "  ")
		err = out.Encode(pages)
	case "html":
		err = html.Render(&b, codebook.Document(pages, e.lang, organisation), nil, html.Options{Static: true})
	case "xlsx":
		err = xlsx.Render(&b, codebook.Document(pages, e.lang, organisation))
	default:
		b.WriteString(codebook.Markdown(pages, e.lang))
	}
	if err != nil {
		return err
	}
	if c.Out == "" {
		_, err = e.stdout.Write(b.Bytes())
		return err
	}
	if err := os.WriteFile(c.Out, b.Bytes(), 0o644); err != nil {
		return err
	}
	e.say(fmt.Sprintf("已写入 %s：%d 个指标", c.Out, len(pages)), fmt.Sprintf("wrote %s: %d indicators", c.Out, len(pages)))
	return nil
}
