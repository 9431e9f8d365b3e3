# Delad's commands. `make run` is all a newcomer needs.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8501

.PHONY: run install develop test faults check bench catalogue

run: install
	@$(BIN)/python -m inbox serve --port $(PORT)

install: $(VENV)/.installed

develop: $(VENV)/.developed

$(VENV)/.made:
	@command -v $(PYTHON) >/dev/null || { echo "Delad needs Python 3.11 or newer; there is no $(PYTHON) here."; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Delad needs Python 3.11 or newer; $(PYTHON) is older. Try: make PYTHON=python3.12 run"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { echo "Python cannot make a virtual environment here. On Debian: apt install python3-venv"; exit 1; }
	@touch $@

$(VENV)/.installed: requirements.txt | $(VENV)/.made
	@echo "Installing Delad's packages into $(VENV) (once) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(VENV)/.developed: requirements-dev.txt requirements.txt | $(VENV)/.made
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@ $(VENV)/.installed

test: develop
	@$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

faults: develop
	@DELAD_FAULTS=long $(BIN)/python -m pytest tests/faults tests/browser/test_hostile.py tests/browser/test_hostile_words.py

check: develop
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/sqlfluff lint --disable-progress-bar sql

catalogue: develop
	@$(BIN)/python -m tests.catalogue

bench: develop
	@$(BIN)/python -m bench
