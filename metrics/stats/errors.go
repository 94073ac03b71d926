package stats

import (
	"errors"
	"fmt"
	"math"
)

var (
	// ErrNoData says that the quantity does not exist for this input: a
	// denominator of 0, an empty sample, zero spread. Callers show it as not
	// applicable, never as 0.
	ErrNoData = errors.New("no data")
	// ErrInvalid says that the input is not what the formula is defined for:
	// NaN, infinite, negative where a count is needed, lengths that differ.
	ErrInvalid = errors.New("invalid input")
)

func noData(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrNoData, fmt.Sprintf(format, args...))
}

func invalid(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrInvalid, fmt.Sprintf(format, args...))
}

func isFinite(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }

// checkFinite refuses NaN and infinite values and names the first one.
func checkFinite(name string, xs []float64) error {
	for i, x := range xs {
		if !isFinite(x) {
			return invalid("%s[%d] is %v", name, i, x)
		}
	}
	return nil
}

// checkNonNegative refuses NaN, infinite and negative values.
func checkNonNegative(name string, xs []float64) error {
	if err := checkFinite(name, xs); err != nil {
		return err
	}
	for i, x := range xs {
		if x < 0 {
			return invalid("%s[%d] = %v is negative", name, i, x)
		}
	}
	return nil
}

// checkConfidence refuses confidence levels outside the open interval (0, 1).
func checkConfidence(c float64) error {
	if !(c > 0 && c < 1) {
		return invalid("confidence %v, want a number between 0 and 1 such as 0.95", c)
	}
	return nil
}
