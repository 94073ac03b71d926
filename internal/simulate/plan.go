package simulate

// profile is how a department behaves. Shares are in permille. What differs from the usual department is planted:
// truths.go states it as something that the indicators must find.
type profile struct {
	resources int // weight in the catalogue
	requests  int // requests received a month
	demand    int // weight as a requester; 0 never uses the data of others

	active       int // shareable resources in use
	shared       int // resources in use that have several consumers
	mounted      int // shareable datasets with a resource
	newResources int // resources newly mounted over the whole time
	firstUse     span
	askedFirst   int // new resources that somebody had requested before

	lateReply, lateDelivery, lateCatalogue, lateUpdate, lateCorrection, lateBackflow rate

	unauthorisedExtension bool // replies late under extensions that nobody approved
	idleDelivery          int  // deliveries that nobody uses
	age                   span // age of the data when loaded, permille of the update period
	redates               bool // stamps old data with the day of loading
	pullDelay             span // delay until subscribers receive a version, permille of the period

	abandons  int // resources nobody uses that it stops updating at some time
	failing   int // calls that fail
	empty     int // calls that deliver no row
	standard  int // resources on the standard protocol
	keyed     int // eligible resources with a standard key
	passing   int // elements that meet the rules
	offline   int // resources with an offline signed check
	recurring int // corrected defects that come back
	kept      int // fields and keys that survive cleaning
	linked    int // records linked

	matters   int  // matters handled a month
	supported int  // matters handled with a data call
	satisfied int  // points of 1,000 given by requesters
	expires   int  // month from which its authorizations have run out; never where 0
	monthEnd  int  // of its use, the share in the last three days of a month
	collected int  // collected items that another department shares
	idleDays  bool // declares the days on which it exchanged nothing
}

// span is a range, both ends included.
type span struct{ low, high int }

func (s span) draw(d dice) int { return d.between(s.low, s.high) }

// rate is a share in permille that may differ for some months, counted from the first month of the city.
type rate struct {
	usual  int
	phases []phase
}

type phase struct{ from, to, permille int }

func (r rate) at(month int) int {
	for _, p := range r.phases {
		if month >= p.from && month <= p.to {
			return p.permille
		}
	}
	return r.usual
}

func always(permille int) rate { return rate{usual: permille} }

func during(usual int, phases ...phase) rate { return rate{usual, phases} }

const toTheEnd = 1 << 20

func usual() profile {
	return profile{
		resources: 15, requests: 6, demand: 10,
		active: 640, shared: 560, mounted: 930, newResources: 2, firstUse: span{8, 55}, askedFirst: 400,
		lateReply: always(70), lateDelivery: always(90), lateCatalogue: always(80), lateUpdate: always(50),
		lateCorrection: always(80), lateBackflow: always(70),
		idleDelivery: 80, age: span{20, 150}, pullDelay: span{20, 180},
		abandons: 450, failing: 4, empty: 30, standard: 930, keyed: 740, passing: 984, offline: 820, recurring: 40, kept: 940, linked: 955,
		matters: 0, supported: 820, satisfied: 910, collected: 40, idleDays: true,
	}
}

// profiles gives every department its behaviour; a number of a month counts from 0, so 11 is the twelfth month.
func profiles() map[string]func(*profile) {
	return map[string]func(*profile){
		"GA": func(p *profile) {
			p.resources, p.requests, p.matters = 30, 9, 20
			p.shared = 90 // one consumer takes nearly everything
			p.lateCorrection = during(80, phase{9, toTheEnd, 700})
		},
		"SW": func(p *profile) { p.resources, p.demand = 17, 0 },
		"SCJG": func(p *profile) {
			p.resources, p.requests, p.demand, p.matters = 30, 11, 14, 20
			p.active, p.shared, p.keyed, p.standard, p.passing = 880, 900, 950, 1000, 996
			p.lateReply, p.lateDelivery, p.lateUpdate, p.failing, p.abandons = always(0), always(0), always(6), 0, 0
		},
		"ZRZY": func(p *profile) {
			p.resources, p.requests, p.matters = 29, 10, 12
			p.active = 1000 // all but the 时空 resources, see catalogue.go
			p.lateDelivery = during(90, phase{7, 13, 720})
		},
		"HG": func(p *profile) { p.standard, p.active, p.newResources, p.empty = 150, 200, 1, 400 },
		"RS": func(p *profile) {
			p.resources, p.requests, p.matters, p.offline = 18, 12, 18, 1000
			p.lateReply = during(40, phase{3, 10, 560})
			p.lateBackflow = during(0, phase{12, 14, 750})
		},
		"YB": func(p *profile) { p.linked = 620 },
		"STHJ": func(p *profile) {
			p.abandons, p.kept, p.pullDelay, p.lateUpdate = 0, 640, span{500, 590}, during(30, phase{0, 10, 420})
		},
		"YJ": func(p *profile) {
			p.age, p.passing, p.recurring, p.lateUpdate = span{1300, 1700}, 800, 450, always(120)
		},
		"QX": func(p *profile) {
			p.resources, p.active, p.newResources, p.askedFirst, p.lateUpdate = 18, 950, 9, 0, always(10)
			p.age, p.firstUse = span{5, 30}, span{3, 8}
		},
		"MZ": func(p *profile) {
			p.resources, p.requests, p.matters, p.satisfied = 18, 12, 12, 560
			p.lateReply = during(60, phase{6, 9, 600})
		},
		"JY": func(p *profile) {
			p.requests, p.idleDelivery, p.matters, p.expires = 9, 750, 6, 13
			p.lateCatalogue = during(80, phase{10, 10, 1000})
		},
		"WJ":   func(p *profile) { p.resources, p.newResources, p.firstUse, p.matters = 18, 9, span{110, 160}, 8 },
		"DSJ":  func(p *profile) { p.resources, p.newResources, p.firstUse, p.demand = 20, 9, span{4, 16}, 18 },
		"ZWFW": func(p *profile) { p.demand, p.satisfied, p.matters, p.lateReply = 22, 970, 25, always(0) },
		"CZ":   func(p *profile) { p.newResources, p.askedFirst, p.keyed = 5, 1000, 200 },
		"ZJ":   func(p *profile) { p.redates, p.matters, p.lateUpdate, p.abandons = true, 12, always(0), 0 },
		"JT": func(p *profile) {
			p.matters, p.offline, p.lateUpdate = 12, 0, during(40, phase{4, 10, 470})
		},
		"LS": func(p *profile) { p.resources, p.requests, p.newResources = 8, 4, 0 },
		"WL": func(p *profile) { p.resources, p.demand, p.collected = 10, 6, 600 },
		"YQ": func(p *profile) { p.resources, p.mounted, p.monthEnd = 10, 500, 700 },
		"WLSP": func(p *profile) {
			p.resources, p.requests, p.matters, p.supported = 8, 8, 22, 950
			p.lateReply, p.unauthorisedExtension = during(60, phase{8, toTheEnd, 500}), true
		},
		"YQSP": func(p *profile) { p.resources, p.matters, p.supported, p.idleDays = 8, 22, 280, false },
	}
}
