package cli

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"weir/internal/echarts"
	"weir/internal/evaluate"
	"weir/internal/evidence"
	"weir/internal/lang"
	"weir/internal/server"
	"weir/internal/server/account"
	"weir/internal/server/audit"
	"weir/internal/server/backend"
	"weir/internal/server/draft"
	"weir/internal/server/job"
	"weir/internal/server/keep"
	"weir/internal/server/objection"
	"weir/internal/store"
	"weir/internal/workspace"
	"weir/queries/notebooks"
	drawing "weir/reports/figure"
)

type serveCommand struct {
	Addr        string `placeholder:"HOST:PORT" help:"${serve_addr}"`
	TLSCert     string `placeholder:"FILE" type:"path" help:"${serve_cert}"`
	TLSKey      string `placeholder:"FILE" type:"path" help:"${serve_key}"`
	BehindProxy bool   `help:"${serve_proxy}"`
}

// Run serves the workspace until it is told to stop.
func (c serveCommand) Run(e *env) error {
	// One core is left to those who read while a load or a close runs.
	e.threads, e.serving = max(1, runtime.NumCPU()-1), true
	return e.withStore(func(w *workspace.Workspace, s *store.Store) error {
		config, err := c.config(w)
		if err != nil {
			return err
		}
		log := slog.New(slog.NewJSONHandler(e.stderr, nil))
		service, common, err := e.service(w, s, config, log)
		if err != nil {
			return err
		}
		book := common.book
		if err := server.CheckExposure(config, !book.Empty()); err != nil {
			return err
		}
		listener, err := c.listen(config, w)
		if err != nil {
			return err
		}
		scheme := "http"
		if config.TLS {
			scheme = "https"
		}
		address := fmt.Sprintf("%s://%s", scheme, listener.Addr())
		e.say("服务已启动："+address, "serving: "+address)
		if book.Empty() {
			e.say(fmt.Sprintf("还没有用户，先添加一个：weir --dir %s user add 用户名 --grant admin", e.dir), fmt.Sprintf("nobody can sign in yet; add somebody: weir --dir %s user add NAME --grant admin", e.dir))
		}
		stop, err := e.serveRelay(e.ctx, common, log)
		if err != nil {
			return errors.Join(err, listener.Close())
		}
		err = service.Serve(e.ctx, listener)
		stop()
		return errors.Join(err, common.copies.close())
	})
}

// config joins weir.yaml and the command line, which goes first.
func (c serveCommand) config(w *workspace.Workspace) (server.Config, error) {
	o := w.Config.Server
	own := func(path string) string {
		if path == "" || filepath.IsAbs(path) {
			return path
		}
		return filepath.Join(w.Dir, path)
	}
	if c.TLSCert == "" {
		c.TLSCert = own(o.TLSCert)
	}
	if c.TLSKey == "" {
		c.TLSKey = own(o.TLSKey)
	}
	if (c.TLSCert == "") != (c.TLSKey == "") {
		return server.Config{}, usageError{"--tls-cert and --tls-key belong together"}
	}
	config := server.Config{
		Name: w.Config.Name, Language: w.Config.Language, Zone: w.Config.Location(), Addr: o.Addr, BehindProxy: c.BehindProxy || o.BehindProxy, TLS: c.TLSCert != "",
		TrustedHeader: o.TrustedHeader, Idle: time.Duration(o.IdleMinutes) * time.Minute, Lifetime: time.Duration(o.SessionHours) * time.Hour,
		Rate: o.RatePerSecond, Burst: o.Burst, UploadMax: o.UploadMiB << 20,
		OIDC: server.OIDC{Issuer: o.OIDC.Issuer, ClientID: o.OIDC.ClientID, RedirectURL: o.OIDC.RedirectURL, UserClaim: o.OIDC.UserClaim},
	}
	if c.Addr != "" {
		config.Addr = c.Addr
	}
	if config.Addr == "" {
		config.Addr = "127.0.0.1:8020"
	}
	for _, text := range o.Proxies {
		prefix, err := netip.ParsePrefix(text)
		if err != nil {
			return config, err
		}
		config.Proxies = append(config.Proxies, prefix)
	}
	if o.OIDC.ClientSecret != "" {
		secret, err := os.ReadFile(own(o.OIDC.ClientSecret))
		if err != nil {
			return config, err
		}
		config.OIDC.ClientSecret = strings.TrimSpace(string(secret))
	}
	key, err := w.HashKey()
	if err != nil {
		return config, err
	}
	// The key of form tokens is derived, so that forms outlive a restart and nothing more has to be kept secret.
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte("weir form tokens"))
	config.Key = mac.Sum(nil)
	return config, nil
}

