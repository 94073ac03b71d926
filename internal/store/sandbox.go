package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/duckdb/duckdb-go/v2"

	"weir/queries/schema"
)

// SandboxOptions say what a sandbox may read and use.
type SandboxOptions struct {
	Database      string        // file to attach read-only as "workspace"; "" for none
	Files         []string      // files that views may read, by absolute path
	Views         []SandboxView // what is published, in this order: a view may use those before it
	Macros        []string      // CREATE MACRO statements; a macro may use the views
	TempDirectory string        // private directory, the only place that may be written; "" forbids spilling
	TempDiskLimit int64         // bytes that may be spilled there
	MemoryLimit   int64         // bytes; 0: the engine's default
	Threads       int           // 0: one a core
	TimeZone      string        // default DefaultTimeZone
}

// SandboxView is a table that queries see, defined over workspace.<table> or over read_parquet.
type SandboxView struct {
	Name string `json:"name"`
	SQL  string `json:"sql"`
	Else string `json:"else,omitempty"` // used where SQL names a table that does not exist; "" where that is an error
}

// Sandbox is a database in memory that reads published views and nothing else: files other than those named cannot
// be opened, and no setting can be changed. It lives in a process of its own (see internal/runner), since SQL of
// strangers can still hold up or break the engine. It is for one goroutine at a time.
type Sandbox struct {
	db   *sql.DB
	conn *sql.Conn
}

// OpenSandbox makes a sandbox. A database that another process is writing is ErrLocked.
func OpenSandbox(ctx context.Context, o SandboxOptions) (_ *Sandbox, err error) {
	connector, err := duckdb.NewConnector(o.size(), nil)
	if err != nil {
		return nil, err
	}
	s := &Sandbox{db: sql.OpenDB(connector)}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.Close())
		}
	}()
	if s.conn, err = s.db.Conn(ctx); err != nil {
		return nil, err
	}
	if err := s.exec(ctx, o.settings()...); err != nil {
		return nil, err
	}
	if o.Database != "" {
		if _, err := s.conn.ExecContext(ctx, "ATTACH "+schema.Literal(o.Database)+" AS workspace (READ_ONLY)"); err != nil {
			return nil, openError(o.Database, err)
		}
	}
	// External access ends before views are made, so that a view over anything else fails at once.
	if err := s.exec(ctx, "SET enable_external_access = false"); err != nil {
		return nil, err
	}
	for _, v := range o.Views {
		if err := s.publish(ctx, v); err != nil {
			return nil, err
		}
	}
	if err := s.exec(ctx, o.Macros...); err != nil {
		return nil, err
	}
	if err := s.exec(ctx, "SET errors_as_json = true", "SET lock_configuration = true"); err != nil {
		return nil, err
	}
	return s, giveBack(ctx)
}

func (s *Sandbox) exec(ctx context.Context, statements ...string) error {
	for _, statement := range statements {
		if _, err := s.conn.ExecContext(ctx, statement); err != nil {
			return fmt.Errorf("%s: %w", statement, err)
		}
	}
	return nil
}

// publish makes one view.
func (s *Sandbox) publish(ctx context.Context, v SandboxView) error {
	create := "CREATE VIEW " + schema.Quote(v.Name) + " AS "
	_, err := s.conn.ExecContext(ctx, create+v.SQL)
	var engine *duckdb.Error
	if errors.As(err, &engine) && engine.Type == duckdb.ErrorTypeCatalog && v.Else != "" {
		_, err = s.conn.ExecContext(ctx, create+v.Else)
	}
	if err != nil {
		return fmt.Errorf("view %s: %w", v.Name, err)
	}
	return nil
}

// size gives memory and threads with the opening, since the engine otherwise starts a thread for each core before it
// can be told. Only these two may stand there: such options apply in random order.
func (o SandboxOptions) size() string {
	var options []string
	if o.MemoryLimit > 0 {
		options = append(options, fmt.Sprintf("memory_limit=%dB", o.MemoryLimit))
	}
	if o.Threads > 0 {
		options = append(options, fmt.Sprintf("threads=%d", o.Threads))
	}
	if len(options) == 0 {
		return ""
	}
	return "?" + strings.Join(options, "&")
}

// settings lists the statements that come before anything is attached.
func (o SandboxOptions) settings() []string {
	zone := o.TimeZone
	if zone == "" {
		zone = DefaultTimeZone
	}
	statements := []string{
		"SET autoinstall_known_extensions = false",
		"SET autoload_known_extensions = false",
		"SET allow_community_extensions = false",
		"SET allow_persistent_secrets = false",
		"SET TimeZone = " + schema.Literal(zone),
		"SET temp_directory = " + schema.Literal(o.TempDirectory),
	}
	if o.TempDirectory != "" && o.TempDiskLimit > 0 {
		statements = append(statements, fmt.Sprintf("SET max_temp_directory_size = '%dB'", o.TempDiskLimit))
	}
	if len(o.Files) > 0 {
		statements = append(statements, "SET allowed_paths = "+list(o.Files))
	}
	return statements
}

// list writes a list of texts as an SQL literal.
func list(texts []string) string {
	quoted := make([]string, len(texts))
	for i, t := range texts {
		quoted[i] = schema.Literal(t)
	}
	return "[" + strings.Join(quoted, ", ") + "]"
}

// SyntaxTree is the engine's syntax tree of a text as JSON. The text is parsed and never run.
func (s *Sandbox) SyntaxTree(ctx context.Context, text string) (string, error) {
	var tree string
	err := s.conn.QueryRowContext(ctx, "SELECT json_serialize_sql($1::VARCHAR)::VARCHAR", text).Scan(&tree)
	return tree, err
}

// Conn is the one connection of the sandbox.
func (s *Sandbox) Conn() *sql.Conn { return s.conn }

// Close ends the sandbox and what was kept in it.
func (s *Sandbox) Close() error {
	var err error
	if s.conn != nil {
		err = s.conn.Close()
	}
	return errors.Join(err, s.db.Close(), giveBack(context.Background()))
}

// EngineError is an error of the engine in its parts.
type EngineError struct {
	Type     string // Binder, Catalog, Conversion, "Out of Memory" …
	Message  string
	Position int // byte in the statement, -1 where not known
}

// ParseEngineError takes an error of a sandbox apart.
func ParseEngineError(err error) (EngineError, bool) {
	var engine *duckdb.Error
	if !errors.As(err, &engine) {
		return EngineError{}, false
	}
	var parts struct {
		Type     string `json:"exception_type"`
		Message  string `json:"exception_message"`
		Position string `json:"position"`
	}
	if json.Unmarshal([]byte(engine.Msg), &parts) != nil {
		return EngineError{Message: engine.Msg, Position: -1}, true
	}
	e := EngineError{Type: parts.Type, Message: parts.Message, Position: -1}
	if parts.Position != "" {
		fmt.Sscan(parts.Position, &e.Position)
	}
	return e, true
}

// Date is a parameter of type DATE, for statements from which the type cannot be told.
func Date(day time.Time) any { return duckdb.Typed(day, duckdb.TYPE_DATE) }
