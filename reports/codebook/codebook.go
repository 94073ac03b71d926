// Package codebook makes the catalogue of indicators a document that a bureau can adopt as an annex: what each one
// means, what it rests on, what it does not measure, how it is scored.
//
// It writes what stands in the pages and adds no figure of any month.
package codebook

import (
	"fmt"
	"strings"
	"time"

	"weir/internal/lang"
	"weir/queries/page"
	"weir/reports/document"
)

// Line is one labelled text of an entry.
type Line struct{ Label, Text string }

// Entry is an indicator as the codebook prints it, in one language.
type Entry struct {
	ID, Name string
	Lines    []Line
	SQL      string
}

// Chapter is one dimension of the catalogue.
type Chapter struct {
	ID, Name string
	Entries  []Entry
}

// Chapters sorts the pages by dimension, in the order of the catalogue.
func Chapters(pages []*page.Indicator, l lang.Lang) []Chapter {
	var chapters []Chapter
	for _, d := range page.Dimensions {
		c := Chapter{ID: d.ID, Name: d.Label.In(l)}
		for _, p := range pages {
			if p.Dimension == d.ID {
				c.Entries = append(c.Entries, EntryOf(p, l))
			}
		}
		if len(c.Entries) > 0 {
			chapters = append(chapters, c)
		}
	}
	return chapters
}

// EntryOf words one page.
func EntryOf(p *page.Indicator, l lang.Lang) Entry {
	e := Entry{ID: p.ID, Name: p.Name.In(l), SQL: strings.TrimSpace(p.SQL.Text)}
	add := func(zh, en, text string) {
		if text != "" {
			e.Lines = append(e.Lines, Line{l.Pick(zh, en), text})
		}
	}
	add("标识", "Identifier", p.ID)
	add("回答的问题", "Question", p.Question.In(l))
	add("定义", "Definition", p.Definition.In(l))
	add("公式", "Formula", p.FormulaText().In(l))
	add("单位", "Unit", page.UnitLabel(p.Unit).In(l))
	add("方向", "Direction", p.Direction.Label().In(l))
	add("目标", "Target", target(p, l))
	add("计分", "Scoring", points(p, l))
	add("适用部门", "Applies to", roles(p, l))
	add("最少样本", "Minimum of cases", minimum(p, l))
	for _, b := range p.Basis {
		add("依据", "Basis", b.Sentence(l)+l.Pick("（", " (")+b.Mark.Label().In(l)+l.Pick("）", ")"))
	}
	add("不度量", "Does not measure", p.Limits.In(l))
	add("回答的判断", "Statements answered", strings.Join(p.Seeds, l.Pick("、", ", ")))
	add("版本", "Version", fmt.Sprintf(l.Pick("%d（自%s起）", "%d (from %s)"), p.Version, p.EffectiveFrom.Format(time.DateOnly)))
	return e
}

func target(p *page.Indicator, l lang.Lang) string {
	t := p.Target
	if t == nil {
		return ""
	}
	var text string
	switch p.Direction {
	case page.Within:
		text = document.FormatNumber(t.Lower, p.Decimals) + "–" + amount(p, l, t.Upper)
	case page.Lower:
		text = "≤ " + amount(p, l, t.Default)
	default:
		text = "≥ " + amount(p, l, t.Default)
	}
	if t.Frozen != "" {
		statistic := map[page.Frozen]string{page.FrozenMedian: l.Pick("中位数", "median"), page.FrozenP75: l.Pick("第75百分位", "upper quartile")}[t.Frozen]
		members := map[string]string{"class": l.Pick("同类部门", "the department's class"), "kind": l.Pick("同种类数据", "the kind of data"), "all": l.Pick("全市", "the city")}[t.FrozenOf]
		text += fmt.Sprintf(l.Pick("；有上年数据后取上年%s的%s，全年冻结", "; once there is a year before: last year's %[2]s of %[1]s, frozen for the year"), members, statistic)
	}
	return text + l.Pick("（", " (") + t.Mark.Label().In(l) + l.Pick("）", ")")
}

func points(p *page.Indicator, l lang.Lang) string {
	if p.Scoring == nil {
		return l.Pick("只作诊断，不计分", "a diagnosis, not scored")
	}
	if p.Scoring.Weight == 0 {
		return group(p.Scoring.Group, l)
	}
	text := group(p.Scoring.Group, l) + fmt.Sprintf(l.Pick("，%s分", ", %s points"), document.FormatNumber(p.Scoring.Weight, 2))
	if p.Scoring.Ceiling > 0 {
		text += fmt.Sprintf(l.Pick("；达到%s时为零分", "; none at %s"), amount(p, l, p.Scoring.Ceiling))
	}
	if p.Scoring.Scale == "log10_1p" {
		text += l.Pick("；按对数计", "; on a logarithmic scale")
	}
	return text
}

