package native

import (
	"slices"
	"strconv"
	"time"

	"weir/ingest/reader"
	"weir/ingest/reason"
)

// nginxStatus reads snapshots of nginx's status interface, one a line: cumulative counters since the server started,
// for each zone. A row is one counter of one zone at one moment. Differences between readings are uses; a counter
// that fell was set back.
var nginxStatus = Format{
	Name:    "nginx_status",
	Columns: []string{"zone", "counter", "read_at", "value"},
	read: func(r *rows) error {
		return reader.Documents(r.file, r.path, func(line int64, raw []byte) error {
			snapshot, err := parse(raw)
			if err != nil {
				return r.badJSON(line, err, raw)
			}
			ms, err := strconv.ParseInt(snapshot.text("timestamp"), 10, 64)
			if err != nil || snapshot.at("server_zones") == nil {
				return r.reject(line, string(reason.Pattern), snapshot.text("timestamp"), raw)
			}
			at := time.UnixMilli(ms).UTC().Format("2006-01-02T15:04:05.000Z")
			zones := snapshot.at("server_zones")
			for _, zone := range sorted(zones) {
				if err := r.zone(line, raw, zone, at, zones.at(zone)); err != nil {
					return err
				}
			}
			return nil
		})
	},
}

func (r *rows) zone(line int64, raw []byte, zone, at string, counters object) error {
	for _, name := range []string{"requests", "received", "sent", "discarded"} {
		if v := counters.text(name); v != "" {
			if err := r.pass(line, raw, zone, name, at, v); err != nil {
				return err
			}
		}
	}
	responses := counters.at("responses")
	for _, class := range sorted(responses) {
		if err := r.pass(line, raw, zone, "responses_"+class, at, responses.text(class)); err != nil {
			return err
		}
	}
	return nil
}

func sorted(o map[string]any) []string {
	names := make([]string, 0, len(o))
	for name := range o {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
