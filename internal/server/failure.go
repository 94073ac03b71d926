package server

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"strconv"
	"time"

	"weir/internal/lang"
	"weir/internal/server/access"
	"weir/internal/server/account"
	"weir/internal/server/job"
	"weir/internal/server/objection"
)

// kind is the sort of a failure: one table maps it to the HTTP status and to the code of the API's error shape.
type kind string

const (
	invalid    kind = "invalid"          // the request says something that cannot be meant
	signedOut  kind = "signed_out"       // nobody is signed in
	refused    kind = "refused"          // a rule refuses it
	forged     kind = "forged"           // the request did not come from a page of this service
	absent     kind = "absent"           // there is no such thing
	conflict   kind = "conflict"         // it has changed since it was read
	tooLarge   kind = "too_large"        // the body passes the limit
	tooMany    kind = "too_many"         // too many requests
	busy       kind = "busy"             // the queue is full
	internal   kind = "internal"         // our fault
	slow       kind = "too_slow"         // the body did not arrive in time
	wrongMedia kind = "unsupported_type" // the body is of a type that is not taken here
	unavail    kind = "unavailable"      // a part of the service is not there
)

var statuses = map[kind]int{
	invalid: http.StatusUnprocessableEntity, signedOut: http.StatusUnauthorized, refused: http.StatusForbidden, forged: http.StatusForbidden,
	absent: http.StatusNotFound, conflict: http.StatusConflict, tooLarge: http.StatusRequestEntityTooLarge, tooMany: http.StatusTooManyRequests,
	busy: http.StatusServiceUnavailable, internal: http.StatusInternalServerError, slow: http.StatusRequestTimeout,
	wrongMedia: http.StatusUnsupportedMediaType, unavail: http.StatusServiceUnavailable,
}

// failure is an error with a text that the person can act on; Err is for the log only.
type failure struct {
	kind  kind
	text  lang.Text
	rule  lang.Text // of a refusal
	retry time.Duration
	err   error
}

func (f *failure) Error() string {
	if f.err != nil {
		return f.text.En + ": " + f.err.Error()
	}
	return f.text.En
}

func (f *failure) Unwrap() error { return f.err }

func fail(k kind, zh, en string) *failure { return &failure{kind: k, text: lang.T(zh, en)} }

func failf(k kind, zh, en string, a ...any) *failure {
	return &failure{kind: k, text: lang.T(fmt.Sprintf(zh, a...), fmt.Sprintf(en, a...))}
}

func noSuch(what lang.Text, id string) *failure {
	return failf(absent, "没有这个%[2]s：%[1]s", "there is no such %[3]s: %[1]s", id, what.Zh, what.En)
}

// failureOf finds the failure in an error of any package.
func failureOf(err error) *failure {
	var f *failure
	var throttled account.Throttled
	var weak account.WeakPassword
	var size *http.MaxBytesError
	switch {
	case errors.As(err, &f):
		return f
	case errors.As(err, &throttled):
		f = failf(tooMany, "登录失败次数过多，请等待 %.0f 秒", "too many failed sign-ins; wait %.0f seconds", throttled.Wait.Seconds()+1)
		f.retry = throttled.Wait
	case errors.As(err, &weak):
		f = &failure{kind: invalid, text: weak.Reason}
	case errors.As(err, &size):
		f = failf(tooLarge, "内容超过上限 %d 字节", "the body passes the limit of %d bytes", size.Limit)
	case errors.Is(err, account.ErrSignIn):
		f = fail(signedOut, "用户名或密码错误", "user or password is wrong")
	case errors.Is(err, account.ErrDisabled):
		f = fail(signedOut, "账户已停用，请联系系统管理员", "the account is disabled; ask an administrator")
	case errors.Is(err, account.ErrSession), errors.Is(err, account.ErrToken):
		f = fail(signedOut, "登录已失效，请重新登录", "the session or token is not valid any more; sign in again")
	case errors.Is(err, account.ErrLastAdmin):
		f = fail(conflict, "这是最后一个可登录的系统管理员，请先另设一个", "this is the last administrator who can sign in; make another one first")
	case errors.Is(err, account.ErrExists):
		f = fail(conflict, "用户名已存在", "the user exists already")
	case errors.Is(err, objection.ErrClosed):
		f = fail(conflict, "该申诉已答复或撤回", "the objection has been answered or withdrawn already")
	case errors.Is(err, objection.ErrText):
		f = failf(invalid, "请写明理由（%d 至 %d 字）", "give a reason of %d to %d characters", objection.MinText, objection.MaxText)
	case errors.Is(err, account.ErrUnknown), errors.Is(err, objection.ErrUnknown), errors.Is(err, job.ErrUnknown), errors.Is(err, fs.ErrNotExist):
		f = fail(absent, "没有找到", "not found")
	case errors.Is(err, job.ErrBusy):
		f = fail(busy, "排队的任务过多，请稍后再试", "too much is waiting already; try again later")
		f.retry = 10 * time.Second
	case errors.Is(err, context.DeadlineExceeded):
		f = fail(unavail, "处理超时，请缩小范围后再试", "it took too long; ask for less")
	default:
		f = fail(internal, "服务内部出错，已记入日志", "something went wrong inside the service and is in its log")
	}
	f.err = err
	return f
}

// refusal is the failure of a decision; the page says which rule refused.
func refusal(d access.Decision) *failure {
	return &failure{kind: refused, text: lang.T("没有权限", "not allowed"), rule: d.Rule}
}

// errorBody is the one shape of every error of the API.
type errorBody struct {
	Error struct {
		Code    string    `json:"code"`
		Message lang.Text `json:"message"`
		Rule    string    `json:"rule,omitempty"`
		Request string    `json:"request_id"`
	} `json:"error"`
}

func writeJSONError(w http.ResponseWriter, f *failure, requestID string) {
	var body errorBody
	body.Error.Code, body.Error.Message, body.Error.Rule, body.Error.Request = string(f.kind), f.text, f.rule.En, requestID
	header := w.Header()
	header.Set("Content-Type", "application/json; charset=utf-8")
	header.Set("Cache-Control", "no-store")
	retryAfter(header, f)
	if f.kind == signedOut {
		header.Set("WWW-Authenticate", `Bearer realm="weir"`)
	}
	w.WriteHeader(statuses[f.kind])
	json.NewEncoder(w).Encode(body)
}

func retryAfter(h http.Header, f *failure) {
	if f.retry > 0 {
		h.Set("Retry-After", strconv.Itoa(int(f.retry.Seconds())+1))
	}
}
