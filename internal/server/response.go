package server

import (
	"compress/gzip"
	"errors"
	"io"
	"net/http"
	"os"
	"strings"
	"sync"
	"time"
)

// response counts what was written and compresses text for callers that take it.
type response struct {
	http.ResponseWriter
	status  int
	written int64
	zip     *gzip.Writer
	// compress is set before the first byte.
	compress bool
}

var zippers = sync.Pool{New: func() any {
	// The fastest level: pages are small and readers are near.
	z, _ := gzip.NewWriterLevel(io.Discard, gzip.BestSpeed)
	return z
}}

func (w *response) code() int {
	if w.status == 0 {
		return http.StatusOK
	}
	return w.status
}

func (w *response) WriteHeader(code int) {
	if w.status != 0 {
		return
	}
	w.status = code
	if w.compress && code == http.StatusOK && w.Header().Get("Content-Encoding") == "" {
		w.Header().Set("Content-Encoding", "gzip")
		w.Header().Del("Content-Length")
		w.zip = zippers.Get().(*gzip.Writer)
		w.zip.Reset(w.ResponseWriter)
	}
	w.ResponseWriter.WriteHeader(code)
}

func (w *response) Write(b []byte) (int, error) {
	if w.status == 0 {
		w.WriteHeader(http.StatusOK)
	}
	var n int
	var err error
	if w.zip != nil {
		n, err = w.zip.Write(b)
	} else {
		n, err = w.ResponseWriter.Write(b)
	}
	w.written += int64(n)
	return n, err
}

// Unwrap lets http.ResponseController reach the connection.
func (w *response) Unwrap() http.ResponseWriter { return w.ResponseWriter }

func (w *response) finish() {
	if w.zip != nil {
		// The connection may be gone; the log has the status.
		_ = w.zip.Close()
		zippers.Put(w.zip)
		w.zip = nil
	}
}

// text prepares an answer of text: it is compressed where the caller takes it.
func (w *response) text(r *request) {
	w.Header().Add("Vary", "Accept-Encoding")
	w.compress = takesGzip(r)
}

func takesGzip(r *request) bool {
	return strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") && r.Method != http.MethodHead
}

// asText is text for handlers, which see the plain interface.
func asText(w http.ResponseWriter, r *request) {
	if own, ok := w.(*response); ok {
		own.text(r)
	}
}

// slowAfter is how long an upload may stand still, and leastRate what it must bring on the long run.
const (
	slowAfter = 30 * time.Second
	leastRate = 4 << 10 // bytes a second, after the first minute
)

// steady reads a body that may take long as long as it keeps coming: a caller that holds the line with a byte now and
// then is cut off.
type steady struct {
	io.ReadCloser
	control  *http.ResponseController
	now      func() time.Time
	deadline time.Duration
	began    time.Time
	total    int64
}

func (b *steady) Read(p []byte) (int, error) {
	now := b.now()
	if b.began.IsZero() {
		b.began = now
	}
	if took := now.Sub(b.began); took > time.Minute && float64(b.total) < leastRate*took.Seconds() {
		return 0, slowBody()
	}
	// Errors say that the writer of a test has no deadlines.
	_ = b.control.SetReadDeadline(now.Add(b.deadline))
	n, err := b.ReadCloser.Read(p)
	b.total += int64(n)
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return n, slowBody()
	}
	return n, err
}

func slowBody() error {
	return fail(slow, "上传速度过慢，已中止；请检查网络后重新上传", "the upload was too slow and was cut off; check the line and send it again")
}