func roles(p *page.Indicator, l lang.Lang) string {
	names := map[page.Role]string{page.Provider: l.Pick("提供方", "providers"), page.Demander: l.Pick("需求方", "demanders"),
		page.Bureau: l.Pick("主管部门", "the authority in charge"), page.Any: l.Pick("各部门", "every department")}
	var list []string
	for _, r := range p.Roles {
		list = append(list, names[r])
	}
	return strings.Join(list, l.Pick("、", ", "))
}

func minimum(p *page.Indicator, l lang.Lang) string {
	if p.MinimumN == 0 {
		return ""
	}
	return fmt.Sprintf(l.Pick("%d；不足的列示而不计分", "%d; below it shown, not graded"), p.MinimumN)
}

// amount writes a number with the decimals and the unit of the indicator.
func amount(p *page.Indicator, l lang.Lang, v float64) string {
	unit := page.UnitLabel(p.Unit).In(l)
	if unit != "%" && unit != "" {
		unit = " " + unit
	}
	return document.FormatNumber(v, p.Decimals) + unit
}

func group(id string, l lang.Lang) string {
	for _, t := range page.Groups {
		if t.ID == id {
			return t.Label.In(l)
		}
	}
	return id
}

func title(l lang.Lang) string { return l.Pick("指标手册", "Codebook of indicators") }

// Markdown writes the codebook as Markdown.
func Markdown(pages []*page.Indicator, l lang.Lang) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n", title(l))
	for _, c := range Chapters(pages, l) {
		fmt.Fprintf(&b, "\n## %s\n", c.Name)
		for _, e := range c.Entries {
			b.WriteString("\n" + e.Markdown())
		}
	}
	return b.String()
}

// Markdown writes one entry as Markdown.
func (e Entry) Markdown() string {
	var b strings.Builder
	fmt.Fprintf(&b, "### %s\n\n", e.Name)
	for _, line := range e.Lines {
		fmt.Fprintf(&b, "- **%s** %s\n", line.Label, strings.Join(strings.Fields(line.Text), " "))
	}
	fmt.Fprintf(&b, "\n```sql\n%s\n```\n", e.SQL)
	return b.String()
}

// Document is the codebook for the renderers. Its date is that of the newest definition, so that the same pages give
// the same bytes.
func Document(pages []*page.Indicator, l lang.Lang, organisation string) *document.Document {
	d := &document.Document{Kind: "codebook", ID: "codebook", Lang: l, Title: title(l), Organisation: organisation}
	for _, p := range pages {
		if p.EffectiveFrom.After(d.Date) {
			d.Date = p.EffectiveFrom.Time
		}
	}
	d.Period = d.Date.Format(time.DateOnly)
	overview := &document.Table{ID: "catalogue", Title: l.Pick("指标一览", "Indicators at a glance"), Columns: []document.Column{
		{ID: "dimension", Title: l.Pick("维度", "Dimension")}, {ID: "indicator_id", Title: l.Pick("标识", "Identifier")},
		{ID: "name", Title: l.Pick("名称", "Name")}, {ID: "question", Title: l.Pick("回答的问题", "Question")},
		{ID: "target", Title: l.Pick("目标", "Target")}, {ID: "scoring", Title: l.Pick("计分", "Scoring")},
	}}
	d.Sections = append(d.Sections, document.Section{ID: "overview", Title: overview.Title, Blocks: []document.Block{overview}})
	for _, c := range Chapters(pages, l) {
		chapter := document.Section{ID: "dimension-" + c.ID, Title: c.Name}
		for _, e := range c.Entries {
			chapter.Sections = append(chapter.Sections, section(e, l))
		}
		for _, p := range pages {
			if p.Dimension == c.ID {
				overview.Rows = append(overview.Rows, document.Row{Cells: []document.Cell{document.Text(c.Name), document.Linked(p.ID, "indicator-"+p.ID),
					document.Text(p.Name.In(l)), document.Text(p.Question.In(l)), cell(target(p, l)), document.Text(points(p, l))}})
			}
		}
		d.Sections = append(d.Sections, chapter)
	}
	return d
}

func section(e Entry, l lang.Lang) document.Section {
	t := &document.Table{ID: "entry-" + e.ID, Title: e.Name, Columns: []document.Column{
		{ID: "label", Title: l.Pick("项目", "Item")}, {ID: "text", Title: l.Pick("内容", "Content")}}}
	for _, line := range e.Lines {
		t.Rows = append(t.Rows, document.Row{Cells: []document.Cell{document.Text(line.Label), document.Text(line.Text)}})
	}
	return document.Section{ID: "indicator-" + e.ID, Title: e.Name, Blocks: []document.Block{t}}
}

func cell(text string) document.Cell {
	if text == "" {
		return document.Empty()
	}
	return document.Text(text)
}
