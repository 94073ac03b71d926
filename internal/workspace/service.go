package workspace

import (
	"fmt"
	"net/netip"
	"strings"
	"time"

	"weir/internal/problem"
)

// Service says how weir serve behaves. A key that is left out has the stated default.
type Service struct {
	Addr          string   `yaml:"addr"`           // HOST:PORT; default 127.0.0.1:8020
	TLSCert       string   `yaml:"tls_cert"`       // PEM file, relative to the workspace; "" for none
	TLSKey        string   `yaml:"tls_key"`        // PEM file of the key
	BehindProxy   bool     `yaml:"behind_proxy"`   // a gateway in front ends TLS
	Proxies       []string `yaml:"proxies"`        // addresses of gateways that are believed, such as 10.0.0.5/32; default this machine
	TrustedHeader string   `yaml:"trusted_header"` // header in which a gateway names the user; "" for none
	IdleMinutes   int      `yaml:"idle_minutes"`   // a session ends after so long without a request; default 30
	SessionHours  int      `yaml:"session_hours"`  // and after so long in any case; default 12
	RatePerSecond float64  `yaml:"rate_per_second"`
	Burst         int      `yaml:"burst"`
	UploadMiB     int64    `yaml:"upload_mib"` // largest upload; default 2048
	OIDC          OIDC     `yaml:"oidc"`
	Schedule      Schedule `yaml:"schedule"`
}

// OIDC names a provider of single sign-on (OpenID Connect).
type OIDC struct {
	Issuer       string `yaml:"issuer"`
	ClientID     string `yaml:"client_id"`
	ClientSecret string `yaml:"client_secret_file"` // file that holds the secret, relative to the workspace
	RedirectURL  string `yaml:"redirect_url"`
	UserClaim    string `yaml:"user_claim"` // default preferred_username
}

// Schedule says what the service does by itself.
type Schedule struct {
	Month         string `yaml:"month"`          // working day and time of month-end closing, such as "5 06:00"; "" for never
	Backup        string `yaml:"backup"`         // time of day, such as "02:30"; "" for never
	BackupDir     string `yaml:"backup_dir"`     // default backups in the workspace
	BackupKeep    int    `yaml:"backup_keep"`    // newest backups that are kept; default 14
	InboxMinutes  int    `yaml:"inbox_minutes"`  // how often inbox/ is looked at; 0 for never
	RetentionDays int    `yaml:"retention_days"` // audit log, ended sessions and finished jobs; 0 keeps everything
}

// TimeOfDay reads a time such as 02:30.
func TimeOfDay(text string) (hour, minute int, err error) {
	t, err := time.Parse("15:04", text)
	if err != nil {
		return 0, 0, fmt.Errorf("%q is no time of day; write it as 02:30", text)
	}
	return t.Hour(), t.Minute(), nil
}

// MonthRule reads the rule of month-end closing: a working day after the month's end and a time, such as "5 06:00".
func MonthRule(text string) (workingDay, hour, minute int, err error) {
	var clock string
	if n, scanned := fmt.Sscan(text, &workingDay, &clock); n != 2 || scanned != nil || workingDay < 1 || workingDay > 23 || strings.Count(strings.TrimSpace(text), " ") != 1 {
		return 0, 0, 0, fmt.Errorf("%q: write the working day after the month's end (1 to 23) and a time, such as 5 06:00", text)
	}
	hour, minute, err = TimeOfDay(clock)
	return workingDay, hour, minute, err
}

// problems reports what cannot be used.
func (s Service) problems(file string) problem.List {
	var list problem.List
	add := func(key string, err error) {
		if err != nil {
			list = append(list, problem.Problem{File: file, What: "server." + key + ": " + err.Error()})
		}
	}
	for _, p := range s.Proxies {
		_, err := netip.ParsePrefix(p)
		add("proxies", err)
	}
	if s.Schedule.Month != "" {
		_, _, _, err := MonthRule(s.Schedule.Month)
		add("schedule.month", err)
	}
	if s.Schedule.Backup != "" {
		_, _, err := TimeOfDay(s.Schedule.Backup)
		add("schedule.backup", err)
	}
	if (s.TLSCert == "") != (s.TLSKey == "") {
		add("tls_cert", fmt.Errorf("a certificate needs its key, and a key its certificate"))
	}
	for key, n := range map[string]float64{"idle_minutes": float64(s.IdleMinutes), "session_hours": float64(s.SessionHours), "rate_per_second": s.RatePerSecond, "burst": float64(s.Burst),
		"upload_mib": float64(s.UploadMiB), "schedule.inbox_minutes": float64(s.Schedule.InboxMinutes), "schedule.retention_days": float64(s.Schedule.RetentionDays), "schedule.backup_keep": float64(s.Schedule.BackupKeep)} {
		if n < 0 {
			add(key, fmt.Errorf("%v is below 0", n))
		}
	}
	list.Sort()
	return list
}
