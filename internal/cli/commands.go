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

	Init    initCommand    `cmd:"" help:"${init}"`
	Config  configCommand  `cmd:"" help:"${config}"`
	Version versionCommand `cmd:"" help:"${version}"`
}

// helpTexts are the variables of the struct tags above and in the commands' own files.
func helpTexts(l lang.Lang) kong.Vars {
	texts := kong.Vars{}
	for name, text := range help {
		texts[name] = text.In(l)
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
}
