# Weir is built with the tag duckdb_arrow, which adds Arrow output.
TAGS    := duckdb_arrow
GO      ?= go
VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo unknown)
LDFLAGS := -X weir/internal/cli.version=$(VERSION)

.PHONY: build demo serve test vet tools \
	web web-check test-browser screenshots look test-exports \
	test-deliveries test-kill test-service-kill soak \
	bench-ingest bench-formats bench-large bench-reports bench-serve

build: tools ## builds bin/weir
	$(GO) build -tags $(TAGS) -trimpath -ldflags '$(LDFLAGS)' -o bin/weir ./cmd/weir

demo: build ## a workspace of the sample city: ingested, closed, reported
	./bin/weir demo weir-demo

weir-demo/weir.yaml: | build
	./bin/weir demo weir-demo

serve: build weir-demo/weir.yaml ## serves the demo; prints the address and the accounts
	./bin/weir --dir weir-demo user demo
	./bin/weir --dir weir-demo serve

test: tools vet ## all tests that need only Go and a C toolchain
	$(GO) test -tags $(TAGS) -timeout 30m ./...

vet: tools
	$(GO) vet -tags $(TAGS) ./...

tools: ## says what the machine lacks and how to get it
	@command -v $(GO) >/dev/null || { echo "weir: Go 1.26 or newer is missing; install it from your system's packages or the Go project's archive"; exit 1; }
	@$(GO) env GOVERSION | awk -F'[go.]' '{ if ($$3 < 1 || ($$3 == 1 && $$4 < 26)) { print "weir: Go 1.26 or newer is needed, this is " $$0; exit 1 } }'
	@command -v $${CC:-cc} >/dev/null || { echo "weir: a C compiler is missing; on Debian: apt-get install gcc libstdc++-12-dev; on Fedora: dnf install gcc gcc-c++; on macOS: xcode-select --install"; exit 1; }

# What needs more than Go and a C toolchain.

web: ## builds the front end of the service from internal/server/web (needs Node 20 and npm)
	cd internal/server/web && npm ci && npx tsc --noEmit && node build.mjs

web-check: ## fails where the committed front end is not what its sources give
	cd internal/server/web && npm ci && npm run check

test-browser: build ## tests of the pages in Chromium (needs Node 20, npm and a Chromium: apt-get install chromium)
	cd internal/server/web && npm ci && node browser.test.mjs

screenshots: build ## pictures of the pages for docs/service.md (needs what test-browser needs)
	cd internal/server/web && npm ci && node screenshots.mjs

look: build ## reports of the demo and of a hostile city as contact sheets in look/ (needs poppler-utils and imagemagick)
	.ci/look look

# Another DuckDB than the one inside Weir, so that what is exported holds for it too.
PYTHON_PACKAGES := duckdb==2.0.1 pandas==3.1.1 nbformat==5.11.1 nbclient==0.11.0 ipykernel==7.4.0

test-exports: build weir-demo/weir.yaml ## exported notebooks run in Jupyter and DuckDB without Weir (needs Python 3 with venv)
	rm -rf bin/exports && ./bin/weir --dir weir-demo notebook export --out bin/exports --forms ipynb,sql
	test -d bin/python || python3 -m venv bin/python
	bin/python/bin/pip install -q $(PYTHON_PACKAGES)
	bin/python/bin/python internal/notebook/testdata/run_exports.py bin/exports weir-demo/lake

# What takes long.

test-deliveries: tools ## files that overlap, repeat, come in any order or break off anywhere; ROUNDS=100 a platform, SEED=…
	$(GO) test -tags $(TAGS) -count=1 -timeout 120m -run TestDeliveries -v ./ingest -args -rounds $(or $(ROUNDS),100) -seed $(or $(SEED),$(shell date +%s))

test-kill: tools ## kill -9 at 100 random instants while a million rows are ingested
	$(GO) test -tags $(TAGS) -count=1 -timeout 180m -run TestKilled -v ./cmd/weir -args -kills $(or $(KILLS),100) -kill-rows $(or $(ROWS),1000000)

test-service-kill: tools ## kill -9 of the running service during uploads, closes and reports; KILLS=25 of each by default
	$(GO) test -tags $(TAGS) -count=1 -timeout 120m -run Killed -v ./internal/server/live -args -service-kills $(or $(KILLS),25)

soak: weir-demo/weir.yaml ## mixed use of the demo's service with its memory over time; MINUTES=30 by default
	$(GO) test -tags $(TAGS) -run TestSoak -timeout 0 -v ./internal/server/live -args -demo $(CURDIR)/weir-demo -soak $(or $(MINUTES),30)m

bench-ingest: ## loading compared with the engine alone; ROWS=10000000 by default
	$(GO) test -tags $(TAGS) -run '^$$' -bench BenchmarkIngest -benchtime 3x -timeout 120m ./ingest -args -rows $(or $(ROWS),10000000)

bench-formats: ## loading compared with the decoder alone, for formats that the engine does not read
	$(GO) test -tags $(TAGS) -run '^$$' -bench BenchmarkFormats -benchtime 3x -timeout 120m ./ingest -args -rows $(or $(ROWS),1000000)

bench-large: ## a file of 5 GB in 1 GB of memory; needs 7 GB of disk
	$(GO) test -tags $(TAGS) -run '^$$' -bench BenchmarkLargeFile -benchtime 1x -timeout 120m ./cmd/weir

weir-demo-30/weir.yaml: | build
	./bin/weir demo --departments 31 weir-demo-30

bench-reports: build weir-demo-30/weir.yaml ## all reports of a month with 30 scorecards: time and memory
	$(GO) test -tags $(TAGS) -run '^$$' -bench BenchmarkReports -benchtime 1x -timeout 60m -v ./internal/cli -args -demo $(CURDIR)/weir-demo-30

bench-serve: weir-demo/weir.yaml ## readers of the demo's pages while events load; READERS=64 ROWS=1000000 THINK=0s by default
	$(GO) test -tags $(TAGS) -run '^$$' -bench BenchmarkReaders -benchtime 1x -timeout 60m ./internal/server/live -args -demo $(CURDIR)/weir-demo -readers $(or $(READERS),64) -rows $(or $(ROWS),1000000) -think $(or $(THINK),0s)
