package cli

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/term"

	"weir/internal/server/access"
	"weir/internal/server/account"
	"weir/internal/server/audit"
	"weir/internal/store"
	"weir/internal/workspace"
)

type userCommand struct {
	List     userListCommand     `cmd:"" help:"${user_list}"`
	Add      userAddCommand      `cmd:"" help:"${user_add}"`
	Grant    userGrantCommand    `cmd:"" help:"${user_grant}"`
	Password userPasswordCommand `cmd:"" help:"${user_password}"`
	Disable  userDisableCommand  `cmd:"" help:"${user_disable}"`
	Enable   userEnableCommand   `cmd:"" help:"${user_enable}"`
	Demo     userDemoCommand     `cmd:"" help:"${user_demo}"`
}

// withBook opens the users of the workspace.
func (e *env) withBook(f func(*account.Book) error) error {
	return e.withStore(func(w *workspace.Workspace, s *store.Store) error {
		if e.inside != nil {
			return f(e.inside.book)
		}
		book, _, err := bookOf(e.ctx, w, s)
		if err != nil {
			return err
		}
		return f(book)
	})
}

// changeBook records the act in the audit log before it does it.
func (e *env) changeBook(action, target, detail string, f func(*account.Book) error) error {
	return e.withStore(func(w *workspace.Workspace, s *store.Store) error {
		book, log, err := e.bookAndLog(w, s)
		if err != nil {
			return err
		}
		entry := audit.Entry{User: os.Getenv("USER"), Address: "local", Action: action, Target: target, Detail: detail, Allowed: true, Rule: "command line"}
		if err := log.Write(e.ctx, entry); err != nil {
			return err
		}
		return f(book)
	})
}

// bookAndLog are those of the service where the command runs inside it: two of them over one database would not know
// of each other.
func (e *env) bookAndLog(w *workspace.Workspace, s *store.Store) (*account.Book, *audit.Log, error) {
	if e.inside != nil {
		return e.inside.book, e.inside.log, nil
	}
	book, keeper, err := bookOf(e.ctx, w, s)
	if err != nil {
		return nil, nil, err
	}
	log, err := audit.Open(e.ctx, keeper, now)
	return book, log, err
}

type userListCommand struct{}

// Run lists the users with their grants.
func (userListCommand) Run(e *env) error {
	return e.withBook(func(b *account.Book) error {
		t := &table{columns: []string{"user", "name", "grants", "disabled", "password", "created_at"}}
		for _, u := range b.Users() {
			var grants []string
			for _, g := range u.Grants {
				grants = append(grants, g.String())
			}
			kind := "set"
			switch {
			case u.Password == "":
				kind = "none"
			case u.MustChange:
				kind = "must change"
			}
			t.add(u.ID, u.Name, strings.Join(grants, " "), u.Disabled, kind, u.CreatedAt)
		}
		return e.print(t)
	})
}

type userAddCommand struct {
	User     string   `arg:"" help:"${user_id}"`
	Name     string   `help:"${user_name}"`
	Grant    []string `required:"" sep:"none" placeholder:"ROLE[:DEPARTMENT,…]" help:"${user_grants}"`
	Stdin    bool     `name:"password-stdin" help:"${user_stdin}"`
	NoSignIn bool     `name:"single-sign-on" help:"${user_sso}"`
}

// Run adds a user with a password that is asked for.
func (c userAddCommand) Run(e *env) error {
	grants, err := parseGrants(c.Grant)
	if err != nil {
		return err
	}
	password := ""
	if !c.NoSignIn {
		if password, err = e.password(c.Stdin); err != nil {
			return err
		}
	}
	return e.changeBook("user.add", c.User, strings.Join(c.Grant, " "), func(b *account.Book) error {
		if err := b.Add(e.ctx, account.User{ID: c.User, Name: c.Name, Grants: grants}, password); err != nil {
			return err
		}
		e.say("已添加 "+c.User, c.User+" is added")
		return nil
	})
}

func parseGrants(texts []string) ([]access.Grant, error) {
	var grants []access.Grant
	for _, text := range texts {
		g, err := access.ParseGrant(text)
		if err != nil {
			return nil, usageError{err.Error()}
		}
		grants = append(grants, g)
	}
	return grants, nil
}

