package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"weir/internal/calendar"
	"weir/internal/lang"
	"weir/internal/mail"
	"weir/internal/publish"
	"weir/internal/store"
	"weir/internal/workspace"
)

type monthCommand struct {
	Now string `placeholder:"YYYY-MM-DD" help:"${month_now}"`
}

// Run does what a scheduler calls: where the month before is due, it ingests the inbox, closes, renders all reports
// and scheduled notebooks, and sends them. The database belongs to one process, so two runs cannot overlap; a second run finds the same stamp,
// the same files and the messages already sent. A month that was closed is closed again only where data came in.
func (c monthCommand) Run(e *env) error {
	return e.withStore(func(w *workspace.Workspace, s *store.Store) error {
		at := now().In(w.Config.Location())
		if c.Now != "" {
			day, err := time.ParseInLocation(time.DateOnly, c.Now, w.Config.Location())
			if err != nil {
				return usageError{fmt.Sprintf("--now %q is not of the form YYYY-MM-DD", c.Now)}
			}
			at = day.Add(24*time.Hour - time.Second)
		}
		month, due, err := dueMonth(w, at)
		if err != nil {
			return err
		}
		if at.Before(due) {
			e.say(fmt.Sprintf("%s 于 %s 到期，尚未到期", month, due.Format("2006-01-02 15:04")), fmt.Sprintf("%s is due on %s: nothing to do yet", month, due.Format("2006-01-02 15:04")))
			return nil
		}
		r := newMonthRun(e, w, s, month)
		failed := r.do()
		t := &table{columns: []string{"month", "step", "status", "seconds", "detail"}}
		for _, s := range r.log.Steps {
			t.add(r.log.Month, s.Name, s.Status, s.Seconds, s.Detail)
		}
		return errors.Join(e.print(t), failed)
	})
}

// dueMonth is the month before the one at hand and the moment from which on it is due.
func dueMonth(w *workspace.Workspace, at time.Time) (calendar.Month, time.Time, error) {
	month := calendar.MonthOf(at).Add(-1)
	day, hour, minute := w.Config.Reporting.WorkingDay, 0, 0
	if rule := w.Config.Server.Schedule.Month; rule != "" {
		var err error
		if day, hour, minute, err = workspace.MonthRule(rule); err != nil {
			return month, time.Time{}, err
		}
	}
	c, err := calendarOf(w)
	if err != nil {
		return month, time.Time{}, err
	}
	due, err := c.Due(month.Add(1).Day().AddDate(0, 0, -1), day)
	if err != nil {
		return month, time.Time{}, err
	}
	return month, time.Date(due.Year(), due.Month(), due.Day(), hour, minute, 0, 0, w.Config.Location()), nil
}

// runLog is what one run leaves behind: a file that says running after the process is gone was cut off.
type runLog struct {
	Month    string    `json:"month"`
	Started  time.Time `json:"started"`
	Finished time.Time `json:"finished,omitzero"`
	Status   string    `json:"status"` // running, done, failed
	Error    string    `json:"error,omitempty"`
	Steps    []runStep `json:"steps"`
}

type runStep struct {
	Name    string  `json:"name"`
	Seconds float64 `json:"seconds"`
	Status  string  `json:"status"`
	Detail  string  `json:"detail,omitempty"`
}

type monthRun struct {
	*env
	workspace *workspace.Workspace
	store     *store.Store
	month     calendar.Month
	log       runLog
	shelf     *publish.Shelf
	publisher *publish.Publisher // that of the service; nil: one of its own
}

func newMonthRun(e *env, w *workspace.Workspace, s *store.Store, month calendar.Month) *monthRun {
	return &monthRun{env: e, workspace: w, store: s, month: month, log: runLog{Month: month.String(), Started: now().UTC(), Status: "running"}}
}

// do takes the steps, the same for the command and for the job of the service.
func (r *monthRun) do() error {
	if err := r.save(); err != nil {
		return err
	}
	var failed error
	for _, step := range []struct {
		name string
		do   func() (string, error)
	}{{"ingest", r.ingest}, {"close", r.close}, {"render", r.render}, {"notebooks", r.notebooks}, {"send", r.send}} {
		r.say(step.name+"…", step.name+"…")
		started := now()
		detail, err := step.do()
		entry := runStep{Name: step.name, Seconds: now().Sub(started).Seconds(), Status: "done", Detail: detail}
		if err != nil {
			entry.Status, entry.Detail = "failed", err.Error()
			failed = errors.Join(failed, fmt.Errorf("%s: %w", step.name, err))
		}
		r.log.Steps = append(r.log.Steps, entry)
		// Files that cannot be loaded lie in inbox/rejected, and a notebook that fails is a person's page: neither holds up
		// the month; all else does.
		if err != nil && step.name != "ingest" && step.name != "notebooks" {
			break
		}
	}
	r.log.Finished, r.log.Status = now().UTC(), "done"
	if failed != nil {
		r.log.Status, r.log.Error = "failed", failed.Error()
	}
	return errors.Join(failed, r.save())
}

// save writes the log of the run beside the reports' directories.
func (r *monthRun) save() error {
	text, err := json.MarshalIndent(r.log, "", "  ")
	if err != nil {
		return err
	}
	directory := filepath.Join(r.workspace.Dir, "log")
	if err := os.MkdirAll(directory, 0o755); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(directory, "month-"+r.log.Started.Format("20060102T150405.000")+".json"), append(text, '\n'), 0o644)
}

func (r *monthRun) ingest() (string, error) {
	settings, err := ingestSettings(r.workspace)
	if err != nil {
		return "", err
	}
	outcomes, err := inboxOf(r.workspace, r.store, settings).Take(r.ctx)
	return inboxSummary(outcomes), errors.Join(err, inboxFailures(outcomes))
}

