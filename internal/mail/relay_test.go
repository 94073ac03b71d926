package mail

import (
	"bytes"
	"net/mail"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"weir/internal/mail/mailtest"
)

// TestMain makes a certificate for 127.0.0.1 that this process trusts as it trusts those of the system.
func TestMain(m *testing.M) {
	os.Exit(func() int {
		dir, err := os.MkdirTemp("", "weir-mail-*")
		if err != nil {
			panic(err)
		}
		defer os.RemoveAll(dir)
		if err := mailtest.Trust(filepath.Join(dir, "ca.pem")); err != nil {
			panic(err)
		}
		return m.Run()
	}())
}

func TestMessagesGoOutEncryptedWithLoginAndReadableInEveryLanguage(t *testing.T) {
	for _, kind := range []string{"starttls", "tls"} {
		r := mailtest.New(t, kind)
		s := Server{Host: r.Address, Security: kind, User: "weir", Password: "secret", From: "清澜市大数据局 <weir@example.org>"}
		m := Message{To: "民政局 <mz@example.org>", Subject: "2026-10 政务数据流动报告", Text: "见附件。\n.\n完", Key: kind, Date: time.Date(2026, 11, 6, 8, 0, 0, 0, time.UTC),
			Files: []File{{Name: "评分卡 2026-10.pdf", Data: bytes.Repeat([]byte("%PDF-\n.\n"), 4000)}, {Name: "b.xlsx", Data: []byte{0, 1, 2, 255}}}}
		if err := s.Send(m); err != nil {
			t.Fatalf("%s: %v", kind, err)
		}
		d := <-r.Got
		if !d.Encrypted || d.Login == "" || !strings.Contains(d.From, "FROM:<weir@example.org>") || d.To != "TO:<mz@example.org>" {
			t.Errorf("%s: %t %q %q %q", kind, d.Encrypted, d.Login, d.From, d.To)
		}
		head, _, _ := strings.Cut(d.Text, "\r\n\r\n")
		for _, c := range head {
			if c > 126 {
				t.Fatalf("%s: the headers hold %q, which old relays refuse", kind, c)
			}
		}
		got := mailtest.Read(t, d.Text)
		if got.Subject != m.Subject || got.Text != m.Text || len(got.Files) != len(m.Files) {
			t.Errorf("subject %q, text %q, %d files", got.Subject, got.Text, len(got.Files))
		}
		for _, f := range m.Files {
			if !bytes.Equal(got.Files[f.Name], f.Data) {
				t.Errorf("file %q of %d bytes, want %d", f.Name, len(got.Files[f.Name]), len(f.Data))
			}
		}
		if to, err := mail.ParseAddress(got.Header.Get("To")); err != nil || to.Name != "民政局" {
			t.Errorf("to %v, %v", to, err)
		}
	}
}

func TestRefusalsAreErrors(t *testing.T) {
	r := mailtest.New(t, "starttls")
	good := Server{Host: r.Address, User: "weir", Password: "secret", From: "weir@example.org"}
	wrong, unknown, tlsOnly := good, good, good
	wrong.Password = "guess"
	tlsOnly.Security = "tls"
	unknown.Host = strings.Replace(unknown.Host, "127.0.0.1", "localhost", 1) // a name that the certificate does not hold
	for name, c := range map[string]struct {
		s    Server
		to   string
		want string
	}{
		"password":    {wrong, "mz@example.org", "535"},
		"mailbox":     {good, "nobody@example.org", "550"},
		"certificate": {unknown, "mz@example.org", "certificate"},
		"tls":         {tlsOnly, "mz@example.org", "tls"},
	} {
		if err := c.s.Send(Message{To: c.to, Subject: "x"}); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want an error that mentions %s", name, err, c.want)
		}
	}
	if len(r.Got) != 0 {
		t.Error("a refused message was handed in")
	}
}
