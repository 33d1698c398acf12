# Everything a contributor or an operator types. `make` alone lists it.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules
# Where an environment forbids it, each of some hundred processes of a test run compiles every module again.
unexport PYTHONDONTWRITEBYTECODE

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet
# uv takes a fifth of pip's time; pip knows the registry where uv was told of none, and says what is wrong.
INSTALL = $(BIN)/uv pip install --quiet --python $(BIN)/python --no-build-isolation $(1) 2>/dev/null || $(PIP) $(1)
RUN_LOCKS := runtime embedded build
PLAN ?= examples/2018-key-projects.yaml
AS_OF ?= 2018-04-25
ARGS ?=
# Two more than the two cores of CI: tests wait for engines, browsers and clocks.
JOBS ?= 4

# The system's own first: distributions build it with a profile of real programs, pyenv by default without one, and then
# the tests take 7 to 15 per cent more of a processor.
PYTHONS := /usr/bin/python3 python3 python3.13 python3.12 python3.11
# The first interpreter that really runs, is new enough and can make an environment; `make PYTHON=...` overrides it.
PYTHON ?= $(shell for python in $(PYTHONS); do \
	if $$python -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; \
	then echo $$python; break; fi; done)

.PHONY: help
help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: run
run: $(VENV)/runtime.stamp ## Run the 2018 list on the embedded engine (PLAN=, AS_OF=, ARGS= change it)
	$(BIN)/duban run $(PLAN) --as-of $(AS_OF) $(ARGS)

.PHONY: test
test: lint ## Everything that must hold: the checks, then the tests beside the types (TESTS= narrows them, JOBS= processes at once)
	+@$(MAKE) --no-print-directory --keep-going --jobs 2 types tests

.PHONY: check
check: lint types ## Format, lint, types and import contracts

.PHONY: lint
lint: $(VENV)/dev.stamp ## Format, lint and import contracts
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports

.PHONY: types
types: $(VENV)/dev.stamp ## Types
	$(BIN)/mypy

.PHONY: tests
tests: $(VENV)/dev.stamp ## The tests alone
	$(BIN)/python -m pytest $(or $(TESTS),--numprocesses $(JOBS))

.PHONY: bench
bench: $(VENV)/dev.stamp ## Measure costs and rates against the smallest possible workflow
	$(BIN)/python -m bench $(ARGS)

.PHONY: production-check
production-check: $(VENV)/dev.stamp ## Every step of the compose file without a container engine, in minutes (needs Go)
	$(BIN)/python -m bench.production_check

.PHONY: docs
docs: $(VENV)/dev.stamp ## Write the tables of docs/ and of the help that are made from the code
	$(BIN)/python -m tests.architecture.catalogue
	$(BIN)/python -m tests.story.page
	$(BIN)/python -m tests.architecture.help_table

.PHONY: install
install: $(VENV)/dev.stamp ## Make .venv with everything for development

.PHONY: wheel
wheel: $(VENV)/dev.stamp ## Build the wheel, its bill of materials and their hashes into dist/
	$(BIN)/python deploy/build_wheel.py dist

.PHONY: lock
# A pin stands once: what the other locks pin is left out of dev's, which is installed with them.
lock: $(VENV)/dev.stamp ## Pin and hash requirements/*.in again (UPGRADE=1 takes newer versions)
	for name in runtime embedded build dev; do \
	$(BIN)/uv pip compile --no-config --quiet --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-emit-find-links --no-annotate --custom-compile-command 'make lock' \
	  $(if $(UPGRADE),--upgrade) requirements/$$name.in --output-file requirements/$$name.txt; done
	awk '/^[a-z]/ { again = ($$0 in pinned); pinned[$$0] } FILENAME ~ /dev/ && !again' \
	  $(foreach name,$(RUN_LOCKS) dev,requirements/$(name).txt) > requirements/dev.new && mv requirements/dev.new requirements/dev.txt

.PHONY: clean
clean: ## Remove the environment and everything built
	rm -rf $(VENV) .production build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer with its venv module is needed; name it: make PYTHON=/path/to/python3" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

# Installed again only when what is pinned, or the project's own metadata, has changed.
$(VENV)/runtime.stamp: $(foreach name,$(RUN_LOCKS),requirements/$(name).txt) pyproject.toml | $(BIN)/python
	@echo '安装所需软件到 $(VENV)，只有第一次，一分钟上下…… / Installing what is needed into $(VENV), the first time only, about a minute ...'
	$(PIP) --require-hashes -r requirements/build.txt
	@$(call INSTALL,--require-hashes $(foreach name,$(RUN_LOCKS),-r requirements/$(name).txt))
	$(PIP) --no-index --no-deps --no-build-isolation --editable .
	touch $@

$(VENV)/dev.stamp: requirements/dev.txt $(VENV)/runtime.stamp
	@$(call INSTALL,--require-hashes $(foreach name,$(RUN_LOCKS) dev,-r requirements/$(name).txt))
	touch $@
