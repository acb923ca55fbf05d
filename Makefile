# Every command of the project, for a machine with git, make and Python 3.11 or newer.
# Nothing is installed outside this folder: .tools (uv, and Node where it is missing), .venv, node_modules.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PORT ?= 8000
PYTHON ?= $(shell .ci/find-python)

# uv reads its own variables only; who points pip at a mirror means uv too.
ifdef PIP_INDEX_URL
export UV_DEFAULT_INDEX ?= $(PIP_INDEX_URL)
endif
# Python comes from the machine, never from a download.
export UV_PYTHON_DOWNLOADS := never

# pip, uv and Node each bring their own list of authorities; an office network often has one of its own, which
# only the machine knows.
AUTHORITIES := $(firstword $(PIP_CERT) $(SSL_CERT_FILE) $(wildcard /etc/ssl/certs/ca-certificates.crt))
ifneq ($(AUTHORITIES),)
.tools/installed: export PIP_CERT := $(AUTHORITIES)
.tools/installed .venv/installed node_modules/installed lock: export SSL_CERT_FILE := $(AUTHORITIES)
node_modules/installed: export NODE_EXTRA_CA_CERTS := $(AUTHORITIES)
endif

RUN := .venv/bin
UV := .tools/bin/uv
PYTEST := $(RUN)/python -m pytest -n auto --dist loadgroup
CODE := $(wildcard app bench migrations scripts tests)
# One line each for a reader of licences: permissive, or copyleft that stays inside its own files or library.
LICENCES := MIT;BSD;Apache;ISC;PSF;Python Software Foundation;0BSD;Unlicense;MPL;Mozilla;LGPL;zlib

##@ Everyday

.PHONY: help
help: ## List the commands
	@awk 'BEGIN {FS = ":.*## "} /^##@/ {printf "\n%s\n", substr($$0, 5)} \
	  /^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

.PHONY: install
install: .venv/installed app/static/vendor/manifest.json ## Set up everything; instant when nothing changed

demo demo-reset: export TIENDO_DATA_DIR := $(or $(TIENDO_DATA_DIR),data)

.PHONY: demo
demo: install ## Serve the demo on 127.0.0.1 (PORT=8000); keeps its data in data/
	$(RUN)/tiendo migrate
	$(RUN)/tiendo demo
	TIENDO_DEMO=true exec $(RUN)/tiendo serve --host 127.0.0.1 --port $(PORT)

.PHONY: demo-reset
demo-reset: install ## Throw the demo data away and load it afresh; stop `make demo` first
	@if [ -n "$${TIENDO_DATABASE_URL:-}" ]; then \
	  echo "demo-reset only resets the SQLite demo: unset TIENDO_DATABASE_URL, or drop that database yourself." >&2; \
	  exit 1; fi
	@if [ "$$TIENDO_DATA_DIR" != data ]; then \
	  echo "demo-reset only deletes data/, not $$TIENDO_DATA_DIR: delete that folder yourself." >&2; exit 1; fi
	rm -rf data
	$(RUN)/tiendo migrate
	$(RUN)/tiendo demo

##@ Checks

.PHONY: test
test: install ## Run the tests (PYTEST_ARGS="tests/api -k board" for some of them)
	$(PYTEST) $(PYTEST_ARGS)

.PHONY: lint
lint: install ## Style and layout of the code
	$(RUN)/ruff check $(CODE)
	$(RUN)/ruff format --check $(CODE)

.PHONY: format
format: install ## Put the code into the project's layout
	$(RUN)/ruff check --fix $(CODE)
	$(RUN)/ruff format $(CODE)

.PHONY: types
types: install ## mypy, strict
	$(RUN)/mypy --strict

.PHONY: contracts
contracts: install ## Imports point down (.importlinter)
	$(RUN)/lint-imports

.PHONY: licences
licences: install ## Every installed package may be shipped with an Apache-2.0 project
	$(RUN)/pip-licenses --partial-match --allow-only "$(LICENCES)" \
	  --ignore-packages tiendo $(UNDECLARED) > /dev/null

# These declare nothing a program can read; a person has read their licence file.
UNDECLARED := pysqlite3

.PHONY: check
check: lint types contracts licences test ## All of the above: what a change must pass

##@ Measurements

.PHONY: bench
bench: install ## Speed against the yardsticks (SIZE=nation for 3,321 communes)
	$(RUN)/python -m bench

.PHONY: reading-score
reading-score: install ## How much of a plan's text is read rightly
	$(RUN)/python -m bench.reading_score

##@ Upkeep

.PHONY: screenshots
screenshots: install ## Draw the pictures of the README and the guide anew
	SCREENSHOTS=1 $(RUN)/python -m pytest tests/browser

.PHONY: lock
lock: .tools/installed ## Re-compile the locks (UPGRADE=--upgrade for newer versions)
	for name in build tools node; do \
	  $(COMPILE) requirements/$$name.in -o requirements/$$name.lock; done
	$(COMPILE) pyproject.toml -o requirements/base.lock
	$(COMPILE) pyproject.toml --group dev -o requirements/dev.lock

# Without emitted index lines a lock names versions and hashes, never the host they came from.
COMPILE = $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes \
  --no-header --no-emit-index-url --no-emit-find-links $(UPGRADE)

.PHONY: clean
clean: ## Remove what install and the tests made; data/ stays
	rm -rf .venv .tools node_modules app/static/vendor dist test-results
	rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache

# --- set-up; each step leaves a file, so that it runs again only when its input changed

.tools/installed: requirements/tools.lock .ci/make-tools
	PYTHON="$(PYTHON)" .ci/make-tools
	touch $@

.venv/installed: .tools/installed pyproject.toml requirements/dev.lock requirements/build.lock
	[ -x .venv/bin/python ] || $(UV) venv --quiet --python "$(PYTHON)" .venv
	$(UV) pip sync --quiet --python .venv/bin/python --compile-bytecode --require-hashes requirements/dev.lock
	$(UV) pip install --quiet --python .venv/bin/python --no-deps \
	  --build-constraints requirements/build.lock --editable .
	touch $@

node_modules/installed: .tools/installed package.json package-lock.json .npmrc .ci/npm
	.ci/npm ci --ignore-scripts --no-audit --no-fund --no-update-notifier --loglevel=error
	touch $@

app/static/vendor/manifest.json: .venv/installed node_modules/installed scripts/vendor.py $(wildcard app/static/*.*)
	$(RUN)/python scripts/vendor.py
