package views

import (
	"maps"
	"slices"
	"strings"
	"sync"

	"weir/internal/lang"
	"weir/queries/page"
	"weir/queries/schema"
)

// codes are the lists of the event model, and those of values that Weir itself makes.
var codes = sync.OnceValue(func() map[string]schema.Codes {
	all := maps.Clone(ownCodes)
	maps.Copy(all, schema.Default().Codes)
	all["dimension"], all["unit"], all["scoring_group"] = terms(page.Dimensions), terms(page.Units), terms(page.Groups)
	all["scope"] = maps.Clone(ownCodes["scope"])
	for _, group := range page.Groups {
		// The last part of a group's name is its scope; its label is output·quality, of which each part stands by itself.
		above, id, nested := strings.Cut(group.ID, "/")
		if !nested {
			all["scope"][group.ID] = group.Label
			continue
		}
		zhAbove, zh, _ := strings.Cut(group.Label.Zh, "·")
		enAbove, en, _ := strings.Cut(group.Label.En, ": ")
		all["scope"][above], all["scope"][id] = lang.T(zhAbove, enAbove), lang.T(zh, en)
	}
	delete(all["scope"], "outside") // which is what is not scored
	return all
})

var ownCodes = map[string]schema.Codes{
	"state": {
		"value":          lang.T("有值", "value"),
		"not_applicable": lang.T("不适用", "not applicable"),
		"missing":        lang.T("缺数", "missing"),
		"not_measured":   lang.T("未测", "not measured"),
	},
	"scope": {
		"total":             lang.T("总分", "total"),
		"index:liquidity":   lang.T("流动性指数", "liquidity index"),
		"index:timeliness":  lang.T("时效性指数", "timeliness index"),
		"index:reuse":       lang.T("复用指数", "reuse index"),
		"index:performance": lang.T("绩效管理指数", "performance management index"),
	},
	"direction": {
		"higher": lang.T("越高越好", "the higher the better"),
		"lower":  lang.T("越低越好", "the lower the better"),
		"band":   lang.T("区间内为好", "good inside a band"),
		"none":   lang.T("无好坏之分", "neither good nor bad"),
	},
	"varied": {
		"data":    lang.T("数据：各值在其区间内变动", "data: every value varies within its interval"),
		"weights": lang.T("权重", "weights"),
		"choices": lang.T("权重、目标与合成方法", "weights, targets and the way of averaging"),
	},
	"interval_method": {
		"wilson":       lang.T("Wilson 区间（比例）", "Wilson score interval of a proportion"),
		"student":      lang.T("个案均值的 t 区间", "Student's interval of a mean of cases"),
		"ratio":        lang.T("总量之比（线性化）", "ratio of totals over cases, by linearisation"),
		"order":        lang.T("次序统计量间的中位数", "median between order statistics"),
		"kaplan_meier": lang.T("Kaplan–Meier 中位数", "Kaplan–Meier median of durations"),
		"garwood":      lang.T("Garwood 区间（计数）", "Garwood interval of a count"),
	},
	"duty": {
		"catalogue_update":  lang.T("目录更新", "update of the catalogue"),
		"catalogue_publish": lang.T("目录发布", "publication of the catalogue"),
		"correction":        lang.T("校核更正", "correction of data"),
		"backflow":          lang.T("数据回流", "backflow of data"),
		"coordination":      lang.T("统筹协调", "coordination"),
	},
	"demand_outcome": {
		"used":             lang.T("已用", "used"),
		"unused":           lang.T("提供后30日内未用", "not used within 30 days of delivery"),
		"refused":          lang.T("不同意", "refused"),
		"reply_overdue":    lang.T("逾期未答复", "reply overdue"),
		"delivery_overdue": lang.T("逾期未提供", "delivery overdue"),
	},
}

func terms(list []page.Term) schema.Codes {
	all := schema.Codes{}
	for _, t := range list {
		all[t.ID] = t.Label
	}
	return all
}

// CodeList is a code list by name: code → label.
func CodeList(name string) schema.Codes { return codes()[name] }

// Units of the columns, with the words that follow a figure. "1" stands for a pure number.
var Units = map[string]lang.Text{
	"1": {}, "%": lang.Same("%"), "B": lang.T("字节", "B"), "CNY": lang.T("元", "CNY"), "ms": lang.T("毫秒", "ms"), "min": lang.T("分钟", "min"),
	"year": lang.T("年", "year"), "month": lang.T("个月", "months"), "day": lang.T("天", "days"), "working day": lang.T("工作日", "working days"),
	"point": lang.T("分", "points"), "case": lang.T("例", "cases"), "element": lang.T("个", "elements"), "row": lang.T("行", "rows"),
	"record": lang.T("条", "records"), "field": lang.T("个", "fields"), "key": lang.T("个", "keys"), "attribute": lang.T("个", "attributes"),
	"event": lang.T("次", "events"), "exchange": lang.T("次", "exchanges"), "call": lang.T("次", "calls"), "check": lang.T("次", "checks"),
	"run": lang.T("次", "runs"), "visit": lang.T("次", "visits"), "download": lang.T("次", "downloads"), "request": lang.T("件", "requests"),
	"resource": lang.T("项", "resources"), "payment": lang.T("笔", "payments"),
}

// UnitNames lists the symbols of Units in order.
func UnitNames() []string { return slices.Sorted(maps.Keys(Units)) }
