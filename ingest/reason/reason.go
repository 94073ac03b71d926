// Package reason lists why a row cannot be loaded and what cures it, in Chinese and English.
//
// Codes are stored with the quarantined row and never change their meaning; texts may be reworded.
package reason

import (
	"sort"

	"weir/internal/lang"
)

// Code names a reason. It is stored in the quarantine.
type Code string

// The reasons. A code that a row carries is one of these.
const (
	Unfinished  Code = "unfinished"
	Ragged      Code = "ragged"
	Encoding    Code = "encoding"
	Quote       Code = "quote"
	JSON        Code = "json"
	Pattern     Code = "pattern"
	Required    Code = "required"
	NotInteger  Code = "not_integer"
	NotDecimal  Code = "not_decimal"
	NotBoolean  Code = "not_boolean"
	NotDate     Code = "not_date"
	NotTime     Code = "not_time"
	OutOfRange  Code = "out_of_range"
	UnknownCode Code = "unknown_code"
	Department  Code = "unknown_department"
	Ambiguous   Code = "ambiguous_department"
	NameDate    Code = "department_name_date"
	Cadence     Code = "unknown_cadence"
	KeyInFile   Code = "key_in_file"
	KeyStored   Code = "key_stored"
	Expression  Code = "expression"

	CellError     Code = "cell_error"
	NotCalculated Code = "not_calculated"
)

// Entry is what a person is told.
type Entry struct{ Reason, Cure lang.Text }

var entries = map[Code]Entry{
	Unfinished:  {lang.T("文件在该行中途结束，末值可能不完整", "the file ends inside this line, so its last value may be cut short"), lang.T("重新传输或导出文件；如文件确实到此为止，在末尾补一个换行后重新装载", "transfer or export the file again; if it really ends here, add a line end behind it and ingest it again")},
	Ragged:      {lang.T("列数与表头不符", "the number of fields differs from the header"), lang.T("检查是否缺列、多列，或内容中的分隔符未加引号", "look for a missing or extra field, or a delimiter inside a value that is not quoted")},
	Encoding:    {lang.T("含有无法解码的字节", "holds bytes that cannot be decoded"), lang.T("以 UTF-8 重新导出该行", "export the row again as UTF-8")},
	Quote:       {lang.T("引号使用有误", "text after a closing quote"), lang.T("值内的引号应写成两个引号", "write a quote inside a value as two quotes")},
	JSON:        {lang.T("不是有效的 JSON 对象", "not a valid JSON object"), lang.T("每行写一个完整的 JSON 对象", "write one whole JSON object a line")},
	Pattern:     {lang.T("不符合该日志的格式", "does not have the form of this log"), lang.T("检查该行是否被截断，或在映射中说明格式", "see whether the line was cut, or state the format in a mapping")},
	Required:    {lang.T("必填列为空", "a required column is empty"), lang.T("补充该列的值", "give the value")},
	NotInteger:  {lang.T("不是整数", "not an integer"), lang.T("只写数字，不带千分位、小数和单位", "write digits only, without thousands separators, decimals or units")},
	NotDecimal:  {lang.T("不是数值", "not a number"), lang.T("写成如 1234.50 的形式，至多两位小数", "write it as 1234.50, with at most two decimals")},
	NotBoolean:  {lang.T("不是“是/否”值", "not a yes-or-no value"), lang.T("写 true 或 false", "write true or false")},
	NotDate:     {lang.T("不是存在的日期", "not a date that exists"), lang.T("写成 2026-10-31 的形式", "write it as 2026-10-31")},
	NotTime:     {lang.T("不是存在的时间", "not a time that exists"), lang.T("写成 2026-10-31 08:30:00 的形式，可带时区如 +08:00", "write it as 2026-10-31 08:30:00, with an offset such as +08:00 if it is not local")},
	OutOfRange:  {lang.T("日期不在 1990 年至 2100 年之间", "the date is not between 1990 and 2100"), lang.T("检查年份，民国纪年须换算为公历", "check the year; convert years of other calendars")},
	UnknownCode: {lang.T("不在该列的代码表中", "not one of the codes of this column"), lang.T("改用代码表中的代码，或在映射中加入对应词", "use a code of the list, or add the word to the mapping's vocabulary")},
	Department:  {lang.T("部门未登记", "no department has this identifier, name or alias"), lang.T("先装载部门表，或用 weir department 登记该名称；系统不作猜测", "load the department first, or decide about the name with weir department; it is never guessed")},
	Ambiguous:   {lang.T("有多个部门使用该名称", "several departments have this name"), lang.T("写部门标识，或加上所在区划", "write the identifier, or the name with its district")},
	NameDate:    {lang.T("在记录的日期，该名称不代表任何部门", "on the date of the record this name stands for no department"), lang.T("核对日期；名称确在该日使用的，用 weir department alias 延长其有效期", "check the date; where the name was in use on it, lengthen its validity with weir department alias")},
	Cadence:     {lang.T("无法识别的更新频率", "an update frequency that is not known"), lang.T("改用标准用词（如每月）或 ISO 8601 周期（如 P1M），或在映射中加入对应词", "use a standard word or an ISO 8601 period such as P1M, or add the word to the mapping")},
	KeyInFile:   {lang.T("主键重复而内容不同", "duplicate key with other content in the same file"), lang.T("确认以哪一行为准，删去另一行", "decide which row is right and remove the other")},
	KeyStored:   {lang.T("主键已装载而内容不同", "the key is already loaded with other content"), lang.T("已记录的事实不改写；如确属更正，撤销原批次后重新装载", "a logged fact is not rewritten; if it was wrong, undo the earlier load and load again")},
	Expression:  {lang.T("映射表达式无法计算", "the mapping's expression failed on this row"), lang.T("检查源值与映射表达式", "check the source value and the mapping's expression")},

	CellError:     {lang.T("单元格是错误值", "the cell holds an error"), lang.T("改正公式或来源单元格后重新保存", "correct the formula or the cell that it refers to, and save the workbook again")},
	NotCalculated: {lang.T("公式没有保存计算结果", "the formula was saved without its result"), lang.T("用电子表格软件打开并保存一次", "open the workbook in a spreadsheet program and save it")},
}

// Of gives the texts of a code; an unknown code is its own text.
func Of(c Code) Entry {
	if e, ok := entries[c]; ok {
		return e
	}
	return Entry{lang.Same(string(c)), lang.Same("-")}
}

// Codes lists all codes in alphabetical order.
func Codes() []Code {
	codes := make([]Code, 0, len(entries))
	for c := range entries {
		codes = append(codes, c)
	}
	sort.Slice(codes, func(i, j int) bool { return codes[i] < codes[j] })
	return codes
}
