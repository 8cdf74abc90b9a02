# Two commands do everything: `make demo` and `make test`. Both need only Python 3.11 or newer and make.
PYTHON ?= $(shell command -v python3.13 || command -v python3.12 || command -v python3.11 || command -v python3)
VENV := .venv
ifeq ($(OS),Windows_NT)
BIN := $(VENV)/Scripts
else
BIN := $(VENV)/bin
endif
READY := $(VENV)/.ready

.PHONY: demo test lint bench shots clean

$(READY): pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Shouqi needs Python 3.11 or newer, this is " + sys.version)'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e ".[dev]"
	touch $(READY)

demo: $(READY)  ## the whole main job on an embedded mail server, in the folder demo/
	$(BIN)/python -m intake demo demo

test: $(READY) lint  ## types, style and the whole suite
	$(BIN)/python -m pytest -n 2

lint: $(READY)
	$(BIN)/python -m ruff check .
	$(BIN)/python -m ruff format --check .
	$(BIN)/python -m mypy

bench: $(READY)  ## cost of 300 mails, of an empty poll and of --help; takes a few minutes, uses Dovecot where installed
	$(BIN)/python -m benchmarks.cost

shots: $(READY)  ## pictures of letters and workbook for docs/; needs chromium, libreoffice and pdftoppm
	$(BIN)/python -m benchmarks.render_letters docs/pictures
	$(BIN)/python -m benchmarks.render_tracker docs/pictures

clean:
	rm -rf $(VENV) demo .mypy_cache .ruff_cache .pytest_cache .hypothesis
