package server

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"mime"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
	"unicode"

	"weir/internal/lang"
	"weir/internal/server/access"
	"weir/internal/server/job"
)

var noTime time.Time

func jobPath(j job.Job) string { return "/jobs/" + strconv.FormatInt(j.ID, 10) }

// ingestArgument is the argument of a job that loads an uploaded file.
type ingestArgument struct {
	Path   string `json:"path"` // of the stored upload
	Name   string `json:"name"` // as it was called
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
	Source
	DryRun bool `json:"dry_run,omitempty"`
}

// uploads is where files wait for their load. A file gets its name there only when it is whole.
func (s *Server) uploads() string { return filepath.Join(s.parts.Files, "uploads") }

// receive stores a body under a name of its own and gives its size and hash. The caller's name is kept as a label.
func (s *Server) receive(body io.Reader, name string) (a ingestArgument, err error) {
	if err := os.MkdirAll(s.uploads(), 0o700); err != nil {
		return a, err
	}
	draft, err := os.CreateTemp(s.uploads(), ".receiving-*")
	if err != nil {
		return a, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(draft.Name()))
		}
	}()
	sum := sha256.New()
	n, err := io.Copy(io.MultiWriter(draft, sum), body)
	if err != nil {
		return a, errors.Join(err, draft.Close())
	}
	if err := errors.Join(draft.Sync(), draft.Close()); err != nil {
		return a, err
	}
	a = ingestArgument{Name: cleanName(name), Bytes: n, SHA256: hex.EncodeToString(sum.Sum(nil))}
	// The folder is the upload's own, since the same file may come twice; the file keeps its name: mappings and tables
	// are found by it.
	folder, err := os.MkdirTemp(s.uploads(), a.SHA256[:16]+"-*")
	if err != nil {
		return a, err
	}
	a.Path = filepath.Join(folder, a.Name)
	return a, os.Rename(draft.Name(), a.Path)
}

// sweepUploads removes what waits for no load: uploads that broke off when the service was killed, and files whose load
// had ended.
func (s *Server) sweepUploads() error {
	if s.parts.Files == "" || s.parts.Jobs == nil {
		return nil
	}
	wanted := map[string]bool{}
	for _, j := range s.parts.Jobs.List() {
		var a ingestArgument
		if j.Kind == kindIngest && !j.Over() && json.Unmarshal(j.Argument, &a) == nil {
			wanted[filepath.Base(filepath.Dir(a.Path))] = true
		}
	}
	entries, err := os.ReadDir(s.uploads())
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	for _, e := range entries {
		if !wanted[e.Name()] {
			err = errors.Join(err, os.RemoveAll(filepath.Join(s.uploads(), e.Name())))
		}
	}
	return err
}

