package store

import (
	"context"
	"database/sql"
	"fmt"

	"weir/queries/schema"
)

// migrate brings the database to this version: the numbered steps of Weir's own tables, each in one transaction
// and recorded, then the event tables, which follow the model: what is missing is added, what differs in type is
// refused, since only a numbered step may change it.
func (s *Store) migrate(ctx context.Context) error {
	const register = `CREATE TABLE IF NOT EXISTS schema_migration (version BIGINT NOT NULL, name VARCHAR NOT NULL, applied_at TIMESTAMP NOT NULL)`
	if _, err := s.db.ExecContext(ctx, register); err != nil {
		return fmt.Errorf("schema_migration: %w", err)
	}
	steps, err := schema.Migrations()
	if err != nil {
		return err
	}
	var applied int
	if err := s.db.QueryRowContext(ctx, "SELECT coalesce(max(version), 0) FROM schema_migration").Scan(&applied); err != nil {
		return err
	}
	if applied > len(steps) {
		return fmt.Errorf("the database is of a newer Weir (schema %d, this one knows %d); use that version", applied, len(steps))
	}
	for _, step := range steps[applied:] {
		if err := s.step(ctx, step); err != nil {
			return fmt.Errorf("migration %04d_%s: %w", step.Version, step.Name, err)
		}
	}
	return s.Write(ctx, s.followModel)
}

func (s *Store) step(ctx context.Context, step schema.Migration) error {
	return s.Write(ctx, func(ctx context.Context, c *sql.Conn) error {
		if _, err := c.ExecContext(ctx, step.SQL); err != nil {
			return err
		}
		_, err := c.ExecContext(ctx, "INSERT INTO schema_migration VALUES (?, ?, ?)", step.Version, step.Name, s.now().UTC())
		return err
	})
}

// followModel creates missing event tables and columns and keeps the comments as the model words them.
func (s *Store) followModel(ctx context.Context, c *sql.Conn) error {
	existing, err := columnTypes(ctx, c)
	if err != nil {
		return err
	}
	for i := range s.model.Tables {
		t := &s.model.Tables[i]
		columns := existing[t.Name]
		if columns == nil {
			if _, err := c.ExecContext(ctx, t.CreateSQL()); err != nil {
				return fmt.Errorf("create %s: %w", t.Name, err)
			}
		} else if err := addColumns(ctx, c, t, columns); err != nil {
			return err
		}
		if err := s.comment(ctx, c, t); err != nil {
			return err
		}
	}
	return nil
}

func addColumns(ctx context.Context, c *sql.Conn, t *schema.Table, columns map[string]string) error {
	for _, column := range t.Stored() {
		switch stored := columns[column.Name]; stored {
		case column.Type.SQL():
		case "":
			statement := fmt.Sprintf("ALTER TABLE %s ADD COLUMN %s %s", schema.Quote(t.Name), schema.Quote(column.Name), column.Type.SQL())
			if _, err := c.ExecContext(ctx, statement); err != nil {
				return fmt.Errorf("%s: %w", statement, err)
			}
		default:
			return fmt.Errorf("column %s.%s is %s in the database and %s in the model; a numbered migration must change it",
				t.Name, column.Name, stored, column.Type.SQL())
		}
	}
	return nil
}

// comment writes the comments of a table where they differ from the model's, so that opening stays fast.
func (s *Store) comment(ctx context.Context, c *sql.Conn, t *schema.Table) error {
	stored := map[string]bool{}
	rows, err := c.QueryContext(ctx, `SELECT comment FROM duckdb_columns() WHERE table_name = ? AND comment IS NOT NULL
		UNION ALL SELECT comment FROM duckdb_tables() WHERE table_name = ? AND comment IS NOT NULL`, t.Name, t.Name)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			return err
		}
		stored[text] = true
	}
	if err := rows.Err(); err != nil {
		return err
	}
	current := stored[t.Zh+" | "+t.En]
	for _, column := range t.Stored() {
		current = current && stored[s.model.Comment(column)]
	}
	if current {
		return nil
	}
	for _, statement := range s.model.CommentSQL(t) {
		if _, err := c.ExecContext(ctx, statement); err != nil {
			return fmt.Errorf("%s: %w", statement, err)
		}
	}
	return nil
}

func columnTypes(ctx context.Context, c *sql.Conn) (map[string]map[string]string, error) {
	rows, err := c.QueryContext(ctx, "SELECT table_name, column_name, data_type FROM duckdb_columns() WHERE NOT internal ORDER BY ALL")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	types := map[string]map[string]string{}
	for rows.Next() {
		var table, column, dataType string
		if err := rows.Scan(&table, &column, &dataType); err != nil {
			return nil, err
		}
		if types[table] == nil {
			types[table] = map[string]string{}
		}
		types[table][column] = dataType
	}
	return types, rows.Err()
}
