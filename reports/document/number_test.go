package document

import "testing"

func TestFormatNumberRoundsOnceHalfUp(t *testing.T) {
	for _, c := range []struct {
		v        float64
		decimals int
		want     string
	}{
		{0.285, 2, "0.29"}, // binary value is 0.28499…
		{1.005, 2, "1.01"},
		{2.5, 0, "3"},
		{-2.5, 0, "−3"},
		{99.95, 1, "100.0"},
		{999.5, 0, "1,000"},
		{0, 1, "0.0"},
		{-0.04, 1, "0.0"},
		{1234567890123, 0, "1,234,567,890,123"},
		{9876543210123.45, 2, "9,876,543,210,123.45"},
		{1e15, 0, "1,000,000,000,000,000"},
		{1e-7, 2, "0.00"},
	} {
		if got := FormatNumber(c.v, c.decimals); got != c.want {
			t.Errorf("%v with %d decimals: got %s, want %s", c.v, c.decimals, got, c.want)
		}
	}
}

func TestFormatShortEndsWithADigitThatTells(t *testing.T) {
	for v, want := range map[float64]string{6: "6", 57.02: "57.02", 0.5: "0.5", 1200: "1,200", 0.001: "0"} {
		if got := FormatShort(v, 2); got != want {
			t.Errorf("%v: got %s, want %s", v, got, want)
		}
	}
}

func TestFormatSignedMarksOnlyWhatIsPrinted(t *testing.T) {
	for v, want := range map[float64]string{1.25: "+1.3", -1.25: "−1.3", 0.04: "0.0", -0.04: "0.0", 0: "0.0"} {
		if got := FormatSigned(v, 1); got != want {
			t.Errorf("%v: got %s, want %s", v, got, want)
		}
	}
}
