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

# The widget's own tests want its tools; running motcua does not.
NPM_TOOLS := $(shell command -v npm >/dev/null && echo widget/node_modules/.installed)

.PHONY: help run test test-fast check train bench widget screenshots install clean

help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "make %-12s %s\n", $$1, $$2}'

run: $(STAMP) ## Set everything up and serve http://127.0.0.1:8000
	@$(VENV)/bin/motcua serve

test: $(STAMP) $(NPM_TOOLS) ## All tests: fast, nlu, e2e, e2e_browser (runs of their own, two at a time)
	@$(PY) -m tests.run

test-fast: $(STAMP) ## Only the fast tests (seconds, no TensorFlow)
	@$(PY) -m pytest tests/fast -q

check: $(STAMP) ## Lint and type checks
	@$(VENV)/bin/ruff check . && $(VENV)/bin/ruff format --check . && $(VENV)/bin/mypy

train: $(STAMP) ## Train the understanding of questions from nlu_data/
	@$(VENV)/bin/motcua train

bench: $(STAMP) ## Measure speed and quality, side by side with peers
	@$(PY) -m benchmarks

widget: widget/node_modules/.installed ## Check and build the web widget (needs node and npm)
	@cd widget && node node_modules/typescript/bin/tsc --noEmit && node build.mjs

widget/node_modules/.installed: widget/package.json widget/package-lock.json
	@cd widget && npm ci --no-audit --no-fund --loglevel=error && touch ../$@ || \
		echo "npm không cài được công cụ của widget: vài phép thử sẽ bị bỏ qua." >&2

screenshots: $(STAMP) ## Take the pictures in docs/screenshots (needs chromium)
	@$(PY) -m tests.e2e_browser.screenshots

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
