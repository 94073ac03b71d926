package simulate

import (
	"strings"
	"testing"
	"time"

	"weir/queries/schema"
)

func TestTheCityIsConsistent(t *testing.T) {
	f := readCity(t, sampleDir)
	t.Run("required cells, types and codes", func(t *testing.T) { checkCells(t, f) })
	t.Run("references resolve", func(t *testing.T) { checkReferences(t, f) })
	t.Run("keys are unique", func(t *testing.T) { checkKeys(t, f) })
	t.Run("every event table reaches the newest month", func(t *testing.T) { checkNewestMonth(t, f) })
	t.Run("what follows comes later", func(t *testing.T) { checkOrder(t, f) })
	t.Run("use follows delivery", func(t *testing.T) { checkUse(t, f) })
}

func checkCells(t *testing.T, f files) {
	model := schema.Default()
	for _, table := range model.Delivered() {
		if len(f[table.Name]) == 0 {
			t.Errorf("%s is empty", table.Name)
		}
		for i, r := range f[table.Name] {
			for _, c := range table.Columns {
				cell := r[c.Name]
				if cell == "" {
					if c.Required {
						t.Fatalf("%s row %d: %s is required", table.Name, i+1, c.Name)
					}
					continue
				}
				if c.Codes != "" && model.Codes[c.Codes][cell].Zh == "" {
					t.Fatalf("%s row %d: %s %q is no code", table.Name, i+1, c.Name, cell)
				}
				switch c.Type {
				case schema.Timestamp:
					if at := r.at(c.Name); !strings.HasSuffix(cell, "+08:00") || at.Year() < 2020 {
						t.Fatalf("%s row %d: %s %q", table.Name, i+1, c.Name, cell)
					}
				case schema.Integer:
					if r.whole(c.Name) < 0 {
						t.Fatalf("%s row %d: %s %q", table.Name, i+1, c.Name, cell)
					}
				case schema.Decimal:
					r.fen(c.Name)
				case schema.Boolean:
					if cell != "true" && cell != "false" {
						t.Fatalf("%s row %d: %s %q", table.Name, i+1, c.Name, cell)
					}
				case schema.Date:
					if _, err := time.Parse(time.DateOnly, cell); err != nil {
						t.Fatalf("%s row %d: %v", table.Name, i+1, err)
					}
				}
			}
		}
	}
}

func checkReferences(t *testing.T, f files) {
	model := schema.Default()
	keys := map[string]map[string]bool{}
	for _, table := range model.Delivered() {
		if len(table.Key) != 1 {
			continue
		}
		keys[table.Name] = map[string]bool{}
		for _, r := range f[table.Name] {
			keys[table.Name][r[table.Key[0]]] = true
		}
	}
	for _, table := range model.Delivered() {
		for _, c := range table.Columns {
			if c.Ref == "" {
				continue
			}
			for i, r := range f[table.Name] {
				if id := r[c.Name]; id != "" && !keys[c.Ref][id] {
					t.Fatalf("%s row %d: %s %q is no %s", table.Name, i+1, c.Name, id, c.Ref)
				}
			}
		}
	}
}

// checkKeys wants each natural key once, apart from the usage events that are delivered twice, word for word.
func checkKeys(t *testing.T, f files) {
	for _, table := range schema.Default().Delivered() {
		seen, repeated := map[string]row{}, 0
		for i, r := range f[table.Name] {
			var key []string
			for _, k := range table.Key {
				key = append(key, r[k])
			}
			joined := strings.Join(key, "\x00")
			first, again := seen[joined]
			seen[joined] = r
			if !again {
				continue
			}
			repeated++
			for column, cell := range r {
				if table.Name != "usage_event" || first[column] != cell {
					t.Fatalf("%s row %d: key %v again", table.Name, i+1, key)
				}
			}
		}
		if want := map[string]int{"usage_event": redelivered}[table.Name]; repeated != want {
			t.Errorf("%s: %d repeated rows, want %d", table.Name, repeated, want)
		}
	}
}

