package server

import (
	"cmp"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"time"

	"weir/internal/lang"
)

// Config says how the service behaves. The zero value of each field has the stated default.
type Config struct {
	Name        lang.Text // of the city or region, shown in the head of every page
	Language    lang.Lang // where neither address, cookie nor user says; default zh
	Zone        *time.Location
	Addr        string // default 127.0.0.1:8020
	BehindProxy bool   // a gateway in front ends TLS: forwarded addresses are believed from Proxies only
	TLS         bool   // this process speaks TLS
	Key         []byte // secret under which form tokens are made; default random for each start

	Proxies       []netip.Prefix // gateways whose X-Forwarded-For and user header are believed; default loopback
	TrustedHeader string         // header in which a gateway names the user; "" for none
	OIDC          OIDC           // single sign-on; zero for none

	Idle     time.Duration // end of a session without a request; default 30 minutes
	Lifetime time.Duration // end of a session in any case; default 12 hours

	Rate       float64       // requests a second for each user or address; default 20
	Burst      int           // requests at once; default 80
	UploadMax  int64         // bytes of an uploaded file; default 2 GiB
	BodyMax    int64         // bytes of any other body; default 1 MiB
	Timeout    time.Duration // of a request that is no upload; default 60 s
	Grace      time.Duration // for running work when the service stops; default 20 s
	AnswerWait time.Duration // how long an upload waits for its load before it is answered with its job; default 20 s
}

// OIDC names the OpenID Connect provider.
type OIDC struct {
	Issuer       string
	ClientID     string
	ClientSecret string
	RedirectURL  string // address of this service's /login/oidc/callback as the browser sees it
	UserClaim    string // claim that holds the user's identifier; default preferred_username
}

const (
	defaultAddr      = "127.0.0.1:8020"
	defaultUploadMax = 2 << 30
	defaultBodyMax   = 1 << 20
)

func (c Config) withDefaults() Config {
	c.Language = cmp.Or(c.Language, lang.Zh)
	c.Addr = cmp.Or(c.Addr, defaultAddr)
	c.Idle, c.Lifetime = cmp.Or(c.Idle, 30*time.Minute), cmp.Or(c.Lifetime, 12*time.Hour)
	c.Rate, c.Burst = cmp.Or(c.Rate, 20), cmp.Or(c.Burst, 80)
	c.UploadMax, c.BodyMax = cmp.Or(c.UploadMax, defaultUploadMax), cmp.Or(c.BodyMax, defaultBodyMax)
	c.Timeout, c.Grace, c.AnswerWait = cmp.Or(c.Timeout, 60*time.Second), cmp.Or(c.Grace, 20*time.Second), cmp.Or(c.AnswerWait, 20*time.Second)
	c.OIDC.UserClaim = cmp.Or(c.OIDC.UserClaim, "preferred_username")
	if c.Zone == nil {
		c.Zone = time.UTC
	}
	if len(c.Proxies) == 0 {
		c.Proxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128")}
	}
	return c
}

// ErrExposed says that an address would be reachable from outside without protection.
var ErrExposed = errors.New("this address can be reached from other machines")

// CheckExposure refuses an address that other machines reach unless somebody can sign in and the line is protected:
// by TLS in this process, or by a gateway in front that --behind-proxy vouches for.
func CheckExposure(c Config, hasUsers bool) error {
	c = c.withDefaults()
	host, _, err := net.SplitHostPort(c.Addr)
	if err != nil {
		return fmt.Errorf("address %q: write it as HOST:PORT, for example %s: %w", c.Addr, defaultAddr, err)
	}
	if isLoopback(host) {
		return nil
	}
	switch {
	case !hasUsers:
		return fmt.Errorf("%w (%s), and nobody can sign in yet; add a user first: weir user add NAME --grant admin", ErrExposed, c.Addr)
	case !c.TLS && !c.BehindProxy:
		return fmt.Errorf("%w (%s), and passwords would travel in the clear; give --tls-cert and --tls-key, or --behind-proxy where a gateway in front ends TLS", ErrExposed, c.Addr)
	}
	return nil
}

func isLoopback(host string) bool {
	if host == "localhost" {
		return true
	}
	address, err := netip.ParseAddr(host)
	return err == nil && address.IsLoopback()
}
