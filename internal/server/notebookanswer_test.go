package server

import (
	"reflect"
	"testing"

	"weir/internal/runner"
)

func TestSummariesOfColumns(t *testing.T) {
	number, text := runner.Column{Name: "n", Type: "BIGINT"}, runner.Column{Name: "t", Type: "VARCHAR"}
	rows := [][]any{{int64(1), "b"}, {int64(2), "a"}, {nil, "a"}, {int64(9), nil}, {int64(10), "c"}}
	if got, want := summaryOf(rows, 0, number), (columnSummary{Empty: 1, Distinct: 4, Least: "1", Most: "10", Bars: []int{2, 0, 0, 2}}); !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, want %+v", got, want)
	}
	if got, want := summaryOf(rows, 1, text), (columnSummary{Empty: 1, Distinct: 3, Least: "a", Most: "c", Bars: []int{2, 1, 1}}); !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, want %+v", got, want)
	}
	if got := summaryOf([][]any{{int64(7)}, {int64(7)}}, 0, number); got.Bars != nil || got.Least != "7" || got.Most != "7" {
		t.Errorf("one value has no distribution: %+v", got)
	}
	if got := summaryOf([][]any{{nil}}, 0, number); got.Distinct != 0 || got.Empty != 1 {
		t.Errorf("%+v", got)
	}
}