func checkNewestMonth(t *testing.T, f files) {
	const newest = "2026-10"
	for _, table := range schema.Default().Delivered() {
		if len(table.Time) == 0 {
			continue
		}
		found := false
		for i, r := range f[table.Name] {
			for _, c := range table.Time {
				found = found || strings.HasPrefix(r[c], newest)
				if r[c] > "2026-11" && c != "due_at" {
					t.Fatalf("%s row %d: %s %q lies after the records were taken", table.Name, i+1, c, r[c])
				}
			}
		}
		if !found {
			t.Errorf("%s has nothing in %s", table.Name, newest)
		}
	}
}

func checkOrder(t *testing.T, f files) {
	for table, chains := range map[string][][]string{
		"dataset_change":    {{"trigger_at", "updated_at", "received_at", "published_at"}, {"trigger_at", "extension_approved_at"}},
		"request":           {{"submitted_at", "resubmitted_at", "replied_at", "delivered_at"}, {"submitted_at", "extension_approved_at", "extension_notified_at"}, {"submitted_at", "withdrawn_at"}},
		"authorization":     {{"valid_from", "valid_to"}},
		"subscription":      {{"valid_from", "valid_to"}},
		"backflow":          {{"registered_at", "delivered_at"}},
		"off_platform_flow": {{"found_at", "ended_at"}},
		"scenario_resource": {{"bound_at", "unbound_at"}},
		"correction_ticket": {{"filed_at", "fixed_at", "feedback_at"}},
		"coordination":      {{"opened_at", "closed_at"}, {"opened_at", "due_at"}},
		"assessment":        {{"assessed_at", "action_recorded_at"}},
		"survey":            {{"sent_at", "rated_at"}},
		"dataset":           {{"published_at", "retired_at"}},
		"resource":          {{"mounted_at", "retired_at"}},
		"staff":             {{"joined_on", "left_on"}},
		"department":        {{"valid_from", "valid_to"}},
	} {
		for i, r := range f[table] {
			for _, chain := range chains {
				before := ""
				for _, c := range chain {
					if r[c] == "" {
						continue
					}
					if r[c] < before {
						t.Fatalf("%s row %d: %s %s comes before %s", table, i+1, c, r[c], before)
					}
					before = r[c]
				}
			}
		}
	}
	for i, q := range f["request"] {
		if (q["decision"] == "") != (q["replied_at"] == "") || q["delivered_at"] != "" && q["decision"] != "agreed" || q["withdrawn_at"] != "" && q["replied_at"] != "" {
			t.Fatalf("request row %d contradicts itself: %v", i+1, q)
		}
	}
}

// checkUse wants every use across departments to follow a delivery to the same consumer, of a mounted resource.
func checkUse(t *testing.T, f files) {
	delivered, resource := map[string]time.Time{}, map[string]row{}
	for _, r := range f["resource"] {
		resource[r["resource_id"]] = r
	}
	for _, q := range f["request"] {
		at, key := q.at("delivered_at"), q["requester_id"]+"/"+q["resource_id"]
		if first, ok := delivered[key]; !at.IsZero() && (!ok || at.Before(first)) {
			delivered[key] = at
		}
	}
	ahead, across := 0, 0
	for i, u := range f["usage_event"] {
		at, r := u.at("occurred_at"), resource[u["resource_id"]]
		if retired := r.at("retired_at"); at.Before(r.at("mounted_at")) || !retired.IsZero() && at.After(retired) {
			t.Fatalf("usage row %d: %s is not mounted at %s", i+1, u["resource_id"], u["occurred_at"])
		}
		if u["data_as_of"] > u["occurred_at"] {
			ahead++
		}
		if u["provider_id"] == u["consumer_id"] || u.yes("is_probe") {
			continue
		}
		across++
		if first, ok := delivered[u["consumer_id"]+"/"+u["resource_id"]]; !ok || at.Before(first) {
			t.Fatalf("usage row %d: %s uses %s before anything was delivered", i+1, u["consumer_id"], u["resource_id"])
		}
	}
	if ahead == 0 || ahead*100 > across {
		t.Errorf("%d of %d uses have data from the future: some clocks run ahead, few", ahead, across)
	}
}
