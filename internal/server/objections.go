package server

import (
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"weir/internal/lang"
	"weir/internal/server/access"
	"weir/internal/server/objection"
)

const (
	attachmentMax   = 10 << 20 // bytes of one attachment
	attachmentsMost = 5
)

type objectionRow struct {
	objection.Objection
	DepartmentName string
	IndicatorName  string
}

// objectionName names department and indicator as the month knew them.
func (s *Server) objectionRow(r *request, o objection.Objection) objectionRow {
	row := objectionRow{Objection: o, DepartmentName: o.Department, IndicatorName: o.Indicator}
	if m, err := s.fullMonth(r.Context(), o.Month, 0); err == nil {
		if name, ok := m.names[o.Department]; ok {
			row.DepartmentName = name.In(r.lang)
		}
		if p := m.indicators[o.Indicator]; p != nil {
			row.IndicatorName = p.Name.In(r.lang)
		}
	}
	if o.Indicator == "" {
		row.IndicatorName = r.say("总分", "total score")
	}
	return row
}

func (s *Server) objectionsPage(w http.ResponseWriter, r *request) error {
	q := r.URL.Query()
	var rows []objectionRow
	for _, o := range s.parts.Objections.List(objection.Filter{Month: q.Get("month"), Department: q.Get("department"), State: objection.State(q.Get("state"))}) {
		if r.who.May(access.ObjectionRead, o.Department).Allowed {
			rows = append(rows, s.objectionRow(r, o))
		}
	}
	return s.show(w, r, shown{page: "objections", title: lang.T("申诉", "Objections"), build: func() (any, error) {
		return map[string]any{"Rows": rows, "State": q.Get("state"), "MayFile": r.who.Has(access.ObjectionFile), "Departments": r.who.Departments()}, nil
	}})
}

// objectionForm shows the form for a figure of the own department.
func (s *Server) objectionForm(w http.ResponseWriter, r *request) error {
	q := r.URL.Query()
	return s.showObjectionForm(w, r, 0, q.Get("month"), q.Get("department"), q.Get("indicator"), "", "")
}

func (s *Server) showObjectionForm(w http.ResponseWriter, r *request, status int, month, department, indicator, text, problem string) error {
	m, err := s.month(r, month, 0)
	if err != nil {
		return err
	}
	if d := r.who.May(access.ObjectionFile, department); !d.Allowed {
		return refusal(d)
	}
	d, ok := m.department(department)
	if !ok {
		return noSuch(lang.T("部门", "department"), department)
	}
	return s.show(w, r, shown{page: "objection_form", title: lang.T("提出申诉", "File an objection"), status: status, build: func() (any, error) {
		data := map[string]any{"Month": m, "Department": department, "DepartmentName": d.Name.In(r.lang), "Indicators": m.Indicators, "Indicator": indicator, "Text": text, "Error": problem}
		if p := m.indicators[indicator]; p != nil {
			data["Value"] = m.view(p, department, r.lang)
		}
		return data, nil
	}})
}

// objectionFile takes an objection with its attachments.
func (s *Server) objectionFile(w http.ResponseWriter, r *request) error {
	form, err := s.multipart(r)
	if err != nil {
		return err
	}
	month, department, indicator, text := form.Value["month"], form.Value["department"], form.Value["indicator"], form.Value["text"]
	m, err := s.month(r, first(month), 0)
	if err != nil {
		return err
	}
	if d := r.who.May(access.ObjectionFile, first(department)); !d.Allowed {
		return refusal(d)
	}
	if _, ok := m.department(first(department)); !ok {
		return noSuch(lang.T("部门", "department"), first(department))
	}
	if id := first(indicator); id != "" && m.indicators[id] == nil {
		return noSuch(lang.T("指标", "indicator"), id)
	}
	if err := s.record(r, "objection.file", first(month)+" "+first(department)+" "+first(indicator), "", r.who.May(access.ObjectionFile, first(department))); err != nil {
		return err
	}
	attachments, err := s.attachments(form.File["file"])
	if err == nil {
		var o objection.Objection
		o, err = s.parts.Objections.File(r.Context(), objection.Objection{Month: m.Month.Month, Revision: m.Revision, Department: first(department), Indicator: first(indicator), FiledBy: r.who.User}, first(text), attachments)
		if err == nil {
			http.Redirect(w, r.Request, fmt.Sprintf("/objections/%d", o.ID), http.StatusSeeOther)
			return nil
		}
	}
	status, problem, err := r.again(err)
	if err != nil {
		return err
	}
	return s.showObjectionForm(w, r, status, first(month), first(department), first(indicator), first(text), problem)
}

// multipart reads a form with files, checks its token and forgets the files on disk when the request ends.
func (s *Server) multipart(r *request) (*multipart.Form, error) {
	r.Body = http.MaxBytesReader(nil, r.Body, attachmentsMost*attachmentMax+1<<20)
	if err := r.ParseMultipartForm(2 << 20); err != nil {
		var size *http.MaxBytesError
		if errors.As(err, &size) {
			return nil, err
		}
		return nil, &failure{kind: invalid, text: lang.T("表单无法读取", "the form cannot be read"), err: err}
	}
	if err := s.checkToken(r, r.PostFormValue("csrf")); err != nil {
		return nil, errors.Join(err, r.MultipartForm.RemoveAll())
	}
	return r.MultipartForm, nil
}

func first(values []string) string {
	if len(values) == 0 {
		return ""
	}
	return values[0]
}

