# rindoku: `make demo` shows it at work, `make test` proves it, `make check` adds what a reviewer would ask.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
export PIP_DISABLE_PIP_VERSION_CHECK = 1
# uv is quicker and used when it is there; pip does the same work from the same locks.
INSTALL := $(shell command -v uv >/dev/null 2>&1 \
	&& echo 'uv pip install --python $(BIN)/python' || echo '$(BIN)/python -m pip install --quiet')

# A file at a time in each worker, in the order collected. The slow ones often wait for servers and processes, so that
# three workers keep two cores busy.
PYTEST := $(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder

NO_BROWSER := command -v chromedriver >/dev/null 2>&1 || \
	echo "Skipped: the browser tests, as Chromium and chromedriver are not installed (Debian: chromium chromium-driver)."

.PHONY: demo install install-dev test test-fast test-slow test-growth test-faults simulate browser lint types contracts check lock clean

demo: install ## the weekly flow on the sample week, on this machine alone
	@$(BIN)/rindoku demo

install: $(VENV)/.installed ## what running rindoku needs
install-dev: $(VENV)/.installed-dev ## what working on rindoku needs

$(BIN)/python:
	@$(PYTHON) -c 'import sys; v = sys.version_info; sys.exit(v < (3, 11) and f"rindoku needs Python 3.11 or newer, $(PYTHON) is {v[0]}.{v[1]}: make PYTHON=python3.12 ...")'
	@$(PYTHON) -m venv $(VENV)

# hatchling is pinned in the lock, so the editable install needs no isolated build and no network. The locks are complete:
# with --no-deps pip does not look for more, nor warns of an extra of lxml that it does not recognise by its old spelling.
$(VENV)/.installed: requirements.lock pyproject.toml | $(BIN)/python
	@echo "Installing the locked dependencies into $(VENV) ..."
	@$(INSTALL) --no-deps --require-hashes -r requirements.lock
	@$(INSTALL) --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.installed-dev: requirements-dev.lock $(VENV)/.installed
	@echo "Installing what the tests need ..."
	@$(INSTALL) --no-deps --require-hashes -r requirements-dev.lock
	@touch $@

test: install-dev browser ## every test
	@$(PYTEST)
	@$(NO_BROWSER)

test-fast: install-dev
	@$(PYTEST) -m "not slow"

test-slow: install-dev browser
	@$(PYTEST) -m slow
	@$(NO_BROWSER)

test-growth: install-dev ## what strangers wrote takes proportional time: all texts, up to 200,000 characters
	@RINDOKU_GROWTH=all $(PYTEST) tests/slow/test_growth.py

SCHEDULES ?= 2000
simulate: install-dev ## runs of weeks that are killed at points, with faults, that seeds choose: SCHEDULES=2000
	@$(BIN)/python -m tests.simulator --schedules $(SCHEDULES)

test-faults: install-dev ## every service with every fault: FAULTS=page, or a cell's name, for some
	@RINDOKU_FAULTS=$(or $(FAULTS),all) $(BIN)/python -m pytest -n 2 tests/faults/test_every_cell.py \
		$(if $(FAULTS),,tests/slow/test_faults.py)

# The browser tests need Chromium and its driver. Root on a system with apt gets them here, once; others are told.
browser:
	@command -v chromedriver >/dev/null 2>&1 || if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then \
		echo "Installing Chromium for the browser tests ..."; \
		{ apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends \
			chromium chromium-driver; } >/dev/null 2>&1 || echo "Chromium could not be installed."; \
	fi

lint: install-dev
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .

types: install-dev
	@$(BIN)/mypy

contracts: install-dev
	@$(BIN)/lint-imports

check: lint types contracts test ## all of it

lock: ## pin again (needs uv); hashes, no address of any index
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header -q \
		--extra build pyproject.toml -o requirements.lock
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header -q \
		--extra build --group dev pyproject.toml -c requirements.lock -o requirements-dev.lock

clean:
	rm -rf $(VENV) dist build .pytest_cache .mypy_cache .ruff_cache
