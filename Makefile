# Every target sets up what it needs: Python 3.11 or newer and make are enough.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
# Where it is set, each process that a test starts compiles the whole program again.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run demo test drill coverage lint check fix bench pictures lock

run: $(READY)  ## crawl what is due, process, deliver
	$(BIN)/monitor run

demo: $(READY)  ## the whole product, offline, in under a minute
	$(BIN)/monitor demo

test: $(READY)  ## every test but the drills
	$(BIN)/pytest -q -n 2 -m "not drill"

drill: $(READY)  ## a busy year: 2,000 digests, faulty answers, 70 kills
	$(BIN)/pytest -q -m drill

coverage: $(READY)  ## every test, and which statements they reach: twice as long
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest -q -n 2 -m "not drill"
	-$(BIN)/coverage combine --quiet  # what the tests kill leaves files that cannot be read
	$(BIN)/coverage report

lint: $(READY)  ## format, lint, types, import contracts
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

check: lint  ## lint and fast tests: under two minutes
	$(BIN)/pytest -q -n 2 -m "not slow and not drill"

fix: $(READY)  ## format, and mend what can be mended by machine
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(READY)  ## ratios against peers and floors
	for each in benchmarks/*.py; do $(BIN)/python $$each || exit 1; done

pictures: $(READY)  ## the pictures of the desk in docs/images; needs a Chromium
	PYTHONPATH=tests $(BIN)/python tests/desk_browser/pictures.py

lock:  ## pin every dependency by hash; needs uv
	uv pip compile --quiet pyproject.toml --all-extras --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-header --no-annotate --output-file requirements.lock

$(READY): requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	touch $(READY)
