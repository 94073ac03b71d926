package budget

import "fmt"

// uncertainGrade is the probability below which a grade is called uncertain.
const uncertainGrade = .8

var boundTexts = map[string]Text{
	"protected": {"受保护项目不予压减", "protected items are kept"},
	"floor":     {"已到下限", "at its floor"},
	"ceiling":   {"已到上限", "at its ceiling"},
}

// reason words a proposal: what is suggested, on what ground, and what limits
// it.
func (p *prepared) reason(s Scenario, i int, l Line) Text {
	d := p.departments[i]
	t := Text{ZH: "建议" + moveZH(l), EN: "Proposal: " + moveEN(l)}
	add := func(zh, en string) {
		t.ZH += "；" + zh
		t.EN += "; " + en
	}
	switch {
	case !d.Scored:
		add("本期无得分，按统一比例", "no score this period, uniform share")
	case s == Uniform:
		add("各部门按同一比例", "the same share for all departments")
	case s == GradeLinked:
		rate := p.opt.Rates[d.Grade]
		add(fmt.Sprintf("等级%s（%.2f 分），规则为 %+.1f%%", d.Grade, d.Score, 100*rate), fmt.Sprintf("grade %s (%.2f points), rule %+.1f%%", d.Grade, d.Score, 100*rate))
	default:
		add(fmt.Sprintf("每元预期效果 %.4g（得分 %.2f，等级%s）", p.value[i], d.Score, d.Grade), fmt.Sprintf("expected effect per yuan %.4g (%.2f points, grade %s)", p.value[i], d.Score, d.Grade))
	}
	if b, ok := boundTexts[l.Bound]; ok {
		add(b.ZH, b.EN)
	}
	if d.Scored && s != Uniform && d.GradeProbability > 0 && d.GradeProbability < uncertainGrade {
		add(fmt.Sprintf("等级不确定（概率 %.0f%%），宜先核实", 100*d.GradeProbability), fmt.Sprintf("the grade is uncertain (probability %.0f%%), check before deciding", 100*d.GradeProbability))
	}
	return t
}

func moveZH(l Line) string {
	switch {
	case l.Change == 0:
		return fmt.Sprintf("维持 %.2f 元", l.Amount)
	case l.Change > 0:
		return fmt.Sprintf("增加 %.2f 元至 %.2f 元", l.Change, l.Amount)
	}
	return fmt.Sprintf("压减 %.2f 元至 %.2f 元", -l.Change, l.Amount)
}

func moveEN(l Line) string {
	switch {
	case l.Change == 0:
		return fmt.Sprintf("keep %.2f yuan", l.Amount)
	case l.Change > 0:
		return fmt.Sprintf("raise by %.2f to %.2f yuan", l.Change, l.Amount)
	}
	return fmt.Sprintf("cut by %.2f to %.2f yuan", -l.Change, l.Amount)
}
