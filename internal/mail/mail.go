// Package mail sends finished reports by SMTP: one message a recipient, with the files attached or with links.
//
// It decides nothing: the caller names the files that a recipient may see. No message is ever sent to several
// recipients at once, since addresses are nobody else's business.
package mail

import (
	"bytes"
	"crypto/sha256"
	"crypto/tls"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"mime"
	"net"
	"net/mail"
	"net/smtp"
	"strings"
	"time"
)

// Server is where messages are handed in.
type Server struct {
	Host     string // HOST:PORT
	Security string // starttls (also ""), tls or none
	User     string // "" for none
	Password string
	From     string
}

// Message is one message to one recipient.
type Message struct {
	To, Subject, Text string
	Files             []File
	// Key names the message: the same key gives the same Message-ID, by which a mailbox knows a message it already has.
	Key  string
	Date time.Time
}

// File is an attachment.
type File struct {
	Name string
	Data []byte
}

const timeout = 60 * time.Second

// Send hands one message in. STARTTLS is refused to be skipped: a server that does not offer it is an error.
func (s Server) Send(m Message) (err error) {
	content, err := s.compose(m)
	if err != nil {
		return err
	}
	host, _, err := net.SplitHostPort(s.Host)
	if err != nil {
		return err
	}
	var conn net.Conn
	if s.Security == "tls" {
		conn, err = tls.DialWithDialer(&net.Dialer{Timeout: timeout}, "tcp", s.Host, &tls.Config{ServerName: host, MinVersion: tls.VersionTLS12})
	} else {
		conn, err = net.DialTimeout("tcp", s.Host, timeout)
	}
	if err != nil {
		return err
	}
	if err := conn.SetDeadline(time.Now().Add(5 * timeout)); err != nil {
		return errors.Join(err, conn.Close())
	}
	c, err := smtp.NewClient(conn, host)
	if err != nil {
		return errors.Join(err, conn.Close())
	}
	defer c.Close()
	if s.Security == "" || s.Security == "starttls" {
		if err := c.StartTLS(&tls.Config{ServerName: host, MinVersion: tls.VersionTLS12}); err != nil {
			return fmt.Errorf("STARTTLS: %w", err)
		}
	}
	if s.User != "" {
		if err := c.Auth(smtp.PlainAuth("", s.User, s.Password, host)); err != nil {
			return err
		}
	}
	from, to, err := s.addresses(m)
	if err != nil {
		return err
	}
	if err := c.Mail(from.Address); err != nil {
		return err
	}
	if err := c.Rcpt(to.Address); err != nil {
		return err
	}
	w, err := c.Data()
	if err != nil {
		return err
	}
	if _, err := w.Write(content); err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return err
	}
	return c.Quit()
}

// compose writes the message. Addresses are checked and headers encoded, so that no text can add a header.
func (s Server) compose(m Message) ([]byte, error) {
	from, to, err := s.addresses(m)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256([]byte(m.Key))
	id := hex.EncodeToString(sum[:16])
	var b bytes.Buffer
	header := func(name, value string) { fmt.Fprintf(&b, "%s: %s\r\n", name, value) }
	header("From", from.String())
	header("To", to.String())
	header("Subject", mime.BEncoding.Encode("utf-8", oneLine(m.Subject)))
	header("Date", m.Date.Format(time.RFC1123Z))
	header("Message-ID", "<"+id+"@weir>")
	header("MIME-Version", "1.0")
	header("Content-Type", `multipart/mixed; boundary="`+id+`"`)
	part := func(headers string, data []byte) {
		fmt.Fprintf(&b, "\r\n--%s\r\n%sContent-Transfer-Encoding: base64\r\n\r\n", id, headers)
		text := base64.StdEncoding.EncodeToString(data)
		for len(text) > 76 {
			b.WriteString(text[:76] + "\r\n")
			text = text[76:]
		}
		b.WriteString(text)
	}
	part("Content-Type: text/plain; charset=utf-8\r\n", []byte(m.Text))
	for _, f := range m.Files {
		name := mime.FormatMediaType("attachment", map[string]string{"filename": oneLine(f.Name)})
		part("Content-Type: application/octet-stream\r\nContent-Disposition: "+name+"\r\n", f.Data)
	}
	fmt.Fprintf(&b, "\r\n--%s--\r\n", id)
	return b.Bytes(), nil
}

// addresses reads sender and recipient, which may have names: 数据局 <weir@example.org>.
func (s Server) addresses(m Message) (from, to *mail.Address, err error) {
	if from, err = mail.ParseAddress(s.From); err != nil {
		return nil, nil, fmt.Errorf("address %q: %w", s.From, err)
	}
	if to, err = mail.ParseAddress(m.To); err != nil {
		return nil, nil, fmt.Errorf("address %q: %w", m.To, err)
	}
	return from, to, nil
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
