# What people do with this project. `make` alone lists it.

PYTHON ?= python3
VENV ?= .venv
OUT ?= out/demo
WORKERS ?= 2

BIN := $(VENV)/bin
VERSION := $(shell $(PYTHON) -c 'import sys; print("%d.%d.%d" % sys.version_info[:3]); sys.exit(sys.version_info < (3, 11))' || echo too-old)
CREATED := $(VENV)/created-with-$(VERSION)
INSTALLED := $(VENV)/installed
PYTEST := $(BIN)/python -m pytest

.PHONY: help demo test lint bench certify accept clean
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

help: ## list these goals
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo "PYTHON=python3.13 chooses another Python (3.11 or newer); nothing needs root."

demo: $(INSTALLED) ## try policies on the bundled customers and write a report
	@$(BIN)/retainsim demo --out $(OUT)
	@for page in $(OUT)/*.html; do echo "The report: $$page"; done

test: $(INSTALLED) lint ## run every test and check
	$(PYTEST) -n $(WORKERS) --dist loadgroup --cov --cov-report=term:skip-covered $(PYTEST_ARGS)

lint: $(INSTALLED) ## check layout, style and types only
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

bench: $(INSTALLED) ## print speed and memory beside peers
	@$(BIN)/python -m benchmarks

certify: $(INSTALLED) ## run for hours: full sample sizes, mutants; continues where it stopped
	$(PYTEST) --certify $(PYTEST_ARGS)

accept: $(INSTALLED) ## accept new golden files and generated pages; read the diff afterwards
	-$(PYTEST) --bless -q tests
	git status --short -- tests/golden docs ARCHITECTURE.md

clean: ## remove the environment and everything made
	rm -rf $(VENV) out build dist .coverage* .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis

# Another Python means another environment, a changed pyproject.toml another installation. The environment is
# filled by the pip of PYTHON, since some systems ship venv without the means to put a pip inside.
$(CREATED):
	@case "$(VERSION)" in *too-old) echo "This needs Python 3.11 or newer: make PYTHON=python3.13 …" >&2; exit 2;; esac
	$(PYTHON) -m venv --clear --without-pip $(VENV)
	@touch $@

$(INSTALLED): pyproject.toml $(CREATED)
	$(PYTHON) -m pip --disable-pip-version-check --python $(BIN)/python install --quiet pip -e '.[dev]'
	@touch $@
