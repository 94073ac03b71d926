# Weir is built with the tag duckdb_arrow, which adds Arrow output.
TAGS := duckdb_arrow
GO   ?= go

.PHONY: build test vet

build: ## builds bin/weir
	$(GO) build -tags $(TAGS) -trimpath -o bin/weir ./cmd/weir

test: vet ## the tests that need only Go and a C toolchain
	$(GO) test -tags $(TAGS) ./...

vet:
	$(GO) vet -tags $(TAGS) ./...
