package dossier

import "time"

// Project is one line of the fiscal year's budget. Amounts are in yuan; nil is not stated.
type Project struct {
	Department, ID, Title string

	Initial     *float64 // 年初预算数
	Annual      float64  // 全年预算数
	CarriedOver *float64 // 其中上年结转
	Spent       float64  // charged to the fiscal year and paid until the end of the month
}

// Payment is the spending of a department on one category in one month.
type Payment struct {
	Department, Project string
	FiscalYear          int
	Category            string // hardware, software, tool, data_service, operation, maintenance, other
	Month               string // YYYY-MM of the payment
	Amount              float64
	// Carried is what of the payment falls into the twelve months up to the end of the month: capital spending is
	// spread evenly over its service life, other spending counts whole when it was paid.
	Carried float64
}

// Target is one performance target of a project with its newest report.
type Target struct {
	Department, Project, ID string

	Level1, Level2, Title string
	Rule                  string // positive, reverse, equal, qualitative
	Unit                  string
	Baseline, Target      *float64
	Weight                float64
	Actual, Qualitative   *float64 // nil: not reported
	Reason                string   // reason for the deviation and cure, as reported
	ReportedAt            *time.Time
}

// Reported tells whether anything was reported for the target.
func (t Target) Reported() bool { return t.Actual != nil || t.Qualitative != nil }

// Unit is what a department used and what came of it within twelve months, for comparing efficiency.
type Unit struct {
	Department string
	Spend      float64 // yuan, capital spending spread over its service life
	Staff      int     // persons in data posts at the end of the month
	Pairs      int     // distinct resource, consumer and scenario with an effective exchange within 365 days
	Matters    int     // matters handled with at least one data call
}

// ProjectsOf lists the projects of a department.
func (d *Dossier) ProjectsOf(department string) []Project {
	var list []Project
	for _, p := range d.Projects {
		if p.Department == department {
			list = append(list, p)
		}
	}
	return list
}

// TargetsOf lists the targets of a project.
func (d *Dossier) TargetsOf(department, project string) []Target {
	var list []Target
	for _, t := range d.Targets {
		if t.Department == department && t.Project == project {
			list = append(list, t)
		}
	}
	return list
}
