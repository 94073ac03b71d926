package cli

import (
	"github.com/alecthomas/kong"

	"weir/internal/lang"
)

// commands is the whole command line. Texts of the help stand in helpTexts, in both languages.
type commands struct {
	Dir    string `default:"." placeholder:"DIR" help:"${dir}"`
	Lang   string `enum:"zh,en," default:"" placeholder:"zh|en" help:"${lang}"`
	Format string `enum:"table,json,csv,markdown,arrow" default:"table" placeholder:"table|json|csv|markdown" help:"${format}"`

	Demo       demoCommand       `cmd:"" help:"${demo}"`
	Init       initCommand       `cmd:"" help:"${init}"`
	Ingest     ingestCommand     `cmd:"" help:"${ingest}"`
	Mapping    mappingCommand    `cmd:"" help:"${mappings}"`
	Quarantine quarantineCommand `cmd:"" help:"${quarantine}"`
	Inbox      inboxCommand      `cmd:"" help:"${inbox}"`
	Department departmentCommand `cmd:"" help:"${departments}"`
	Close      closeCommand      `cmd:"" help:"${close}"`
	Verify     verifyCommand     `cmd:"" help:"${verify}"`
	Value      valueCommand      `cmd:"" help:"${value}"`
	Explain    explainCommand    `cmd:"" help:"${explain}"`
	Indicator  indicatorCommand  `cmd:"" help:"${indicators}"`
	Score      scoreCommand      `cmd:"" help:"${score}"`
	Improve    improveCommand    `cmd:"" help:"${improve}"`
	Budget     budgetCommand     `cmd:"" help:"${budget}"`
	Index      indexCommand      `cmd:"" help:"${index}"`
	Efficiency efficiencyCommand `cmd:"" help:"${efficiency}"`
	Survival   survivalCommand   `cmd:"" help:"${survival}"`
	MonthEnd   monthCommand      `cmd:"" name:"month" help:"${month_end}"`
	Report     reportCommand     `cmd:"" help:"${report}"`
	SQL        sqlCommand        `cmd:"" name:"sql" help:"${sql}"`
	Schema     schemaCommand     `cmd:"" help:"${schema}"`
	Notebook   notebookCommand   `cmd:"" help:"${notebook}"`
	Serve      serveCommand      `cmd:"" help:"${serve}"`
	User       userCommand       `cmd:"" help:"${user}"`
	Backup     backupCommand     `cmd:"" help:"${backup}"`
	Restore    restoreCommand    `cmd:"" help:"${restore}"`
	Check      checkCommand      `cmd:"" help:"${check}"`
	Simulate   simulateCommand   `cmd:"" help:"${simulate}"`
	Config     configCommand     `cmd:"" help:"${config}"`
	Version    versionCommand    `cmd:"" help:"${version}"`
}

// helpTexts are the variables of the struct tags above and in the commands' own files.
func helpTexts(l lang.Lang) kong.Vars {
	texts := kong.Vars{}
	for _, list := range []map[string]lang.Text{help, indicatorTexts(), scoreTexts(), improveTexts(), budgetTexts(), indexTexts(), efficiencyTexts(), survivalTexts(), serveTexts(), notebookTexts(), departmentTexts(), mappingTexts(), inboxTexts(), quarantineTexts()} {
		for name, text := range list {
			texts[name] = text.In(l)
		}
	}
	return texts
}

