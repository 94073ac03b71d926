package simulate

import (
	"slices"
	"time"
)

// department is one body that provides or uses data.
type department struct {
	id, name, nameEn string
	line             string // group of ministries or territory
	vertical         bool
	level, class     string
	district         string
	bureau           bool
	successor        *department
	from, to         day
	aliases          []string
	profile          profile
	datasets         []*dataset
	resources        []*resource
	scenarios        []*scenario
	persons          []string // keyed hashes of its clerks
}

func (d *department) system() string {
	if d.vertical {
		return "vertical"
	}
	return "territorial"
}

// in tells whether the department exists on a day.
func (d *department) in(on day) bool { return d.to == 0 || on < d.to }

const cityName = "清澜市"

// mergerMonth is the month, counted from the first, with which 粮食和物资储备局 becomes part of 发展和改革委员会.
const mergerMonth = 8

// The 24 departments of the sample: id, zh, en, line, vertical or territorial, level, class, district.
var sampleDepartments = [][8]string{
	{"GA", "公安局", "Public Security Bureau", "GG", "v", "city", "安全应急", ""},
	{"SW", "税务局", "Tax Service", "JJ", "v", "central", "经济监管", ""},
	{"SCJG", "市场监督管理局", "Administration for Market Regulation", "JJ", "v", "city", "经济监管", ""},
	{"ZRZY", "自然资源和规划局", "Bureau of Natural Resources and Planning", "ZY", "v", "city", "资源建设", ""},
	{"HG", "清澜海关", "Qinglan Customs", "JJ", "v", "central", "经济监管", ""},
	{"RS", "人力资源和社会保障局", "Bureau of Human Resources and Social Security", "SH", "v", "city", "社会民生", ""},
	{"YB", "医疗保障局", "Healthcare Security Administration", "SH", "v", "city", "社会民生", ""},
	{"STHJ", "生态环境局", "Bureau of Ecology and Environment", "ZY", "v", "city", "资源建设", ""},
	{"YJ", "应急管理局", "Bureau of Emergency Management", "GG", "v", "city", "安全应急", ""},
	{"QX", "气象局", "Meteorological Bureau", "ZY", "v", "central", "安全应急", ""},
	{"MZ", "民政局", "Bureau of Civil Affairs", "SH", "v", "city", "社会民生", ""},
	{"JY", "教育局", "Bureau of Education", "SH", "v", "city", "社会民生", ""},
	{"WJ", "卫生健康委员会", "Health Commission", "SH", "v", "city", "社会民生", ""},
	{"DSJ", "大数据局", "Big Data Bureau", "QL", "t", "city", "综合管理", ""},
	{"ZWFW", "政务服务管理局", "Government Services Bureau", "QL", "t", "city", "综合管理", ""},
	{"FG", "发展和改革委员会", "Development and Reform Commission", "QL", "t", "city", "综合管理", ""},
	{"CZ", "财政局", "Finance Bureau", "QL", "t", "city", "综合管理", ""},
	{"ZJ", "住房和城乡建设局", "Bureau of Housing and Urban-Rural Development", "QL", "t", "city", "资源建设", ""},
	{"JT", "交通运输局", "Transport Bureau", "QL", "t", "city", "资源建设", ""},
	{"LS", "粮食和物资储备局", "Grain and Reserves Bureau", "QL", "t", "city", "经济监管", ""},
	{"WL", "望澜区人民政府", "People's Government of Wanglan District", "WL", "t", "district", "区县", "望澜区"},
	{"YQ", "云栖区人民政府", "People's Government of Yunqi District", "YQ", "t", "district", "区县", "云栖区"},
	{"WLSP", "行政审批局", "Administrative Approval Bureau", "WL", "t", "district", "区县", "望澜区"},
	{"YQSP", "行政审批局", "Administrative Approval Bureau", "YQ", "t", "district", "区县", "云栖区"},
}

