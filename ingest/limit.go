package ingest

import (
	"context"
	"fmt"
	"strings"

	"weir/ingest/reason"
	"weir/ingest/record"
	"weir/internal/lang"
	"weir/internal/problem"
	"weir/queries/schema"
)

// defaultQuarantine is how many rows of one file may be quarantined: beyond it the file as a whole is wrong, such as
// one whose departments were never loaded, and a list of its rows helps nobody.
const defaultQuarantine = 200_000

// checkLeft refuses a file of which too many rows cannot be loaded, and says what they suffer from.
func (s *settlement) checkLeft(ctx context.Context, counts record.Counts, inserted int64) error {
	limit := s.options.MaxQuarantine
	if limit == 0 {
		limit = defaultQuarantine
	}
	left := counts.Rows - inserted - counts.Repeated - counts.Same
	if left <= limit {
		return nil
	}
	const table = "weir_reasons"
	var zh, en []string
	if _, err := s.relation.scan(ctx, s.conn, false, func() error {
		return s.exec(ctx, "CREATE TEMP TABLE "+table+" AS "+s.projection.reasons())
	}); err != nil {
		return err
	}
	rows, err := s.conn.QueryContext(ctx, "SELECT code, coalesce(column_name, ''), n, example FROM "+table+" ORDER BY n DESC, code LIMIT 5")
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var code, column, example string
		var n int64
		if err := rows.Scan(&code, &column, &n, &example); err != nil {
			return err
		}
		why := reason.Of(reason.Code(code)).Reason
		zh = append(zh, fmt.Sprintf("%d 行：%s %s（如 %q）", n, column, why.Zh, example))
		en = append(en, fmt.Sprintf("%d rows: %s %s (such as %q)", n, column, why.En, example))
	}
	if err := rows.Err(); err != nil {
		return err
	}
	return problem.Of(s.plan.input.path, lang.T(
		fmt.Sprintf("%d 行（共 %d 行）无法装入，超过逐行列出的上限 %d 行，未装入任何内容；%s", left, counts.Rows, limit, strings.Join(zh, "；")),
		fmt.Sprintf("%d of %d rows cannot be loaded, more than the %d that are listed row by row; nothing of the file was loaded; %s", left, counts.Rows, limit, strings.Join(en, "; "))),
		lang.T("先修正多数行共有的原因，如尚未装入的部门，再装入该文件", "repair the cause that the most rows share, such as departments that are not loaded yet, then ingest the file again"))
}

// reasons counts the rows that cannot be stored by their first fault.
func (p *projection) reasons() string {
	code, column, value := p.firstFault()
	return fmt.Sprintf("SELECT code, column_name, count(*) AS n, coalesce(min(value), '') AS example FROM (SELECT %s AS code, %s AS column_name, %s AS value FROM (%s) WHERE repeat IS DISTINCT FROM false AND NOT (%s)) WHERE code IS NOT NULL GROUP BY ALL",
		code, column, value, p.valued(false), p.sound())
}

// firstFault gives code, column and value of the first fault of a row as expressions.
func (p *projection) firstFault() (code, column, value string) {
	code, column, value = "CASE WHEN defect IS NOT NULL THEN defect", "CASE WHEN defect IS NOT NULL THEN fault_column", "CASE WHEN defect IS NOT NULL THEN fault_value"
	for _, f := range p.faults {
		when := " WHEN " + f.condition + " THEN "
		code += when + schema.Literal(string(f.code))
		column += when + schema.Literal(f.column)
		value += when + f.value
	}
	return code + " END", column + " END", value + " END"
}
