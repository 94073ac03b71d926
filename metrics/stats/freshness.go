package stats

import "math"

// BallouTimeliness is max(0, 1 − age/shelfLife)^s: 1 for data of age 0, 0 from
// the end of the shelf life on. Age and shelf life share a unit; a negative age
// counts as 0; s = 1 is linear, larger s punishes age sooner.
//
// Ballou, D. et al. (1998), Modeling information manufacturing systems to
// determine information product quality, Management Science 44, 462-484.
func BallouTimeliness(age, shelfLife, s float64) (float64, error) {
	if !isFinite(age) || !isFinite(shelfLife) || !isFinite(s) || shelfLife <= 0 || s <= 0 {
		return 0, invalid("age %v, shelf life %v, exponent %v", age, shelfLife, s)
	}
	return math.Pow(math.Max(0, 1-math.Max(0, age)/shelfLife), s), nil
}

// ExponentialTimeliness is exp(−rate·age), the probability that a value that
// changes at the given rate per unit of time is still the current one. A
// negative age counts as 0.
//
// Heinrich, B., Kaiser, M. and Klier, M. (2009), A procedure to develop metrics
// for currency and its application in CRM, ACM JDIQ 1(1), article 5.
func ExponentialTimeliness(age, rate float64) (float64, error) {
	if !isFinite(age) || !isFinite(rate) || rate < 0 {
		return 0, invalid("age %v, rate %v", age, rate)
	}
	return math.Exp(-rate * math.Max(0, age)), nil
}
