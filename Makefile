PYTHON ?= python3
BIN := .venv/bin

.PHONY: demo test test-next charts lint bench clean
.venv/.made: pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"
	$(BIN)/python -m pip install --quiet --editable . --group dev
	touch $@

demo: .venv/.made        ## crawl the bundled sample portals and open the site
	$(BIN)/nianbao demo $(ARGS)

test: .venv/.made        ## all tests
	$(BIN)/python -m pytest $(ARGS)

test-next: .venv/.made   ## the site's tests on the coming Datasette 1.0
	$(BIN)/python -m pip install --quiet --upgrade --pre --target .datasette-next "datasette>=1.0a41,<2"
	PYTHONPATH=.datasette-next $(BIN)/python -m pytest tests/test_site.py tests/test_reading.py $(ARGS)

charts:                  ## bundle what the charts use of Observable Plot and d3 (needs npm)
	cd archive/site/charts && npm install --no-audit --no-fund && npm run build

lint: .venv/.made        ## style and types
	$(BIN)/ruff check .
	$(BIN)/mypy

bench: .venv/.made       ## ratios against peers and bare libraries, as JSON and one table in bench/out/
	$(BIN)/python -m bench

clean:
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache
