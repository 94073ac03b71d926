package echarts

// Pictures are those of one document. Each is drawn once, in the order in which it is first asked for, and handed out
// again to the next form of the same document, so that every form shows the same picture. They belong to one
// goroutine.
type Pictures struct {
	engine  *Engine
	session *Session
	drawn   []picture
	next    int
}

type picture struct {
	option        string
	width, height int
	svg           string
}

// Pictures starts a document. Its session starts with the first picture; Close ends it.
func (e *Engine) Pictures() *Pictures { return &Pictures{engine: e} }

// Rewind starts another form of the document.
func (p *Pictures) Rewind() { p.next = 0 }

// SVG is Session.SVG for the next picture.
func (p *Pictures) SVG(option []byte, width, height int) (string, error) {
	if p.next < len(p.drawn) {
		known := p.drawn[p.next]
		if known.option == string(option) && known.width == width && known.height == height {
			p.next++
			return known.svg, nil
		}
	}
	if p.session == nil {
		session, err := p.engine.Session()
		if err != nil {
			return "", err
		}
		p.session = session
	}
	svg, err := p.session.SVG(option, width, height)
	if err != nil {
		return "", err
	}
	p.drawn = append(p.drawn[:p.next], picture{string(option), width, height, svg})
	p.next++
	return svg, nil
}

// Close ends the session.
func (p *Pictures) Close() error {
	if p.session == nil {
		return nil
	}
	err := p.session.Close()
	p.session = nil
	return err
}
