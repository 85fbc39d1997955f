# Every target sets up what it needs: Python 3.11 or newer and make are enough.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
# Where it is set, each process that a test starts compiles the whole program again.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run demo test drill coverage lint check fix bench pictures lock reference sbom

run: $(READY)  ## crawl what is due, process, deliver
	$(BIN)/monitor run

demo: $(READY)  ## the whole product, offline, in under a minute
	$(BIN)/monitor demo

test: $(READY)  ## every test but the drills; three at once, as many of them wait
	$(BIN)/pytest -q -n 3 -m "not drill"

drill: $(READY)  ## a busy year: 2,000 digests, faulty answers, 70 kills
	$(BIN)/pytest -q -m drill

coverage: $(READY)  ## every test, and which statements they reach: twice as long
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest -q -n 3 -m "not drill"
	-$(BIN)/coverage combine --quiet  # what the tests kill leaves files that cannot be read
	$(BIN)/coverage report

lint: $(READY)  ## format, lint, types, import contracts
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

check: lint  ## lint and fast tests: under two minutes
	$(BIN)/pytest -q -n 3 -m "not slow and not drill"

fix: $(READY)  ## format, and mend what can be mended by machine
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(READY)  ## ratios against peers and floors
	for each in benchmarks/*.py; do $(BIN)/python $$each || exit 1; done

pictures: $(READY)  ## the pictures of the desk in docs/images; needs a Chromium
	PYTHONPATH=tests $(BIN)/python tests/desk_browser/pictures.py

reference: $(READY)  ## the tables of settings in docs/reference.md, from the code
	$(BIN)/python -m monitor.settings docs/reference.md

PINS := --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate
lock:  ## pin every dependency by hash, and those of the container alone; needs uv
	uv pip compile $(PINS) pyproject.toml --all-extras --output-file requirements.lock
	uv pip compile $(PINS) pyproject.toml --extra notify --extra oidc --extra otel --extra semantic --constraint requirements.lock \
		--output-file deploy/requirements.lock

sbom: $(READY)  ## what is in requirements.lock as CycloneDX: sbom.cdx.json
	$(BIN)/python deploy/sbom.py requirements.lock deploy/requirements.lock sbom.cdx.json

$(READY): requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --no-deps --require-hashes --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	touch $(READY)
