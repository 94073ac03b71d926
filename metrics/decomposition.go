package metrics

import (
	"fmt"

	"weir/metrics/scoring"
)

// ScoreChange explains why a department's score differs from that of an earlier month.
type ScoreChange struct {
	Department string
	scoring.Decomposition
}

// Decompose splits the change of every score since an earlier month into indicators, and each into value, target,
// weight and availability; lines sum to the change to the hundredth. Departments without a score on one side are
// left out.
func Decompose(now, before *Month) ([]ScoreChange, error) {
	var list []ScoreChange
	for _, r := range now.Scores {
		was, ok := before.Score(r.Department)
		if !ok || !r.Total.Scored || !was.Total.Scored {
			continue
		}
		d, err := scoring.Decompose(was.Total, r.Total)
		if err != nil {
			return nil, fmt.Errorf("change of the score of %s: %w", r.Department, err)
		}
		list = append(list, ScoreChange{r.Department, d})
	}
	return list, nil
}
