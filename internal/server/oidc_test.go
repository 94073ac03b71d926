package server

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"maps"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"
)

// provider is an OpenID Connect provider that says what the test wants.
type provider struct {
	*httptest.Server
	key    *rsa.PrivateKey // that its key set shows
	signer *rsa.PrivateKey // with which it signs
	// asked is the last sign-in that it was asked for, claims what it answers in place of the usual.
	asked  url.Values
	claims map[string]any
}

func newProvider(t *testing.T) *provider {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	p := &provider{key: key, signer: key}
	mux := http.NewServeMux()
	answer := func(pattern string, value func(*http.Request) any) {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			v := value(r)
			if v == nil {
				w.WriteHeader(http.StatusBadRequest)
				v = map[string]string{"error": "invalid_grant"}
			}
			if err := json.NewEncoder(w).Encode(v); err != nil {
				t.Error(err)
			}
		})
	}
	p.Server = httptest.NewServer(mux)
	t.Cleanup(p.Close)
	answer("/.well-known/openid-configuration", func(*http.Request) any {
		return map[string]any{"issuer": p.URL, "authorization_endpoint": p.URL + "/authorize", "token_endpoint": p.URL + "/token", "jwks_uri": p.URL + "/keys", "id_token_signing_alg_values_supported": []string{"RS256"}}
	})
	answer("/keys", func(*http.Request) any {
		encode := base64.RawURLEncoding.EncodeToString
		return map[string]any{"keys": []any{map[string]string{"kty": "RSA", "alg": "RS256", "use": "sig", "kid": "1", "n": encode(p.key.N.Bytes()), "e": encode(big.NewInt(int64(p.key.E)).Bytes())}}}
	})
	answer("/token", func(r *http.Request) any {
		verifier := sha256.Sum256([]byte(r.FormValue("code_verifier")))
		if r.FormValue("code") != "the-code" || base64.RawURLEncoding.EncodeToString(verifier[:]) != p.asked.Get("code_challenge") {
			return nil
		}
		claims := map[string]any{"iss": p.URL, "aud": "weir", "sub": "1", "preferred_username": "finance", "nonce": p.asked.Get("nonce"), "iat": time.Now().Unix(), "exp": time.Now().Add(time.Minute).Unix()}
		maps.Copy(claims, p.claims)
		return map[string]any{"access_token": "a", "token_type": "Bearer", "id_token": p.sign(t, claims)}
	})
	return p
}

// sign makes a signed token (RFC 7515, RS256).
func (p *provider) sign(t *testing.T, claims map[string]any) string {
	t.Helper()
	text, err := json.Marshal(claims)
	if err != nil {
		t.Fatal(err)
	}
	encode := base64.RawURLEncoding.EncodeToString
	signed := encode([]byte(`{"alg":"RS256","kid":"1"}`)) + "." + encode(text)
	sum := sha256.Sum256([]byte(signed))
	signature, err := rsa.SignPKCS1v15(rand.Reader, p.signer, crypto.SHA256, sum[:])
	if err != nil {
		t.Fatal(err)
	}
	return signed + "." + encode(signature)
}

// start goes to the provider and keeps what it was asked.
func (p *provider) start(t *testing.T, who *person, next string) {
	t.Helper()
	code, text, header := who.send("GET", "/login/oidc?next="+url.QueryEscape(next), "", "")
	to, err := url.Parse(header.Get("Location"))
	if err != nil || code != http.StatusSeeOther || !strings.HasPrefix(to.String(), p.URL+"/authorize") {
		t.Fatalf("start: %d %s %s", code, header.Get("Location"), text)
	}
	p.asked = to.Query()
}

