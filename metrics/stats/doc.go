// Package stats holds the statistics behind Weir's figures: intervals of
// proportions, survival times, trends, tests, concentration and inequality,
// robust anomalies. Every function states its formula, its edge cases and
// where the formula comes from, and is tested against figures printed
// elsewhere.
//
// Functions are pure: no clock, no global random source, no input or output.
// What draws at random takes a seed and gives the same answer for it.
//
// Input that has no answer is refused with an error that says why: ErrNoData
// where there is nothing to measure (shown as "not applicable"), ErrInvalid
// where the input contradicts itself or is NaN or infinite. No function
// returns NaN or Inf together with a nil error.
//
// Never added here: SQL, names of indicators, thresholds of policy. Those
// belong to the indicator pages and to package scoring.
package stats