// Further departments of a larger city: the same kinds of bureaus in ever more districts.
var (
	furtherDistricts = [][3]string{
		{"SQ", "石桥县", "Shiqiao County"}, {"BP", "北屏区", "Beiping District"}, {"NP", "南溆区", "Nanxu District"}, {"DY", "东堰区", "Dongyan District"},
		{"XL", "西澧区", "Xili District"}, {"LZ", "临沚县", "Linzhi County"}, {"GX", "高新区", "High-tech Zone"}, {"JK", "经开区", "Development Zone"},
		{"HY", "鹤渊县", "Heyuan County"}, {"QS", "栖山县", "Qishan County"}, {"YJ", "雁江县", "Yanjiang County"}, {"TL", "桐岭县", "Tongling County"},
	}
	furtherBureaus = [][3]string{
		{"SP", "行政审批局", "Administrative Approval Bureau"}, {"JY", "教育局", "Bureau of Education"}, {"WJ", "卫生健康局", "Health Bureau"},
		{"MZ", "民政局", "Bureau of Civil Affairs"}, {"CG", "城市管理局", "Urban Management Bureau"}, {"YJ", "应急管理局", "Bureau of Emergency Management"},
		{"ZJ", "住房和城乡建设局", "Housing Bureau"}, {"JT", "交通运输局", "Transport Bureau"}, {"SJ", "数据局", "Data Bureau"}, {"NY", "农业农村局", "Agriculture Bureau"},
	}
)

func maxDepartments() int {
	return len(sampleDepartments) + len(furtherDistricts)*len(furtherBureaus)
}

// Former and short names under which files still list a department.
var aliases = map[string][]string{
	"GA": {"市公安局", "公安"}, "SW": {"国家税务总局清澜市税务局", "市税务局"}, "SCJG": {"市场监管局", "市工商行政管理局"},
	"ZRZY": {"市自然资源和规划局", "市国土资源局"}, "HG": {"海关"}, "RS": {"市人社局", "人社局"}, "YB": {"医保局"}, "STHJ": {"市环保局"},
	"YJ": {"市安全生产监督管理局"}, "MZ": {"市民政局"}, "JY": {"市教委"}, "WJ": {"卫健委", "市卫生和计划生育委员会"}, "DSJ": {"市大数据中心", "市数据局"},
	"ZWFW": {"政务服务中心"}, "FG": {"市发改委", "发改委"}, "CZ": {"市财政局"}, "ZJ": {"住建局", "市城乡建设委员会"}, "JT": {"市交通局"}, "LS": {"市粮食局"},
	"WL": {"望澜区政府"}, "YQ": {"云栖区政府"}, "WLSP": {"望澜区行政审批局"}, "YQSP": {"云栖区行政审批局"},
}

func (c *city) inventDepartments() {
	rows := slices.Clone(sampleDepartments)
	for i := 0; len(rows) < c.Departments; i++ {
		b, area := furtherBureaus[i%len(furtherBureaus)], furtherDistricts[i/len(furtherBureaus)]
		rows = append(rows, [8]string{area[0] + "Q" + b[0], b[1], b[2], area[0] + "Q", "t", "district", "区县", area[1]})
	}
	behaviours := profiles()
	for i, r := range rows {
		d := &department{
			id: r[0], name: r[1], nameEn: r[2], line: r[3], vertical: r[4] == "v", level: r[5], class: r[6], district: r[7],
			bureau: r[0] == "DSJ", aliases: aliases[r[0]], profile: usual(), from: dayOf(2018+i%3, time.Month(1+i%12), 1+i%5*6),
		}
		if alter := behaviours[d.id]; alter != nil {
			alter(&d.profile)
		}
		for n := range 6 {
			d.persons = append(d.persons, personKey(d.id, n))
		}
		c.departments = append(c.departments, d)
		c.byID[d.id] = d
	}
	if c.Months > mergerMonth {
		ls := c.byID["LS"]
		ls.successor, ls.to = c.byID["FG"], c.month(mergerMonth).first()
	}
}

func (c *city) writeWho(s *sink) {
	t := s.table("department", "department_id", "name", "name_en", "line_code", "system_type", "level", "class", "district", "is_bureau", "successor_id", "valid_from", "valid_to")
	for i, d := range c.departments {
		successor := ""
		if d.successor != nil {
			successor = d.successor.id
		}
		name, nameEn := d.name, d.nameEn
		if c.Hostile {
			name, nameEn = hostileName(i, name, nameEn)
		}
		t.row(d.id, name, nameEn, d.line, d.system(), d.level, d.class, d.district, yes(d.bureau), successor, d.from.String(), d.to.String())
	}
	if c.Hostile {
		t.row("SILENT", "从未报送任何数据的部门", "Department without any data", "QL", "territorial", "city", "综合管理", "", yes(false), "", dayOf(2018, time.January, 1).String(), "")
	}
	t.close()
	t = s.table("department_alias", "name", "department_id", "valid_from", "valid_to")
	for _, d := range c.departments {
		for i, name := range d.aliases {
			until := ""
			if i > 0 {
				until = dayOf(2025, time.December, 31).String()
			}
			t.row(name, d.id, d.from.String(), until)
		}
	}
	t.close()
}
