# motcua: everything a person types. `make` alone lists the commands.
SHELL := /bin/bash
.DEFAULT_GOAL := help

VENV := .venv
PY := $(VENV)/bin/python
STAMP := $(VENV)/.installed

# uv may be a pyenv shim that exists but does not run here: ask it, do not look for it.
UV := $(shell uv --version >/dev/null 2>&1 && echo uv)
PY310 := $(shell for p in python3.10 "$$HOME/.pyenv/shims/python3.10" python3; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 10))' >/dev/null 2>&1 && echo "$$p" && break; done)

.PHONY: help run test test-fast check train bench install clean

help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "make %-10s %s\n", $$1, $$2}'

run: $(STAMP) ## Set everything up and serve http://127.0.0.1:8000
	@$(VENV)/bin/motcua serve

test: $(STAMP) ## All tests: fast, nlu, e2e, e2e_browser (each in a run of its own)
	@$(PY) -m tests.run

test-fast: $(STAMP) ## Only the fast tests (seconds, no TensorFlow)
	@$(PY) -m pytest tests/fast -q

check: $(STAMP) ## Lint and type checks
	@$(VENV)/bin/ruff check . && $(VENV)/bin/ruff format --check . && $(VENV)/bin/mypy

train: $(STAMP) ## Train the understanding of questions from nlu_data/
	@$(VENV)/bin/motcua train

bench: $(STAMP) ## Measure speed and quality, side by side with peers
	@$(PY) -m benchmarks

install: $(STAMP) ## Only set up .venv

$(STAMP): requirements.lock pyproject.toml
ifdef UV
	@echo "Đang cài các gói (lần đầu khoảng một phút) …"
	@test -x $(PY) || uv venv -q --python 3.10 $(VENV)
	@uv pip sync -q --python $(PY) requirements.lock
	@uv pip install -q --python $(PY) --no-deps --no-build-isolation -e .
else ifneq ($(PY310),)
	@echo "Đang cài các gói (lần đầu khoảng ba phút) …"
	@test -x $(PY) || $(PY310) -m venv $(VENV)
	@$(PY) -m pip install -q --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	@$(PY) -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
else
	@echo "Cần Python 3.10 hoặc uv: cài uv bằng 'pip install uv', rồi chạy lại lệnh này." >&2; exit 1
endif
	@touch $@

clean: ## Remove what was built (keeps data/)
	rm -rf $(VENV) models build .rasa *.egg-info