func (c serveCommand) listen(config server.Config, w *workspace.Workspace) (net.Listener, error) {
	listener, err := net.Listen("tcp", config.Addr)
	if err != nil {
		return nil, fmt.Errorf("%w; choose another address with --addr", err)
	}
	if !config.TLS {
		return listener, nil
	}
	own := func(path, other string) string {
		if path != "" {
			return path
		}
		return filepath.Join(w.Dir, other)
	}
	certificate, err := tls.LoadX509KeyPair(own(c.TLSCert, w.Config.Server.TLSCert), own(c.TLSKey, w.Config.Server.TLSKey))
	if err != nil {
		return nil, errors.Join(err, listener.Close())
	}
	return tls.NewListener(listener, &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12, NextProtos: []string{"h2", "http/1.1"}}), nil
}

// bookOf opens the users of a store.
func bookOf(ctx context.Context, w *workspace.Workspace, s *store.Store) (*account.Book, *keep.Keeper, error) {
	keeper := keep.New(s)
	o := w.Config.Server
	book, err := account.Open(ctx, keeper, account.Options{Idle: time.Duration(o.IdleMinutes) * time.Minute, Lifetime: time.Duration(o.SessionHours) * time.Hour, Now: now})
	return book, keeper, err
}

// service wires the service of a workspace.
func (e *env) service(w *workspace.Workspace, s *store.Store, config server.Config, log *slog.Logger) (*server.Server, shared, error) {
	book, keeper, err := bookOf(e.ctx, w, s)
	if err != nil {
		return nil, shared{}, err
	}
	entries, err := audit.Open(e.ctx, keeper, now)
	if err != nil {
		return nil, shared{}, err
	}
	desk, err := objection.NewDesk(e.ctx, keeper, now)
	if err != nil {
		return nil, shared{}, err
	}
	pages, err := pagesOf(w)
	if err != nil {
		return nil, shared{}, err
	}
	calendar, err := calendarOf(w)
	if err != nil {
		return nil, shared{}, err
	}
	evaluator, err := evaluate.New(s, pages, w.Config.Settings, calendar)
	if err != nil {
		return nil, shared{}, err
	}
	engine, err := echarts.New(echarts.Options{Prepare: drawing.Script(), CacheDir: w.Temp()})
	if err != nil {
		return nil, shared{}, err
	}
	settings, err := ingestSettings(w)
	if err != nil {
		return nil, shared{}, err
	}
	files := filepath.Join(w.Dir, ".service")
	if err := os.MkdirAll(files, 0o700); err != nil {
		return nil, shared{}, err
	}
	loads := &backend.Loads{Store: s, Settings: settings, Now: now}
	var service *server.Server // the jobs tell it when a month was closed
	closed := func() {
		if service != nil {
			service.Closed()
		}
	}
	work, err := e.work(w, s, loads, keeper, closed)
	if err != nil {
		return nil, shared{}, err
	}
	queue, err := job.NewQueue(e.ctx, keeper, log, now, server.Kinds(work)...)
	if err != nil {
		return nil, shared{}, err
	}
	queries, err := newRunner(w)
	if err != nil {
		return nil, shared{}, err
	}
	timetable, err := timetableOf(w, queue, calendar)
	if err != nil {
		return nil, shared{}, err
	}
	b := &backend.Backend{Store: s, Pages: pages, Frozen: evidence.New(w.Lake(), evaluator), Lake: w.Lake()}
	service, err = server.New(config, server.Parts{
		Log: log, Now: now, Health: b, Held: b, Book: book, Audit: entries, Objections: desk, Jobs: queue, Timetable: timetable, Files: files, Bands: w.Config.Grades,
		Months: b, Definitions: b, Rows: b, Lake: backend.LakeReader{Backend: b}, Engine: b, Charts: &backend.Charts{Engine: engine}, Loads: loads, Reports: backend.Reports{Directory: w.Reports()}, Reviews: reviews{w, s},
		Revisions: b, Model: s.Model(),
		Notebooks: &backend.Notebooks{Runner: queries, Lake: w.Lake(), Shipped: notebooks.Files(), Own: w.Notebooks(), Pages: pages, Organisation: w.Config.Organisation, Zone: w.Config.Location(), Cache: w.Temp()},
		Drafts:    &draft.Store{Shipped: notebooks.Files(), Published: w.Notebooks(), Private: filepath.Join(files, "notebooks"), Now: now},
	})
	if err != nil {
		return nil, shared{}, err
	}
	lent, err := newCopies(s, filepath.Join(w.Temp(), "copies"))
	return service, shared{store: s, copies: lent, book: book, log: entries, after: closed}, err
}

