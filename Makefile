# Two commands: `make run` and `make test`. Everything they need goes into .venv.
PYTHON ?= python3
UV := .venv/bin/uv
# Compiled modules are kept: the tests start many processes, and each saves over a second.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run test quick check format words clean pictures local-slack try-slack

run: .venv/run.stamp
	.venv/bin/pacekeeper run --sandbox

test: .venv/dev.stamp
	.venv/bin/pytest --numprocesses auto --dist loadfile --no-loadscope-reorder

# One feature's style, types and tests, and the rules for the whole house that need no database.
FEATURES := $(patsubst bot/features/%/__init__.py,%,$(wildcard bot/features/*/__init__.py))
OWN = bot/features/$(FEATURE) $(wildcard storage/tables/$(FEATURE).py storage/stores/$(FEATURE).py \
  bot/app/rehearsal/parts/$(FEATURE).py)
# One adapter's style, types and tests, and its part of the contract for all platforms.
ADAPTERS := discord sandbox slack web
TESTS_OF_discord = tests/discord
TESTS_OF_slack = tests/slack
TESTS_OF_sandbox = $(wildcard tests/test_sandbox*.py)
TESTS_OF_web = $(wildcard tests/test_web*.py tests/test_faq_browser.py)
# Slower tests that a feature may break, by what it declares: lines of the desk, and short messages of people.
DECLARED = $(shell grep -hoE 'contributes.(DESK|DEALT_WITH|ATTENTION)|@feature.(meanings|takes)' bot/features/$(FEATURE)/*.py)
SLOWER = $(if $(findstring contributes,$(DECLARED)),tests/features/test_desk.py tests/features/test_digests.py) \
  $(if $(findstring feature.,$(DECLARED)),tests/features/test_free_words.py tests/features/test_free_privacy.py \
  tests/features/test_sentences.py tests/features/test_wishes.py tests/hostile/test_regular_expressions.py)
quick: .venv/dev.stamp
ifneq ($(filter $(ADAPTER),$(ADAPTERS)),)
	.venv/bin/ruff check .
	.venv/bin/ruff format --check --quiet .
	.venv/bin/mypy adapters/$(ADAPTER) adapters/shared
	.venv/bin/pytest tests/test_house.py $(TESTS_OF_$(ADAPTER))
ifneq ($(ADAPTER),web)
	.venv/bin/pytest tests/platforms -k "$(ADAPTER) or kind_of_message"
endif
	@echo "Still to run: make check, and .venv/bin/pytest tests/test_docs.py tests/test_translation.py"
else ifeq ($(filter $(FEATURE),$(FEATURES)),)
	@echo "usage: make quick FEATURE=NAME, with one of: $(FEATURES)"
	@echo "or:    make quick ADAPTER=NAME, with one of: $(ADAPTERS)"
else
	.venv/bin/ruff check .
	.venv/bin/ruff format --check --quiet .
	.venv/bin/mypy $(OWN)
	.venv/bin/pytest tests/test_house.py tests/test_keeping.py $(wildcard tests/features/test_$(FEATURE)*.py)
	@echo "Still to run: make check, .venv/bin/pytest tests/test_borders.py -k 'not borders or living_cohort'," \
	  "and .venv/bin/pytest tests/test_docs.py tests/test_translation.py" \
	  "$(strip $(wildcard tests/platforms/test_$(FEATURE)*.py) $(SLOWER))"
endif

check: .venv/dev.stamp
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports

# Formats first, so that an error which only a person can fix hinders nothing; and again, since fixes are unformatted.
format: .venv/dev.stamp
	.venv/bin/ruff format .
	@.venv/bin/ruff check --fix .; found=$$?; .venv/bin/ruff format --quiet .; exit $$found

# The template for translators, pacekeeper.pot: every text that people read, with its places; babel.cfg says how.
words: .venv/dev.stamp
	.venv/bin/python -m babel.messages.frontend --quiet extract -F babel.cfg -k _n:1,2 -k phrase -k phrase_n:1,2 \
	  --project Pacekeeper -o pacekeeper.pot bot adapters
	@echo "pacekeeper.pot: $$(grep -c '^msgid' pacekeeper.pot) texts"

$(UV):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Pacekeeper needs Python 3.11 or newer; name it with: make PYTHON=python3.11 ...")'
	$(PYTHON) -m venv .venv
	.venv/bin/python -m pip install --quiet --disable-pip-version-check uv==0.13.9

# --inexact keeps uv itself, which is installed in the same environment.
.venv/run.stamp: $(UV) pyproject.toml uv.lock
	UV_PROJECT_ENVIRONMENT=.venv $(UV) sync --quiet --frozen --inexact --all-extras --no-dev --python .venv/bin/python
	@touch $@

.venv/dev.stamp: $(UV) pyproject.toml uv.lock
	UV_PROJECT_ENVIRONMENT=.venv $(UV) sync --quiet --frozen --inexact --all-extras --python .venv/bin/python
	@touch .venv/run.stamp $@

# The pictures of README and docs, which take a minute.
pictures: .venv/dev.stamp
	.venv/bin/python -m tests.pictures

# A local imitation of Slack, for trials and tests, installed from npm into .venv.
LOCAL_SLACK := .venv/node/node_modules/local-slack-linux-x64/bin/local-slack

$(LOCAL_SLACK): | $(UV)
	npm install --prefix .venv/node --no-save --no-audit --no-fund --silent local-slack-linux-x64@0.1.8

local-slack: $(LOCAL_SLACK)

PORT ?= 8421
try-slack: .venv/run.stamp $(LOCAL_SLACK)
	.venv/bin/python -m tests.slack.trial $(LOCAL_SLACK) $(PORT)

clean:
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .import_linter_cache
