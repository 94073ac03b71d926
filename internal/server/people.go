package server

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"weir/internal/lang"
	"weir/internal/server/access"
	"weir/internal/server/account"
	"weir/internal/server/audit"
)

// permissionView is a permission with its name, for lists to choose from.
type permissionView struct {
	ID   access.Permission
	Name lang.Text
}

func (s *Server) accountPage(w http.ResponseWriter, r *request) error {
	return s.showAccount(w, r, 0, map[string]any{})
}

func (s *Server) showAccount(w http.ResponseWriter, r *request, status int, extra map[string]any) error {
	return s.show(w, r, shown{page: "account", title: lang.T("我的账户", "My account"), status: status, build: func() (any, error) {
		extra["MustChange"] = r.User.MustChange
		extra["OwnPassword"] = r.User.Password != ""
		extra["Grants"] = r.User.Grants
		extra["Tokens"] = s.parts.Book.Tokens(r.User.ID)
		extra["Sessions"] = s.parts.Book.Sessions(r.User.ID)
		var offered []permissionView
		for _, p := range access.Permissions() {
			if p != access.AccountOwn && p != access.UserManage && r.who.Has(p) {
				offered = append(offered, permissionView{p, p.Name()})
			}
		}
		extra["Permissions"] = offered
		return extra, nil
	}})
}

// again shows a page once more with what was wrong, or passes on what is no fault of the person.
func (r *request) again(err error) (status int, text string, pass error) {
	f := failureOf(err)
	if f.kind == internal {
		return 0, "", err
	}
	return statuses[f.kind], f.text.In(r.lang), nil
}

func (s *Server) accountPassword(w http.ResponseWriter, r *request) error {
	err := s.changeOwnPassword(r)
	if err != nil {
		status, text, err := r.again(err)
		if err != nil {
			return err
		}
		return s.showAccount(w, r, status, map[string]any{"Error": text})
	}
	r.User.MustChange = false
	return s.showAccount(w, r, 0, map[string]any{"Done": r.say("密码已修改，其他会话已结束。", "The password is changed; other sessions have ended.")})
}

func (s *Server) changeOwnPassword(r *request) error {
	if r.PostFormValue("password") != r.PostFormValue("again") {
		return fail(invalid, "两次输入的新密码不一致", "the two new passwords differ")
	}
	if err := s.act(r, "password.change", r.User.ID, ""); err != nil {
		return err
	}
	if err := s.parts.Book.CheckOwn(r.Context(), r.User.ID, r.address, r.PostFormValue("present")); err != nil {
		f := failureOf(err)
		if f.kind == signedOut {
			return fail(invalid, "当前密码不正确", "the present password is wrong")
		}
		return f
	}
	return s.parts.Book.SetPassword(r.Context(), r.User.ID, r.PostFormValue("password"), r.session.ID, false)
}

func (s *Server) accountLanguage(w http.ResponseWriter, r *request) error {
	chosen := lang.Lang(r.PostFormValue("language"))
	if chosen != "" && chosen != lang.Zh && chosen != lang.En {
		return fail(invalid, "没有这种语言", "there is no such language")
	}
	if err := s.parts.Book.Change(r.Context(), r.User.ID, func(u *account.User) { u.Language = chosen }); err != nil {
		return err
	}
	http.SetCookie(w, s.cookie(cookieLang, "", -1))
	http.Redirect(w, r.Request, "/account", http.StatusSeeOther)
	return nil
}

func (s *Server) accountToken(w http.ResponseWriter, r *request) error {
	secret, err := s.issueToken(r)
	if err != nil {
		status, text, err := r.again(err)
		if err != nil {
			return err
		}
		return s.showAccount(w, r, status, map[string]any{"Error": text})
	}
	return s.showAccount(w, r, 0, map[string]any{"Secret": secret})
}

