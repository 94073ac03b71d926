package native

import (
	"slices"
	"strconv"
	"strings"
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

// nginxJSON reads access logs of nginx in JSON, whose members nginx's own variables name; other common names are
// understood. Visitor is address and browser, address and url stand twice, so that one can be hashed and the other
// looked at.
var nginxJSON = Format{
	Name:    "nginx_json",
	Columns: []string{"remote_addr", "visitor", "remote_user", "time", "method", "request_uri", "url", "status", "body_bytes_sent", "http_user_agent", "request_time"},
	read: func(r *rows) error {
		return reader.Documents(r.file, r.path, func(line int64, raw []byte) error {
			o, err := parse(raw)
			if err != nil {
				return r.badJSON(line, err, raw)
			}
			method, uri, _ := strings.Cut(o.text("request"), " ")
			uri, _, _ = strings.Cut(uri, " ")
			if m := o.text("request_method", "method"); m != "" {
				method = m
			}
			if u := o.text("request_uri", "uri", "url"); u != "" {
				uri = u
			}
			address, agent := o.text("remote_addr", "remote_ip", "client_ip"), o.text("http_user_agent", "agent", "user_agent")
			line = r.next(line)
			if !r.writer.Wants(line) {
				return nil
			}
			r.writer.Begin(line)
			r.writer.Secret([]byte(address))
			for i, v := range []string{address, address + " " + agent, o.text("remote_user"), moment(o), method, uri, uri, o.text("status", "response"),
				o.text("body_bytes_sent", "bytes_sent", "bytes"), agent, o.text("request_time")} {
				if p := r.place[i]; p >= 0 && v != "" {
					r.writer.Field(p, []byte(v))
				}
			}
			return r.writer.End(raw)
		})
	},
}

// moment is the time of an access with its offset, as text.
func moment(o object) string {
	if t := o.text("time_iso8601", "@timestamp"); t != "" {
		return t
	}
	local := o.text("time_local", "time")
	if t, err := time.Parse("02/Jan/2006:15:04:05 -0700", local); err == nil {
		return t.Format(time.RFC3339)
	}
	if seconds, err := strconv.ParseFloat(o.text("msec"), 64); err == nil && local == "" && seconds > 0 && seconds < 1e11 {
		return time.UnixMilli(int64(seconds * 1000)).UTC().Format("2006-01-02T15:04:05.000Z")
	}
	return local
}
