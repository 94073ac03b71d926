package native

import (
	"encoding/json"

	"weir/ingest/reader"
)

// xroadCorrected reads the documents of X-Road Metrics' corrector: each holds the client's and the producer's half of
// a message, one of them missing for an orphan. A row is a half, as its server recorded it; what the corrector
// computed is left aside, since it follows from the halves.
var xroadCorrected = Format{Name: "xroad_corrected", read: func(r *rows) error {
	halves := reader.NewObjects(r.file, r.columns)
	return reader.Documents(r.file, "", func(line int64, raw []byte) error {
		var document struct {
			Client   json.RawMessage `json:"client"`
			Producer json.RawMessage `json:"producer"`
		}
		err := json.Unmarshal(raw, &document)
		if err != nil {
			return r.badJSON(line, err, raw)
		}
		found := false
		for _, half := range []json.RawMessage{document.Client, document.Producer} {
			if len(half) == 0 || half[0] != '{' {
				continue
			}
			found = true
			if err := halves.Pass(r.writer, r.place, r.next(line), half, half); err != nil {
				return err
			}
		}
		if !found {
			return r.reject(line, "pattern", "", raw)
		}
		return nil
	})
}}