// attachments stores files under the hash of their content.
func (s *Server) attachments(files []*multipart.FileHeader) ([]objection.Attachment, error) {
	var list []objection.Attachment
	for _, header := range files {
		if header.Filename == "" && header.Size == 0 {
			continue
		}
		if len(list) == attachmentsMost {
			return nil, failf(invalid, "附件最多 %d 个", "at most %d attachments", attachmentsMost)
		}
		if header.Size > attachmentMax {
			return nil, failf(tooLarge, "附件“%s”超过 %s", "attachment %q is larger than %s", header.Filename, byteSize(attachmentMax))
		}
		a, err := s.attach(header)
		if err != nil {
			return nil, err
		}
		list = append(list, a)
	}
	return list, nil
}

func (s *Server) attach(header *multipart.FileHeader) (_ objection.Attachment, err error) {
	in, err := header.Open()
	if err != nil {
		return objection.Attachment{}, err
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	got, err := s.receive(in, header.Filename)
	if err != nil {
		return objection.Attachment{}, err
	}
	folder := s.attachmentFolder()
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return objection.Attachment{}, err
	}
	if err := os.Rename(got.Path, filepath.Join(folder, got.SHA256)); err != nil {
		return objection.Attachment{}, err
	}
	return objection.Attachment{File: got.Name, Bytes: got.Bytes, SHA256: got.SHA256}, os.RemoveAll(filepath.Dir(got.Path))
}

func (s *Server) attachmentFolder() string { return filepath.Join(s.parts.Files, "objections") }

// findObjection finds the case of the path and asks whether the person may read it.
func (s *Server) findObjection(r *request, p access.Permission) (objection.Objection, error) {
	id, err := strconv.ParseInt(r.PathValue("objection"), 10, 64)
	if err != nil {
		return objection.Objection{}, noSuch(lang.T("申诉", "objection"), r.PathValue("objection"))
	}
	o, err := s.parts.Objections.Find(id)
	if err != nil {
		return objection.Objection{}, err
	}
	if d := r.who.May(p, o.Department); !d.Allowed {
		return objection.Objection{}, refusal(d)
	}
	return o, nil
}

func (s *Server) objectionPage(w http.ResponseWriter, r *request) error {
	o, err := s.findObjection(r, access.ObjectionRead)
	if err != nil {
		return err
	}
	return s.showObjection(w, r, 0, o, "")
}

func (s *Server) showObjection(w http.ResponseWriter, r *request, status int, o objection.Objection, problem string) error {
	row := s.objectionRow(r, o)
	data := map[string]any{"O": row, "Error": problem, "Open": o.State == objection.Open,
		"MayAnswer": r.who.May(access.ObjectionAnswer, o.Department).Allowed, "MayAdd": r.who.May(access.ObjectionFile, o.Department).Allowed}
	if m, err := s.month(r, o.Month, 0); err == nil {
		if p := m.indicators[o.Indicator]; p != nil {
			data["Value"] = m.view(p, o.Department, r.lang)
			if then, err := s.month(r, o.Month, o.Revision); err == nil && o.Revision != m.Revision {
				data["Then"] = then.view(p, o.Department, r.lang)
			}
		}
		data["Now"] = m.Revision
	}
	return s.show(w, r, shown{page: "objection", title: lang.T(fmt.Sprintf("申诉 #%d", o.ID), fmt.Sprintf("Objection #%d", o.ID)), status: status, build: func() (any, error) { return data, nil }})
}

// objectionAdd writes into a case: the department adds or withdraws, finance accepts or rejects.
func (s *Server) objectionAdd(w http.ResponseWriter, r *request) error {
	form, err := s.multipart(r)
	if err != nil {
		return err
	}
	state := objection.State(first(form.Value["state"]))
	needs := access.ObjectionFile
	if state == objection.Accepted || state == objection.Rejected {
		needs = access.ObjectionAnswer
	}
	o, err := s.findObjection(r, needs)
	if err != nil {
		return err
	}
	if err := s.record(r, "objection."+string(state), fmt.Sprint(o.ID), "", r.who.May(needs, o.Department)); err != nil {
		return err
	}
	attachments, err := s.attachments(form.File["file"])
	if err == nil {
		if _, err = s.parts.Objections.Add(r.Context(), o.ID, r.who.User, state, first(form.Value["text"]), attachments); err == nil {
			http.Redirect(w, r.Request, fmt.Sprintf("/objections/%d", o.ID), http.StatusSeeOther)
			return nil
		}
	}
	status, problem, err := r.again(err)
	if err != nil {
		return err
	}
	return s.showObjection(w, r, status, o, problem)
}

var hexName = regexp.MustCompile(`^[0-9a-f]{64}$`)

// objectionAttachment answers with an attachment, always as a download.
func (s *Server) objectionAttachment(w http.ResponseWriter, r *request) (err error) {
	o, err := s.findObjection(r, access.ObjectionRead)
	if err != nil {
		return err
	}
	for _, m := range o.Messages {
		for _, a := range m.Attachments {
			if strconv.FormatInt(a.ID, 10) != r.PathValue("attachment") || !hexName.MatchString(a.SHA256) {
				continue
			}
			if err := s.act(r, "attachment.read", fmt.Sprintf("%d/%d", o.ID, a.ID), a.File); err != nil {
				return err
			}
			f, err := os.Open(filepath.Join(s.attachmentFolder(), a.SHA256))
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, f.Close()) }()
			attach(w, a.File, "application/octet-stream")
			w.Header().Set("Content-Length", strconv.FormatInt(a.Bytes, 10))
			_, err = io.Copy(w, f)
			return err
		}
	}
	return noSuch(lang.T("附件", "attachment"), strings.TrimSpace(r.PathValue("attachment")))
}
