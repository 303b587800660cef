# Everything from a fresh checkout needs Python 3.11+ and make; the rest sets itself up, once.

PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install -qq

.PHONY: run test soak bench shots lock
.DELETE_ON_ERROR:

run: .venv/app node_modules/installed
	@$(BIN)/paidup run

test: export PAIDUP_HOME := $(CURDIR)/build/checks
test: .venv/test node_modules/installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/djlint paidup --lint --quiet
	$(BIN)/mypy paidup tests
	programs=$$($(BIN)/python -m tests.support.prerequisites) \
	  && $(BIN)/python -m pytest -n 2 --dist worksteal \
	  && PAIDUP_TEST_POSTGRESQL=$$programs $(BIN)/python -m pytest -n 2 --dist worksteal -m database

soak: .venv/test node_modules/installed
	$(BIN)/python -m tests.soak

bench: .venv/test node_modules/installed
	$(BIN)/python -m tests.bench

shots: .venv/test node_modules/installed
	$(BIN)/python -m tests.shots

lock: build/uv
	for name in app test; do \
	  build/uv/bin/uv pip compile --quiet --upgrade --universal --python-version 3.11 \
	    --generate-hashes --no-emit-index-url --no-emit-find-links \
	    --custom-compile-command "make lock" requirements/$$name.in -o requirements/$$name.txt \
	    || exit 1; \
	done
	PATH="$(CURDIR)/$(BIN):$$PATH" npm install --package-lock-only --ignore-scripts

.venv/app: requirements/app.txt pyproject.toml | .venv/bin/python
	@echo "Installing Python packages, once; this takes a minute or two …"
	@$(PIP) --require-hashes -r requirements/app.txt
	@$(PIP) --no-deps --no-build-isolation -e .
	@touch $@

.venv/test: requirements/test.txt .venv/app
	@echo "Installing Python packages for tests …"
	@$(PIP) --require-hashes -r requirements/test.txt
	@touch $@

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Paidup needs Python 3.11 or newer. Name one: make PYTHON=python3.12 run"; exit 1; }
	@$(PYTHON) -m venv .venv

node_modules/installed: package-lock.json .npmrc | .venv/app
	@echo "Installing npm packages …"
	@PATH="$(CURDIR)/$(BIN):$$PATH" npm ci --ignore-scripts --silent
	@touch $@

build/uv:
	@$(PYTHON) -m venv $@ && $@/bin/python -m pip install --quiet uv
