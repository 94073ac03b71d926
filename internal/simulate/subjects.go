package simulate

import "strings"

// subject is what a department keeps: a line of subjects.txt.
type subject struct {
	title, kind string
	cadence     cadence
	personal    bool
	entities    string
}

func subjects() map[string][]subject {
	all := map[string][]subject{}
	for _, f := range cells(subjectLines) {
		all[f[0]] = append(all[f[0]], subject{f[1], f[2], cadence(f[3]), f[4] == "p", f[5]})
	}
	return all
}

// Further items of the same subject, when a department has more datasets than subjects.
var qualifiers = []string{"", "（历史库）", "（变更记录）", "（汇总）", "（望澜区）", "（云栖区）", "（石桥县）", "（抽样库）", "（归档）", "（核验服务）"}

// cadence is the promised period of updates, by its letter in subjects.txt.
type cadence string

func (k cadence) iso() string {
	return map[cadence]string{"D": "P1D", "W": "P1W", "M": "P1M", "Q": "P3M", "Y": "P1Y", "I": "irregular", "S": "static"}[k]
}

func (k cadence) text() string {
	return map[cadence]string{"D": "每日", "W": "每周", "M": "每月", "Q": "每季度", "Y": "每年", "I": "不定期", "S": "不更新"}[k]
}

// regular tells whether the cadence has periods.
func (k cadence) regular() bool { return strings.Contains("DWMQY", string(k)) }

// after is the moment k periods after a moment, in calendar arithmetic. Catalogue items are published on days 1-28,
// so that every month has the day.
func (k cadence) after(t instant, periods int) instant {
	switch k {
	case "D":
		return t + instant(periods*secondsPerDay)
	case "W":
		return t + instant(7*periods*secondsPerDay)
	}
	months := map[cadence]int{"M": 1, "Q": 3, "Y": 12}[k] * periods
	on := t.time().AddDate(0, months, 0)
	return instantOf(on)
}

// seconds is the usual length of a period.
func (k cadence) seconds() int {
	return map[cadence]int{"D": 1, "W": 7, "M": 30, "Q": 91, "Y": 365, "I": 90, "S": 3650}[k] * secondsPerDay
}
