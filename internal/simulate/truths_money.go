package simulate

import "weir/internal/lang"

func (c *city) moneyTruths() []Truth {
	end := c.last()
	paid := func(id string, m month) *Exact { return fen(c.ledger.paid[id][m.year()][m.number()]) }
	budget := func(id string, m month) *Exact { return fen(c.ledger.budget[id][m.year()]) }
	december := 12 - c.start.number()
	return []Truth{
		{"unspent_budget", []string{"budget_execution_rate"}, []string{"FG"}, lang.T(
			"发展和改革委员会的数据预算每年只执行不到一半", "The Development and Reform Commission spends less than half its data budget"), []Expectation{
			c.atEnd(Expectation{Indicator: "budget_execution_rate", Department: "FG", Numerator: paid("FG", end), Denominator: budget("FG", end), Rank: "lowest"}),
		}},
		{"fully_spent_budget", []string{"budget_execution_rate"}, []string{"CZ"}, lang.T(
			"财政局 2025 年预算全部执行", "The Finance Bureau spent its whole budget of 2025"), []Expectation{
			c.in(december, december, Expectation{Indicator: "budget_execution_rate", Department: "CZ", Value: num(100)}),
		}},
	}
}
