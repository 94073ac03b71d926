package mail

import (
	"bufio"
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"io"
	"math/big"
	"mime"
	"mime/multipart"
	"net"
	"net/mail"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

var certificate tls.Certificate

// TestMain makes a certificate for 127.0.0.1 that this process trusts as it trusts those of the system.
func TestMain(m *testing.M) {
	os.Exit(func() int {
		dir, err := os.MkdirTemp("", "weir-mail-*")
		if err != nil {
			panic(err)
		}
		defer os.RemoveAll(dir)
		if err := trust(filepath.Join(dir, "ca.pem")); err != nil {
			panic(err)
		}
		return m.Run()
	}())
}

func trust(file string) error {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		return err
	}
	certificate = tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
	return errors.Join(os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600), os.Setenv("SSL_CERT_FILE", file))
}

// relay is an SMTP server on this machine, of which one kind offers STARTTLS and AUTH behind it, one speaks TLS from
// the start and one knows neither.
type relay struct {
	address string
	got     chan delivery
	kind    string // starttls, tls or plain
}

type delivery struct {
	from, to, text, login string
	encrypted             bool
}

func newRelay(t *testing.T, kind string) *relay {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if kind == "tls" {
		listener = tls.NewListener(listener, &tls.Config{Certificates: []tls.Certificate{certificate}})
	}
	t.Cleanup(func() { listener.Close() })
	r := &relay{address: listener.Addr().String(), got: make(chan delivery, 4), kind: kind}
	go func() {
		for {
			c, err := listener.Accept()
			if err != nil {
				return
			}
			go r.serve(c)
		}
	}()
	return r
}

// serve speaks the protocol of RFC 5321 with one client.
func (r *relay) serve(c net.Conn) {
	defer func() { c.Close() }()
	in := bufio.NewReader(c)
	say := func(lines ...string) { io.WriteString(c, strings.Join(lines, "\r\n")+"\r\n") }
	d := delivery{encrypted: r.kind == "tls"}
	say("220 relay.test ESMTP")
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return
		}
		line = strings.TrimRight(line, "\r\n")
		verb, rest, _ := strings.Cut(line, " ")
		switch strings.ToUpper(verb) {
		case "EHLO":
			switch {
			case r.kind == "plain":
				say("250-relay.test", "250 8BITMIME")
			case !d.encrypted:
				say("250-relay.test", "250 STARTTLS")
			default:
				say("250-relay.test", "250 AUTH PLAIN")
			}
		case "STARTTLS":
			if r.kind != "starttls" || d.encrypted {
				say("502 not offered")
				continue
			}
			say("220 go ahead")
			secured := tls.Server(c, &tls.Config{Certificates: []tls.Certificate{certificate}})
			if secured.Handshake() != nil {
				return
			}
			c, in, d.encrypted = secured, bufio.NewReader(secured), true
		case "AUTH":
			login, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(rest, "PLAIN "))
			if d.login = string(login); err != nil || d.login != "\x00weir\x00secret" {
				say("535 authentication failed")
				continue
			}
			say("235 welcome")
		case "MAIL":
			d.from = rest
			say("250 ok")
		case "RCPT":
			if strings.Contains(rest, "nobody@") {
				say("550 no such mailbox")
				continue
			}
			d.to += rest
			say("250 ok")
		case "DATA":
			say("354 end with a dot")
			text, err := io.ReadAll(dotted(in))
			if err != nil {
				return
			}
			d.text = string(text)
			r.got <- d
			say("250 queued")
		case "QUIT":
			say("221 bye")
			return
		default:
			say("500 unknown")
		}
	}
}

// dotted reads a message up to the line with a dot alone.
func dotted(in *bufio.Reader) io.Reader {
	var b bytes.Buffer
	for {
		line, err := in.ReadString('\n')
		if err != nil || line == ".\r\n" {
			return &b
		}
		b.WriteString(strings.TrimPrefix(line, "."))
	}
}

func TestMessagesGoOutEncryptedWithLoginAndReadableInEveryLanguage(t *testing.T) {
	for _, kind := range []string{"starttls", "tls"} {
		r := newRelay(t, kind)
		s := Server{Host: r.address, Security: kind, User: "weir", Password: "secret", From: "清澜市大数据局 <weir@example.org>"}
		m := Message{To: "民政局 <mz@example.org>", Subject: "2026-10 政务数据流动报告", Text: "见附件。\n.\n完", Key: kind, Date: time.Date(2026, 11, 6, 8, 0, 0, 0, time.UTC),
			Files: []File{{Name: "评分卡 2026-10.pdf", Data: bytes.Repeat([]byte("%PDF-\n.\n"), 4000)}, {Name: "b.xlsx", Data: []byte{0, 1, 2, 255}}}}
		if err := s.Send(m); err != nil {
			t.Fatalf("%s: %v", kind, err)
		}
		d := <-r.got
		if !d.encrypted || d.login == "" || !strings.Contains(d.from, "FROM:<weir@example.org>") || d.to != "TO:<mz@example.org>" {
			t.Errorf("%s: %t %q %q %q", kind, d.encrypted, d.login, d.from, d.to)
		}
		message, err := mail.ReadMessage(strings.NewReader(d.text))
		if err != nil {
			t.Fatal(err)
		}
		head, _, _ := strings.Cut(d.text, "\r\n\r\n")
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
	r := newRelay(t, "starttls")
	good := Server{Host: r.address, User: "weir", Password: "secret", From: "weir@example.org"}
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
	if len(r.got) != 0 {
		t.Error("a refused message was handed in")
	}
}
