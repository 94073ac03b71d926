package simulate

import (
	"cmp"
	"slices"
)

// matter is a case handled for a person or an enterprise; a supported one was handled with a data call.
type matter struct {
	id         string
	department *department
	kind       string
	at         instant
	relation   *relation // the use that supported it; nil for none
}

var matterKinds = map[string][]string{
	"GA": {"户口登记", "居住证签发", "机动车登记"}, "SCJG": {"企业设立登记", "食品经营许可", "企业注销登记"}, "ZRZY": {"不动产转移登记", "建设用地规划许可"},
	"RS": {"失业金申领", "退休核定", "职业技能补贴"}, "MZ": {"最低生活保障申请", "社会组织登记"}, "JY": {"入学报名", "教师资格认定"}, "WJ": {"医师执业注册", "生育登记"},
	"ZWFW": {"一件事联办", "综合窗口受理"}, "ZJ": {"施工许可", "公租房申请"}, "JT": {"营运证核发", "网约车驾驶员许可"}, "WLSP": {"区级行政许可", "公共场所卫生许可"}, "YQSP": {"区级行政许可", "公共场所卫生许可"},
}

// inventMatters draws the matters of every month and supports the planned share of them by a use that is running.
func (c *city) inventMatters() {
	d := c.dice("matters")
	using := map[*department][]*relation{}
	for _, rel := range c.relations {
		if rel.from != 0 {
			using[rel.consumer] = append(using[rel.consumer], rel)
		}
	}
	for i := range c.Months {
		for _, p := range c.departments {
			n := p.profile.matters * c.Scale
			supported := d.quota(n, p.profile.supported)
			for k := range n {
				m := matter{department: p, kind: pick(d, matterKinds[p.id]), at: c.days.deskMoment(d, c.month(i))}
				if k < supported {
					m.relation = running(d, using[p], m.at-2*hour)
				}
				c.matters = append(c.matters, m)
			}
		}
	}
	slices.SortStableFunc(c.matters, func(a, b matter) int { return cmp.Compare(a.at, b.at) })
	counts := map[string]int{}
	for i := range c.matters {
		m := &c.matters[i]
		prefix := "BJ-" + m.department.id + "-" + m.at.month().compact() + "-"
		counts[prefix]++
		m.id = prefix + pad(counts[prefix], 3)
	}
}

// running draws a relation that is in use at a moment; nil where there is none.
func running(d dice, list []*relation, at instant) *relation {
	if len(list) == 0 {
		return nil
	}
	for range 60 {
		if rel := pick(d, list); rel.from < at && (rel.to == 0 || rel.to > at+3*hour) {
			return rel
		}
	}
	return nil
}
