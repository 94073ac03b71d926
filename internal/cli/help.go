package cli

import (
	"bytes"
	"strings"

	"github.com/alecthomas/kong"

	"weir/internal/lang"
)

// helpWords are the words that the parser of the command line writes itself, in English only.
var helpWords = strings.NewReplacer(
	"Usage: ", "用法：",
	"\nArguments:\n", "\n参数：\n",
	"\nFlags:\n", "\n选项：\n",
	"\nCommands:\n", "\n命令：\n",
	"Show context-sensitive help.", "显示所在命令的帮助",
	`Run "weir <command> --help" for more information on a command.`, "各命令的用法见：weir <command> --help",
)

// helpPrinter prints the parser's help in the language asked for.
func helpPrinter(language lang.Lang) kong.HelpPrinter {
	if language != lang.Zh {
		return kong.DefaultHelpPrinter
	}
	return func(options kong.HelpOptions, call *kong.Context) error {
		out := call.Stdout
		defer func() { call.Stdout = out }()
		var text bytes.Buffer
		call.Stdout = &text
		if err := kong.DefaultHelpPrinter(options, call); err != nil {
			return err
		}
		_, err := helpWords.WriteString(out, text.String())
		return err
	}
}