// password asks twice on a terminal, or reads one line of standard input.
func (e *env) password(stdin bool) (string, error) {
	in, terminal := e.stdin.(*os.File)
	if stdin || !terminal || !term.IsTerminal(int(in.Fd())) {
		if !stdin {
			return "", usageError{"there is no terminal to ask for the password; give it with --password-stdin"}
		}
		line, err := bufio.NewReader(e.stdin).ReadString('\n')
		if err != nil && !errors.Is(err, io.EOF) {
			return "", err
		}
		return strings.TrimRight(line, "\r\n"), nil
	}
	ask := func(zh, en string) (string, error) {
		io.WriteString(e.stderr, e.lang.Pick(zh, en))
		b, err := term.ReadPassword(int(in.Fd()))
		io.WriteString(e.stderr, "\n")
		return string(b), err
	}
	first, err := ask("密码：", "password: ")
	if err != nil {
		return "", err
	}
	again, err := ask("再输一次：", "once more: ")
	if err != nil {
		return "", err
	}
	if first != again {
		return "", usageError{"the two passwords differ"}
	}
	return first, nil
}

type userGrantCommand struct {
	User  string   `arg:"" help:"${user_id}"`
	Grant []string `required:"" sep:"none" placeholder:"ROLE[:DEPARTMENT,…]" help:"${user_grants}"`
}

// Run replaces the grants of a user.
func (c userGrantCommand) Run(e *env) error {
	grants, err := parseGrants(c.Grant)
	if err != nil {
		return err
	}
	return e.changeBook("user.change", c.User, strings.Join(c.Grant, " "), func(b *account.Book) error {
		return b.Change(e.ctx, c.User, func(u *account.User) { u.Grants = grants })
	})
}

type userPasswordCommand struct {
	User  string `arg:"" help:"${user_id}"`
	Stdin bool   `name:"password-stdin" help:"${user_stdin}"`
}

// Run sets a password that its user must change at the next sign-in.
func (c userPasswordCommand) Run(e *env) error {
	password, err := e.password(c.Stdin)
	if err != nil {
		return err
	}
	return e.changeBook("user.password", c.User, "", func(b *account.Book) error {
		return b.SetPassword(e.ctx, c.User, password, "", true)
	})
}

type userDisableCommand struct {
	User string `arg:"" help:"${user_id}"`
}

// Run disables a user.
func (c userDisableCommand) Run(e *env) error {
	return e.changeBook("user.change", c.User, "disabled=true", func(b *account.Book) error {
		return b.Change(e.ctx, c.User, func(u *account.User) { u.Disabled = true })
	})
}

type userEnableCommand struct {
	User string `arg:"" help:"${user_id}"`
}

// Run enables a user again.
func (c userEnableCommand) Run(e *env) error {
	return e.changeBook("user.change", c.User, "disabled=false", func(b *account.Book) error {
		return b.Change(e.ctx, c.User, func(u *account.User) { u.Disabled = false })
	})
}

type userDemoCommand struct {
	Department string `default:"MZ" placeholder:"ID" help:"${department}"`
}

// Run makes an account for each role with a password of its own, for trying the service out. Accounts that exist get a
// new password.
func (c userDemoCommand) Run(e *env) error {
	return e.changeBook("user.demo", c.Department, "", func(b *account.Book) error {
		t := &table{columns: []string{"user", "password", "grant"}}
		for _, role := range access.Roles {
			g := access.Grant{Role: role}
			if role == access.Department {
				g.Departments = []string{c.Department}
			}
			id, password := string(role), "Weir-"+account.Secret()[:12]+"-1"
			err := b.Add(e.ctx, account.User{ID: id, Name: role.Name().In(e.lang), Grants: []access.Grant{g}}, password)
			if errors.Is(err, account.ErrExists) {
				err = b.SetPassword(e.ctx, id, password, "", false)
			}
			if err != nil {
				return fmt.Errorf("%s: %w", id, err)
			}
			t.add(id, password, g.String())
		}
		return e.print(t)
	})
}
