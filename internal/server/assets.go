package server

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
	"net/http"
	"path"
	"time"

	"weir/internal/echarts"
	"weir/internal/lang"
	"weir/reports/figure"
)

// The built front end: made from web/ by make web, checked against its sources by a test.
//
//go:embed assets
var assetFiles embed.FS

// assetAddresses gives each file's address with the hash of its content, so that browsers may keep it for ever.
var assetAddresses = addresses()

func addresses() map[string]string {
	all := map[string]string{}
	entries, err := fs.ReadDir(assetFiles, "assets")
	if err != nil {
		return all
	}
	for _, e := range entries {
		content, err := fs.ReadFile(assetFiles, path.Join("assets", e.Name()))
		if err == nil {
			sum := sha256.Sum256(content)
			all[e.Name()] = "/assets/" + e.Name() + "?v=" + hex.EncodeToString(sum[:6])
		}
	}
	all["echarts.js"] = "/assets/echarts.js?v=" + echarts.Version
	sum := sha256.Sum256([]byte(figure.Script()))
	all["figure.js"] = "/assets/figure.js?v=" + hex.EncodeToString(sum[:6])
	return all
}

// asset answers with a file of the front end. Names come from the embedded list, never from a path of the disk.
func (s *Server) asset(w http.ResponseWriter, r *request) error {
	name := r.PathValue("name")
	if _, known := assetAddresses[name]; !known {
		return noSuch(lang.T("文件", "file"), name)
	}
	var content []byte
	var err error
	switch name {
	case "echarts.js":
		content, err = echarts.Script()
	case "figure.js":
		content = []byte(figure.Script())
	default:
		content, err = fs.ReadFile(assetFiles, path.Join("assets", name))
	}
	if err != nil {
		return err
	}
	if r.URL.Query().Get("v") != "" {
		w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	if path.Ext(name) != ".woff2" {
		asText(w, r)
	}
	http.ServeContent(w, r.Request, name, time.Time{}, bytes.NewReader(content))
	return nil
}
