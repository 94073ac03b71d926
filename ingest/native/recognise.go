package native

import (
	"bytes"
	"regexp"
	"strings"

	"weir/ingest/source"
	"weir/internal/lang"
)

// Recognised is what a file was taken for by its content.
type Recognised struct {
	Mapping string    // mapping that says how it lands
	Title   lang.Text // what the file is
	Why     lang.Text // what of its content says so
}

// signature is how a form of file is known.
type signature struct {
	mapping string
	title   lang.Text
	why     lang.Text
	fits    func(*sample) bool
}

// opendata matches a row of the X-Road open data table: 29 fields, the side and the outcome among them.
var opendata = regexp.MustCompile(`^\d+(\t[^\t\n]*){18}\t(?i:client|producer)(\t[^\t\n]*){7}\t[tf]\t[^\t\n]*\r?\n`)

// combined matches the start of a line of an access log.
var combined = regexp.MustCompile(`^\S+ \S+ .{1,200}? \[\d{2}/[A-Z][a-z]{2}/\d{4}:\d{2}:\d{2}:\d{2} [+-]\d{4}\] "`)

// signatures in the order in which they are tried: the more telling first.
var signatures = []signature{
	{"xroad_corrected", lang.T("X-Road Metrics 校正文档", "corrected documents of X-Road Metrics"),
		lang.T("首条记录有 matchingType 与 correctorStatus", "its first record has matchingType and correctorStatus"),
		func(s *sample) bool { return s.record("matchingType", "correctorStatus") }},
	{"xroad_raw", lang.T("X-Road 运行监控原始记录", "X-Road operational monitoring records"),
		lang.T("首条记录有 securityServerType 与 monitoringDataTs，或 records 为空的应答", "its first record has securityServerType and monitoringDataTs, or it is an answer without records"),
		func(s *sample) bool {
			return s.record("securityServerType", "monitoringDataTs") || s.record("securityServerType", "requestOutTs") || len(s.members) == 1 && s.has("records")
		}},
	{"xroad_harvest", lang.T("X-Road 开放数据", "X-Road open data"),
		lang.T("首条记录有 securityServerType 与 requestInDate", "its first record has securityServerType and requestInDate"),
		func(s *sample) bool {
			return s.record("securityServerType", "requestInDate") || header(s.text, "securityServerType", "requestInDate", "messageId")
		}},
	{"xroad_opendata", lang.T("X-Road 开放数据表", "X-Road open data table"),
		lang.T("每行 29 列，第 20 列为 Client 或 Producer，第 28 列为 t 或 f", "29 fields a line, the 20th Client or Producer, the 28th t or f"),
		func(s *sample) bool { return opendata.Match(s.text) }},
	{"openlineage", lang.T("OpenLineage 运行事件", "run events of OpenLineage"),
		lang.T("首条记录有 eventTime、run.runId 与 job.namespace", "its first record has eventTime, run.runId and job.namespace"),
		func(s *sample) bool { return s.record("eventTime", "run.runId", "job.namespace") }},
	{"kong", lang.T("Kong 网关日志", "log of the Kong gateway"),
		lang.T("首条记录有 latencies、started_at 与 request", "its first record has latencies, started_at and request"),
		func(s *sample) bool { return s.record("latencies", "started_at", "request") }},
	{"apisix", lang.T("APISIX 网关日志", "log of the APISIX gateway"),
		lang.T("首条记录有 start_time、route_id、request 与 response", "its first record has start_time, route_id, request and response"),
		func(s *sample) bool { return s.record("start_time", "route_id", "request", "response") }},
	{"nginx_status", lang.T("nginx 状态快照", "snapshots of nginx's status"),
		lang.T("首条记录有 server_zones 与 nginx_version", "its first record has server_zones and nginx_version"),
		func(s *sample) bool { return s.record("server_zones", "nginx_version") }},
	{"nginx_json", lang.T("nginx JSON 访问日志", "access log of nginx in JSON"),
		lang.T("首条记录有 remote_addr、request 与 status", "its first record has remote_addr, request and status"),
		func(s *sample) bool { return s.record("remote_addr", "request", "status") }},
	{"ckan", lang.T("CKAN 目录", "catalogue of CKAN"),
		lang.T("有 success 与 result，或记录有 metadata_created 与 resources", "it has success and result, or its records have metadata_created and resources"),
		func(s *sample) bool {
			return s.has("success") && (s.has("result") || s.has("error")) || s.record("metadata_created", "resources")
		}},
	{"dcat", lang.T("DCAT 目录", "catalogue by DCAT"),
		lang.T("有 dataset 列表，或 JSON-LD 中有 dcat:Dataset", "it has a list of datasets, or its JSON-LD has a dcat:Dataset"),
		func(s *sample) bool {
			return s.has("dataset") && (s.has("dataset[].title") || s.has("conformsTo")) || s.members != nil && linkedData.Match(s.text)
		}},
	{"web_access_combined", lang.T("Apache 或 nginx 访问日志", "access log of Apache or nginx"),
		lang.T("首行为 地址 用户 [时间] \"请求\" 的形式", "its first line has the form address user [time] \"request\""),
		func(s *sample) bool { return combined.Match(s.text) }},
}

// linkedData matches a dataset in JSON-LD.
var linkedData = regexp.MustCompile(`"@type"\s*:\s*\[?\s*"(dcat:|http://www\.w3\.org/ns/dcat#)(Dataset|Catalog)"`)

// header tells whether the first line names all the columns.
func header(text []byte, names ...string) bool {
	line, _, _ := bytes.Cut(text, []byte{'\n'})
	for _, n := range names {
		if !bytes.Contains(line, []byte(n)) {
			return false
		}
	}
	return true
}

// Recognise tells by the start of the file what it is; ok is false where nothing fits. The file is not consumed.
func Recognise(f *source.File) (Recognised, bool) {
	text, _ := f.Text().Peek(sampleSize)
	return recognise(text)
}

// RecogniseColumns tells by the columns of a table that is no text, such as a sheet of a workbook, what it is.
func RecogniseColumns(columns []string) (Recognised, bool) {
	return recognise([]byte(strings.Join(columns, ",") + "\n"))
}

func recognise(text []byte) (Recognised, bool) {
	s := newSample(text)
	for _, one := range signatures {
		if one.fits(s) {
			return Recognised{Mapping: one.mapping, Title: one.title, Why: one.why}, true
		}
	}
	return Recognised{}, false
}
