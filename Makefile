# Two commands do everything on a fresh Debian machine with python3 and make:
#   make demo   a seeded contact centre from history to roster, then the screen   (HEADLESS=1 stops before it)
#   make test   the whole suite
# Not root? Give the way to install Debian packages: make test APT="sudo apt-get"

SHELL := /bin/bash
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
DEMO_WORKSPACE ?= workspace
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
INSTALL = $(PIP) install --require-hashes --requirement $(1) && $(PIP) install --no-deps --no-build-isolation --editable .

.PHONY: demo test lint format lock walkthrough install install-dev peers browser clean
.DELETE_ON_ERROR:

demo: install
	$(BIN)/peakshift --workspace $(DEMO_WORKSPACE) demo $(if $(HEADLESS),--headless)

test: install-dev browser
	$(BIN)/python -m pytest --numprocesses auto --dist loadfile $(PYTEST_OPTIONS)

lint: install-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: install-dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

install: $(VENV)/.base
install-dev: $(VENV)/.dev

browser:
	deploy/debian.sh chromium fonts-noto-cjk

$(VENV)/bin/python:
	@echo "Making $(VENV)" >&2
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || deploy/debian.sh python3-venv
	$(PYTHON) -m venv $(VENV)

$(VENV)/.base: requirements/base.lock pyproject.toml | $(VENV)/bin/python
	@echo "Installing Peakshift (a minute or two)" >&2
	$(call INSTALL,requirements/base.lock)
	$(BIN)/python -m scheduling.warm_up
	@touch $@

$(VENV)/.dev: requirements/dev.lock pyproject.toml | $(VENV)/bin/python
	@echo "Installing Peakshift and its checks (a minute or two)" >&2
	$(call INSTALL,requirements/dev.lock)
	$(BIN)/python -m scheduling.warm_up
	@touch $@ $(VENV)/.base

# Libraries that benchmarks compare with live apart: their pins would lower versions the product is tested with.
peers: | $(VENV)/bin/python
	$(PYTHON) -m venv $(VENV)-peers
	$(VENV)-peers/bin/python -m pip --disable-pip-version-check --quiet install --require-hashes --requirement requirements/peers.lock

# The locks hold names, versions and hashes for every Python from 3.11 on, and no hosts.
LOCK = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
  --no-header --no-annotate --no-emit-index-url $(1) --output-file $(2)
lock: install-dev
	$(call LOCK,--extra build pyproject.toml,requirements/base.lock)
	$(call LOCK,--extra build --extra dev pyproject.toml,requirements/dev.lock)
	$(call LOCK,requirements/peers.in,requirements/peers.lock)

# Renews what docs/walkthrough.md prints; needs the data beside the checkout.
walkthrough: install-dev
	$(BIN)/python -m tests.tools.console_blocks docs/walkthrough.md

clean:
	rm -rf $(VENV) $(VENV)-peers .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
