# Diwan: everything a developer types. `make` lists the targets.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.ONESHELL:
MAKEFLAGS += --no-print-directory

# Settings: make run PORT=9000 DATA=/srv/diwan-demo
PORT ?= 8080
DATA ?= data/demo
# Compiled dependencies live outside the checkout, so that every clone and every CI run finds them.
export CACHE ?= $(HOME)/.cache/diwan
export CARGO_TARGET_DIR ?= $(CACHE)/target
export npm_config_prefer_offline ?= true

SERVER_TOOLS = . "$(CACHE)/server-tools.sh"
UI_TOOLS = . "$(CACHE)/ui-tools.sh"
DIWAN = $(CARGO_TARGET_DIR)/release/diwan
# Crates that also run in the browser: no database, no web server, no threads.
WASM_SAFE = diwan-kernel diwan-platform-api diwan-archive-api diwan-finance-api diwan-tarasol-api

.PHONY: help run build ui bundler ui-bundle ui-fresh setup setup-test test format lint wasm-safe test-rust test-browser guide search-eval bench settings

help: ## List the targets
	@sed -nE 's/^([a-z-]+):.*## (.*)/make \1\t\2/p' $(MAKEFILE_LIST) | column -t -s "$$(printf '\t')"

run: build ## Install what is missing, build, start Diwan with demo data (PORT=8080 DATA=data/demo)
	@exec "$(DIWAN)" demo --port "$(PORT)" --data "$(DATA)" --log warn

build: setup ui ## Build the release binary with the UI inside
	@$(SERVER_TOOLS)
	cargo build --release --package diwan-server --bin diwan

ui: bundler ## Build the UI into frontend/dist
	@$(MAKE) ui-bundle

bundler: setup
	@$(SERVER_TOOLS)
	cargo build --quiet --package diwan-bundle

# UI=--dev makes the quicker, larger one.
ui-bundle:
	@$(UI_TOOLS)
	unset MAKEFLAGS
	"$(CARGO_TARGET_DIR)/debug/diwan-bundle" $(UI) --target-dir "$(CARGO_TARGET_DIR)"

# The UI takes minutes to build: one that was built for delivery and is newer than its sources is taken as it is.
ui-fresh: setup
	@sources=$$(git ls-files frontend backend/kernel backend/platform-api 'modules/*/api' Cargo.lock)
	packed=$$(compgen -G 'frontend/dist/assets/*.wasm.br' || true)
	if [ -n "$(UI)" ] || [ -z "$$packed" ] || [ -n "$$(find $$sources -newer frontend/dist/manifest.json -print -quit)" ]; then
	  $(MAKE) ui
	fi

setup:
	@scripts/setup.sh run

setup-test:
	@scripts/setup.sh test

# The UI's compiler keeps one processor busy for minutes: it works beside the tests of the server. Both share out their work
# themselves and not through make (MAKEFLAGS).
test: setup-test format lint wasm-safe bundler frontend/node_modules ## Everything CI runs
	@$(MAKE) --jobs=2 test-rust ui-bundle
	$(MAKE) test-browser

format: setup-test
	@$(SERVER_TOOLS)
	cargo fmt --all --check

lint: setup-test ## Clippy over everything, warnings as errors
	@$(SERVER_TOOLS)
	cargo clippy --workspace --exclude diwan-frontend --all-targets --quiet -- -D warnings
	$(UI_TOOLS)
	cargo clippy --package diwan-frontend --target wasm32-unknown-unknown --quiet -- -D warnings

wasm-safe: setup-test
	@$(SERVER_TOOLS)
	for crate in $(WASM_SAFE); do
	  tree=$$(cargo tree --package "$$crate" --target wasm32-unknown-unknown --edges normal --prefix none)
	  if grep -E '^(diesel|actix-web|tokio|utoipa) ' <<<"$$tree"; then
	    echo "$$crate must stay without the crates above: it runs in the browser"; exit 1
	  fi
	done

# Prints are set in a font from the UI's packages.
frontend/node_modules: frontend/package-lock.json
	@cd frontend
	npm ci --no-audit --no-fund --loglevel=error
	touch node_modules

test-rust: setup-test frontend/node_modules
	@$(SERVER_TOOLS)
	unset MAKEFLAGS
	cargo test --workspace --no-fail-fast

tests/e2e/node_modules: tests/e2e/package-lock.json
	@cd tests/e2e
	npm ci --no-audit --no-fund --loglevel=error
	touch node_modules

# The UI as delivered, within its budget of bytes, and the debug server.
test-browser: setup-test ui-fresh frontend/node_modules tests/e2e/node_modules ## The stories in a browser; pictures in tests/e2e/out
	@$(SERVER_TOOLS)
	unset MAKEFLAGS
	# With the features that the tests have: after them nothing is compiled once more.
	cargo test --workspace --no-run --quiet
	cd tests/e2e
	DIWAN="$(CARGO_TARGET_DIR)/debug/diwan" npm test --silent

guide: test-browser ## The same, and its pictures into the user guide
	for lang in ar en; do
	  for name in compose letter-signed inbox refer search verify finance-law-import finance-voucher-form finance-voucher \
	    payment-run bank-desk closing-blocked year-end finance-board; do
	    cp "tests/e2e/out/$$name-$$lang.png" docs/guide/img/
	  done
	  cp "tests/e2e/out/thread-clerk.mof-$$lang.png" "docs/guide/img/thread-$$lang.png"
	  cp "tests/e2e/out/day-import-$$lang.png" "docs/guide/img/import-$$lang.png"
	  cp "tests/e2e/out/day-check-$$lang.png" "docs/guide/img/check-$$lang.png"
	  cp "tests/e2e/out/day-marked-$$lang.png" "docs/guide/img/marked-$$lang.png"
	  cp "tests/e2e/out/day-act-$$lang.png" "docs/guide/img/disposal-$$lang.png"
	  cp "tests/e2e/out/day-drill-$$lang.png" "docs/guide/img/drill-$$lang.png"
	  for name in my-work dashboard; do
	    cp "tests/e2e/out/screen-wide-$$name-$$lang.png" "docs/guide/img/$$name-$$lang.png"
	  done
	done

search-eval: build ## Score the search on DATA=dir with docs.jsonl and queries.jsonl
	@"$(DIWAN)" search-eval "$(DATA)"

bench: setup-test ui-fresh tests/e2e/node_modules ## Measure Diwan beside the raw database; writes bench.json (BENCH="--only issue" for a part)
	@$(SERVER_TOOLS)
	cargo build --release --package diwan-server --bin diwan --package diwan-bench --bin diwan-bench
	"$(CARGO_TARGET_DIR)/release/diwan-bench" --server "$(DIWAN)" $(BENCH)

settings: setup ## Write docs/settings.md anew
	@$(SERVER_TOOLS)
	cargo run --quiet --package diwan-server -- settings --markdown > docs/settings.md.new
	mv docs/settings.md.new docs/settings.md
