package publish

import (
	"runtime/debug"
	"testing"
)

func TestThePercentageComesBackAfterTheLastIssue(t *testing.T) {
	before := debug.SetGCPercent(123)
	defer debug.SetGCPercent(before)
	first, second := saveMemory(), saveMemory()
	first()
	if now := debug.SetGCPercent(thrift); now != thrift {
		t.Errorf("%d while an issue is being made, want %d", now, thrift)
	}
	second()
	if now := debug.SetGCPercent(123); now != 123 {
		t.Errorf("%d after all, want 123", now)
	}
}
