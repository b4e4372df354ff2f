# What a developer runs. Everything lands in .venv/ (packages) and .local/ (data, logs, keys of the demo).
# Without DATABASE_URL and REDIS_URL, PostgreSQL and Redis start by themselves in .local/.

.DEFAULT_GOAL := help
SHELL := /bin/sh
.DELETE_ON_ERROR:
.PHONY: help demo test test-real bench lint format words pins install clean

PYTHON := .venv/bin/python
# A checkout that somebody set DATABASE_URL for would count as production otherwise.
export MC_MODE ?= development
export PYTHONUNBUFFERED := 1

help: ## Say what there is.
	@echo "make TARGET, where TARGET is one of"
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1|\2/p' Makefile | while IFS='|' read -r name text; do \
		printf '  %-10s %s\n' "$$name" "$$text"; done

demo: install ## Run the product with people, stores and orders in it; Ctrl-C ends it.
	@MC_NO_EMBEDDED=1 $(PYTHON) manage.py words --compile
	@echo "Starting PostgreSQL and Redis in .local/."
	@$(PYTHON) manage.py demo

test: install ## Run all tests (ARGS="tests/orders -k late" for some).
	@MC_NO_EMBEDDED=1 $(PYTHON) manage.py words --compile
	@MC_EMBEDDED_FAST=1 $(PYTHON) -m pytest $(ARGS); result=$$?; \
	for name in chromium chromium-browser google-chrome google-chrome-stable; do \
		command -v $$name >/dev/null && exit $$result; \
	done; \
	echo; \
	echo "**********************************************************************"; \
	echo "  No Chromium was found: THE TESTS OF THE PAGES HAVE NOT RUN."; \
	echo "  Install it (Debian: apt-get install chromium) and run this again."; \
	echo "**********************************************************************"; \
	exit $$result

test-real: install ## Run all tests on this machine's own PostgreSQL and Redis programs, over TCP.
	@$(PYTHON) tests/real_servers.py $(MAKE) test

bench: install ## Measure what DESIGN promises; writes .local/bench.json.
	@MC_NO_EMBEDDED=1 $(PYTHON) manage.py words --compile
	@$(PYTHON) manage.py bench $(ARGS)

lint: export MC_NO_EMBEDDED := 1
lint: install ## Check style, types and the law of imports.
	@echo "ruff check" && $(PYTHON) -m ruff check --output-format concise .
	@echo "ruff format" && $(PYTHON) -m ruff format --check .
	@echo "import-linter" && .venv/bin/lint-imports --no-logo
	@echo "mypy" && $(PYTHON) -m mypy
	@echo "words" && $(PYTHON) manage.py words --check
	@echo "migrations" && $(PYTHON) -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run -v 0

format: install ## Lay out the code as `make lint` wants it.
	@$(PYTHON) -m ruff check --fix-only --quiet .
	@$(PYTHON) -m ruff format .

words: install ## Bring the French catalogues up to date with the code, and compile them.
	@MC_NO_EMBEDDED=1 $(PYTHON) manage.py words

pins: install ## Pin what requirements*.in ask for (UPGRADE=1 takes the newest).
	@rm -rf .local/pins && $(PYTHON) -m venv .local/pins
	@.local/pins/bin/python -m pip install --quiet --disable-pip-version-check uv
	@for name in requirements requirements-dev; do \
		echo "pinning $$name.txt"; \
		.local/pins/bin/python -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
			--system-certs --no-emit-index-url --no-header $(if $(UPGRADE),--upgrade) $$name.in -o $$name.txt || exit 1; \
	done
	@rm -rf .local/pins

install: ## Make .venv/ and install requirements-dev.txt, where that is not done.
	@set -e; \
	if ! $(PYTHON) -c '' 2>/dev/null; then \
		for name in python3.13 python3.12 python3.11 python3; do \
			if $$name -c 'import sys, ensurepip; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null; \
			then found=$$name; break; fi; \
		done; \
		if [ -z "$$found" ]; then \
			echo "Python 3.11, 3.12 or 3.13 with its module venv is needed, and none is on the PATH." >&2; \
			echo "On Debian and Ubuntu: apt-get install python3 python3-venv" >&2; \
			exit 1; \
		fi; \
		echo "Making .venv/ with $$($$found --version)."; \
		rm -rf .venv; \
		$$found -m venv .venv; \
	fi; \
	if ! cmp -s requirements-dev.txt .venv/installed.txt; then \
		echo "Installing requirements-dev.txt into .venv/ (once, about a minute)."; \
		$(PYTHON) -m pip install --quiet --disable-pip-version-check --no-input --progress-bar off \
			--require-hashes -r requirements-dev.txt; \
		cp requirements-dev.txt .venv/installed.txt; \
	fi

clean: ## Remove .local/ (the demo's data, keys, logs) and the tools' caches; .venv/ stays.
	@if [ -d .local ] && [ -x $(PYTHON) ]; then $(PYTHON) -m messagecenter.embedded.removal; fi
	@rm -rf .local .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@find . -path ./.venv -prune -o -name __pycache__ -type d -prune -exec rm -rf {} +
