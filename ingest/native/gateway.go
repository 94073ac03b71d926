package native

import (
	"encoding/json"

	"weir/ingest/reader"
)

// kong reads the http-log and file-log plugins of Kong, apisix the loggers of APISIX: one object a line, or an array.
// The headers and query arguments that a log may hold carry credentials and personal data: they are not kept, not
// even in the quarantine.
var (
	kong   = Format{Name: "kong", read: gateway}
	apisix = Format{Name: "apisix", read: gateway}
)

func gateway(r *rows) error {
	calls := reader.NewObjects(r.file, r.columns)
	return reader.Documents(r.file, r.path, func(line int64, raw []byte) error {
		kept := raw
		if r.writer.KeepsRaw() {
			kept = withoutHeaders(raw)
		}
		return calls.Pass(r.writer, r.place, r.next(line), raw, kept)
	})
}

// withoutHeaders leaves out what a log tells of the message itself.
func withoutHeaders(raw []byte) []byte {
	call, err := parse(raw)
	if err != nil {
		return []byte(`{"unreadable":true}`)
	}
	for _, part := range []string{"request", "response"} {
		if p := call.at(part); p != nil {
			for _, name := range []string{"headers", "querystring", "body"} {
				delete(p, name)
			}
		}
	}
	kept, err := json.Marshal(call)
	if err != nil {
		return []byte(`{"unreadable":true}`)
	}
	return kept
}
