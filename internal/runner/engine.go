package runner

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"

	"weir/internal/lang"
	"weir/internal/runner/guard"
	"weir/internal/store"
)

// placedError is an error of the engine with the byte of the executed statement at which the user's text begins.
type placedError struct {
	error
	start int
}

func (e placedError) Unwrap() error { return e.error }

func (e *execution) placed(query string, err error) error {
	return placedError{err, strings.Index(query, "\n"+e.statement.Text) + 1}
}

var lockHolder = regexp.MustCompile(`process (\d+)`)

// engineFailure gives the words of the engine a reason, a place in the user's text, and no paths of the server.
func engineFailure(err error, j job) *Failure {
	if errors.Is(err, store.ErrLocked) {
		zh, en := "", ""
		if m := lockHolder.FindStringSubmatch(err.Error()); m != nil {
			zh, en = "（进程号 "+m[1]+"）", " (process "+m[1]+")"
		}
		f := failure(Locked, lang.T("数据库正被另一进程使用"+zh, "the database is in use by another process"+en), lang.T("待其结束后再试", "wait until it ends"))
		f.Detail = err.Error()
		return f
	}
	e, ok := store.ParseEngineError(err)
	if !ok {
		f := failure(Broken, lang.T("查询进程出错", "the query's process failed"), lang.Text{})
		f.Detail = err.Error()
		return f
	}
	message := strings.TrimSpace(e.Message)
	if j.Directory != "" {
		message = strings.ReplaceAll(message, j.Directory, "…")
	}
	message = shortened(message)
	limits := j.Request.Limits.withDefaults()
	switch {
	case e.Type == "Out of Memory" && strings.Contains(message, "max_temp_directory_size"):
		return failure(TempDisk, lang.T(fmt.Sprintf("临时磁盘超过 %d 兆字节", limits.TempDisk>>20), fmt.Sprintf("the query needs more than %d MiB of temporary disk", limits.TempDisk>>20)), smaller)
	case e.Type == "Out of Memory":
		return memoryFailure(limits)
	}
	f := failure(Faulty, lang.Text{}, lang.Text{})
	f.What, f.Cure = engineWords(message)
	var placed placedError
	if errors.As(err, &placed) && e.Position >= placed.start {
		f.Line, f.Column = guard.Place(j.Request.SQL, e.Position-placed.start)
	}
	return f
}

// longestMessage is how much of the engine's words is passed on: it may quote a value of any size.
const longestMessage = 500

func shortened(message string) string {
	runes := []rune(message)
	if len(runes) <= longestMessage {
		return message
	}
	return string(runes[:longestMessage]) + "…"
}

var smaller = lang.T("缩小月份或部门范围，或先汇总再排序、连接", "narrow months or departments, or aggregate before sorting and joining")

func memoryFailure(l Limits) *Failure {
	return failure(Memory, lang.T(fmt.Sprintf("内存超过 %d 兆字节", l.Memory>>20), fmt.Sprintf("the query needs more than %d MiB of memory", l.Memory>>20)), smaller)
}

func timeFailure(limit time.Duration) *Failure {
	return failure(TimeUp, lang.T(fmt.Sprintf("超过时限 %s", limit), fmt.Sprintf("the query did not end within %s", limit)), smaller)
}
