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
	if $$python -c 'import ensurepip' 2>/dev/null; then $$python -m venv $(VENV); \
	elif $$python -m pip --version >/dev/null 2>&1; then $$python -m venv --without-pip $(VENV); \
	else echo "Python has neither venv nor pip: install python3-venv or python3-pip first." >&2; exit 1; fi

# $(call install,lock): with the environment's own pip when it has one, else with the pip of the Python that made it.
# Bytecode is written as modules are first imported, which halves the time of the first start.
install = echo "Installing $(1) …"; \
	if $(BIN)/python -c 'import pip' 2>/dev/null; then pip="$(BIN)/python -m pip"; \
	else pip="$$($(BIN)/python -c 'import sys; print(sys._base_executable)') -m pip --python $(BIN)/python"; fi; \
	$$pip install --quiet --no-input --no-compile --require-hashes --only-binary :all: -r $(1)

$(VENV)/run.stamp: requirements.txt | $(BIN)/python
	@$(call install,requirements.txt)
	@touch $@

$(VENV)/dev.stamp: requirements-dev.txt | $(BIN)/python
	@$(call install,requirements-dev.txt)
	@touch $@ $(VENV)/run.stamp

venv: $(VENV)/dev.stamp  ## the environment with everything for development

run: $(VENV)/run.stamp  ## the whole portal with demonstration data on http://127.0.0.1:$(PORT)
	@DEMO=1 PORTAL_URL=http://127.0.0.1:$(PORT) exec $(MANAGE) run_portal --port $(PORT)

# ── tests ────────────────────────────────────────────────────────────────────────────────────────────────────────────
# Two rounds, SQLite and PostgreSQL; the second runs even when the first fails, and either failure is told.
PYTEST := $(BIN)/python -m pytest -q -n logical --dist worksteal --durations=15 --durations-min=3

test: venv  ## the whole suite on SQLite, then on a PostgreSQL of its own
	@status=0; \
	echo "── on SQLite ──"; $(PYTEST) -m "not postgresql and not browser and not pages" || status=1; \
	echo "── on PostgreSQL ──"; $(BIN)/python -m tests.postgres -- $(PYTEST) -m "not embedded and not once" || status=1; \
	exit $$status

bench: venv  ## the speed targets, measured on a PostgreSQL of its own; N=100000 cases
	@$(BIN)/python -m tests.postgres --durable -- env BENCH=1 $(MANAGE) bench $(if $(N),--cases $(N))

# ── checks ───────────────────────────────────────────────────────────────────────────────────────────────────────────
CODE := manage.py cmcoord requests_app contacts tests
PRODUCTION := env DATABASE_URL=postgres://portal@db.example/portal REDIS_URL=redis://queue.example \
	SECRET_KEY=$$($(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(64))') \
	PORTAL_URL=https://portal.example EMAIL_URL=smtp+tls://mail.example:587

CHECKS := check-format check-lint check-types check-migrations check-texts check-documents check-security check-deploy

check: $(CHECKS)  ## formatting, lint, types, migrations, texts, generated documents, security; all of them with make -k

$(CHECKS): venv

check-format:
	$(BIN)/ruff format --check --quiet $(CODE)

check-lint:
	$(BIN)/ruff check $(CODE)

check-types:
	$(BIN)/mypy

check-migrations:
	$(MANAGE) makemigrations --check --dry-run

check-texts:
	$(BIN)/python -m tests.texts

check-documents:
	$(MANAGE) draw_docs --check

check-security:
	$(BIN)/bandit -q -r -c pyproject.toml manage.py cmcoord requests_app contacts

check-deploy:
	$(PRODUCTION) $(MANAGE) check --deploy --fail-level WARNING

fmt: venv  ## format the code
	$(BIN)/ruff format $(CODE)
	$(BIN)/ruff check --fix $(CODE)

messages: venv  ## collect texts from code and templates, then compile the catalogs
	$(MANAGE) makemessages --locale fr --no-location --no-obsolete --ignore "$(VENV)/*" --ignore "var/*" --ignore "tests/*"
	$(BIN)/python -m tests.texts --compile

# ── maintenance ──────────────────────────────────────────────────────────────────────────────────────────────────────
LOCK := UV_PYTHON_DOWNLOADS=never $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-annotate --custom-compile-command "make lock"

lock:  ## pin what requirements.in and requirements-dev.in ask for (needs uv)
	$(LOCK) $(if $(UPGRADE),--upgrade) requirements.in -o requirements.txt
	$(LOCK) $(if $(UPGRADE),--upgrade) -c requirements.txt requirements-dev.in -o requirements-dev.txt

clean:  ## forget the environment and the embedded portal's data
	rm -rf $(VENV) var

.PHONY: help venv run test bench check $(CHECKS) fmt messages lock clean
