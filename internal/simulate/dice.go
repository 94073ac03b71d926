package simulate

import (
	"hash/fnv"
	"math/bits"
	"math/rand/v2"
)

// dice draws whole numbers. Every purpose has its own stream, so that more rows in one table change no other.
type dice struct{ source *rand.PCG }

func newDice(seed uint64, purpose string) dice {
	h := fnv.New64a()
	h.Write([]byte(purpose))
	return dice{rand.NewPCG(seed, h.Sum64())}
}

// n draws from [0, limit); 0 where limit is not positive.
func (d dice) n(limit int) int {
	if limit <= 1 {
		return 0
	}
	high, _ := bits.Mul64(d.source.Uint64(), uint64(limit))
	return int(high)
}

// between draws from [low, high], both included.
func (d dice) between(low, high int) int { return low + d.n(high-low+1) }

// chance is true in permille of 1,000 draws.
func (d dice) chance(permille int) bool { return d.n(1000) < permille }

// quota is the share permille of n, rounded up or down at random so that the mean is exact.
func (d dice) quota(n, permille int) int { return (n*permille + d.n(1000)) / 1000 }

// weighted draws an index with the given weights; -1 where they are all 0.
func (d dice) weighted(weights []int) int {
	total := 0
	for _, w := range weights {
		total += w
	}
	if total == 0 {
		return -1
	}
	at := d.n(total)
	for i, w := range weights {
		if at -= w; at < 0 {
			return i
		}
	}
	return len(weights) - 1
}

// pick draws one of the items; there must be one.
func pick[T any](d dice, items []T) T { return items[d.n(len(items))] }

// shuffle orders the items at random.
func shuffle[T any](d dice, items []T) {
	for i := len(items) - 1; i > 0; i-- {
		j := d.n(i + 1)
		items[i], items[j] = items[j], items[i]
	}
}

// spread is a number whose logarithm is about uniform between the powers of ten low and high.
func (d dice) spread(low, high int) int {
	size := 1
	for range d.between(low, high-1) {
		size *= 10
	}
	return size * d.between(100, 999) / 100
}
