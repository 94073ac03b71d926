package native

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"weir/ingest/reader"
	"weir/internal/lang"
	"weir/internal/problem"
)

// dcat reads catalogues by the W3C's vocabulary: data.json of US agencies and DCAT or DCAT-AP as JSON-LD, nested, as
// a graph or expanded. A row is a dataset. A modified that holds a period (R/P1D) is a promise and no date: it goes
// to period where the dataset states none; a bare year is left for the mapping to judge.
var dcat = Format{
	Name: "dcat",
	Columns: []string{"identifier", "title", "publisher", "issued", "modified", "period", "access", "formats", "bytes", "distributions",
		"theme", "spatial", "temporal", "license", "url"},
	read: func(r *rows) error {
		text, _ := r.file.Text().Peek(sampleSize)
		if newSample(text).has("dataset") {
			return reader.Documents(r.file, "dataset", func(line int64, raw []byte) error {
				o, err := parse(raw)
				if err != nil {
					return r.badJSON(line, err, raw)
				}
				return r.entry(line, raw, graph{}, local(map[string]any(o)).(map[string]any))
			})
		}
		return r.linked()
	},
}

// maxDocument is the longest JSON-LD document: its parts refer to one another, so that it is held as a whole.
const maxDocument = 64 << 20

func (r *rows) linked() error {
	text, err := io.ReadAll(io.LimitReader(r.file, maxDocument+1))
	if err != nil {
		return err
	}
	if len(text) > maxDocument {
		return problem.Of(r.file.Path, lang.T(fmt.Sprintf("JSON-LD 文档超过 %d MB，未装入任何内容", maxDocument>>20), fmt.Sprintf("the JSON-LD document is longer than %d MB; nothing of it was loaded", maxDocument>>20)),
			lang.T("分页导出目录", "export the catalogue in pages"))
	}
	d := json.NewDecoder(strings.NewReader(string(text)))
	d.UseNumber()
	var document any
	if err := d.Decode(&document); err != nil {
		return problem.Of(r.file.Path, lang.T("JSON-LD 文档无法读取："+err.Error()+"，未装入任何内容", "the JSON-LD document cannot be read: "+err.Error()+"; nothing of it was loaded"),
			lang.T("重新传输或导出该文件", "transfer or export the file again"))
	}
	g := graph{}
	datasets := g.collect(local(document), nil)
	for _, one := range datasets {
		raw, err := json.Marshal(one)
		if err != nil {
			return err
		}
		if err := r.entry(0, raw, g, one); err != nil {
			return err
		}
	}
	return nil
}

// local gives the value with the local names of its members: title for dct:title and http://purl.org/dc/terms/title.
func local(v any) any {
	switch v := v.(type) {
	case map[string]any:
		named := make(map[string]any, len(v))
		for _, key := range sorted(v) {
			name := key
			if !strings.HasPrefix(key, "@") {
				name = key[strings.LastIndexAny(key, "/#:")+1:]
			}
			if _, taken := named[name]; !taken {
				named[name] = local(v[key])
			}
		}
		return named
	case []any:
		all := make([]any, len(v))
		for i := range v {
			all[i] = local(v[i])
		}
		return all
	}
	return v
}

// graph finds the nodes of a document by their identifiers.
type graph map[string]object

// collect notes every node and gives the datasets in the order of the document.
func (g graph) collect(v any, datasets []object) []object {
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			datasets = g.collect(e, datasets)
		}
	case map[string]any:
		if id, ok := v["@id"].(string); ok && len(v) > 1 {
			if _, known := g[id]; !known {
				g[id] = v
			}
		}
		if isDataset(v["@type"]) {
			datasets = append(datasets, v)
		}
		for _, key := range sorted(v) {
			if key != "@context" {
				datasets = g.collect(v[key], datasets)
			}
		}
	}
	return datasets
}

func isDataset(kind any) bool {
	switch k := kind.(type) {
	case string:
		return k[strings.LastIndexAny(k, "/#:")+1:] == "Dataset"
	case []any:
		for _, e := range k {
			if isDataset(e) {
				return true
			}
		}
	}
	return false
}

// nodes gives what a member holds or refers to.
func (g graph) nodes(o object, name string) []object {
	all := o.list(name)
	values, many := o[name].([]any)
	if !many {
		values = []any{o[name]}
	}
	for _, v := range values {
		if id, ok := v.(string); ok {
			all = append(all, object{"@id": id})
		}
	}
	for i, n := range all {
		if whole, ok := g[n.text("@id")]; ok {
			all[i] = whole
		}
	}
	return all
}

// value gives the text of a member, of several the Chinese one, else the English one, else the first.
func (g graph) value(o object, names ...string) string {
	for _, name := range names {
		if t := plain(o[name]); t != "" {
			return t
		}
		values, many := o[name].([]any)
		if !many {
			values = []any{o[name]}
		}
		best, rank := "", 0
		for _, v := range values {
			text, now := plain(v), 1
			if inner, ok := v.(map[string]any); ok {
				text = object(inner).text("@value", "@id", "name", "title", "label", "prefLabel")
				switch language := object(inner).text("@language"); {
				case strings.HasPrefix(language, "zh"):
					now = 3
				case strings.HasPrefix(language, "en"):
					now = 2
				}
			}
			if text != "" && now > rank {
				best, rank = text, now
			}
		}
		if best != "" {
			return best
		}
	}
	return ""
}

func (r *rows) entry(line int64, raw []byte, g graph, o object) error {
	publisher := plain(o["publisher"])
	for _, p := range g.nodes(o, "publisher") {
		publisher = g.value(p, "name", "prefLabel", "label", "title")
		if publisher == "" {
			publisher = tail(p.text("@id"))
		}
		if publisher != "" {
			break
		}
	}
	distributions := g.nodes(o, "distribution")
	var formats, sizes []string
	for _, d := range distributions {
		format := tail(g.value(d, "format"))
		if format == "" {
			media := tail(g.value(d, "mediaType"))
			format = media[strings.LastIndexByte(media, '/')+1:]
		}
		formats = append(formats, format)
		sizes = append(sizes, g.value(d, "byteSize"))
	}
	modified, period := g.value(o, "modified"), tail(g.value(o, "accrualPeriodicity"))
	if strings.HasPrefix(modified, "R/") {
		if period == "" {
			period = modified
		}
		modified = ""
	}
	var themes []string
	values, many := o["theme"].([]any)
	if !many {
		values = []any{o["theme"]}
	}
	for _, v := range values {
		themes = append(themes, tail(g.value(object{"theme": v}, "theme")))
	}
	identifier := g.value(o, "identifier")
	if identifier == "" {
		identifier = o.text("@id")
	}
	return r.pass(line, raw, identifier, g.value(o, "title"), publisher, g.value(o, "issued"), modified, period,
		tail(g.value(o, "accessLevel", "accessRights")), strings.Join(texts(formats...), ", "), total(sizes...), count(len(distributions)),
		strings.Join(texts(themes...), ", "), tail(g.value(o, "spatial")), g.value(o, "temporal"), g.value(o, "license"), g.value(o, "landingPage", "url"))
}
