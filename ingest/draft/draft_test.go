package draft

import (
	"testing"

	"weir/queries/schema"
)

func TestLikeness(t *testing.T) {
	title := schema.Column{Name: "title"}
	for _, pair := range [][2]string{{"数据集名称", "名称简介"}, {"资源名称（必填）", "更新名称规则说明"}, {"Title", "subtitle text"}, {"info.title", "untitled"}} {
		if likeness(title, pair[0]) <= likeness(title, pair[1]) {
			t.Errorf("%s sounds less like a title than %s", pair[0], pair[1])
		}
	}
	for _, word := range []string{"", "id", "名", "日期"} {
		if l := likeness(title, word); l >= enough {
			t.Errorf("%q sounds like a title: %v", word, l)
		}
	}
}

func TestPatternOfFileNames(t *testing.T) {
	for name, want := range map[string]string{"usage_event_2026-10.csv.gz": "usage_event_*.csv", "目录.xlsx": "目录.xlsx", "log[1].json": "log?*?.json", "noending": "noending"} {
		if got := pattern(name); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
}

// Whatever stands in a sample, the draft is a sound mapping.
func FuzzDraft(f *testing.F) {
	f.Add("标题", "数源单位", "更新周期", "农作物种子", "省农业农村厅", "每月(更新说明:暂无)")
	f.Add("a: b", "#x", "- y", "\"q\"", "'; DROP", "民國112年5月6日")
	f.Add("", " ", "columns", "\\N", "7,472", "2026-10-01")
	model := schema.Default()
	f.Fuzz(func(t *testing.T, a, b, c, x, y, z string) {
		s := Sample{File: a + ".csv", Format: "csv", Columns: []string{a + "1", b + "2", c + "3"}, Rows: [][]string{{x, y, z}, {y, z, x}}}
		if _, err := New("m", "", s, model); err != nil {
			t.Errorf("%v", err)
		}
	})
}
