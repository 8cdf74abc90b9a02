# Two commands do everything: `make demo` and `make test`. Both need only Python 3.11 or newer and make.
# the first of these that really runs and is new enough (a version manager may list some that do not)
PYTHON ?= $(shell for p in python3.11 python3.12 python3.13 python3.14 python3 python; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && echo $$p && break; done)
VENV := .venv
ifeq ($(OS),Windows_NT)
BIN := $(VENV)/Scripts
else
BIN := $(VENV)/bin
endif
READY := $(VENV)/.ready

.PHONY: demo test lint bench several simulate faults fuzz hostile shots clean

$(READY): pyproject.toml
	@test -n "$(PYTHON)" || { echo "Shouqi needs Python 3.11 or newer; none was found on the PATH"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e ".[dev]"
	touch $(READY)

demo: $(READY)  ## the whole main job on an embedded mail server, in the folder demo/
	$(BIN)/python -m intake demo demo

test: $(READY) lint  ## types, style and the whole suite
	$(BIN)/python -m pytest -n 3

lint: $(READY)
	$(BIN)/python -m ruff check .
	$(BIN)/python -m ruff format --check .
	$(BIN)/python -m mypy

bench: $(READY)  ## the goals of docs/performance.md beside mbsync, XlsxWriter and a naive stack; BENCH=full for the real sizes
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e ".[dev,bench]"
	$(BIN)/python -m benchmarks.speed $(if $(filter full,$(BENCH)),--full --write)

several: $(READY)  ## three notices at once, 100 mails whose notice is known; fails when one goes astray
	$(BIN)/python -m benchmarks.several_play

simulate: $(READY)  ## a campaign of 60 units over seven weeks on a fast clock; fails when a law of the conversation is broken
	$(BIN)/python -m benchmarks.simulation

faults: $(READY)  ## the long form of the fault tests: a thousand kill points instead of a few; an hour or more, see docs/faults.md; other long tests
	SHOUQI_POINTS=1040 SHOUQI_KILLS=500 SHOUQI_KILL_MAILS=1000 SHOUQI_SHARES=2 SHOUQI_FLIPS=100 SHOUQI_FULL=50 SHOUQI_COMMAND_POINTS=40 \
		SHOUQI_LINE=all SHOUQI_BOX=500 $(BIN)/python -m pytest tests/faults -n 2 -m 'long or not long'
	$(BIN)/python -m pytest tests/intake -n 2 -m long

fuzz: $(READY)  ## mutated mails through the whole line for an hour; FUZZ_READER=docx for one reader, FUZZ_SECONDS, FUZZ_SEED
	$(BIN)/python -m benchmarks.fuzz $(or $(FUZZ_READER),mail) --seconds $(or $(FUZZ_SECONDS),3600) --seed $(or $(FUZZ_SEED),1)

hostile: $(READY)  ## 10,000 mutated mails among 100 good ones on Dovecot, and all bombs under the real limits; half an hour
	$(BIN)/python -m benchmarks.hostile
	SHOUQI_BOMBS=all $(BIN)/python -m pytest tests/threats/test_bombs.py

shots: $(READY)  ## pictures of letters and workbook for docs/; needs chromium, libreoffice and pdftoppm
	$(BIN)/python -m benchmarks.render_letters .shots/letters shown
	$(BIN)/python -m intake demo .shots/demo
	$(BIN)/python -m benchmarks.render_tracker .shots/tracker .shots/demo/data/tracker/台账.xlsx
	$(BIN)/python -m intake --config .shots/demo/config.toml --now 2022-10-13T09:00+08:00 export .shots/export --no-zip
	$(BIN)/python -m benchmarks.render_tracker .shots/album .shots/export/图片册.docx
	$(BIN)/python -m benchmarks.render_tracker .shots/statistics .shots/export/活动情况统计表（汇总）.xlsx
	mkdir -p docs/pictures
	cp .shots/letters/*.png docs/pictures/
	cp .shots/tracker/page-01.png docs/pictures/tracker-overview.png
	cp .shots/tracker/page-03.png docs/pictures/tracker-details.png
	cp .shots/album/page-2.png docs/pictures/export-album.png
	cp .shots/statistics/page-1.png docs/pictures/export-statistics.png

clean:
	rm -rf $(VENV) .shots demo .mypy_cache .ruff_cache .pytest_cache .hypothesis
