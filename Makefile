# The commands a person needs. Nothing is assumed but Python 3.11 or later, git and make.
#   make run     build the environment and start the service with a demonstration on
#                http://localhost:8000 (PORT=8001 for another); its data are in var/
#   make demo    read and check the reports in examples/, write out/
#   make demo-reset  remove the demonstration's data and build them anew (FORCE=1: without asking)
#   make test    all tests; those of the service again on PostgreSQL, where it is installed
#   make check   format, lint, types, import contracts
#   make bench   how fast, each beside its reference
#   make bench-web  the pages of the service with 100,000 organs and people on both databases, a few
#                minutes; ends with 1 where one is slower than promised
#   make fuzz    look for files that break a reader, for SECONDS=600 (Linux)
#   make docs    write the generated pages anew
#   make messages  find the texts of the pages, merge and compile their translations
#   make install-ocr  also install what reads pictures and scanned PDF (about 370 MB)
#   make install-s3  also install what keeps uploads in an object store (S3)
#   make bench-desk  the report desk and the events: 100,000 reports, 1,000,000 events, both databases
#   make bench-applications  1,000,000 applications: lists, a case, registering, acting, both databases
#   make lock    resolve the locked requirements anew (needs uv)

SHELL := /bin/sh
.DEFAULT_GOAL := run
.PHONY: run demo demo-reset install install-ocr install-s3 test check bench bench-web bench-desk bench-applications \
	fuzz docs messages lock clean

VENV := .venv
BIN := $(VENV)/bin
# The first interpreter that runs and is recent enough; `make run PYTHON=/path/to/python` overrides.
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3 python; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && echo "$$p" && break; \
	done)
PIP := $(BIN)/python -m pip --disable-pip-version-check -qq --no-input

PORT ?= 8000
DEMO := GONGKAI_HOME="$(CURDIR)/var" GONGKAI_DEMO=1

run: $(VENV)/.run
	@$(DEMO) $(BIN)/gongkai serve --demo --port $(PORT)

demo: $(VENV)/.run
	@$(BIN)/gongkai demo --out out

demo-reset: $(VENV)/.run
	@$(DEMO) $(BIN)/python -m gongkai.web.prepare --demo --reset $(if $(FORCE),--force)
	@echo "演示数据已重建。make run 启动。The demonstration is new; make run starts it."

install: $(VENV)/.run
	@echo "已装好。试一试：$(BIN)/gongkai demo，或 make run"
	@echo "Installed. Try: $(BIN)/gongkai demo, or make run"

install-ocr: $(VENV)/.ocr
	@echo "已装好图像识别组件；图片和扫描件现在可以直接读取。"
	@echo "Installed: pictures and scanned PDF can be read now."

install-s3: $(VENV)/.s3

# What a page looks like, and what its texts and letters are, does not depend on the database that
# filled it. One journey stays: what a browser does, done on the other database as well.
LOOKS := tests/web/test_browser.py tests/web/test_script.py gongkai/web/shell/tests/test_look.py \
	tests/web/test_form_journey.py tests/web/test_letter_journey.py tests/web/test_people_journey.py \
	tests/web/test_application_journey.py tests/web/test_paper_journey.py \
	tests/web/test_tracking_journey.py tests/web/test_messages.py tests/web/test_contracts.py \
	tests/web/test_pages.py tests/web/test_remedy_journey.py \
	gongkai/web/applications/tests/test_letter_kinds.py

test: $(VENV)/.dev
	@$(BIN)/python -m pytest -n auto --maxprocesses 4
	@$(BIN)/python -m tests.postgres $(BIN)/python -m pytest -n auto --maxprocesses 4 \
		gongkai/web tests/web tests/test_serve.py $(LOOKS:%=--ignore=%)

check: $(VENV)/.dev
	@$(BIN)/ruff format --check
	@$(BIN)/ruff check
	@$(BIN)/mypy
	@$(BIN)/lint-imports

bench: $(VENV)/.dev
	@$(BIN)/python -m bench

bench-web: $(VENV)/.dev
	@$(BIN)/python -m bench.web

bench-desk: $(VENV)/.dev
	@$(BIN)/python -m bench.desk && $(BIN)/python -m bench.desk_intake

bench-applications: $(VENV)/.dev
	@$(BIN)/python -m bench.applications

fuzz: $(VENV)/.fuzz
	@$(BIN)/python -m fuzz --seconds $(or $(SECONDS),600)

docs: $(VENV)/.dev
	@for page in tools/*_page.py; do $(BIN)/python -m "tools.$$(basename "$$page" .py)" || exit 1; done

messages: $(VENV)/.dev
	@$(BIN)/python -m tools.messages

LOCK := --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header \
	--no-emit-index-url --no-emit-find-links --upgrade

lock:
	uv pip compile pyproject.toml --extra build --extra web $(LOCK) -o requirements.lock
	uv pip compile pyproject.toml --extra build --extra web --extra dev $(LOCK) -c requirements.lock -o requirements-dev.lock
	uv pip compile pyproject.toml --extra build --extra ocr $(LOCK) -c requirements.lock -o requirements-ocr.lock
	uv pip compile pyproject.toml --extra build --extra s3 $(LOCK) -c requirements.lock -o requirements-s3.lock
	uv pip compile pyproject.toml --extra build --extra fuzz $(LOCK) -c requirements.lock -o requirements-fuzz.lock

clean:
	rm -rf $(VENV)

$(BIN)/python:
	@test -n "$(PYTHON)" || { \
		echo "没有找到 Python 3.11 或更高版本。请先安装，或写明：make run PYTHON=/path/to/python3.11" >&2; \
		echo "No Python 3.11 or later was found: install one, or make run PYTHON=/path/to/python3.11" >&2; \
		exit 1; }
	@$(PYTHON) -m venv $(VENV) >/dev/null 2>&1 && $(BIN)/python -m pip --version >/dev/null 2>&1 || { \
		rm -rf $(VENV); \
		echo "$(PYTHON) 不能建立虚拟环境；Debian、Ubuntu 请安装 python3-venv。" >&2; \
		echo "$(PYTHON) cannot make a virtual environment; on Debian or Ubuntu install python3-venv." >&2; \
		exit 1; }

$(VENV)/.run: requirements.lock pyproject.toml | $(BIN)/python
	@echo "正在准备运行环境（只需一次）… preparing the environment, once"
	@$(PIP) install --require-hashes -r requirements.lock
	@$(PIP) install --no-build-isolation --no-deps --no-index --editable .
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.run
	@$(PIP) install --require-hashes -r requirements-dev.lock
	@touch $@

$(VENV)/.ocr: requirements-ocr.lock $(VENV)/.run
	@echo "正在安装图像识别组件（只需一次，约 370 MB）… installing the recognition of pictures, once"
	@$(PIP) install --require-hashes -r requirements-ocr.lock
	@touch $@

$(VENV)/.s3: requirements-s3.lock $(VENV)/.run
	@$(PIP) install --require-hashes -r requirements-s3.lock
	@touch $@

$(VENV)/.fuzz: requirements-fuzz.lock $(VENV)/.run
	@$(PIP) install --require-hashes -r requirements-fuzz.lock
	@touch $@
