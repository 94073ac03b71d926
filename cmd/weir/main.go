// Command weir measures whether a government's data moves: it ingests the logs of a data-sharing platform, closes
// months and renders the reports on which budgets and assessments are decided.
package main

import (
	"os"
	_ "time/tzdata" // closed networks often lack the zone files

	"weir/internal/cli"
)

func main() { os.Exit(cli.Run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) }
