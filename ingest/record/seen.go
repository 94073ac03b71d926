package record

import "github.com/zeebo/xxh3"

// seenLimit is the largest number of keys remembered: 16 M slots of 16 bytes are 256 MB.
const seenLimit = 12 << 20

// seen remembers the 64-bit hashes of the keys of a stream, each with the hash of its first record. Two keys with
// one hash are both sent to the exact comparison, so a collision of keys costs time, not rows; that two records of
// one key differ and yet have the same hash happens once in 10¹⁹ such pairs.
type seen struct {
	slots []slot
	count int
	full  bool // the limit was reached: later keys were not looked up
}

// slot is empty where its key is 0.
type slot struct{ key, record uint64 }

func newSeen() *seen { return &seen{slots: make([]slot, 1<<12)} }

// addAll looks up many keys at once, for the speed of it: lookups that do not wait for one another overlap. The zero
// key stands for a record without key and is left alone. Found is called with the places of repeats, and whether the
// record is the same as the first of its key.
func (s *seen) addAll(keys []slot, found func(i int, same bool)) {
	for i, k := range keys {
		if k.key == 0 {
			continue
		}
		if first, there := s.add(k); there {
			found(i, first == k.record)
		}
	}
}

// add remembers the key, or tells the record that it was there with.
func (s *seen) add(k slot) (first uint64, there bool) {
	if s.full {
		return 0, false
	}
	mask := uint64(len(s.slots) - 1)
	for i := k.key & mask; ; i = (i + 1) & mask {
		switch s.slots[i].key {
		case k.key:
			return s.slots[i].record, true
		case 0:
			s.slots[i] = k
			s.count++
			if s.count > len(s.slots)/4*3 {
				s.grow()
			}
			return 0, false
		}
	}
}

func (s *seen) grow() {
	if s.count >= seenLimit {
		s.full, s.slots = true, nil
		return
	}
	old := s.slots
	s.slots = make([]slot, 2*len(old))
	mask := uint64(len(s.slots) - 1)
	for _, k := range old {
		if k.key == 0 {
			continue
		}
		i := k.key & mask
		for s.slots[i].key != 0 {
			i = (i + 1) & mask
		}
		s.slots[i] = k
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
