// Package personal replaces codes of persons and addresses by keyed hashes before anything is stored.
//
// The hash is SipHash-2-4 under the workspace's key: the same person has the same hash within a workspace, nobody
// without the key can compute it, and there is no way back. It is never used where collisions would decide a figure:
// among a million persons the chance of one is 3 in 10⁸.
package personal

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"math/bits"
)

// Hasher hashes under one key.
type Hasher struct{ k0, k1 uint64 }

// New makes a hasher from the workspace's key, of any length.
func New(key []byte) *Hasher {
	sum := sha256.Sum256(key)
	return &Hasher{binary.LittleEndian.Uint64(sum[:]), binary.LittleEndian.Uint64(sum[8:])}
}

// prefix marks hashes, so that a value that was hashed before, as in a replayed row, is not hashed again.
const prefix = "h_"

// Append appends the hash of the value to b: h_ and 16 hexadecimal digits.
func (h *Hasher) Append(b, value []byte) []byte {
	if Hashed(value) {
		return append(b, value...)
	}
	const digits = "0123456789abcdef"
	sum := sipHash(h.k0, h.k1, value)
	b = append(b, prefix...)
	for shift := 60; shift >= 0; shift -= 4 {
		b = append(b, digits[sum>>shift&15])
	}
	return b
}

// Hashed tells whether the value has the form of a hash.
func Hashed(value []byte) bool {
	if len(value) != len(prefix)+16 || !bytes.HasPrefix(value, []byte(prefix)) {
		return false
	}
	for _, c := range value[len(prefix):] {
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}

// MaskAll replaces every run of six or more letters and digits that holds a digit by its hash. It is for raw text of
// which nobody knows where the personal code stands.
func (h *Hasher) MaskAll(raw []byte) []byte {
	var masked []byte
	for len(raw) > 0 {
		n, digit := 0, false
		for n < len(raw) && word(raw[n]) {
			digit = digit || raw[n] >= '0' && raw[n] <= '9'
			n++
		}
		switch {
		case n == 0:
			masked = append(masked, raw[0])
			n = 1
		case n >= 6 && digit:
			masked = h.Append(masked, raw[:n])
		default:
			masked = append(masked, raw[:n]...)
		}
		raw = raw[n:]
	}
	return masked
}

func word(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_'
}

// sipHash is SipHash-2-4 with 64 bits of output, after J.-P. Aumasson, D. J. Bernstein: SipHash: a fast short-input
// PRF (INDOCRYPT 2012).
func sipHash(k0, k1 uint64, b []byte) uint64 {
	v0, v1 := k0^0x736f6d6570736575, k1^0x646f72616e646f6d
	v2, v3 := k0^0x6c7967656e657261, k1^0x7465646279746573
	round := func() {
		v0 += v1
		v1 = bits.RotateLeft64(v1, 13) ^ v0
		v0 = bits.RotateLeft64(v0, 32)
		v2 += v3
		v3 = bits.RotateLeft64(v3, 16) ^ v2
		v0 += v3
		v3 = bits.RotateLeft64(v3, 21) ^ v0
		v2 += v1
		v1 = bits.RotateLeft64(v1, 17) ^ v2
		v2 = bits.RotateLeft64(v2, 32)
	}
	last := uint64(len(b)) << 56
	for ; len(b) >= 8; b = b[8:] {
		m := binary.LittleEndian.Uint64(b)
		v3 ^= m
		round()
		round()
		v0 ^= m
	}
	for i, c := range b {
		last |= uint64(c) << (8 * i)
	}
	v3 ^= last
	round()
	round()
	v0 ^= last
	v2 ^= 0xff
	for range 4 {
		round()
	}
	return v0 ^ v1 ^ v2 ^ v3
}
