package closing

import (
	"fmt"

	"weir/metrics"
	"weir/metrics/scoring"
)

// Uncertainty steers the simulations of a close. DefaultUncertainty gives each default with its reason.
type Uncertainty struct {
	Draws         int     `yaml:"draws"`         // draws of each simulation, 20 to 100,000
	Concentration float64 `yaml:"concentration"` // how near drawn weights stay to those of the scheme: a share w varies by √(w(1−w)/(concentration+1))
	Targets       float64 `yaml:"targets"`       // part by which targets vary either way, 0 to below 1
}

// DefaultUncertainty is what a workspace has that sets nothing.
func DefaultUncertainty() Uncertainty {
	return Uncertainty{
		Draws: 1000,
		// A weight of 10 of 100 points varies by about 3 points either way, one of 3 by 1.7.
		Concentration: 100,
		// Targets that are no law are round figures: a tenth either way is another round figure.
		Targets: 0.1,
	}
}

func (u Uncertainty) orDefault() Uncertainty {
	if u == (Uncertainty{}) {
		return DefaultUncertainty()
	}
	return u
}

// Validate reports the first setting that cannot be used.
func (u Uncertainty) Validate() error {
	switch {
	case u.Draws < 20 || u.Draws > 100_000:
		return fmt.Errorf("uncertainty.draws %d: want 20 to 100000", u.Draws)
	case !(u.Concentration > 0 && u.Concentration <= 1e6):
		return fmt.Errorf("uncertainty.concentration %v: want a number above 0, at most 1000000", u.Concentration)
	case !(u.Targets >= 0 && u.Targets < 1):
		return fmt.Errorf("uncertainty.targets %v: want a part from 0 to below 1", u.Targets)
	}
	return nil
}

// standings simulates how firm scores, ranks and grades are: what the data, the weights, and all choices of the
// scheme together leave open.
func standings(scheme *scoring.Scheme, departments []scoring.Department, u Uncertainty, seed uint64) ([]metrics.Standing, error) {
	list := make([]metrics.Standing, len(departments))
	for i, d := range departments {
		list[i].Department = d.ID
	}
	for _, part := range []struct {
		options scoring.SimulationOptions
		into    func(*metrics.Standing) *scoring.Simulated
	}{
		{scoring.SimulationOptions{Values: true}, func(s *metrics.Standing) *scoring.Simulated { return &s.Data }},
		{scoring.SimulationOptions{Concentration: u.Concentration}, func(s *metrics.Standing) *scoring.Simulated { return &s.Weights }},
		{scoring.SimulationOptions{Concentration: u.Concentration, Targets: u.Targets, Aggregation: true}, func(s *metrics.Standing) *scoring.Simulated { return &s.Choices }},
	} {
		part.options.Draws, part.options.Seed, part.options.Confidence = u.Draws, seed, confidence
		drawn, err := scheme.Simulate(departments, part.options)
		if err != nil {
			return nil, err
		}
		for i := range drawn {
			*part.into(&list[i]) = drawn[i]
		}
	}
	return list, nil
}