var help = map[string]lang.Text{
	"dir":     lang.T("工作区目录", "directory of the workspace"),
	"lang":    lang.T("输出语言，缺省取 weir.yaml", "language of the output; default as in weir.yaml"),
	"format":  lang.T("数据的输出格式", "format of the data"),
	"init":    lang.T("在目录中建立工作区", "make a workspace in the directory"),
	"config":  lang.T("列出每个配置项的值及其出处", "list every setting with its origin"),
	"version": lang.T("版本", "version"),

	"demo":     lang.T("用样例城市建立工作区：装入、月结、生成报告", "make a workspace of the sample city: ingest, close, report"),
	"demo_dir": lang.T("目录，缺省 weir-demo", "directory, weir-demo by default"),

	"ingest":  lang.T("装入文件：每个文件或整体装入，或整体不装入", "load files, each wholly or not at all"),
	"table":   lang.T("文件所属的表，缺省按文件名判断", "table that the files hold; default by file name"),
	"mapping": lang.T("映射名称或映射文件", "name of a mapping, or a mapping file"),
	"reader":  lang.T("读取器，auto 按内容判断", "reader; auto goes by content"),
	"dry_run": lang.T("只检查，不保存", "check everything, keep nothing"),
	"sheet":   lang.T("工作簿中的工作表，缺省为与表同名者或第一个可见者", "sheet of a workbook; default the one called as the table, else the first visible one"),
	"files":   lang.T("文件、文件夹（含下级）、通配符（** 为任意层）；- 为标准输入", "files, folders with what is below them, patterns (** for any folders); - for standard input"),

	"close":       lang.T("月结：计算并冻结一个月的指标与得分", "close a month: compute and freeze its figures"),
	"close_month": lang.T("月份", "month"),
	"as_of":       lang.T("数据截至的日期；未结束的月份须给出", "last day known; needed for a month that is not over"),

	"verify":          lang.T("核对已结月份：印记、文件指纹、冻结的行、事件、规则，并从事件逐位重算每个数字；不改动任何内容", "hold closed months against their stamps, files, frozen rows, events and rules, and compute every figure anew bit for bit; changes nothing"),
	"verify_month":    lang.T("月份，缺省为最近的已结月份", "month; default the newest closed one"),
	"verify_revision": lang.T("版次，缺省为最新", "revision; default the newest"),
	"verify_all":      lang.T("核对全部已结月份", "every closed month"),

	"value":      lang.T("列出已结月份的指标值", "list the frozen values of a month"),
	"month":      lang.T("月份，缺省为最近的已结月份", "month; default the newest closed one"),
	"indicator":  lang.T("指标标识", "indicator identifier"),
	"department": lang.T("部门标识，* 为全市", "department identifier, * for all"),
	"by_kind":    lang.T("也列出分数据种类的值", "list the values by kind of data as well"),
	"fail_on":    lang.T("有值未达目标时以状态 3 结束", "end with status 3 where a value misses its target"),

	"explain":      lang.T("说明一个数字的来历：定义、依据、分子分母、得分、SQL、证据行", "tell what stands behind a figure: meaning, law, numbers, points, SQL, evidence"),
	"explain_rows": lang.T("证据行数，0 为全部", "rows of evidence, 0 for all"),

	"month_end":         lang.T("月末自动化：到期则装入收件箱、月结、生成全部报告并发送；可重复执行", "what a scheduler calls: when due, ingest the inbox, close, render and send; safe to repeat"),
	"month_now":         lang.T("按此日期判断（缺省为今天）", "judge as of this day; default today"),
	"report":            lang.T("生成已结月份的报告：月度报告、部门评分卡、预算绩效评价", "render the reports of a closed month: overview, scorecards, budget review"),
	"report_kind":       lang.T("报告种类，逗号分隔或 all；缺省为月度报告", "kinds, comma-separated, or all; default the monthly overview"),
	"report_department": lang.T("只生成该部门的评分卡", "only the scorecard of this department"),
	"report_format":     lang.T("文件格式，逗号分隔；缺省 html", "forms of the files, comma-separated; default html"),
	"report_languages":  lang.T("报告语言，逗号分隔；缺省为工作区语言", "languages, comma-separated; default that of the workspace"),
	"report_template":   lang.T("输出内置的 PDF 模板，供自定义", "print the built-in template of the PDF as a start for one's own"),
	"report_month":      lang.T("月份", "month"),
	"report_out":        lang.T("输出目录，缺省为工作区的 reports", "output directory; default reports of the workspace"),

	"sql":         lang.T("以一条 SELECT 查询公开的数据表（只读，有时限与上限）", "answer one SELECT on the published tables, read only and within limits"),
	"sql_query":   lang.T("查询语句；- 从标准输入读取", "the query; - reads it from standard input"),
	"sql_param":   lang.T("参数值：名称=文本，或 名称:=JSON（数字、列表、null、@文件）；语句中写 $名称", "value of a parameter: name=text, or name:=JSON (number, list, null, @FILE); written $name in the query"),
	"sql_limit":   lang.T("行数上限，超出时截断并说明", "rows at most; a cut is stated"),
	"sql_timeout": lang.T("时限", "time limit"),
	"sql_memory":  lang.T("内存上限（兆字节）", "memory limit in MiB"),
	"sql_as_of":   lang.T("改查某次月结的数据湖，如 2026-10 或 2026-10.2", "query the lake of a close instead, such as 2026-10 or 2026-10.2"),

	"schema":       lang.T("列出公开的数据表、列、单位与代码（--format markdown 输出完整说明）", "list the published tables with columns, units and codes (--format markdown: the whole reference)"),
	"schema_table": lang.T("只列一个表", "one table only"),

	"check": lang.T("检查全部指标页面、笔记本、映射与配置，一次列出所有问题", "check all indicator pages, notebooks, mappings and the configuration; list every problem at once"),

	"simulate":             lang.T("虚构一个城市：写出各表文件及埋设的事实", "invent a city: its files and the truths planted in them"),
	"simulate_out":         lang.T("输出目录", "output directory"),
	"simulate_seed":        lang.T("随机种子", "seed"),
	"simulate_start":       lang.T("首月", "first month"),
	"simulate_months":      lang.T("月数", "months"),
	"simulate_departments": lang.T("部门数，不少于 24", "departments, 24 at least"),
	"simulate_resources":   lang.T("资源数", "resources"),
	"simulate_events":      lang.T("每月使用事件数", "usage events a month"),
	"simulate_scale":       lang.T("申请、办件、核验等的倍数", "multiple of requests, matters, checks and the like"),
	"simulate_parts":       lang.T("使用事件按月分文件", "usage events in one file a month"),
	"simulate_plain":       lang.T("不压缩", "without compression"),
	"simulate_hostile":     lang.T("让部门名称、预算金额成为报告最难排的样子，并加一个没有数据的部门", "names and amounts that are hardest on reports, and a department without data"),
}
