package cli

import (
	"bytes"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"weir/internal/mail/mailtest"
)

const sendingConfig = `name: {zh: 某市, en: A City}
organisation: {zh: 某市大数据局, en: A Data Bureau}
language: zh
time_zone: Asia/Shanghai
reporting:
  kinds: [monthly_overview, department_scorecard]
  formats: [html, data]
  languages: [zh, en]
  mail:
    host: %HOST%
    security: none
    from: weir@example.org
    link: https://weir.example.org/
    recipients:
      - {address: finance@example.org, department: "*", kinds: [monthly_overview], formats: [html]}
      - {address: mz@example.org, department: MZ, formats: [html]}
      - {address: ga@example.org, department: GA, formats: [html], by: link, language: en}
      - {address: %LAST%, department: SW, formats: [html]}
`

func TestTheMonthSendsEverybodyWhatItMaySeeOnce(t *testing.T) {
	relay := mailtest.New(t, "plain")
	dir := filepath.Join(t.TempDir(), "w")
	configure := func(last string) {
		text := strings.NewReplacer("%HOST%", relay.Address, "%LAST%", last).Replace(sendingConfig)
		if err := os.WriteFile(filepath.Join(dir, "weir.yaml"), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	month := func(want int) string {
		t.Helper()
		code, out, messages := weir("", "--dir", dir, "--format", "csv", "--lang", "en", "month", "--now", "2026-11-30")
		if code != want {
			t.Fatalf("exit %d, want %d\n%s%s", code, want, out, messages)
		}
		return out + messages
	}
	if code, _, messages := weir("", "--dir", dir, "init"); code != 0 {
		t.Fatal(messages)
	}
	var inbox []string
	for _, name := range []string{"department", "dataset", "resource", "request"} {
		inbox = append(inbox, filepath.Join("../../testdata/city", name+".csv.gz"))
	}
	if code, _, messages := weir("", append([]string{"--dir", dir, "ingest"}, inbox...)...); code != 0 {
		t.Fatal(messages)
	}

	// The last mailbox is refused: the others have their messages, and the run says what failed.
	configure("nobody@example.org")
	if out := month(1); !strings.Contains(out, "nobody@example.org") || !strings.Contains(out, "550") {
		t.Errorf("the refused mailbox is not named:\n%s", out)
	}
	got := deliveries(t, relay)
	if len(got) != 3 {
		t.Fatalf("%d messages, want 3", len(got))
	}
	if m := got["finance@example.org"]; len(m.Files) != 1 || !bytes.Contains(m.Files["monthly_overview-2026-10.zh.html"], []byte("<html")) {
		t.Errorf("finance got %v", names(m.Files))
	}
	if m := got["mz@example.org"]; len(m.Files) != 1 || !bytes.Contains(m.Files["department_scorecard-2026-10-MZ.zh.html"], []byte("民政局")) || m.Subject != "2026-10 政务数据流动报告" {
		t.Errorf("MZ got %v under %q", names(m.Files), m.Subject)
	}
	link := "https://weir.example.org/months/2026-10/reports/department_scorecard-2026-10-GA.en.html\n"
	if m := got["ga@example.org"]; len(m.Files) != 0 || strings.Count(m.Text, "https://") != 1 || !strings.Contains(m.Text, link) || m.Subject != "Reports on the flow of government data, 2026-10" {
		t.Errorf("GA got %v and\n%s", names(m.Files), m.Text)
	}

	// Once the mailbox is right, the next run sends that message and no other; one more sends nothing.
	configure("sw@example.org")
	month(0)
	if got := deliveries(t, relay); len(got) != 1 || len(got["sw@example.org"].Files) != 1 {
		t.Errorf("the second run sent %d messages", len(got))
	}
	month(0)
	if got := deliveries(t, relay); len(got) != 0 {
		t.Errorf("the third run sent %d messages", len(got))
	}
}

// deliveries takes what the relay has got, by recipient.
func deliveries(t *testing.T, relay *mailtest.Relay) map[string]mailtest.Message {
	t.Helper()
	list := map[string]mailtest.Message{}
	for len(relay.Got) > 0 {
		d := <-relay.Got
		list[strings.Trim(strings.TrimPrefix(d.To, "TO:"), "<>")] = mailtest.Read(t, d.Text)
	}
	return list
}

func names(files map[string][]byte) []string { return slices.Sorted(maps.Keys(files)) }
