package closing

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// ruleChanges says which figures cannot be computed as they were, since a rule is another now.
type ruleChanges struct {
	all        bool
	indicators map[string]bool
}

// rules compares what the stamp covers with what is in use, and says exactly what was altered.
func (v *verifier) rules(now manifest) ruleChanges {
	was := v.cover
	changed := ruleChanges{indicators: map[string]bool{}}
	for _, id := range union(was.Definitions, now.Definitions) {
		before, after := was.Definitions[id], now.Definitions[id]
		if before == after {
			continue
		}
		changed.indicators[id] = true
		oldVersion, _, _ := strings.Cut(before, ":")
		newVersion, _, _ := strings.Cut(after, ":")
		switch {
		case after == "":
			v.add(PartRule, id, "页面已不在", "the page is gone")
		case before == "":
			v.add(PartRule, id, "月结时没有此页面", "there was no such page at the close")
		case oldVersion != newVersion:
			v.add(PartRule, id, "页面由第 "+oldVersion+" 版改为第 "+newVersion+" 版", "the page is version "+newVersion+", it was version "+oldVersion)
		case was.Queries[id] != "" && was.Queries[id] != now.Queries[id]:
			v.add(PartRule, id, "第 "+newVersion+" 版页面的 SQL 被改动而版本号未变", "the SQL of version "+newVersion+" of the page was altered and its version was not")
		default:
			v.add(PartRule, id, "第 "+newVersion+" 版页面的说明或元数据被改动而版本号未变", "front matter or prose of version "+newVersion+" of the page was altered and its version was not")
		}
	}
	for _, name := range union(was.Marts, now.Marts) {
		if len(was.Marts) > 0 && was.Marts[name] != now.Marts[name] {
			changed.all = true
			v.add(PartRule, name, "汇总表的定义不同", "the definition of the mart is another")
		}
	}
	if was.Macros != "" && was.Macros != now.Macros {
		changed.all = true
		v.add(PartRule, "macros", "公用 SQL 函数不同", "the SQL functions that pages share are others")
	}
	if was.Configuration != now.Configuration {
		changed.all = true
		parts := "configuration"
		if len(was.Parts) > 0 {
			var differ []string
			for _, name := range union(was.Parts, now.Parts) {
				if was.Parts[name] != now.Parts[name] {
					differ = append(differ, name)
				}
			}
			parts += ": " + strings.Join(differ, ", ")
		}
		v.add(PartRule, parts, "配置不同", "the configuration is another")
	}
	// A target that was frozen since, for a page that came later, changes no figure of this close.
	for _, name := range slices.Sorted(maps.Keys(was.Targets)) {
		target, kept := now.Targets[name]
		if kept && equal(&target, ptr(was.Targets[name])) {
			continue
		}
		changed.all = true
		v.add(PartRule, name, fmt.Sprintf("当年冻结的目标值 %v 被改动", was.Targets[name]), fmt.Sprintf("the target frozen for the year, %v, was altered", was.Targets[name]))
	}
	if was.Engine != now.Engine {
		changed.all = true
		v.add(PartRule, "engine", "计算引擎由 "+was.Engine+" 改为 "+now.Engine, "the engine is "+now.Engine+", it was "+was.Engine)
	}
	return changed
}

func ptr(f float64) *float64 { return &f }

// union lists the keys of two maps in order.
func union[V any](a, b map[string]V) []string {
	all := maps.Clone(a)
	if all == nil {
		all = map[string]V{}
	}
	maps.Copy(all, b)
	return slices.Sorted(maps.Keys(all))
}
