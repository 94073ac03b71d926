// Package schema is the event model: the tables that platforms deliver, described once in model.yaml with meaning,
// units, codes and keys, and the migrations of the tables that Weir keeps for itself.
//
// It holds text and descriptions only; it never talks to a database.
package schema

import (
	"bytes"
	_ "embed"
	"fmt"
	"slices"
	"sync"

	"go.yaml.in/yaml/v3"

	"weir/internal/lang"
)

//go:embed model.yaml
var modelYAML []byte

// Model is the whole event model.
type Model struct {
	Codes  map[string]Codes `yaml:"codes"`
	Tables []Table          `yaml:"tables"`
	Flat   Flat             `yaml:"flat"`
}

// Codes is a code list: code → label.
type Codes map[string]lang.Text

// Table is one table of the event model.
type Table struct {
	Name      string `yaml:"name"`
	Group     string `yaml:"group"`
	lang.Text `yaml:",inline"`
	Key       []string `yaml:"key"`       // natural key, by which repeated rows are found
	Time      []string `yaml:"time"`      // columns that say which months a row touches; empty for reference tables
	Partition string   `yaml:"partition"` // time column that decides the closed month of the lake; "" for whole tables
	Raw       bool     `yaml:"raw"`       // rows as a server recorded them, from which uses are made or counted
	OnChange  string   `yaml:"on_change"` // Correct or Refuse
	Columns   []Column `yaml:"columns"`
}

// What happens when a later load brings a known key with other content.
const (
	Correct = "correct" // the row is replaced, the old version kept
	Refuse  = "refuse"  // the row is quarantined: a logged fact does not change
)

// Column is one column. Unit is a UCUM-like symbol or "" for none.
type Column struct {
	Name      string `yaml:"name"`
	Type      Type   `yaml:"type"`
	lang.Text `yaml:",inline"`
	Unit      string   `yaml:"unit"`
	Required  bool     `yaml:"required"`
	Ref       string   `yaml:"ref"`      // table whose key the column holds
	Codes     string   `yaml:"codes"`    // name of the code list that its values come from
	Personal  bool     `yaml:"personal"` // code of a person: hashed on entry, not public
	Withheld  bool     `yaml:"withheld"` // may lead to a person together with other columns: not public
	Fills     []string `yaml:"fills"`    // flat columns only: table.column filled from it
}

// Public tells whether a column may leave the database: for the lake, for notebooks and for queries of people.
func (c Column) Public() bool { return !c.Personal && !c.Withheld }

// Flat describes rows that fill several tables at once: a catalogue's list.
type Flat struct {
	Name      string `yaml:"name"`
	lang.Text `yaml:",inline"`
	Tables    []string `yaml:"tables"` // filled in this order; rows are counted on the first
	Columns   []Column `yaml:"columns"`
}

// Type is the type of a column.
type Type string

// The types of the model and what they are in DuckDB.
const (
	Text      Type = "text"
	Integer   Type = "integer"
	Decimal   Type = "decimal"
	Boolean   Type = "boolean"
	Date      Type = "date"
	Timestamp Type = "timestamp" // stored as UTC without zone
)

var sqlTypes = map[Type]string{
	Text: "VARCHAR", Integer: "BIGINT", Decimal: "DECIMAL(18,2)", Boolean: "BOOLEAN", Date: "DATE", Timestamp: "TIMESTAMP",
}

// SQL is the column type in DuckDB.
func (t Type) SQL() string { return sqlTypes[t] }

// Default is the model that ships with the product.
var Default = sync.OnceValue(func() *Model {
	m, err := Parse(modelYAML)
	if err != nil {
		// The file is embedded and tested: a failure here is a broken build.
		panic(err)
	}
	return m
})

// Parse reads a model and checks that keys, references and code lists exist.
func Parse(text []byte) (*Model, error) {
	d := yaml.NewDecoder(bytes.NewReader(text))
	d.KnownFields(true)
	var m Model
	if err := d.Decode(&m); err != nil {
		return nil, fmt.Errorf("event model: %w", err)
	}
	if err := m.validate(); err != nil {
		return nil, fmt.Errorf("event model: %w", err)
	}
	return &m, nil
}

// Table finds a table by name.
func (m *Model) Table(name string) (*Table, bool) {
	for i := range m.Tables {
		if m.Tables[i].Name == name {
			return &m.Tables[i], true
		}
	}
	return nil, false
}

// TableNames lists the tables in model order.
func (m *Model) TableNames() []string {
	names := make([]string, len(m.Tables))
	for i, t := range m.Tables {
		names[i] = t.Name
	}
	return names
}

// Delivered lists the tables that stand for themselves, without the raw records from which uses are made.
func (m *Model) Delivered() []Table {
	var list []Table
	for _, t := range m.Tables {
		if !t.Raw {
			list = append(list, t)
		}
	}
	return list
}

// Column finds a column by name.
func (t *Table) Column(name string) (*Column, bool) {
	i := slices.IndexFunc(t.Columns, func(c Column) bool { return c.Name == name })
	if i < 0 {
		return nil, false
	}
	return &t.Columns[i], true
}

// ColumnNames lists the columns in model order.
func (t *Table) ColumnNames() []string {
	names := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		names[i] = c.Name
	}
	return names
}
