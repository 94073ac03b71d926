// Package reporttest makes the documents on which the renderers are tested: many
// departments with long and hostile names, every state of a value, empty months
// and very large figures. Its numbers are invented by a fixed rule and mean
// nothing. No product code uses it.
package reporttest

import (
	"fmt"
	"math"

	"weir/internal/lang"
	"weir/reports/document"
	"weir/reports/figure"
)

// HostileNames are names that have broken reports elsewhere: markup of HTML,
// spreadsheets and Typst, rare characters, right-to-left text, marks that turn
// the direction of text around, text without a place to break.
var HostileNames = []string{
	"龘犇㛃𬱖数据局",
	"</script><script>alert(1)</script>",
	`=cmd|' /C calc'!A0`,
	"#text[危险] $x$ *粗* _斜_ @引用 <标签> \\ `代码`",
	"ئۇيغۇر ئاپتونوم رايونى",
	"משרד הפנים",
	"局\u202eexe.txt",
	"{b}: {c} \"双引号\" '单引号' & 与",
	"没有任何空格也没有标点的特别特别特别特别特别特别特别特别特别特别特别特别特别特别特别特别特别特别特别特别特别特别特别特别特别特别特别特别长的单位名称",
}

var longNames = []string{
	"发展和改革委员会", "教育局", "科学技术局", "工业和信息化局", "民族宗教事务委员会", "公安局", "民政局", "司法局", "财政局",
	"人力资源和社会保障局", "自然资源和规划局", "生态环境局", "住房和城乡建设局", "城市管理综合行政执法局", "交通运输局", "水利局",
	"农业农村局", "商务局", "文化广电和旅游局", "卫生健康委员会", "退役军人事务局", "应急管理局", "审计局", "市场监督管理局",
	"政府国有资产监督管理委员会", "统计局", "医疗保障局", "政务服务和数据管理局", "国家税务总局某某市税务局", "气象局",
	"新疆生产建设兵团第一师阿拉尔市政务服务和数据管理局",
}

// Departments are 40 departments: ordinary ones first, hostile ones last.
func Departments() []figure.Label {
	var out []figure.Label
	for i, name := range append(append([]string{}, longNames...), HostileNames...) {
		id := fmt.Sprintf("D%02d", i+1)
		out = append(out, figure.Label{ID: id, Name: name, Link: "department-" + id})
	}
	return out
}

// Without is the place of the department that has no data at all.
const Without = 25

// noise is a fixed number in [0, 1) for a place.
func noise(i, j int) float64 {
	v := math.Sin(float64(i)*12.9898+float64(j)*78.233) * 43758.5453
	return v - math.Floor(v)
}

// Score is the score of the i-th department: most have one, one is missing, one
// not applicable.
func Score(i int) document.Value {
	switch i {
	case Without:
		return document.None(document.Missing)
	case Without + 1:
		return document.None(document.NotApplicable)
	}
	return document.Num(math.Round((96-float64(i)*1.3+6*noise(i, 1))*10) / 10)
}

// State gives every fourth state to some cell of a table, a number to the others.
func State(i, j int) document.Value {
	if i == Without {
		return document.None(document.Missing)
	}
	if j%8 == 6 {
		return document.None(document.NotMeasured)
	}
	switch r := noise(i, j); {
	case r < 0.05:
		return document.None(document.NotApplicable)
	case r < 0.09:
		return document.None(document.Missing)
	default:
		return document.Num(math.Round(1000*math.Sqrt(r)) / 10)
	}
}

// Months are the last n months before November 2026, as printed.
func Months(l lang.Lang, n int) []string {
	out := make([]string, n)
	for k := range out {
		month := 2026*12 + 9 - (n - 1 - k)
		out[k] = fmt.Sprintf("%04d-%02d", month/12, month%12+1)
	}
	return out
}
