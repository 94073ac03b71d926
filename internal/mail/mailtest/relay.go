// Package mailtest is a mail server for tests.
package mailtest

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
	"net"
	"os"
	"strings"
	"testing"
	"time"
)

var certificate tls.Certificate

// Trust makes a certificate for 127.0.0.1, writes it to the file and has this process trust it as it trusts those of
// the system. Call it before anything asks for those.
func Trust(file string) error {
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

// Relay is an SMTP server on this machine. It refuses the mailbox nobody and knows one login, weir with the password
// secret.
type Relay struct {
	Address string
	Got     chan Delivery
	kind    string
}

// Delivery is a message that was handed in.
type Delivery struct {
	From, To, Text, Login string
	Encrypted             bool
}

// New starts a relay that ends with the test. Its kind is starttls (which it offers, with a login behind it), tls (from
// the start) or plain (neither); the first two need Trust.
func New(t *testing.T, kind string) *Relay {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if kind == "tls" {
		listener = tls.NewListener(listener, &tls.Config{Certificates: []tls.Certificate{certificate}})
	}
	t.Cleanup(func() { listener.Close() })
	r := &Relay{Address: listener.Addr().String(), Got: make(chan Delivery, 64), kind: kind}
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
func (r *Relay) serve(c net.Conn) {
	defer func() { c.Close() }()
	in := bufio.NewReader(c)
	say := func(lines ...string) { io.WriteString(c, strings.Join(lines, "\r\n")+"\r\n") }
	d := Delivery{Encrypted: r.kind == "tls"}
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
			case !d.Encrypted:
				say("250-relay.test", "250 STARTTLS")
			default:
				say("250-relay.test", "250 AUTH PLAIN")
			}
		case "STARTTLS":
			if r.kind != "starttls" || d.Encrypted {
				say("502 not offered")
				continue
			}
			say("220 go ahead")
			secured := tls.Server(c, &tls.Config{Certificates: []tls.Certificate{certificate}})
			if secured.Handshake() != nil {
				return
			}
			c, in, d.Encrypted = secured, bufio.NewReader(secured), true
		case "AUTH":
			login, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(rest, "PLAIN "))
			if d.Login = string(login); err != nil || d.Login != "\x00weir\x00secret" {
				say("535 authentication failed")
				continue
			}
			say("235 welcome")
		case "MAIL":
			d.From = rest
			say("250 ok")
		case "RCPT":
			if strings.Contains(rest, "nobody@") {
				say("550 no such mailbox")
				continue
			}
			d.To += rest
			say("250 ok")
		case "DATA":
			say("354 end with a dot")
			text, err := io.ReadAll(dotted(in))
			if err != nil {
				return
			}
			d.Text = string(text)
			r.Got <- d
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