func (s *Server) issueToken(r *request) (string, error) {
	days, err := strconv.Atoi(r.PostFormValue("days"))
	if err != nil || days < 1 || days > 366 {
		return "", fail(invalid, "有效天数为 1 至 366", "a token lives 1 to 366 days")
	}
	limit := access.Limit{Departments: splitList(r.PostFormValue("departments"))}
	for _, p := range r.PostForm["permission"] {
		limit.Permissions = append(limit.Permissions, access.Permission(p))
	}
	name := strings.TrimSpace(r.PostFormValue("name"))
	if err := s.act(r, "token.issue", r.User.ID, name); err != nil {
		return "", err
	}
	secret, _, err := s.parts.Book.Issue(r.Context(), r.User.ID, name, limit, s.now().Add(time.Duration(days)*24*time.Hour))
	if err != nil {
		return "", &failure{kind: invalid, text: lang.T("令牌的用途、权限或期限不正确", "name, permissions or days of the token are not right"), err: err}
	}
	return secret, nil
}

// splitList reads a list written with commas, also Chinese ones, or spaces.
func splitList(text string) []string {
	return strings.FieldsFunc(text, func(c rune) bool { return strings.ContainsRune(",，、; \t\n\r", c) })
}

func (s *Server) accountRevoke(w http.ResponseWriter, r *request) error {
	return s.revoke(w, r, r.User.ID, "/account")
}

func (s *Server) revoke(w http.ResponseWriter, r *request, user, back string) error {
	if err := s.act(r, "token.revoke", user, r.PathValue("token")); err != nil {
		return err
	}
	if err := s.parts.Book.Revoke(r.Context(), user, r.PathValue("token")); err != nil {
		return err
	}
	http.Redirect(w, r.Request, back, http.StatusSeeOther)
	return nil
}

// ---- users

func (s *Server) usersPage(w http.ResponseWriter, r *request) error {
	return s.showUsers(w, r, 0, map[string]any{})
}

func (s *Server) showUsers(w http.ResponseWriter, r *request, status int, extra map[string]any) error {
	return s.show(w, r, shown{page: "users", title: lang.T("用户", "Users"), status: status, build: func() (any, error) {
		extra["Users"], extra["Roles"], extra["Permissions"] = s.parts.Book.Users(), access.Roles, access.Permissions()
		extra["GrantText"] = r.PostFormValue("grants")
		return extra, nil
	}})
}

// parseGrants reads one grant a line.
func parseGrants(text string) ([]access.Grant, error) {
	var grants []access.Grant
	for line := range strings.FieldsFuncSeq(text, func(c rune) bool { return c == '\n' || c == '\r' || c == ' ' }) {
		g, err := access.ParseGrant(line)
		if err != nil {
			return nil, &failure{kind: invalid, text: lang.T("授权“"+line+"”不正确：写作 角色 或 角色:部门,部门", "grant "+strconv.Quote(line)+": "+err.Error()), err: err}
		}
		grants = append(grants, g)
	}
	return grants, nil
}

func (s *Server) userAdd(w http.ResponseWriter, r *request) error {
	err := s.addUser(r)
	if err != nil {
		status, text, err := r.again(err)
		if err != nil {
			return err
		}
		return s.showUsers(w, r, status, map[string]any{"Error": text})
	}
	http.Redirect(w, r.Request, "/users/"+url.PathEscape(strings.TrimSpace(r.PostFormValue("user"))), http.StatusSeeOther)
	return nil
}

func (s *Server) addUser(r *request) error {
	grants, err := parseGrants(r.PostFormValue("grants"))
	if err != nil {
		return err
	}
	password := r.PostFormValue("password")
	u := account.User{ID: strings.TrimSpace(r.PostFormValue("user")), Name: strings.TrimSpace(r.PostFormValue("name")), Grants: grants, MustChange: password != ""}
	if err := account.CheckUser(u); err != nil {
		return &failure{kind: invalid, text: lang.T("用户名、姓名或授权不正确：用户名为 1 至 64 个字母、数字、汉字或 . _ @ -", err.Error()), err: err}
	}
	if err := s.act(r, "user.add", u.ID, r.PostFormValue("grants")); err != nil {
		return err
	}
	return s.parts.Book.Add(r.Context(), u, password)
}