func TestSingleSignOn(t *testing.T) {
	p := newProvider(t)
	g := newRig(t, func(c *Config, _ *Parts) {
		c.OIDC = OIDC{Issuer: p.URL, ClientID: "weir", ClientSecret: "s", RedirectURL: "http://127.0.0.1/login/oidc/callback"}
	})
	signedIn := func(who *person) bool {
		code, _ := who.get("/account")
		return code == http.StatusOK
	}
	who := g.as(t, "")
	p.start(t, who, "/months/2026-10")
	code, text, header := who.send("GET", "/login/oidc/callback?code=the-code&state="+p.asked.Get("state"), "", "")
	if code != http.StatusSeeOther || header.Get("Location") != "/months/2026-10" || !signedIn(who) {
		t.Fatalf("a good sign-on: %d %s %s", code, header.Get("Location"), text)
	}
	if code, _, _ := who.send("GET", "/login/oidc/callback?code=the-code&state="+p.asked.Get("state"), "", ""); code == http.StatusSeeOther {
		t.Error("the same answer serves twice")
	}
	// Somebody who leads elsewhere afterwards stays here.
	who = g.as(t, "")
	p.start(t, who, "//evil.example/x")
	if _, _, header := who.send("GET", "/login/oidc/callback?code=the-code&state="+p.asked.Get("state"), "", ""); header.Get("Location") != "/" {
		t.Errorf("led to %q", header.Get("Location"))
	}

	other, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		claims map[string]any
		signer *rsa.PrivateKey
		query  string
	}{
		"a nonce of another sign-in":      {claims: map[string]any{"nonce": "another"}},
		"a token for another service":     {claims: map[string]any{"aud": "another"}},
		"a token of another issuer":       {claims: map[string]any{"iss": "https://another.example"}},
		"a token that is over":            {claims: map[string]any{"exp": time.Now().Add(-time.Minute).Unix()}},
		"a token without the claim":       {claims: map[string]any{"preferred_username": ""}},
		"a token signed by another":       {signer: other},
		"a user who is not known here":    {claims: map[string]any{"preferred_username": "stranger"}},
		"a code that was made up":         {query: "code=made-up"},
		"a state of another browser":      {query: "code=the-code&state=another"},
		"a refusal of the provider":       {query: "error=access_denied"},
		"no code":                         {query: "x=1"},
		"a name with a path in its claim": {claims: map[string]any{"preferred_username": "../finance"}},
	} {
		p.claims, p.signer = c.claims, p.key
		if c.signer != nil {
			p.signer = c.signer
		}
		who := g.as(t, "")
		p.start(t, who, "/")
		query := c.query
		if query == "" {
			query = "code=the-code"
		}
		if !strings.Contains(query, "state=") {
			query += "&state=" + p.asked.Get("state")
		}
		if code, _, _ := who.send("GET", "/login/oidc/callback?"+query, "", ""); code < 400 || code >= 500 || signedIn(who) {
			t.Errorf("%s: %d, signed in %v", name, code, signedIn(who))
		}
	}
	// Without the cookie of the start nobody is signed in.
	p.claims, p.signer = nil, p.key
	first, second := g.as(t, ""), g.as(t, "")
	p.start(t, first, "/")
	if code, _, _ := second.send("GET", "/login/oidc/callback?code=the-code&state="+p.asked.Get("state"), "", ""); code < 400 || signedIn(second) {
		t.Errorf("an answer in another browser: %d", code)
	}
}

// TestWithoutTheProviderPasswordsServe asks a service whose provider is away.
func TestWithoutTheProviderPasswordsServe(t *testing.T) {
	p := newProvider(t)
	p.Close()
	g := newRig(t, func(c *Config, _ *Parts) { c.OIDC = OIDC{Issuer: p.URL, ClientID: "weir"} })
	if code, text, _ := g.as(t, "").send("GET", "/login/oidc", "", ""); code != http.StatusServiceUnavailable || !strings.Contains(text, "密码") {
		t.Errorf("%d %s", code, text)
	}
	if code, _ := g.as(t, "finance").get("/account"); code != http.StatusOK {
		t.Errorf("a password: %d", code)
	}
	if code, _, _ := newRig(t).as(t, "").send("GET", "/login/oidc", "", ""); code != http.StatusNotFound {
		t.Errorf("where none is set up: %d", code)
	}
}
