# `make run` serves a demo, `make test` runs the tests, `make help` lists the rest.
# Settings come from the command line or the environment: make run PORT=8123 DATA_DIR=/srv/parley

PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000
DATA_DIR ?= var
ARGS ?=
# Processes that share the tests: one per core, up to four; 0 for a debugger. On Redis, each starts one of its own.
WORKERS ?= auto
FAULT_TESTS ?= tests
RUNS ?= 5

BIN := .venv/bin
BROWSERS := /usr/bin/chromium /usr/bin/firefox-esr

export PYTHON
MAKEFLAGS += --no-print-directory

.DEFAULT_GOAL := help
.PHONY: help run demo static screenshots test test-services test-js e2e faults bench coverage check check-js format lock clean

help:  ## this list
	@awk -F ':.*## *' '/^[a-z0-9-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

# --- use ------------------------------------------------------------------------------------------------------------

run demo: export HOST := $(HOST)
run demo: export PORT := $(PORT)
run demo: export DATA_DIR := $(DATA_DIR)
run demo: export DEMO := 1

run:  ## install, migrate, make the demo organisations, serve [HOST= PORT= DATA_DIR= SERVER=uvicorn]
	@deploy/venv requirements.txt
	@exec $(BIN)/python manage.py serve --demo

demo:  ## print the demo's organisations, logins and tokens as JSON [DATA_DIR=]
	@deploy/venv requirements.txt
	@$(BIN)/python manage.py migrate --verbosity 0 --no-input >&2
	@exec $(BIN)/python manage.py demo --json

static: node_modules/.package-lock.json  ## the browser's half in few small files, which is served from then on
	@exec node deploy/bundle.js

# --- tests ----------------------------------------------------------------------------------------------------------

test:  ## the Python tests, on SQLite, with nothing else installed [ARGS="-k send" WORKERS=0]
	@deploy/venv requirements-dev.txt
	@exec $(BIN)/python -m pytest -n $(WORKERS) --maxprocesses 4 $(ARGS)

test-services:  ## the same tests on PostgreSQL and Redis (its own, unless DATABASE_URL and REDIS_URL are set)
	@deploy/venv requirements-dev.txt
	@exec .ci/with-services $(BIN)/python -m pytest -n $(WORKERS) --maxprocesses 4 $(ARGS)

test-js: node_modules/.package-lock.json  ## the JavaScript tests
	@exec npm test --silent

e2e: static  ## the browser tests, in Chromium, and some in Firefox
	@for one in $(BROWSERS); do test -x $$one || { echo "The browser tests need $$one:  sudo apt-get install -y chromium firefox-esr" >&2; exit 1; }; done
	@deploy/venv requirements-dev.txt
	@exec $(BIN)/python -m pytest -m e2e tests/e2e $(ARGS)

screenshots: static  ## pictures of the main states, in build/screenshots; those of the README anew
	@deploy/venv requirements-dev.txt
	@exec $(BIN)/python -m tests.e2e.screenshots

faults:  ## parts die under a fleet of clients, some 25 minutes [SERVER=uvicorn FAULTS="redis_killed deploy" FAULT_SECONDS=20 FAULT_REPORT=f.md]
	@deploy/venv requirements-dev.txt
	@exec .ci/with-services $(BIN)/python -m pytest -m faults -p no:randomly $(FAULT_TESTS) $(ARGS)

bench:  ## Parley beside what a team would pick instead, about an hour [ARGS="pairs latency" RUNS=5]
	@deploy/venv requirements-bench.txt
	@exec $(BIN)/python -m bench --runs $(RUNS) $(ARGS)

coverage:  ## the Python tests, and which lines and branches they leave out
	@deploy/venv requirements-dev.txt
	@exec $(BIN)/python -m pytest -n $(WORKERS) --maxprocesses 4 --cov --cov-report=term $(ARGS)

# --- the code -------------------------------------------------------------------------------------------------------

check:  ## lint, format, types, import contracts, migrations; the JavaScript too where npm is
	@deploy/venv requirements-dev.txt
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/python manage.py check
	@if command -v npm >/dev/null; then exec $(MAKE) check-js; \
	else echo "npm is not here: the JavaScript was not checked (Node 20 or newer)."; fi

check-js: node_modules/.package-lock.json
	npm run --silent check

format:  ## format the Python, and fix what the linter can
	@deploy/venv requirements-dev.txt
	$(BIN)/ruff check --fix --exit-zero
	$(BIN)/ruff format

# npm writes this file at the end of an installation.
node_modules/.package-lock.json: package.json package-lock.json
	@command -v npm >/dev/null || { echo "The JavaScript tools need Node 20 or newer, with npm." >&2; exit 1; }
	@npm ci --no-audit --no-fund --loglevel=error
	@touch $@

lock:  ## write requirements*.txt anew from requirements*.in [ARGS=--upgrade]
	@deploy/lock $(ARGS)

clean:  ## remove what was installed and cached; the data in var/ stays
	rm -rf .venv node_modules build .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .coverage* htmlcov
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