func (r *monthRun) close() (string, error) {
	closer, err := closerOf(r.workspace, r.store)
	if err != nil {
		return "", err
	}
	summary, err := closer.Close(r.ctx, r.month, "")
	if err != nil {
		return "", err
	}
	r.printNotes(summary)
	return fmt.Sprintf("revision %d, stamp %s, unchanged %t", summary.Revision, summary.Stamp[:12], summary.Unchanged), nil
}

func (r *monthRun) render() (detail string, err error) {
	err = r.withPublisher(func(p *publish.Publisher) error {
		out, shelf, err := r.renderReports(r.workspace, r.store, p, monthOrder(r.workspace, r.month.String()))
		r.shelf = shelf
		detail = fmt.Sprintf("%d files, %d rendered", len(out.Files), out.Rendered)
		return err
	})
	return detail, err
}

// notebooks files what the notebooks give that are scheduled for each close.
func (r *monthRun) notebooks() (detail string, err error) {
	err = r.withPublisher(func(p *publish.Publisher) error {
		out, shelf, err := r.fileNotebooks(r.workspace, r.store, p, r.month.String())
		if shelf != nil {
			r.shelf = shelf
		}
		detail = fmt.Sprintf("%d files, %d rendered", len(out.Files), out.Rendered)
		return err
	})
	return detail, err
}

// withPublisher lends the publisher of the service, or one that ends after f.
func (r *monthRun) withPublisher(f func(*publish.Publisher) error) (err error) {
	if r.publisher != nil {
		return f(r.publisher)
	}
	p, done, err := publisherOf(r.workspace, r.store)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, done()) }()
	return f(p)
}

// send gives every recipient what it may see, once for each stamp: a message that was handed in is noted at once.
func (r *monthRun) send() (string, error) {
	config := r.workspace.Config.Reporting.Mail
	if config.Host == "" {
		return "no mail server is configured", nil
	}
	server := mail.Server{Host: config.Host, Security: config.Security, User: config.User, From: config.From}
	if config.PasswordFile != "" {
		path := config.PasswordFile
		if !filepath.IsAbs(path) {
			path = filepath.Join(r.workspace.Dir, path)
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return "", fmt.Errorf("reporting.mail.password_file: %w", err)
		}
		server.Password = strings.TrimSpace(string(text))
	}
	sent, err := r.sentKeys()
	if err != nil {
		return "", err
	}
	count := 0
	var failed error
	for _, recipient := range config.Recipients {
		files := filesFor(r.shelf, recipient, r.workspace.Config.Language)
		key := r.shelf.Stamp + " " + recipient.Address + " " + recipient.Department
		if len(files) == 0 || sent[key] {
			continue
		}
		message, err := r.message(config, recipient, files, key)
		if err == nil {
			err = server.Send(message)
		}
		if err == nil {
			err = r.noteSent(key)
		}
		if err != nil {
			failed = errors.Join(failed, fmt.Errorf("to %s: %w", recipient.Address, err))
			continue
		}
		count++
	}
	return fmt.Sprintf("%d messages sent, %d recipients", count, len(config.Recipients)), failed
}

// filesFor lists what a recipient may see and wants: all reports for "*", else the scorecard of its department.
func filesFor(shelf *publish.Shelf, recipient workspace.Recipient, own lang.Lang) []publish.File {
	formats, language := recipient.Formats, recipient.Language
	if len(formats) == 0 {
		formats = []string{"pdf"}
	}
	if language == "" {
		language = own
	}
	var list []publish.File
	for _, f := range shelf.Files {
		allowed := recipient.Department == "*" || f.Kind == "department_scorecard" && f.Department == recipient.Department
		wanted := len(recipient.Kinds) == 0 || slices.Contains(recipient.Kinds, f.Kind)
		if allowed && wanted && f.Language == language && slices.Contains(formats, f.Format) {
			list = append(list, f)
		}
	}
	return list
}

func (r *monthRun) message(config workspace.Mail, recipient workspace.Recipient, files []publish.File, key string) (mail.Message, error) {
	l := recipient.Language
	if l == "" {
		l = r.workspace.Config.Language
	}
	m := mail.Message{To: recipient.Address, Key: key, Date: now(),
		Subject: l.Pick(r.log.Month+" 政务数据流动报告", "Reports on the flow of government data, "+r.log.Month)}
	m.Text = r.workspace.Config.Organisation.In(l) + "\n\n"
	for _, f := range files {
		m.Text += f.Title + " " + f.Subject
		if recipient.By == "link" {
			m.Text += ": " + strings.TrimSuffix(config.Link, "/") + "/months/" + r.log.Month + "/reports/" + f.Name
		} else {
			content, err := os.ReadFile(r.shelf.Path(f))
			if err != nil {
				return m, err
			}
			m.Files = append(m.Files, mail.File{Name: f.Name, Data: content})
		}
		m.Text += "\n"
	}
	m.Text += "\n" + l.Pick("数据指纹 ", "Stamp ") + r.shelf.Stamp + "\n"
	return m, nil
}

func (r *monthRun) ledger() string { return filepath.Join(r.workspace.Dir, "log", "sent.txt") }

func (r *monthRun) sentKeys() (map[string]bool, error) {
	text, err := os.ReadFile(r.ledger())
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	keys := map[string]bool{}
	for _, line := range strings.Split(string(text), "\n") {
		keys[line] = true
	}
	return keys, nil
}

func (r *monthRun) noteSent(key string) error {
	f, err := os.OpenFile(r.ledger(), os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o644)
	if err != nil {
		return err
	}
	_, err = f.WriteString(key + "\n")
	return errors.Join(err, f.Sync(), f.Close())
}