func (s *Server) userPage(w http.ResponseWriter, r *request) error {
	return s.showUser(w, r, 0, map[string]any{})
}

func (s *Server) showUser(w http.ResponseWriter, r *request, status int, extra map[string]any) error {
	u, err := s.parts.Book.User(r.PathValue("user"))
	if err != nil {
		return noSuch(lang.T("用户", "user"), r.PathValue("user"))
	}
	return s.show(w, r, shown{page: "user", title: lang.Same(u.ID), status: status, build: func() (any, error) {
		lines := make([]string, len(u.Grants))
		for i, g := range u.Grants {
			lines[i] = g.String()
		}
		extra["User"], extra["GrantText"], extra["Tokens"] = u, strings.Join(lines, "\n"), s.parts.Book.Tokens(u.ID)
		return extra, nil
	}})
}

func (s *Server) userChange(w http.ResponseWriter, r *request) error {
	id := r.PathValue("user")
	grants, err := parseGrants(r.PostFormValue("grants"))
	disabled := r.PostFormValue("disabled") != ""
	if err == nil {
		if err = s.act(r, "user.change", id, r.PostFormValue("grants")+" disabled="+strconv.FormatBool(disabled)); err != nil {
			return err
		}
		err = s.parts.Book.Change(r.Context(), id, func(u *account.User) {
			u.Name, u.Grants, u.Disabled = strings.TrimSpace(r.PostFormValue("name")), grants, disabled
		})
	}
	return s.userAnswer(w, r, err, r.say("已保存。", "Saved."))
}

func (s *Server) userAnswer(w http.ResponseWriter, r *request, err error, done string) error {
	if err != nil {
		status, text, err := r.again(err)
		if err != nil {
			return err
		}
		return s.showUser(w, r, status, map[string]any{"Error": text})
	}
	return s.showUser(w, r, 0, map[string]any{"Done": done})
}

func (s *Server) userPassword(w http.ResponseWriter, r *request) error {
	id := r.PathValue("user")
	if err := s.act(r, "user.password", id, ""); err != nil {
		return err
	}
	err := s.parts.Book.SetPassword(r.Context(), id, r.PostFormValue("password"), "", true)
	return s.userAnswer(w, r, err, r.say("密码已重设，该用户的会话已结束。", "The password is set; the user's sessions have ended."))
}

func (s *Server) userRevoke(w http.ResponseWriter, r *request) error {
	return s.revoke(w, r, r.PathValue("user"), "/users/"+url.PathEscape(r.PathValue("user")))
}

// ---- audit

func (s *Server) auditPage(w http.ResponseWriter, r *request) error { return s.showAudit(w, r, "") }

func (s *Server) showAudit(w http.ResponseWriter, r *request, check string) error {
	q := r.URL.Query()
	f := audit.Filter{User: q.Get("user"), Action: q.Get("action"), Refused: q.Get("refused") != "", Limit: 100}
	f.Before, _ = strconv.ParseInt(q.Get("before"), 10, 64)
	entries, err := s.parts.Audit.List(r.Context(), f)
	if err != nil {
		return err
	}
	next := ""
	if len(entries) == f.Limit {
		q.Set("before", strconv.FormatInt(entries[len(entries)-1].ID, 10))
		next = "/audit?" + q.Encode()
	}
	return s.show(w, r, shown{page: "audit", title: lang.T("审计记录", "Audit log"), wide: true, build: func() (any, error) {
		return map[string]any{"Entries": entries, "Filter": f, "Next": next, "Check": check}, nil
	}})
}

func (s *Server) auditCheck(w http.ResponseWriter, r *request) error {
	n, err := s.parts.Audit.Check(r.Context())
	if err != nil {
		return s.showAudit(w, r, r.say("链条不完整：", "The chain is broken: ")+err.Error())
	}
	return s.showAudit(w, r, strings.ReplaceAll(r.say("链条完整，共 N 条。", "The chain is whole: N entries."), "N", strconv.FormatInt(n, 10)))
}
