package mail

import (
	"bufio"
	"io"
	"net"
	"net/mail"
	"strings"
	"testing"
	"time"
)

func TestOneMessageWithItsFileArrives(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	got := make(chan string, 1)
	go serve(listener, got)
	s := Server{Host: listener.Addr().String(), Security: "none", From: "weir@example.org"}
	m := Message{To: "mz@example.org", Subject: "报告\r\nBcc: other@example.org", Text: "正文", Files: []File{{Name: "a.pdf", Data: []byte("%PDF-")}}, Key: "stamp mz", Date: time.Date(2026, 11, 6, 8, 0, 0, 0, time.UTC)}
	if err := s.Send(m); err != nil {
		t.Fatal(err)
	}
	text := <-got
	message, err := mail.ReadMessage(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	if message.Header.Get("Bcc") != "" || message.Header.Get("To") != "mz@example.org" {
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
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	go serve(listener, make(chan string, 1))
	s := Server{Host: listener.Addr().String(), From: "weir@example.org"}
	if err := s.Send(Message{To: "mz@example.org"}); err == nil || !strings.Contains(err.Error(), "STARTTLS") {
		t.Errorf("%v", err)
	}
	if err := s.Send(Message{To: "no address"}); err == nil {
		t.Error("a wrong address was taken")
	}
}

// serve speaks enough SMTP to take one message.
func serve(l net.Listener, got chan<- string) {
	c, err := l.Accept()
	if err != nil {
		return
	}
	defer c.Close()
	r := bufio.NewReader(c)
	io.WriteString(c, "220 test\r\n")
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			return
		}
		switch {
		case strings.HasPrefix(line, "EHLO"):
			io.WriteString(c, "250 test\r\n")
		case strings.HasPrefix(line, "STARTTLS"):
			io.WriteString(c, "502 no\r\n")
		case strings.HasPrefix(line, "DATA"):
			io.WriteString(c, "354 go\r\n")
			var b strings.Builder
			for {
				line, err := r.ReadString('\n')
				if err != nil || line == ".\r\n" {
					break
				}
				b.WriteString(line)
			}
			got <- b.String()
			io.WriteString(c, "250 ok\r\n")
		case strings.HasPrefix(line, "QUIT"):
			io.WriteString(c, "221 bye\r\n")
			return
		default:
			io.WriteString(c, "250 ok\r\n")
		}
	}
}
