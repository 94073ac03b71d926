package mail

import (
	"io"
	"net/mail"
	"strings"
	"testing"
	"time"

	"weir/internal/mail/mailtest"
)

func TestOneMessageWithItsFileArrives(t *testing.T) {
	relay := mailtest.New(t, "plain")
	s := Server{Host: relay.Address, Security: "none", From: "weir@example.org"}
	m := Message{To: "mz@example.org", Subject: "报告\r\nBcc: other@example.org", Text: "正文", Files: []File{{Name: "a.pdf", Data: []byte("%PDF-")}}, Key: "stamp mz", Date: time.Date(2026, 11, 6, 8, 0, 0, 0, time.UTC)}
	if err := s.Send(m); err != nil {
		t.Fatal(err)
	}
	text := (<-relay.Got).Text
	message, err := mail.ReadMessage(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	if message.Header.Get("Bcc") != "" || message.Header.Get("To") != "<mz@example.org>" {
		t.Errorf("headers: %v", message.Header)
	}
	if body, _ := io.ReadAll(message.Body); !strings.Contains(string(body), "JVBERi0=") {
		t.Errorf("the file is missing:\n%s", body)
	}
	again, err := s.compose(m)
	if err != nil || !strings.Contains(string(again), message.Header.Get("Message-ID")) {
		t.Errorf("the same key must give the same Message-ID: %v", err)
	}
}

func TestWithoutStartTLSNothingIsSent(t *testing.T) {
	s := Server{Host: mailtest.New(t, "plain").Address, From: "weir@example.org"}
	if err := s.Send(Message{To: "mz@example.org"}); err == nil || !strings.Contains(err.Error(), "STARTTLS") {
		t.Errorf("%v", err)
	}
	if err := s.Send(Message{To: "no address"}); err == nil {
		t.Error("a wrong address was taken")
	}
}
