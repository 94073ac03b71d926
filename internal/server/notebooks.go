package server

// notebookRoutes are the pages and calls of notebooks.
func (s *Server) notebookRoutes() []route { return nil }
