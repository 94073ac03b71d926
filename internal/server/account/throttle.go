package account

import (
	"sync"
	"time"
)

// Throttling of sign-ins: free failures, then a delay that doubles with each further failure up to the longest. An
// address has more free failures than an account, since offices share one; an account that is tried from everywhere
// is slowed as well. Failures are forgotten an hour after the last one.
const (
	freePerPair    = 5
	freePerAccount = 20
	freePerAddress = 30
	firstDelay     = 2 * time.Second
	longestDelay   = 15 * time.Minute
	forgetAfter    = time.Hour
	mostKeys       = 100_000 // bounds memory under an attack from many addresses
)

type failures struct {
	count int
	last  time.Time
}

// throttle counts failed sign-ins by account, by address and by both together.
type throttle struct {
	mu   sync.Mutex
	keys map[string]failures
}

func keysOf(account, address string) map[string]int {
	return map[string]int{
		"pair\x00" + account + "\x00" + address: freePerPair,
		"account\x00" + account:                 freePerAccount,
		"address\x00" + address:                 freePerAddress,
	}
}

// wait is how long the next try must wait, 0 for not at all.
func (t *throttle) wait(account, address string, now time.Time) time.Duration {
	t.mu.Lock()
	defer t.mu.Unlock()
	var longest time.Duration
	for key, free := range keysOf(account, address) {
		f, ok := t.keys[key]
		if !ok || now.Sub(f.last) > forgetAfter || f.count < free {
			continue
		}
		delay := min(firstDelay<<min(f.count-free, 20), longestDelay)
		longest = max(longest, f.last.Add(delay).Sub(now))
	}
	return longest
}

func (t *throttle) fail(account, address string, now time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.keys == nil || len(t.keys) > mostKeys {
		t.forget(now)
	}
	for key := range keysOf(account, address) {
		f := t.keys[key]
		if now.Sub(f.last) > forgetAfter {
			f.count = 0
		}
		t.keys[key] = failures{f.count + 1, now}
	}
}

// forget drops what is old, and everything where that is not enough.
func (t *throttle) forget(now time.Time) {
	kept := map[string]failures{}
	for key, f := range t.keys {
		if now.Sub(f.last) <= forgetAfter {
			kept[key] = f
		}
	}
	if len(kept) > mostKeys {
		kept = map[string]failures{}
	}
	t.keys = kept
}

// succeed forgets the failures of the pair; those of the account and the address stay, so that an attacker with one
// account of his own gains nothing.
func (t *throttle) succeed(account, address string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.keys, "pair\x00"+account+"\x00"+address)
}
