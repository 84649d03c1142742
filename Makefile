PYTHON ?= python3
BIN := .venv/bin

.PHONY: demo test lint bench clean
.venv/.made: pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"
	$(BIN)/python -m pip install --quiet --editable . --group dev
	touch $@

demo: .venv/.made        ## crawl the bundled sample portals and open the site
	$(BIN)/nianbao demo $(ARGS)

test: .venv/.made        ## all tests
	$(BIN)/python -m pytest $(ARGS)

lint: .venv/.made        ## style and types
	$(BIN)/ruff check .
	$(BIN)/mypy

bench: .venv/.made       ## ratios against plain Scrapy and bare libraries, as JSON in bench/out/
	$(BIN)/python -m bench

clean:
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache
