package finding

import (
	"weir/metrics"
	"weir/reports/document"
	"weir/reports/dossier"
	"weir/reports/reading"
)

// Storage is a department's stored volume, what of it is dormant, and what that cost.
type Storage struct {
	Department string
	Stored     float64 // bytes of shareable resources
	Asleep     float64 // bytes dormant
	// Carry is what the department spent on hardware and running maintenance within twelve months, in yuan, capital
	// spending spread over its service life; Cost is the part that the dormant share of the volume stands for. It is
	// an estimate: storage is not booked by resource.
	Carry, Cost float64
	HasCost     bool // spending on hardware or maintenance is known
	Resources   int  // dormant resources
}

const dormantIndicator = "dormant_storage_share"

// Stores lists the departments that state stored volumes, in the order of the month.
func Stores(r *reading.Reading) []Storage {
	carry, known := map[string]float64{}, map[string]bool{}
	for _, p := range r.Dossier.Payments {
		if p.Category == "hardware" || p.Category == "maintenance" {
			carry[p.Department] += p.Carried
			known[p.Department] = true
		}
	}
	resources := map[string]int{}
	for _, d := range r.Dossier.Dormant {
		resources[d.Department]++
	}
	var list []Storage
	for _, d := range r.Month.Departments {
		v, ok := r.Value(dormantIndicator, d.ID)
		if !ok || !reading.Number(v).Ok() || v.Numerator == nil || v.Denominator == nil || *v.Denominator <= 0 {
			continue
		}
		s := Storage{Department: d.ID, Stored: *v.Denominator, Asleep: *v.Numerator, Carry: carry[d.ID], HasCost: known[d.ID], Resources: resources[d.ID]}
		s.Cost = s.Carry * s.Asleep / s.Stored
		list = append(list, s)
	}
	return list
}

// dormant words the dormant storage and its cost.
func (f *finder) dormant() ([]Finding, error) {
	stores := Stores(f.Reading)
	if f.Department != "" {
		var own []Storage
		for _, s := range stores {
			if s.Department == f.Department {
				own = append(own, s)
			}
		}
		stores = own
	}
	var all, worst Storage
	for _, s := range stores {
		all.Stored, all.Asleep, all.Cost = all.Stored+s.Stored, all.Asleep+s.Asleep, all.Cost+s.Cost
		all.HasCost = all.HasCost || s.HasCost
		if s.Asleep > worst.Asleep {
			worst = s
		}
	}
	p := f.Indicator(dormantIndicator)
	if all.Asleep == 0 || p == nil {
		return nil, nil
	}
	share := 100 * all.Asleep / all.Stored
	spans := []document.Span{{Text: f.F("%s 存储中有 %s（%s%%）半年以上无其他部门使用", "Of %s stored, %s (%s%%) has not been used by any other department for half a year",
		Bytes(all.Stored), Bytes(all.Asleep), document.FormatNumber(share, 1))}}
	if f.Department == "" && len(stores) > 1 {
		spans = append(spans, document.Span{Text: f.T("，其中", "; ")}, f.name(worst.Department), document.Span{Text: f.F("占 %s", " holds %s of it", Bytes(worst.Asleep))})
	}
	if all.HasCost {
		spans = append(spans, document.Span{Text: f.F("；按近 12 个月硬件与运行维护支出折算，每年约 %s", "; by the spending on hardware and maintenance of the last twelve months this costs about %s a year", f.Money(all.Cost))})
	}
	spans = append(spans, document.Span{Text: f.T("。", ". ")}, document.Span{Text: f.T("查看依据", "Evidence"), Explain: f.explain()})
	return []Finding{{Kind: Dormant, Department: f.Department, Weight: all.Asleep, Paragraph: document.Paragraph{Spans: spans}}}, nil
}

func (f *finder) explain() string {
	department := f.Department
	if department == "" {
		department = metrics.City
	}
	if _, ok := f.Value(dormantIndicator, department); !ok {
		return reading.DefinitionID(dormantIndicator)
	}
	return reading.ExplanationID(dormantIndicator, department)
}

// Bytes writes a volume in the unit that suits its size, powers of 1000.
func Bytes(v float64) string {
	units := []string{"B", "kB", "MB", "GB", "TB", "PB"}
	i := 0
	for v >= 1000 && i < len(units)-1 {
		v, i = v/1000, i+1
	}
	decimals := 1
	if i == 0 {
		decimals = 0
	}
	return document.FormatNumber(v, decimals) + " " + units[i]
}

// Sleepers lists the dormant resources of a department, or of all, largest first, at most n.
func Sleepers(r *reading.Reading, department string, n int) []dossier.Dormant {
	var list []dossier.Dormant
	for _, d := range r.Dossier.Dormant {
		if (department == "" || d.Department == department) && len(list) < n {
			list = append(list, d)
		}
	}
	return list
}
