# The same steps as plain python commands stand in the README.
PYTHON ?= python3
PORT ?= 8000
PY = .venv/bin/python
PIP = $(PY) -m pip --disable-pip-version-check install --quiet --require-hashes
.DEFAULT_GOAL := help
.PHONY: help run test lint format messages bench

help: ## Show this list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

run: .venv/run.stamp ## Run the portal here with invented data (PORT=8000, FRESH=1 starts over)
	@$(PY) manage.py demo --port $(PORT) $(if $(FRESH),--fresh)

test: .venv/dev.stamp ## Run every test, as the continuous integration does
	$(PY) -m pytest -n 2 --ignore=tests/journeys
	$(PY) -m pytest tests/journeys

lint: .venv/dev.stamp ## Check style, layers, messages and migrations
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	.venv/bin/lint-imports --no-logo
	$(PY) -m tests.layers
	$(PY) -m tmgportal.messages --check
	$(PY) -m tests.migrations

format: .venv/dev.stamp ## Format the code and fix what can be fixed by machine
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .

messages: .venv/run.stamp ## Bring the Japanese catalogue up to date with the code
	$(PY) -m tmgportal.messages

bench: .venv/dev.stamp ## Measure; the results go to var/bench
	@mkdir -p var/bench
	@for file in $(wildcard bench/*.py); do \
		subject=$$(basename $$file .py); echo "$$subject"; \
		$(PY) -m bench.$$subject > var/bench/$$subject.json || exit 1; \
	done

.venv/bin/python:
	@echo "Creating .venv …"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed")'
	@$(PYTHON) -m venv .venv

.venv/run.stamp: requirements/run.txt | .venv/bin/python
	@echo "Installing what it needs (once) …"
	@$(PIP) -r $<
	@touch $@

.venv/dev.stamp: requirements/dev.txt | .venv/bin/python
	@echo "Installing what it and its tests need (once) …"
	@$(PIP) -r $<
	@touch $@ .venv/run.stamp
