// Package scoring turns values into points, scores, grades and ranks that can
// be defended line by line.
//
// Two engines live here. Scheme scores departments by distance to target: a
// department's points depend on its own values, its targets and the weights,
// never on another department's data. Methodology rebuilds any composite index
// from a table of units × indicators, stage by stage, and is where methods
// that compare units with one another (entropy, TOPSIS, rank) belong.
//
// Never added here: SQL, reading of files other than method files, texts of
// reports, a method that lets missing data raise a score.
package scoring
