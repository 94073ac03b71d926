package native

import (
	"strconv"

	"weir/ingest/reader"
	"weir/ingest/reason"
)

// openLineage reads run events of OpenLineage 2-0-2, one a line or in an array. A run that ended (COMPLETE, FAIL or
// ABORT) gives a row for each dataset that it wrote; START, RUNNING and OTHER tell of the same run on its way and
// give none. openLineageInputs gives a row for each dataset that the run read, openLineageSources one for each pair
// of what a complete run wrote and read.
var (
	openLineage = Format{Name: "openlineage", Columns: []string{"event_time", "event_type", "run_id", "job_namespace", "job_name",
		"dataset_namespace", "dataset_name", "rows", "bytes", "data_as_of"}, read: func(r *rows) error { return r.runs(outputsOf) }}
	openLineageInputs = Format{Name: "openlineage_inputs", Columns: openLineage.Columns,
		read: func(r *rows) error { return r.runs(inputsOf) }}
	openLineageSources = Format{Name: "openlineage_sources", Columns: []string{"event_time", "run_id", "job_namespace", "job_name",
		"output_namespace", "output_name", "input_namespace", "input_name"}, read: func(r *rows) error { return r.runs(sourcesOf) }}
)

// runs passes on what pick finds in every event of a run that ended.
func (r *rows) runs(pick func(*rows, int64, []byte, object) error) error {
	return reader.Documents(r.file, r.path, func(line int64, raw []byte) error {
		event, err := parse(raw)
		if err != nil {
			return r.badJSON(line, err, raw)
		}
		switch event.text("eventType") {
		case "COMPLETE", "FAIL", "ABORT":
			return pick(r, line, raw, event)
		case "START", "RUNNING", "OTHER":
			return nil
		case "":
			if event["dataset"] != nil || event["run"] == nil && event["job"] != nil {
				return nil // events of OpenLineage 2 that describe a dataset or a job outside of any run
			}
		}
		return r.reject(line, string(reason.Pattern), event.text("eventType"), raw)
	})
}

func outputsOf(r *rows, line int64, raw []byte, event object) error {
	for _, d := range event.list("outputs") {
		statistics := d.at("outputFacets", "outputStatistics")
		if err := r.datasetRun(line, raw, event, d, statistics.text("rowCount"), statistics.text("size")); err != nil {
			return err
		}
	}
	return nil
}

func inputsOf(r *rows, line int64, raw []byte, event object) error {
	for _, d := range event.list("inputs") {
		statistics, quality := d.at("inputFacets", "inputStatistics"), d.at("inputFacets", "dataQualityMetrics")
		count, size := statistics.text("rowCount"), statistics.text("size")
		if count == "" {
			count = quality.text("rowCount")
		}
		if size == "" {
			size = quality.text("bytes")
		}
		if err := r.datasetRun(line, raw, event, d, count, size); err != nil {
			return err
		}
	}
	return nil
}

func (r *rows) datasetRun(line int64, raw []byte, event, d object, count, size string) error {
	job := event.at("job")
	return r.pass(line, raw, event.text("eventTime"), event.text("eventType"), event.at("run").text("runId"), job.text("namespace"), job.text("name"),
		d.text("namespace"), d.text("name"), count, size, event.at("run", "facets", "nominalTime").text("nominalEndTime"))
}

func sourcesOf(r *rows, line int64, raw []byte, event object) error {
	if event.text("eventType") != "COMPLETE" {
		return nil
	}
	job := event.at("job")
	for _, out := range event.list("outputs") {
		for _, in := range event.list("inputs") {
			if err := r.pass(line, raw, event.text("eventTime"), event.at("run").text("runId"), job.text("namespace"), job.text("name"),
				out.text("namespace"), out.text("name"), in.text("namespace"), in.text("name")); err != nil {
				return err
			}
		}
	}
	return nil
}

func count(n int) string { return strconv.Itoa(n) }
