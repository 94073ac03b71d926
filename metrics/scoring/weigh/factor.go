package weigh

import (
	"math"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat"
)

// Components is a principal component analysis of the correlation matrix.
type Components struct {
	Correlation [][]float64
	Eigenvalues []float64   // descending; they sum to the number of criteria
	Loadings    [][]float64 // Loadings[criterion][component] = eigenvector·√eigenvalue; signs are arbitrary
}

// Correlations returns the matrix of Pearson correlations of the criteria.
// Fewer than three alternatives or a criterion that does not vary are refused.
func Correlations(m Matrix) ([][]float64, error) {
	if err := m.Validate(); err != nil {
		return nil, err
	}
	if len(m.Values) < 3 {
		return nil, invalid("%d alternatives, correlations need at least 3", len(m.Values))
	}
	n := m.criteria()
	out := make([][]float64, n)
	for j := range n {
		out[j] = make([]float64, n)
		if lo, hi := bounds(m.column(j)); lo == hi {
			return nil, invalid("criterion %d does not vary", j+1)
		}
	}
	for j := range n {
		out[j][j] = 1
		for k := range j {
			r := stat.Correlation(m.column(j), m.column(k), nil)
			if math.IsNaN(r) {
				return nil, invalid("criteria %d and %d are too far apart in size to correlate", j+1, k+1)
			}
			out[j][k], out[k][j] = r, r
		}
	}
	return out, nil
}

// PrincipalComponents decomposes the correlation matrix.
//
// Hotelling, H. (1933); as in OECD/JRC (2008), Handbook on Constructing
// Composite Indicators, step 4.
func PrincipalComponents(m Matrix) (Components, error) {
	corr, err := Correlations(m)
	if err != nil {
		return Components{}, err
	}
	n := len(corr)
	sym := mat.NewSymDense(n, nil)
	for j := range n {
		for k := range j + 1 {
			sym.SetSym(j, k, corr[j][k])
		}
	}
	var eigen mat.EigenSym
	if !eigen.Factorize(sym, true) {
		return Components{}, invalid("the correlation matrix has no decomposition")
	}
	values := eigen.Values(nil) // ascending
	var vectors mat.Dense
	eigen.VectorsTo(&vectors)
	c := Components{Correlation: corr, Eigenvalues: make([]float64, n), Loadings: make([][]float64, n)}
	for j := range n {
		c.Loadings[j] = make([]float64, n)
	}
	for k := range n {
		v := math.Max(0, values[n-1-k])
		c.Eigenvalues[k] = v
		for j := range n {
			c.Loadings[j][k] = vectors.At(j, n-1-k) * math.Sqrt(v)
		}
	}
	return c, nil
}

// Varimax rotates the first factors of the loadings so that each criterion
// loads on few of them, with Kaiser's normalisation. Order and signs of factors
// are arbitrary.
//
// Kaiser, H. F. (1958), The varimax criterion for analytic rotation in factor
// analysis, Psychometrika 23, 187-200.
func (c Components) Varimax(factors int) ([][]float64, error) {
	n := len(c.Loadings)
	if factors < 1 || factors > n {
		return nil, invalid("%d factors of %d criteria", factors, n)
	}
	l := make([][]float64, n)
	size := make([]float64, n)
	for j := range l {
		l[j] = append([]float64(nil), c.Loadings[j][:factors]...)
		for _, v := range l[j] {
			size[j] += v * v
		}
		size[j] = math.Sqrt(size[j])
		for k := range l[j] {
			if size[j] > 0 {
				l[j][k] /= size[j]
			}
		}
	}
	for range 1000 {
		turned := 0.0
		for p := range factors {
			for q := p + 1; q < factors; q++ {
				turned = math.Max(turned, rotate(l, p, q))
			}
		}
		if turned < 1e-12 {
			break
		}
	}
	for j := range l {
		for k := range l[j] {
			l[j][k] *= size[j]
		}
	}
	return l, nil
}

// rotate turns factors p and q by the angle that makes the varimax criterion
// largest, and returns its size.
func rotate(l [][]float64, p, q int) float64 {
	n := float64(len(l))
	var a, b, c, d float64
	for _, row := range l {
		u, v := row[p]*row[p]-row[q]*row[q], 2*row[p]*row[q]
		a, b = a+u, b+v
		c, d = c+u*u-v*v, d+2*u*v
	}
	angle := math.Atan2(d-2*a*b/n, c-(a*a-b*b)/n) / 4
	if math.IsNaN(angle) {
		return 0
	}
	cos, sin := math.Cos(angle), math.Sin(angle)
	for _, row := range l {
		row[p], row[q] = row[p]*cos+row[q]*sin, row[q]*cos-row[p]*sin
	}
	return math.Abs(angle)
}

// Retain is how many components Kaiser's criterion keeps: those with an
// eigenvalue above 1, at least one.
func (c Components) Retain() int {
	k := 0
	for k < len(c.Eigenvalues) && c.Eigenvalues[k] > 1 {
		k++
	}
	return max(k, 1)
}

// FactorWeights derives weights from the rotated factors: each criterion
// weighs the square of its largest loading. 0 factors mean Retain.
//
// Nicoletti, G., Scarpetta, S. and Boylaud, O. (2000), OECD Economics
// Department Working Paper 226, as described in OECD/JRC (2008), step 6.
func FactorWeights(m Matrix, factors int) ([]float64, error) {
	c, err := PrincipalComponents(m)
	if err != nil {
		return nil, err
	}
	if factors == 0 {
		factors = c.Retain()
	}
	l, err := c.Varimax(factors)
	if err != nil {
		return nil, err
	}
	importance := make([]float64, len(l))
	for j, row := range l {
		for _, v := range row {
			importance[j] = math.Max(importance[j], v*v)
		}
	}
	return share(importance)
}

// Alpha is Cronbach's coefficient of how well the criteria, each standardised,
// measure one thing: n·r̄/(1 + (n−1)·r̄) with r̄ their mean correlation. Without
// leaves out one criterion; −1 leaves out none. It needs two criteria.
//
// Cronbach, L. J. (1951), Psychometrika 16, 297-334.
func (c Components) Alpha(without int) (float64, error) {
	var sum, pairs, n float64
	for j := range c.Correlation {
		if j == without {
			continue
		}
		n++
		for k := range j {
			if k != without {
				sum, pairs = sum+c.Correlation[j][k], pairs+1
			}
		}
	}
	if pairs == 0 {
		return 0, invalid("fewer than two criteria")
	}
	r := sum / pairs
	d := 1 + (n-1)*r
	if d <= 0 {
		return 0, invalid("the criteria contradict one another: mean correlation %v", r)
	}
	return n * r / d, nil
}
