package ingest

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"weir/ingest/mapping"
	"weir/queries/schema"
)

// One city at a time is taken for one that nobody has seen: the draft of its file is sound, loads the same rows as the
// mapping that a person wrote, and agrees with it in most columns. Own says which columns the person filled otherwise.
func TestDraftsOfUnseenCatalogues(t *testing.T) {
	cases := []struct {
		file, mapping string
		loaded        int64
		otherwise     []string // columns of the shipped mapping that the draft leaves out or fills from elsewhere
	}{
		{"cn_catalogue_dev/zhejiang_zhejiang.json.gz", "zhejiang", 1309, []string{"entry_id", "open_attribute", "formats"}},
		{"cn_catalogue_dev/jiangsu_zhenjiang.json.gz", "zhenjiang", 2143, []string{"entry_id", "formats"}},
		{"cn_catalogue_dev/guizhou_zunyi.json.gz", "guizhou", 1443, []string{"entry_id", "data_kind"}},
		{"cn_catalogue_dev/shanghai_shanghai.json.gz", "shanghai", 2234, []string{"entry_id", "formats"}},
		{"tw_city_catalogues/taipei_cp950.csv.gz", "taipei", 1123, []string{"entry_id"}},
		{"tw_city_catalogues/taoyuan.csv.gz", "taoyuan", 1444, []string{"entry_id"}},
		{"tw_city_catalogues/taichung.csv.gz", "taichung", 1136, []string{"entry_id"}},
	}
	known, problems := Mappings(schema.Default(), nil)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	st := open(t)
	for _, c := range cases {
		d, err := Draft(context.Background(), st.Model(), public(c.file), "unseen", "")
		if err != nil {
			t.Errorf("%s: %v", c.file, err)
			continue
		}
		if n := strings.Count(string(d.Text), "\n"); n > 25 {
			t.Errorf("%s: a draft of %d lines", c.file, n)
		}
		drafted, problems := mapping.Parse("unseen.yaml", d.Text, st.Model())
		if len(problems) > 0 {
			t.Errorf("%s: %v", c.file, problems)
			continue
		}
		written := known[slices.IndexFunc(known, func(m *mapping.Mapping) bool { return m.ID == c.mapping })]
		if drafted.Target != written.Target || drafted.Read.Path != written.Read.Path || drafted.Read.Encoding != written.Read.Encoding {
			t.Errorf("%s: %s", c.file, d.Text)
		}
		for _, w := range written.Columns {
			i := slices.IndexFunc(drafted.Columns, func(m mapping.Column) bool { return m.Target == w.Target })
			same := i >= 0 && (drafted.Columns[i].Source != "" && drafted.Columns[i].Source == w.Source || w.SQL != "" && strings.Contains(drafted.Columns[i].SQL+drafted.Columns[i].Source, firstName(w.SQL)))
			if !same && !slices.Contains(c.otherwise, w.Target) {
				t.Errorf("%s: %s is drafted otherwise:\n%s", c.file, w.Target, d.Text)
			}
		}
		path := write(t, "unseen.yaml", string(d.Text))
		if r := ingestFile(t, st, Options{Mapping: path, DryRun: true}, public(c.file)); r.RowsLoaded != c.loaded {
			t.Errorf("%s: %+v", c.file, r)
		}
	}
}

// firstName is the first column that an expression of the tested mappings uses.
func firstName(expression string) string {
	for _, word := range strings.FieldsFunc(expression, func(r rune) bool { return r < 0x80 }) {
		return word
	}
	return expression
}

