package document

import "testing"

func TestIDHoldsAnyCode(t *testing.T) {
	for code, want := range map[string]string{
		"MZ":         "department-MZ",
		"民政局":        "department-_6C11__653F__5C40_",
		"GOV/8765 4": "department-GOV_2F_8765_20_4",
		`"><script>`: "department-_22__3E__3C_script_3E_",
		"a_b":        "department-a_5F_b",
		"__proto__":  "department-_5F__5F_proto_5F__5F_",
	} {
		got := ID("department", code)
		if got != want || !idPattern.MatchString(got) {
			t.Errorf("ID(%q) = %q, want %q", code, got, want)
		}
	}
}
