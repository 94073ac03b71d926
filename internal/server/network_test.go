package server

import (
	"context"
	"strings"
	"testing"

	"weir/metrics"
)

// twoCircles is a city in which MZ, GA and WJ exchange much among themselves, as SJ, RS and JT do; one flow joins them.
type twoCircles struct{ city }

func (c *twoCircles) Read(ctx context.Context, month string, revision int) (*metrics.Month, error) {
	m, err := c.city.Read(ctx, month, revision)
	m.Flows = nil
	for _, circle := range [][]string{{"MZ", "GA", "WJ"}, {"SJ", "RS", "JT"}} {
		for _, from := range circle {
			for _, to := range circle {
				m.Flows = append(m.Flows, metrics.Flow{Provider: from, Consumer: to, Exchanges: 100, Rows: 100}) // own use too
			}
		}
	}
	m.Flows = append(m.Flows, metrics.Flow{Provider: "WJ", Consumer: "SJ", Exchanges: 1, Rows: 1})
	return m, err
}

// TestTheFlowPageShowsTheNetwork reads the page of a city of two circles: communities, strengths and centralities are
// those that can be counted by hand, and only those who see every department are shown them.
func TestTheFlowPageShowsTheNetwork(t *testing.T) {
	g := newRig(t, func(_ *Config, p *Parts) { p.Months = &twoCircles{} })
	_, zh := g.as(t, "finance").get("/months/2026-10/flows?lang=zh")
	_, en := g.as(t, "finance").get("/months/2026-10/flows?lang=en")
	for _, want := range []string{"交换网络", "等 3 个部门", "怎样得出", "/codebook/indicators/flow_network_density"} {
		if !strings.Contains(zh, want) {
			t.Errorf("no %s", want)
		}
	}
	// 13 of 42 possible pairs have a flow; 12 of the 13 are returned.
	for _, want := range []string{"The network of exchanges", "and 2 more", "<b>31.0%</b>", "<b>92.3%</b>"} {
		if !strings.Contains(en, want) {
			t.Errorf("no %s", want)
		}
	}
	network := en[strings.Index(en, `id="network"`):strings.Index(en, `id="matrix"`)]
	// WJ lies on every way from MZ and GA to SJ, RS and JT, and from nobody else: 6 of the 6·5 pairs of others.
	row := tableRow(t, network, "Department WJ")
	for _, want := range []string{">201<", ">3<", ">200<", ">2<", ">0.200<"} {
		if !strings.Contains(row, want) {
			t.Errorf("WJ: no %s in %s", want, row)
		}
	}
	communities := map[string]string{}
	for _, id := range []string{"MZ", "GA", "WJ", "SJ", "RS", "JT"} {
		cells := strings.Split(tableRow(t, network, "Department "+id), "</td>")
		communities[id] = cells[1]
	}
	if communities["MZ"] != communities["WJ"] || communities["GA"] != communities["WJ"] || communities["SJ"] != communities["JT"] || communities["RS"] != communities["JT"] || communities["MZ"] == communities["JT"] {
		t.Errorf("communities: %v", communities)
	}
	if strings.Contains(network, hostile) || strings.Contains(network, "alert(1)") {
		t.Error("a department without flows stands in the network")
	}
	for _, user := range []string{"own", "division"} {
		if _, text := g.as(t, user).get("/months/2026-10/flows?lang=en"); strings.Contains(text, `id="network"`) || !strings.Contains(text, `id="matrix"`) {
			t.Errorf("%s reads a network of which it sees a part", user)
		}
	}
}

// tableRow is the row of a table in which a department stands first.
func tableRow(t *testing.T, page, department string) string {
	t.Helper()
	for row := range strings.SplitSeq(page, "<tr>") {
		if first, _, _ := strings.Cut(row, "</td>"); strings.Contains(first, ">"+department+"</a>") {
			return row
		}
	}
	t.Fatalf("%s has no row", department)
	return ""
}
