package record

import "github.com/zeebo/xxh3"

// seenLimit is the largest number of keys remembered: 32 M slots of 8 bytes are 256 MB.
const seenLimit = 24 << 20

// seen is the set of the 64-bit hashes of the keys of a stream. Two keys with one hash are both sent to the exact
// comparison, so a collision costs time, not rows.
type seen struct {
	slots []uint64
	count int
	full  bool // the limit was reached: later keys were not looked up
}

func newSeen() *seen { return &seen{slots: make([]uint64, 1<<12)} }

// addAll is add for many hashes at once, for the speed of it: lookups that do not wait for one another overlap. The
// zero hash stands for a record without key and is left alone. Found is called with the places of the repeats.
func (s *seen) addAll(hashes []uint64, found func(i int)) {
	for i, h := range hashes {
		if h != 0 && s.add(h) {
			found(i)
		}
	}
}

// add tells whether the hash was there before, and remembers it.
func (s *seen) add(hash uint64) bool {
	if s.full {
		return false
	}
	mask := uint64(len(s.slots) - 1)
	for i := hash & mask; ; i = (i + 1) & mask {
		switch s.slots[i] {
		case hash:
			return true
		case 0:
			s.slots[i] = hash
			s.count++
			if s.count > len(s.slots)/4*3 {
				s.grow()
			}
			return false
		}
	}
}

func (s *seen) grow() {
	if s.count >= seenLimit {
		s.full, s.slots = true, nil
		return
	}
	old := s.slots
	s.slots = make([]uint64, 2*len(old))
	mask := uint64(len(s.slots) - 1)
	for _, h := range old {
		if h == 0 {
			continue
		}
		i := h & mask
		for s.slots[i] != 0 {
			i = (i + 1) & mask
		}
		s.slots[i] = h
	}
}

// hashKey is never 0, which marks an empty slot. It mixes the values of the key columns; the length in between keeps (a, bc) apart from (ab, c).
func hashKey(values [][]byte) uint64 {
	if len(values) == 1 {
		return max(1, xxh3.Hash(values[0]))
	}
	h := xxh3.New()
	for _, v := range values {
		_, _ = h.Write([]byte{byte(len(v)), byte(len(v) >> 8), byte(len(v) >> 16)})
		_, _ = h.Write(v)
	}
	return max(1, h.Sum64())
}
