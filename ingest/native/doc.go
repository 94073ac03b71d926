// Package native reads the logs and inventories that platforms emit in forms of their own: X-Road operational
// monitoring, CKAN, DCAT and data.json, OpenLineage, Kong, APISIX, Apache and nginx. One format is one file.
//
// A format turns a document or a line of the platform into flat rows of named texts; mapping files say which of them
// fill which columns of the event model, and the pipeline decides what is valid. It never guesses a department, never
// drops a record without handing it on as rejected, and never fetches anything.
package native
