package asset

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/klauspost/compress/zstd"
)

func files(t *testing.T, content, sum string) fstest.MapFS {
	t.Helper()
	encoder, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	return fstest.MapFS{
		"a/letter.txt.zst": {Data: encoder.EncodeAll([]byte(content), nil)},
		"a/SHA256SUMS":     {Data: []byte(sum + "  letter.txt\n")},
	}
}

func TestUnpackChecksTheRecordedSum(t *testing.T) {
	sum := sha256.Sum256([]byte("letter"))
	content, err := Unpack(files(t, "letter", hex.EncodeToString(sum[:])), "a", "letter.txt")
	if err != nil || string(content) != "letter" {
		t.Fatalf("%q %v", content, err)
	}
	if _, err := Unpack(files(t, "forged", hex.EncodeToString(sum[:])), "a", "letter.txt"); err == nil || !strings.Contains(err.Error(), "SHA-256") {
		t.Errorf("a forged file: %v", err)
	}
	other := files(t, "letter", hex.EncodeToString(sum[:]))
	other["a/other.zst"] = other["a/letter.txt.zst"]
	if _, err := Unpack(other, "a", "other"); err == nil {
		t.Error("a file without a recorded sum was taken")
	}
}
