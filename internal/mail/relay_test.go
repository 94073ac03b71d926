package mail

import (
	"bytes"
	"encoding/base64"
	"errors"
	"io"
	"mime"
	"mime/multipart"
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
		message, err := mail.ReadMessage(strings.NewReader(d.Text))
		if err != nil {
			t.Fatal(err)
		}
		head, _, _ := strings.Cut(d.Text, "\r\n\r\n")
		for _, c := range head {
			if c > 126 {
				t.Fatalf("%s: the headers hold %q, which old relays refuse", kind, c)
			}
		}
		decoder := new(mime.WordDecoder)
		if subject, err := decoder.DecodeHeader(message.Header.Get("Subject")); err != nil || subject != m.Subject {
			t.Errorf("subject %q, %v", subject, err)
		}
		if to, err := mail.ParseAddress(message.Header.Get("To")); err != nil || to.Name != "民政局" {
			t.Errorf("to %v, %v", to, err)
		}
		expectParts(t, message, m)
	}
}

// expectParts reads the body as a mail program does: the text, then the files under their names.
func expectParts(t *testing.T, message *mail.Message, m Message) {
	t.Helper()
	kind, parameters, err := mime.ParseMediaType(message.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/mixed" {
		t.Fatalf("%s, %v", kind, err)
	}
	parts := multipart.NewReader(message.Body, parameters["boundary"])
	for i := range 1 + len(m.Files) {
		part, err := parts.NextRawPart()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(base64.NewDecoder(base64.StdEncoding, part))
		if err != nil {
			t.Fatal(err)
		}
		if i == 0 {
			if string(content) != m.Text {
				t.Errorf("text %q", content)
			}
			continue
		}
		if f := m.Files[i-1]; part.FileName() != f.Name || !bytes.Equal(content, f.Data) {
			t.Errorf("file %q of %d bytes, want %q of %d", part.FileName(), len(content), f.Name, len(f.Data))
		}
	}
	if _, err := parts.NextPart(); !errors.Is(err, io.EOF) {
		t.Errorf("behind the last file: %v", err)
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