// cleanName takes the last part of a name, without what could be a path, a device or a hidden file.
func cleanName(name string) string {
	name = strings.ReplaceAll(name, `\`, "/")
	name = name[strings.LastIndexByte(name, '/')+1:]
	name = strings.Map(func(c rune) rune {
		if unicode.IsLetter(c) || unicode.IsDigit(c) || strings.ContainsRune("._-()（）", c) {
			return c
		}
		return '_'
	}, strings.ToValidUTF8(name, "_"))
	name = strings.TrimLeft(name, ".")
	for len(name) > 150 {
		_, size := firstRune(name)
		name = name[size:]
	}
	if name == "" {
		return "upload"
	}
	return name
}

func firstRune(s string) (rune, int) {
	for _, r := range s {
		return r, len(string(r))
	}
	return 0, 1
}

// loadsPage shows the register of loads and the form for a new one.
func (s *Server) loadsPage(w http.ResponseWriter, r *request) error {
	return s.showLoads(w, r, 0, nil)
}

func (s *Server) showLoads(w http.ResponseWriter, r *request, status int, extra map[string]any) error {
	if s.parts.Loads == nil {
		return fail(unavail, "装载不可用", "loading is not available")
	}
	list, err := s.parts.Loads.List(r.Context(), 200)
	if err != nil {
		return err
	}
	if extra == nil {
		extra = map[string]any{}
	}
	return s.show(w, r, shown{page: "loads", title: lang.T("装载", "Loads"), status: status, wide: true, build: func() (any, error) {
		extra["Loads"], extra["Tables"], extra["Mappings"] = list, s.model().TableNames(), s.parts.Loads.Mappings()
		extra["MayUpload"], extra["Jobs"], extra["Max"] = r.who.May(access.LoadWrite, "").Allowed && s.parts.Jobs != nil, s.jobsOf(kindIngest, 8), s.config.UploadMax
		return extra, nil
	}})
}

// upload takes a file from the form: the token first, then the fields, then the file, as they stand in the form, so
// that nothing large is read before it is known who sends it.
func (s *Server) upload(w http.ResponseWriter, r *request) error {
	reader, err := r.MultipartReader()
	if err != nil {
		return &failure{kind: invalid, text: lang.T("表单无法读取", "the form cannot be read"), err: err}
	}
	fields := map[string]string{}
	for {
		part, err := reader.NextPart()
		if errors.Is(err, io.EOF) {
			return fail(invalid, "没有选择文件", "no file was chosen")
		}
		if err != nil {
			return unreadable(err)
		}
		if part.FormName() != "file" {
			value, err := io.ReadAll(io.LimitReader(part, 10_000))
			if err != nil {
				return err
			}
			fields[part.FormName()] = string(value)
			continue
		}
		if err := s.checkToken(r, fields["csrf"]); err != nil {
			drain(r.Body)
			return err
		}
		if part.FileName() == "" {
			return s.showLoads(w, r, http.StatusUnprocessableEntity, map[string]any{"Error": r.say("没有选择文件", "no file was chosen")})
		}
		j, err := s.take(r, part, part.FileName(), Source{Table: fields["table"], Mapping: fields["mapping"]}, "", fields["dry_run"] != "")
		if err != nil {
			return err
		}
		http.Redirect(w, r.Request, jobPath(j), http.StatusSeeOther)
		return nil
	}
}

// unreadable is the failure of a form that breaks off or is malformed; limits of size and time keep their own.
func unreadable(err error) error {
	var size *http.MaxBytesError
	var f *failure
	if errors.As(err, &size) || errors.As(err, &f) {
		return err
	}
	return &failure{kind: invalid, text: lang.T("表单无法读取", "the form cannot be read"), err: err}
}

// take receives a file and queues its load. The audit entry comes first.
func (s *Server) take(r *request, body io.Reader, name string, from Source, key string, dryRun bool) (job.Job, error) {
	from.Language = r.lang
	if s.parts.Jobs == nil {
		return job.Job{}, fail(unavail, "任务队列不可用", "the queue is not available")
	}
	if s.parts.Jobs.Waiting() >= job.MostQueued {
		drain(r.Body)
		return job.Job{}, job.ErrBusy
	}
	if err := s.act(r, "load", name, from.Table+from.Mapping); err != nil {
		return job.Job{}, err
	}
	a, err := s.receive(body, name)
	if err != nil {
		return job.Job{}, err
	}
	a.Source, a.DryRun = from, dryRun
	j, added, err := s.parts.Jobs.Add(r.Context(), kindIngest, a, r.who.User, key, noTime)
	if err != nil {
		return job.Job{}, errors.Join(err, os.RemoveAll(filepath.Dir(a.Path)))
	}
	if !added {
		if err := os.RemoveAll(filepath.Dir(a.Path)); err != nil {
			return job.Job{}, err
		}
	}
	if !added && key != "" {
		var before ingestArgument
		if json.Unmarshal(j.Argument, &before) == nil && before.SHA256 != a.SHA256 {
			return job.Job{}, failf(conflict, "幂等键“%s”已用于另一内容", "the key %q was used for other content", key)
		}
	}
	return j, nil
}

// ---- quarantine

const quarantinePage = 50

func (s *Server) quarantinePage(w http.ResponseWriter, r *request) error {
	return s.showQuarantine(w, r, 0, "")
}

func (s *Server) showQuarantine(w http.ResponseWriter, r *request, status int, problem string) error {
	if s.parts.Loads == nil {
		return fail(unavail, "装载不可用", "loading is not available")
	}
	load, _ := strconv.ParseInt(r.FormValue("load"), 10, 64)
	n := pageOf(r)
	rows, err := s.parts.Loads.Quarantine(r.Context(), load, (n-1)*quarantinePage, quarantinePage+1)
	if err != nil {
		return err
	}
	more := len(rows) > quarantinePage
	if more {
		rows = rows[:quarantinePage]
	}
	link := func(n int) string { return fmt.Sprintf("/quarantine?load=%d&page=%d", load, n) }
	data := map[string]any{"Rows": rows, "Load": load, "Error": problem, "MayRepair": r.who.May(access.QuarantineWrite, "").Allowed && load > 0}
	if load == 0 && n == 1 {
		if data["Names"], err = s.parts.Loads.Names(r.Context()); err != nil {
			return err
		}
	}
	if n > 1 {
		data["Previous"] = link(n - 1)
	}
	if more {
		data["Next"] = link(n + 1)
	}
	return s.show(w, r, shown{page: "quarantine", title: lang.T("隔离区", "Quarantine"), status: status, wide: true, build: func() (any, error) { return data, nil }})
}

// repairArgument is the argument of a job that loads repaired rows.
type repairArgument struct {
	Load int64            `json:"load_id"`
	Rows map[int64]string `json:"rows"` // line in the old file → repaired text
}

// repair queues the load of repaired rows.
func (s *Server) repair(w http.ResponseWriter, r *request) error {
	load, err := strconv.ParseInt(r.PostFormValue("load"), 10, 64)
	if err != nil || load <= 0 {
		return fail(invalid, "请先选择一个装载批次", "choose a load first")
	}
	a := repairArgument{Load: load, Rows: map[int64]string{}}
	for name, values := range r.PostForm {
		if number, ok := strings.CutPrefix(name, "line-"); ok && r.PostFormValue("take-"+number) != "" {
			line, err := strconv.ParseInt(number, 10, 64)
			if err != nil {
				return fail(invalid, "行号不正确", "a line number is wrong")
			}
			a.Rows[line] = strings.TrimRight(values[0], "\r\n")
		}
	}
	if len(a.Rows) == 0 {
		return s.showQuarantine(w, r, http.StatusUnprocessableEntity, r.say("请勾选要重放的行", "tick the rows to be replayed"))
	}
	if s.parts.Jobs == nil {
		return fail(unavail, "任务队列不可用", "the queue is not available")
	}
	if err := s.act(r, "quarantine.repair", fmt.Sprintf("load %d", load), fmt.Sprintf("%d rows", len(a.Rows))); err != nil {
		return err
	}
	j, _, err := s.parts.Jobs.Add(r.Context(), kindRepair, a, r.who.User, "", noTime)
	if err != nil {
		return err
	}
	http.Redirect(w, r.Request, jobPath(j), http.StatusSeeOther)
	return nil
}

// mediaType is the type of a body without its parameters.
func mediaType(r *request) string {
	t, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil {
		return ""
	}
	return t
}
