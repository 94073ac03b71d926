// Package sobol says which inputs drive a result: Sobol indices, estimated with
// Sobol's low-discrepancy sequence.
//
// Never added here: anything about scores; the caller maps the unit cube to
// weights, targets and choices.
package sobol

import (
	"errors"
	"fmt"
	"math/bits"
)

// ErrInvalid says that the number of inputs or an option is out of range, or
// that the result under study is NaN, infinite or constant.
var ErrInvalid = errors.New("invalid sensitivity input")

// MaxDimension is the largest dimension of Sequence.
const MaxDimension = len(directions) + 1

// directions holds, for dimension 2 on, the degree and inner coefficients of
// the primitive polynomial and the initial direction numbers of Joe, S. and
// Kuo, F. Y. (2008), Constructing Sobol sequences with better two-dimensional
// projections, SIAM Journal on Scientific Computing 30, 2635-2654.
var directions = [...]struct {
	a uint32
	m []uint32
}{
	{0, []uint32{1}}, {1, []uint32{1, 3}}, {1, []uint32{1, 3, 1}}, {2, []uint32{1, 1, 1}},
	{1, []uint32{1, 1, 3, 3}}, {4, []uint32{1, 3, 5, 13}},
	{2, []uint32{1, 1, 5, 5, 17}}, {4, []uint32{1, 1, 5, 5, 5}}, {7, []uint32{1, 1, 7, 11, 19}},
	{11, []uint32{1, 1, 5, 1, 1}}, {13, []uint32{1, 1, 1, 3, 11}}, {14, []uint32{1, 3, 5, 5, 31}},
	{1, []uint32{1, 3, 3, 9, 7, 49}}, {13, []uint32{1, 1, 1, 15, 21, 21}}, {16, []uint32{1, 3, 1, 13, 27, 49}},
	{19, []uint32{1, 1, 1, 15, 7, 5}}, {22, []uint32{1, 3, 1, 15, 13, 25}}, {25, []uint32{1, 1, 5, 5, 19, 61}},
	{1, []uint32{1, 3, 7, 11, 23, 15, 103}}, {4, []uint32{1, 3, 7, 13, 13, 15, 69}}, {7, []uint32{1, 1, 3, 13, 7, 35, 63}},
	{8, []uint32{1, 3, 5, 9, 1, 25, 53}}, {14, []uint32{1, 3, 1, 13, 9, 35, 107}}, {19, []uint32{1, 3, 1, 5, 27, 61, 31}},
	{21, []uint32{1, 1, 5, 11, 19, 41, 61}}, {28, []uint32{1, 3, 5, 3, 3, 13, 69}}, {31, []uint32{1, 1, 7, 13, 1, 19, 1}},
	{32, []uint32{1, 3, 7, 5, 13, 19, 59}}, {37, []uint32{1, 1, 3, 9, 25, 29, 41}}, {41, []uint32{1, 3, 5, 13, 23, 1, 55}},
	{42, []uint32{1, 3, 7, 3, 13, 59, 17}}, {50, []uint32{1, 3, 1, 3, 5, 53, 69}}, {55, []uint32{1, 1, 5, 5, 23, 33, 13}},
	{56, []uint32{1, 1, 7, 7, 1, 61, 123}}, {59, []uint32{1, 1, 7, 9, 13, 61, 49}}, {62, []uint32{1, 3, 3, 5, 3, 55, 33}},
}

// Sequence generates Sobol's points of the unit cube, the origin first.
type Sequence struct {
	v     [][32]uint32
	x     []uint32
	index uint32
}

// NewSequence starts the sequence in the given dimension, 1 to MaxDimension.
func NewSequence(dimension int) (*Sequence, error) {
	if dimension < 1 || dimension > MaxDimension {
		return nil, fmt.Errorf("%w: dimension %d, want 1 to %d", ErrInvalid, dimension, MaxDimension)
	}
	s := &Sequence{v: make([][32]uint32, dimension), x: make([]uint32, dimension)}
	for d := range s.v {
		if d == 0 {
			for k := range 32 {
				s.v[0][k] = 1 << (31 - k)
			}
			continue
		}
		p := directions[d-1]
		degree := len(p.m)
		for k := range 32 {
			if k < degree {
				s.v[d][k] = p.m[k] << (31 - k)
				continue
			}
			w := s.v[d][k-degree] ^ s.v[d][k-degree]>>degree
			for i := 1; i < degree; i++ {
				if p.a>>(degree-1-i)&1 == 1 {
					w ^= s.v[d][k-i]
				}
			}
			s.v[d][k] = w
		}
	}
	return s, nil
}

// Next returns the next point; all coordinates are in [0, 1). After 2³²−1
// points the sequence repeats.
func (s *Sequence) Next() []float64 {
	out := make([]float64, len(s.x))
	for d, x := range s.x {
		out[d] = float64(x) / (1 << 32)
	}
	k := bits.TrailingZeros32(^s.index) & 31
	for d := range s.x {
		s.x[d] ^= s.v[d][k]
	}
	s.index++
	return out
}