func serveTexts() map[string]lang.Text {
	return map[string]lang.Text{
		"serve":       lang.T("启动服务：网页、接口、任务与时间表", "serve pages, API, jobs and the timetable"),
		"serve_addr":  lang.T("监听地址，缺省 127.0.0.1:8020", "address to listen on, 127.0.0.1:8020 by default"),
		"serve_cert":  lang.T("TLS 证书（PEM）", "certificate for TLS (PEM)"),
		"serve_key":   lang.T("TLS 私钥（PEM）", "its key (PEM)"),
		"serve_proxy": lang.T("前面有终止 TLS 的网关", "a gateway in front ends TLS"),

		"user":          lang.T("管理服务的用户", "manage the users of the service"),
		"user_list":     lang.T("列出用户", "list users"),
		"user_add":      lang.T("添加用户", "add a user"),
		"user_grant":    lang.T("设定授权，代替原有授权", "set the grants, in place of the present ones"),
		"user_password": lang.T("重设密码", "set a new password"),
		"user_disable":  lang.T("停用：立即结束其会话与令牌", "disable: sessions and tokens end at once"),
		"user_enable":   lang.T("恢复使用", "enable again"),
		"user_demo":     lang.T("为样例城市建立五个角色的账户并打印密码", "make accounts of the five roles for the sample city and print their passwords"),
		"user_id":       lang.T("用户名", "user"),
		"user_name":     lang.T("姓名", "name"),
		"user_grants":   lang.T("授权：角色 或 角色:部门,部门；可重复", "grant: ROLE or ROLE:DEPARTMENT,DEPARTMENT; may be repeated"),
		"user_stdin":    lang.T("从标准输入读取密码", "read the password from standard input"),
		"user_sso":      lang.T("不设密码，只用单点登录", "no password, single sign-on only"),

		"backup":      lang.T("备份工作区为一个文件，服务运行时亦可", "back the workspace up into one file, also while the service runs"),
		"backup_out":  lang.T("备份文件，缺省 backups/ 下按时间命名", "file; default one named by the time in backups/"),
		"restore":     lang.T("由备份恢复为新的工作区", "restore a backup as a new workspace"),
		"restore_in":  lang.T("备份文件", "backup"),
		"restore_out": lang.T("新工作区的目录，须不存在或为空", "directory of the new workspace, which must not exist or be empty"),
	}
}