// What the documentation tells a planner is enough: a mapping of at most 25 lines, written for Zhenjiang as if nobody had
// seen it, loads each of its rows without one that is quarantined.
func TestMappingByTheDocumentationAlone(t *testing.T) {
	const written = `mapping: unseen
title: {zh: 镇江市公共数据开放目录, en: Zhenjiang open data catalogue}
files: ["jiangsu_zhenjiang*.json"]
format: json
target: catalogue_entry
departments: create
district: 镇江市
columns:
  entry_id: {sql: "md5(详情页网址)"}
  department: 数据提供方
  title: 资源名称
  cadence: {column: 更新周期, words: {其他: irregular}}
  open_attribute: 开放属性
  data_kind: 数据领域
  published_at: 发布时间
  updated_at: 最近更新
  url: 详情页网址
`
	if strings.Count(written, "\n") > 25 {
		t.Fatal("too long")
	}
	text, err := os.ReadFile(filepath.Join("..", "docs", "mapping.md"))
	if err != nil {
		t.Fatal(err)
	}
	m, problems := mapping.Parse("unseen.yaml", []byte(written), schema.Default())
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	for _, key := range []string{"mapping", "title", "files", "format", "target", "departments", "district", "columns", "words", "sql", "md5"} {
		if !strings.Contains(string(text), key) {
			t.Errorf("the documentation does not tell of %s", key)
		}
	}
	for _, c := range m.Columns {
		if !strings.Contains(string(text), c.Target) {
			t.Errorf("the documentation does not tell of %s", c.Target)
		}
	}
	st := open(t)
	shipped, own := "SELECT * EXCLUDE (load_id, source_line, dataset_id) FROM dataset ORDER BY ALL", open(t)
	ingestFile(t, st, Options{Mapping: "zhenjiang"}, public("cn_catalogue_dev/jiangsu_zhenjiang.json.gz"))
	if r := ingestFile(t, own, Options{Mapping: write(t, "unseen.yaml", written)}, public("cn_catalogue_dev/jiangsu_zhenjiang.json.gz")); r.RowsLoaded != 2143 {
		t.Errorf("%+v", r)
	}
	if a, b := list(t, st, shipped), list(t, own, shipped); !slices.Equal(a, b) {
		t.Errorf("%d and %d entries differ", len(a), len(b))
	}
}

// Forms of files, dates, numbers and words that clerks use.
func TestDraftsReadWhatClerksWrite(t *testing.T) {
	for name, c := range map[string]struct {
		file, text string
		target     string
		has        []string
		landed     string // first row
		loaded     int64
	}{
		"calls": {"接口调用日志2026-10.csv", "序号,接口名称,调用部门,提供部门,调用时间,调用结果,耗时（毫秒）,返回条数,操作人\n1,人口查询,市民政局,市公安局,2026年10月1日 08:00:05,成功,35,\"1,204\",wang\n2,人口查询,市民政局,市公安局,2026年10月1日 08:00:06,失败,35,0,wang\n",
			"usage_event", []string{`"接口调用日志*.csv"`, "person_key: 操作人", "ok: {sql:", "未用的列 columns not used: 序号"}, "2026-10-01 08:00:05 人口查询 市公安局 市民政局 true 1204 35", 2},
		"titles above, semicolons, ROC dates": {"目录.csv", "某市資料目錄;;;\n\n名稱;提供機關;更新頻率;更新時間\n路燈;工務局;每月;112年5月6日\n公廁;環保局;隨時;112年5月7日\n",
			"catalogue_entry", []string{`delimiter: ";"`, "skip: 2", "隨時", `else: "null"`, "1911"}, "工務局 路燈 P1M 每月 2023-05-06 00:00:00", 2},
		"no header, tabs": {"export.tsv", "A-001\t市公安局\t户籍人口\t每月\t20261001\nA-002\t市民政局\t婚姻登记\t每年\t20261002\n",
			"catalogue_entry", []string{"header: false", "names: [column1,", "按内容判断 by content"}, "A-001 市公安局 户籍人口 P1M 每月 2026-10-01 00:00:00", 2},
		"nested JSON": {"api.json", `{"code": 0, "data": {"list": [{"id": "x1", "info": {"title": "甲", "dept": {"name": "市教育局"}}, "frequency": "monthly", "size": null}, {"id": "x2", "info": {"title": "乙", "dept": {"name": "市教育局"}}, "frequency": "daily"}]}}`,
			"catalogue_entry", []string{"path: data.list", `"info.title"|info.title`, "info.dept.name"}, "x1 市教育局 甲 P1M monthly", 2},
		"nothing that is known": {"q.csv", "foo,bar\n1,2\n3,4\n", "", []string{"待填"}, "", 2},
	} {
		t.Run(name, func(t *testing.T) {
			file := write(t, c.file, c.text)
			d, err := Draft(context.Background(), schema.Default(), file, "unseen", "")
			if err != nil {
				t.Fatal(err)
			}
			if c.target != "" && d.Target != c.target {
				t.Errorf("fills %s", d.Target)
			}
			for _, part := range c.has {
				if !slices.ContainsFunc(strings.Split(part, "|"), func(p string) bool { return strings.Contains(string(d.Text), p) }) {
					t.Errorf("no %s in\n%s", part, d.Text)
				}
			}
			trial, err := Try(context.Background(), nil, Settings{}, file, Options{Mapping: write(t, "unseen.yaml", string(d.Text)), Now: clock}, 5)
			if err != nil || trial.Result.RowsLoaded != c.loaded {
				t.Fatalf("%v %+v %+v\n%s", err, trial.Result, trial.Faults, d.Text)
			}
			if row := strings.Join(trial.Rows[0], " "); !strings.Contains(row, c.landed) {
				t.Errorf("landed as %s\n%s", row, d.Text)
			}
		})
	}
}

