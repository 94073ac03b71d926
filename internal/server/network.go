package server

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"weir/metrics/flow"
	"weir/reports/document"
	"weir/reports/figure"
)

// networkView says who stands where in the network of exchanges of a closed month. It is there only for those who see
// every department: of a part of the flows, density, centrality and communities would be those of another network.
type networkView struct {
	Facts []networkFact
	Table *tableView
	of    map[string]string // name of the community by department
}

// networkFact is a figure of the whole network, with a word where it does not exist.
type networkFact struct{ Name, Text, Meaning string }

// communityOf names the community of a department, "" for one that exchanges nothing with others.
func (v *networkView) communityOf(department string) string {
	if v == nil {
		return ""
	}
	return v.of[department]
}

// buildNetwork analyses the flows that were closed with the month. Nil where nothing flows between departments.
func (s *Server) buildNetwork(r *request, m *closedMonth) (*networkView, error) {
	if !m.Full || m.Withheld {
		return nil, nil
	}
	var departments []flow.Department
	for _, d := range m.Departments {
		departments = append(departments, flow.Department{ID: d.ID, Line: d.LineCode})
	}
	var exchanges []flow.Exchange
	for _, f := range m.Flows {
		if f.Provider != f.Consumer && f.Exchanges > 0 {
			exchanges = append(exchanges, flow.Exchange{Provider: f.Provider, Consumer: f.Consumer, Amount: float64(f.Exchanges)})
		}
	}
	if len(exchanges) == 0 {
		return nil, nil
	}
	n, err := flow.Analyse(departments, exchanges, flow.Options{})
	if err != nil {
		return nil, fmt.Errorf("network of %s: %w", m.Month.Month, err)
	}
	v := &networkView{Facts: networkFacts(r, n), of: map[string]string{}}
	nodes := slices.Clone(n.Nodes)
	slices.SortStableFunc(nodes, func(a, b flow.Node) int { return cmp.Compare(b.PageRank, a.PageRank) })
	marks, named := v.nameCommunities(r, m, n.Communities, nodes)
	v.Table = &tableView{Caption: r.say("各部门在交换网络中的位置", "Where departments stand in the network"), Columns: []columnView{
		{Title: r.say("部门", "Department")}, {Title: r.say("社群", "Community"), Full: r.say("编号与图例一致", "marked as in the figure")},
		{Title: r.say("提供", "Given"), Full: r.say("提供给其他部门的有效交换（次）", "effective exchanges given to other departments"), Number: true},
		{Title: r.say("对象数", "to"), Full: r.say("提供给多少个部门", "to how many departments"), Number: true},
		{Title: r.say("使用", "Taken"), Full: r.say("使用其他部门的有效交换（次）", "effective exchanges taken from other departments"), Number: true},
		{Title: r.say("来源数", "from"), Full: r.say("来自多少个部门", "from how many departments"), Number: true},
		{Title: "PageRank", Full: r.say("占合计的百分比", "percent of the sum"), Number: true},
		{Title: r.say("中介中心性", "Betweenness"), Full: r.say("0 至 1", "0 to 1"), Number: true},
		{Title: r.say("最大来源", "Largest source")}, {Title: r.say("占比", "its share"), Full: r.say("占所使用的百分比", "percent of what the department takes"), Number: true}}}
	for i, name := range named {
		if mark := figure.GroupMark(i); mark != "" {
			named[i] = mark + " " + name
		}
	}
	v.Table.Note = r.say("社群：", "Communities: ") + strings.Join(named, r.say("；", "; "))
	for _, d := range nodes {
		if d.Given == 0 && d.Received == 0 {
			continue
		}
		number := func(x float64, decimals int) cellView {
			return cellView{Text: document.FormatNumber(x, decimals), Number: true, Sort: fmt.Sprint(x)}
		}
		percent := func(x float64, decimals int) cellView {
			c := number(x, decimals)
			c.Text += "%"
			return c
		}
		source, share := cellView{Text: "—"}, cellView{Text: "—", Number: true, Sort: "-1"}
		if d.MainProvider != "" {
			source, share = s.departmentCell(r, m, d.MainProvider), percent(100*d.MainShare, 0)
			if d.SingleSource {
				source.Tag, source.TagClass = r.say("唯一来源", "only source"), "worse"
			}
		}
		v.Table.Rows = append(v.Table.Rows, rowView{Cells: []cellView{s.departmentCell(r, m, d.ID), {Text: cmp.Or(figure.GroupMark(marks[d.ID]), v.of[d.ID]), Sort: fmt.Sprint(marks[d.ID])},
			number(d.Given, 0), number(float64(d.Consumers), 0), number(d.Received, 0), number(float64(d.Providers), 0),
			percent(100*d.PageRank, 1), number(d.Betweenness, 3), source, share}})
	}
	return v, nil
}

// nameCommunities names each community after its member on which most use rests, and gives the place of each department's
// among them and their names, in the order of the departments, as the figure marks them.
func (v *networkView) nameCommunities(r *request, m *closedMonth, communities [][]string, ranked []flow.Node) (places map[string]int, named []string) {
	for _, members := range communities {
		var linked []flow.Node
		for _, n := range ranked {
			if n.Given+n.Received > 0 && slices.Contains(members, n.ID) {
				linked = append(linked, n)
			}
		}
		if len(linked) == 0 {
			continue
		}
		name := m.names[linked[0].ID].In(r.lang)
		if len(linked) > 1 {
			name = fmt.Sprintf(r.say("%s等 %[2]d 个部门", "%s and %[3]d more"), name, len(linked), len(linked)-1)
		}
		for _, n := range linked {
			v.of[n.ID] = name
		}
	}
	places = map[string]int{}
	for _, d := range m.Departments {
		name := v.of[d.ID]
		if name == "" {
			continue
		}
		if !slices.Contains(named, name) {
			named = append(named, name)
		}
		places[d.ID] = slices.Index(named, name)
	}
	return places, named
}

func networkFacts(r *request, n flow.Network) []networkFact {
	percent := func(x *float64) string {
		if x == nil {
			return r.say("不存在", "none")
		}
		return document.FormatNumber(100**x, 1) + "%"
	}
	ei := r.say("不存在", "none")
	if n.EI != nil {
		ei = document.FormatNumber(*n.EI, 2)
	}
	return []networkFact{
		{r.say("密度", "Density"), percent(n.Density), r.say("有流向的部门对占全部可能的部门对", "pairs with a flow among all possible pairs")},
		{r.say("互惠率", "Reciprocity"), percent(n.Reciprocity), r.say("流向中反向也有流向的", "flows that are returned")},
		{r.say("E-I 指数", "E-I index"), ei, r.say("条线之间与条线之内之差占两者之和：−1 全在条线之内，1 全在条线之间", "what flows between lines of ministries less what stays within them, over both: −1 all within, 1 all between")},
		{r.say("模块度", "Modularity"), document.FormatNumber(n.Modularity, 2), r.say("社群之内的流量超出随机所及的部分，0 为没有社群", "how far flows within communities exceed what chance would place there; 0: no communities")},
	}
}
