package cli

import (
	"fmt"

	"weir/internal/closing"
	"weir/internal/store"
	"weir/internal/workspace"
)

type verifyCommand struct {
	Month    string `arg:"" optional:"" placeholder:"YYYY-MM" help:"${verify_month}"`
	Revision int    `placeholder:"N" help:"${verify_revision}"`
	All      bool   `help:"${verify_all}"`
}

// Run verifies closed months and lists everything that is not as it was frozen. It ends with findings where anything is
// that later data do not explain.
func (c verifyCommand) Run(e *env) error {
	if c.All && (c.Month != "" || c.Revision > 0) || c.Revision < 0 || c.Revision > 0 && c.Month == "" {
		return usageError{"give a month, a month with its --revision, or --all"}
	}
	if c.Month != "" {
		if _, err := parseMonth(c.Month); err != nil {
			return err
		}
	}
	return e.withStore(func(w *workspace.Workspace, s *store.Store) error {
		closer, err := closerOf(w, s)
		if err != nil {
			return err
		}
		months := []string{c.Month}
		if c.All {
			if months, err = closedMonths(e, s); err != nil {
				return err
			}
		}
		sound := true
		t := &table{columns: []string{"month", "revision", "part", "where", "what", "later_data"}}
		for _, month := range months {
			v, err := closer.Verify(e.ctx, month, c.Revision)
			if err != nil {
				return err
			}
			for _, f := range v.Findings {
				t.add(f.Month, f.Revision, string(f.Part), f.Where, f.What.In(e.lang), f.Later)
			}
			sound = sound && v.Sound()
			e.sayVerified(v)
		}
		if err := e.print(t); err != nil {
			return err
		}
		if !sound {
			return errFindings
		}
		return nil
	})
}

// closedMonths lists the closed months, each once, in order.
func closedMonths(e *env, s *store.Store) ([]string, error) {
	list, err := closing.List(e.ctx, s)
	if err != nil {
		return nil, err
	}
	var months []string
	for _, c := range list {
		if len(months) == 0 || months[len(months)-1] != c.Month {
			months = append(months, c.Month)
		}
	}
	if len(months) == 0 {
		return nil, fmt.Errorf("%w: none is; close one with weir close YYYY-MM", closing.ErrNotClosed)
	}
	return months, nil
}

func (e *env) sayVerified(v *closing.Verification) {
	later := ""
	if v.LaterLoads > 0 {
		later = e.lang.Pick(fmt.Sprintf("；月结之后又装入 %d 个文件", v.LaterLoads), fmt.Sprintf("; %d files came in after the close", v.LaterLoads))
	}
	name := fmt.Sprintf("%s.%d", v.Month, v.Revision)
	checked := e.lang.Pick(
		fmt.Sprintf("%s 印记 %s：核对 %d 个文件、%d 行，重算 %d 个值、%d 个部门的得分%s", name, v.Stamp[:min(len(v.Stamp), 12)], v.Files, v.Rows, v.Figures, v.Scores, later),
		fmt.Sprintf("%s stamp %s: %d files and %d rows compared, %d values and the scores of %d departments computed anew%s", name, v.Stamp[:min(len(v.Stamp), 12)], v.Files, v.Rows, v.Figures, v.Scores, later))
	switch n := len(v.Findings); {
	case n == 0:
		e.say(checked+"；完全一致", checked+"; all as it was frozen")
	case v.Sound():
		e.say(checked+fmt.Sprintf("；%d 处不同可由其后的数据解释，再次月结即成新版", n), checked+fmt.Sprintf("; %d differences that later data explain: closing again makes a revision", n))
	default:
		e.say(checked+fmt.Sprintf("；%d 处与冻结时不同", n), checked+fmt.Sprintf("; %d things are not as they were frozen", n))
	}
}