// A draft of a Parquet file is made from the values that a mapping gets of it: typed and nested ones as text.
func TestAParquetFileIsDrafted(t *testing.T) {
	st := open(t)
	file := filepath.Join(t.TempDir(), "calls_2026-10.parquet")
	execute := func(query string) {
		t.Helper()
		if _, err := st.Query(context.Background(), query, nil); err != nil {
			t.Fatal(err)
		}
	}
	execute(fmt.Sprintf(`COPY (SELECT '人口查询' AS 接口名称, '市民政局' AS 调用部门, '市公安局' AS 提供部门, TIMESTAMP '2026-10-01 08:00:05' + to_seconds(i) AS 调用时间,
		i > 0 AS 调用结果, (30 + i)::INTEGER AS "耗时（毫秒）", CASE WHEN i > 0 THEN i END AS 返回条数, {'a': i} AS 附加 FROM range(3) t(i)) TO '%s' (FORMAT parquet)`, file))
	d, err := Draft(context.Background(), schema.Default(), file, "calls", "")
	if err != nil {
		t.Fatal(err)
	}
	if d.Target != "usage_event" || !slices.Contains(d.Mapped, "occurred_at") || !slices.Contains(d.Mapped, "duration_ms") || !strings.Contains(string(d.Text), "附加") {
		t.Errorf("fills %s, %v\n%s", d.Target, d.Mapped, d.Text)
	}
	trial, err := Try(context.Background(), nil, Settings{}, file, Options{Mapping: write(t, "calls.yaml", string(d.Text)), Now: clock}, 5)
	if err != nil || trial.Result.RowsLoaded != 3 {
		t.Fatalf("%v %+v %+v\n%s", err, trial.Result, trial.Faults, d.Text)
	}
	if row := strings.Join(trial.Rows[0], " "); !strings.Contains(row, "2026-10-01 08:00:05") {
		t.Errorf("landed as %s", row)
	}
	if err := os.Truncate(file, 200); err != nil {
		t.Fatal(err)
	}
	if _, err := Draft(context.Background(), schema.Default(), file, "calls", ""); err == nil || !strings.Contains(err.Error(), "cut off or damaged") {
		t.Errorf("a file that is cut off: %v", err)
	}
}

// A trial shows what would not land, and leaves nothing in the workspace's store, whose departments it knows.
func TestTrialsWriteNothing(t *testing.T) {
	st := withDepartments(t)
	text := "mapping: m\ntarget: usage_event\ncolumns: {event_id: a, occurred_at: b, resource_id: c, provider_id: d, consumer_id: e, ok: {value: \"true\"}}\n"
	file := write(t, "f.csv", "a,b,c,d,e\nE1,2026-10-01,R1,甲局（原）,D2\nE2,x,R1,D1,D2\nE3,y,R1,D1,D2\nE4,2026-10-01,R1,nobody,D2\n")
	trial, err := Try(context.Background(), st, settings, file, Options{Mapping: write(t, "m.yaml", text), Now: clock}, 5)
	if err != nil || trial.Result.RowsLoaded != 1 || len(trial.Rows) != 1 || len(trial.Faults) != 2 {
		t.Fatalf("%v %+v", err, trial)
	}
	if row := strings.Join(trial.Rows[0], "|"); row != "2|E1|2026-10-01 00:00:00|R1|D1|D2|true" {
		t.Errorf("landed as %s", row)
	}
	if f := trial.Faults[0]; f.Code != "not_time" || f.Rows != 2 || f.Line != 3 || f.Example != "x" || f.Column != "occurred_at" {
		t.Errorf("%+v", f)
	}
	if n := number(t, st, "SELECT (SELECT count(*) FROM usage_event) + (SELECT count(*) FROM quarantine)"); n != 0 {
		t.Errorf("%d rows were written", n)
	}
}
