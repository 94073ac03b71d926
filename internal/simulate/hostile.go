package simulate

// hostileNames have broken reports elsewhere: characters outside common fonts, markup of pages, spreadsheets and
// typesetters, text from right to left, marks that turn its direction, text without a place to break.
var hostileNames = []string{
	"龘犇㛃𬱖数据局", "</script><script>alert(1)</script>", "=cmd|' /C calc'!A0", "#text[危险] $x$ *粗* _斜_ @引用 <标签> \\ `代码`", "ئۇيغۇر ئاپتونوم رايونى", "משרד הפנים",
	"局\u202eexe.txt", "{b}: {c} \"双引号\" '单引号' & 与", "没有任何空格也没有标点的特别特别特别特别特别特别特别特别特别特别特别特别特别特别特别特别特别特别特别特别特别长的单位名称",
	"AnEnglishNameWithoutAnyBreakThatIsFarLongerThanAnyColumnOfAnyTableCouldEverBe",
}

// hostileBudget is a yearly amount in yuan of which each of two projects has 13 digits.
const hostileBudget = 3_456_789_012_345

// hostileName is the name of the i-th department of a hostile city; those that are not broken are long.
func hostileName(i int, name, nameEn string) (zh, en string) {
	if i < len(hostileNames) {
		return hostileNames[i], hostileNames[i]
	}
	return "某某新区综合行政执法和政务服务数据管理" + name, nameEn + ", Integrated Administrative Enforcement and Government Data Services"
}
