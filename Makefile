# The portal's commands. A fresh machine needs Python 3.11 or newer and make; `make run` and `make test` do the rest.
SHELL := /bin/sh
.DEFAULT_GOAL := help
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
MANAGE := $(BIN)/python manage.py
UV ?= uv

export PYTHONUNBUFFERED = 1
export PIP_DISABLE_PIP_VERSION_CHECK = 1
unexport PYTHONDONTWRITEBYTECODE

help:  ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

# Debian's Python comes without ensurepip: then its own pip installs into an environment made without one.
$(BIN)/python:
	@python=$$(for p in python3 python3.13 python3.12 python3.11; do \
	  $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { command -v $$p; break; }; done); \
	[ -n "$$python" ] || { echo "The portal needs Python 3.11 or newer; none was found on the PATH." >&2; exit 1; }; \
	if $$python -c 'import ensurepip, sys; sys.exit(sys.prefix != sys.base_prefix)' 2>/dev/null; then $$python -m venv $(VENV); \
	elif $$python -m pip --version >/dev/null 2>&1; then $$python -m venv --without-pip $(VENV); \
	else echo "Python has neither venv nor pip: install python3-venv or python3-pip first." >&2; exit 1; fi

# $(call install,lock): with the environment's own pip when it has one, else with the pip of the Python that made it.
install = echo "Installing $(1) …"; \
	if $(BIN)/python -c 'import pip' 2>/dev/null; then pip="$(BIN)/python -m pip"; \
	else pip="$$($(BIN)/python -c 'import sys; print(sys._base_executable)') -m pip --python $(BIN)/python"; fi; \
	$$pip install --quiet --no-input --require-hashes --only-binary :all: -r $(1)

$(VENV)/run.stamp: requirements.txt | $(BIN)/python
	@$(call install,requirements.txt)
	@touch $@

$(VENV)/dev.stamp: requirements-dev.txt | $(BIN)/python
	@$(call install,requirements-dev.txt)
	@touch $@ $(VENV)/run.stamp

venv: $(VENV)/dev.stamp  ## the environment with everything for development

run: $(VENV)/run.stamp  ## the whole portal with demonstration data on http://127.0.0.1:$(PORT)
	@DEMO=1 PORTAL_URL=http://127.0.0.1:$(PORT) exec $(MANAGE) run_portal --port $(PORT)

.PHONY: help venv run
