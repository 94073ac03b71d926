package simulate

import "testing"

// Truths and consistency do not depend on the sample's size, season or length.
func TestOtherCities(t *testing.T) {
	if testing.Short() {
		t.Skip("several cities")
	}
	for name, o := range map[string]Options{
		"larger":  {Departments: 40, Resources: 700, EventsPerMonth: 6000, Scale: 2, Months: 14},
		"earlier": {Start: "2024-01", Months: 18, Seed: 3},
		"short":   {Start: "2025-10", Months: 3},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir, _ := generate(t, o)
			checkTruths(t, dir)
			f := readCity(t, dir)
			checkReferences(t, f)
			checkOrder(t, f)
			checkUse(t, f)
		})
	}
}
