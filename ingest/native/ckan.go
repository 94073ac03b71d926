package native

import (
	"strings"

	"weir/ingest/reader"
)

// ckan reads what CKAN answers about datasets: package_search, package_show, current_package_list_with_resources,
// or a dump with one package a line. Extras stand at the first level beside the package's own members, which go
// before. CKAN writes times in UTC without saying so; here they say so.
var ckan = Format{
	Name: "ckan",
	Columns: []string{"id", "name", "title", "organization", "organization_name", "issued", "modified", "frequency", "theme",
		"access_rights", "formats", "bytes", "resources", "views", "views_recent", "url", "private", "state"},
	read: func(r *rows) error {
		take := func(line int64, raw []byte) error { return r.dataset(line, raw) }
		switch r.path {
		case "":
			return reader.Documents(r.file, envelope(r.file), take)
		default:
			return reader.Documents(r.file, r.path, take)
		}
	},
}

func (r *rows) dataset(line int64, raw []byte) error {
	p, err := parse(raw)
	if err != nil {
		return r.badJSON(line, err, raw)
	}
	for _, e := range p.list("extras") {
		if key := e.text("key"); key != "" && p[key] == nil {
			p[key] = e["value"]
		}
	}
	var formats, sizes []string
	changed := ""
	for _, resource := range p.list("resources") {
		formats = append(formats, resource.text("format"))
		sizes = append(sizes, resource.text("size"))
		changed = max(changed, resource.text("last_modified"))
	}
	var topics []string
	for _, g := range p.list("groups") {
		topics = append(topics, g.text("title", "display_name", "name"))
	}
	organization := p.at("organization")
	tracking := p.at("tracking_summary")
	modified := p.text("modified")
	if modified == "" {
		modified = utc(max(changed, p.text("metadata_modified")))
	}
	issued := p.text("issued")
	if issued == "" {
		issued = utc(p.text("metadata_created"))
	}
	theme := tail(p.text("theme"))
	if theme == "" {
		theme = strings.Join(texts(topics...), ", ")
	}
	name := organization.text("title")
	if name == "" {
		name = p.text("publisher_name", "publisher")
	}
	return r.pass(line, raw, p.text("id", "name"), p.text("name"), p.text("title", "name"), name, organization.text("name"),
		issued, modified, tail(p.text("frequency", "accrual_periodicity", "accrualPeriodicity", "update_frequency")), theme,
		tail(p.text("access_rights", "accessRights")), strings.Join(texts(formats...), ", "), total(sizes...), count(len(formats)),
		tracking.text("total"), tracking.text("recent"), p.text("url"), p.text("private"), p.text("state"))
}

// utc marks a time without offset as one of UTC.
func utc(t string) string {
	if len(t) >= 19 && !strings.ContainsAny(t[10:], "Z+") && strings.LastIndexByte(t, '-') < 10 {
		return t + "Z"
	}
	return t
}
