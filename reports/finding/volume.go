package finding

import (
	"errors"
	"math"

	"weir/metrics"
	"weir/metrics/stats"
	"weir/reports/document"
)

const (
	// fewExchanges is the volume below which nothing is made of who takes it.
	fewExchanges = 30
	// dominantShare is the share of one partner that counts as unusual concentration.
	dominantShare = 0.75
	// historyMonths is how far back a volume is compared.
	historyMonths = 24
)

// volumes adds up effective exchanges, by provider or by consumer.
func volumes(flows []metrics.Flow, provided bool) map[string]float64 {
	sums := map[string]float64{}
	for _, flow := range flows {
		if provided {
			sums[flow.Provider] += float64(flow.Exchanges)
		} else {
			sums[flow.Consumer] += float64(flow.Exchanges)
		}
	}
	return sums
}

// anomalies compares what each department provided and took with its own months before. A month without events is
// an anomaly only where there used to be some. Months before a merger count as the month does.
func (f *finder) anomalies() ([]Finding, error) {
	var list []Finding
	earlier := f.Earlier[max(0, len(f.Earlier)-historyMonths):]
	for _, provided := range []bool{true, false} {
		now := volumes(f.Month.Flows, provided)
		var past []map[string]float64
		var seasons []string
		for _, m := range earlier {
			past = append(past, volumes(m.FlowsAs(f.Month), provided))
			seasons = append(seasons, m.Month[len(m.Month)-2:])
		}
		for _, d := range f.Month.Departments {
			if f.skips(d.ID) {
				continue
			}
			history := make([]float64, len(past))
			for i, sums := range past {
				history[i] = sums[d.ID]
			}
			a, err := stats.SeasonalAnomaly(history, seasons, now[d.ID], f.Month.Month[len(f.Month.Month)-2:], stats.AnomalyOptions{})
			if errors.Is(err, stats.ErrNoData) {
				continue
			}
			if err != nil {
				return nil, err
			}
			if !a.Flagged || math.Abs(now[d.ID]-a.Expected) < fewExchanges {
				continue
			}
			what := f.T("提供的数据", "provided")
			if !provided {
				what = f.T("取用的数据", "took")
			}
			list = append(list, Finding{Kind: Anomaly, Department: d.ID, Weight: math.Abs(now[d.ID] - a.Expected), Paragraph: document.Paragraph{Spans: []document.Span{
				f.name(d.ID), {Text: f.F("%s为 %s 次有效交换，偏离以往 %d 个月的常态（中位数 %s 次）。", " %s data in %s effective exchanges, far from the usual of the %d months before (median %s).",
					what, document.FormatNumber(now[d.ID], 0), len(history), document.FormatNumber(a.Expected, 0))}}}})
		}
	}
	return list, nil
}

// concentrations names the providers whose data go almost wholly to one department, and the city where few
// departments provide nearly all.
func (f *finder) concentrations() ([]Finding, error) {
	var list []Finding
	total := map[string]float64{}
	largest := map[string]metrics.Flow{}
	var provided []float64
	for _, flow := range f.Month.Flows {
		total[flow.Provider] += float64(flow.Exchanges)
		if flow.Exchanges > largest[flow.Provider].Exchanges {
			largest[flow.Provider] = flow
		}
	}
	for _, d := range f.Month.Departments {
		if total[d.ID] > 0 {
			provided = append(provided, total[d.ID])
		}
		share := float64(largest[d.ID].Exchanges) / total[d.ID]
		if f.skips(d.ID) || total[d.ID] < fewExchanges || share < dominantShare {
			continue
		}
		partner := f.name(largest[d.ID].Consumer)
		list = append(list, Finding{Kind: Concentrated, Department: d.ID, Weight: share, Paragraph: document.Paragraph{Spans: []document.Span{
			f.name(d.ID), {Text: f.F("提供的 %s 次有效交换中有 %s%% 流向", " provided %[1]s effective exchanges, %[2]s%% of them to ",
				document.FormatNumber(total[d.ID], 0), document.FormatNumber(100*share, 1))}, partner, {Text: f.T("一家。", " alone.")}}}})
	}
	if f.Department != "" || len(provided) < 2 {
		return list, nil
	}
	hhi, err := stats.HHI(provided)
	if err != nil || hhi <= highConcentration {
		return list, err
	}
	return append(list, Finding{Kind: Concentrated, Weight: 1, Paragraph: *document.P(f.F("提供方高度集中：HHI %s（高于 %s），%d 个部门提供了数据。",
		"Provision is highly concentrated: HHI %s (above %s) over %d departments.", document.FormatNumber(hhi, 0), document.FormatNumber(highConcentration, 0), len(provided)))}), nil
}

// highConcentration is the HHI above which a market counts as highly concentrated (Merger Guidelines of the US
// Department of Justice and the Federal Trade Commission, 2023, 2.1; read in a secondary source).
const highConcentration = 1800
