PYTHON ?= python3
BIN := .venv/bin

.PHONY: demo test coverage coverage-report test-next charts lint lock audit bench clean
.venv/.made: pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"
	$(BIN)/python -m pip install --quiet --editable . --group dev
	touch $@

demo: .venv/.made        ## crawl the bundled sample portals and open the site
	$(BIN)/nianbao demo $(ARGS)

test: .venv/.made        ## all tests
	$(BIN)/python -m pytest $(ARGS)

# Whose processes are killed, or may write no file, before they can tell what they ran.
UNTOLD := tests/test_failpoints.py tests/test_spill.py
TESTS ?= $(filter-out $(UNTOLD),$(wildcard tests/test_*.py))

coverage: .venv/.made    ## which lines and branches of the store and the engine no test reaches; file by file, a stop keeps what ran
	$(BIN)/coverage erase
	for test in $(TESTS); do $(BIN)/coverage run -m pytest $$test $(ARGS) || true; done
	$(MAKE) coverage-report

coverage-report:         ## the same of what ran so far
	-$(BIN)/coverage combine --append --quiet 2>/dev/null
	rm -f .coverage.*
	$(BIN)/coverage report

test-next: .venv/.made   ## the site's tests on the coming Datasette 1.0
	$(BIN)/python -m pip install --quiet --upgrade --pre --target .datasette-next "datasette>=1.0a41,<2"
	PYTHONPATH=.datasette-next $(BIN)/python -m pytest tests/test_site.py tests/test_reading.py $(ARGS)

charts:                  ## bundle what the charts use of Observable Plot and d3 (needs npm)
	cd archive/site/charts && npm install --no-audit --no-fund && npm run build

lint: .venv/.made        ## style and types
	$(BIN)/ruff check .
	$(BIN)/mypy

.tools/.made:
	$(PYTHON) -m venv .tools
	.tools/bin/python -m pip install --quiet "uv>=0.5,<1" "pip-audit>=2.7,<3"
	touch $@

lock: .tools/.made       ## pin every package and the hashes of its files in requirements.lock
	.tools/bin/uv pip compile pyproject.toml --upgrade --python $(PYTHON) --all-extras --group dev --generate-hashes \
	  --no-emit-index-url --no-annotate --quiet --custom-compile-command "make lock" --output-file requirements.lock

audit: .tools/.made      ## known vulnerabilities of what is pinned; fails where it cannot ask about each of them (no network)
	.tools/bin/pip-audit --strict --requirement requirements.lock --require-hashes --disable-pip

bench: .venv/.made       ## ratios against peers and bare libraries, as JSON and one table in bench/out/
	$(BIN)/python -m bench

clean:
	rm -rf .venv .tools .mypy_cache .pytest_cache .ruff_cache
