# Each target is one line that works without make too: README.md and CONTRIBUTING.md give it.
# The environment .venv is made by book/install.py, which does nothing when it is up to date.

PYTHON3 ?= $(firstword $(foreach p,python3 python3.13 python3.12 python3.11,$(shell \
	$(p) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $(p))) python3)
PAGES := $(wildcard chapters/*.ipynb)
MASTERS := $(wildcard solutions/*/*.ipynb)
export PATH := $(CURDIR)/.venv/bin:$(PATH)

.DEFAULT_GOAL := help
.PHONY: help install lab test chapters exercises lock format check

help: ## Say what each target does.
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile

install: ## Make the environment .venv if it is missing or out of date (lab and test do it themselves).
	@command -v $(PYTHON3) >/dev/null || { echo "Python 3.11 or newer is needed, and there is no $(PYTHON3) on this machine."; exit 1; }
	@$(PYTHON3) book/install.py

lab: install ## Open the book in JupyterLab; Ctrl-C stops it (LAB_ARGS="--no-browser --port 9000").
	@lstm-teach lab $(LAB_ARGS)

test: install ## Prove that everything works: code, pages, figures, exercises (TEST_ARGS="-x -k frame").
	@python -m pytest $(TEST_ARGS)

chapters: install ## Run every chapter and store its outputs (PAGES=chapters/02_the_chain.ipynb for one).
	@python book/execute.py $(PAGES)

exercises: install ## Make the exercises from the solutions, as nbgrader does.
	@lstm-teach course derive

lock: install ## Choose the exact versions in requirements.lock anew (LOCK_ARGS=--upgrade for the newest).
	@python -m pip install --quiet 'uv>=0.8' && python -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --extra test --extra course --group build --output-file requirements.lock pyproject.toml $(LOCK_ARGS)

format: install ## Put code and notebooks in the house style.
	@ruff check --fix && ruff format && python book/execute.py --tidy $(PAGES) $(MASTERS)

check: install ## Look for what a reviewer would send back, in seconds (style, notebooks).
	@ruff check && ruff format --check && python book/execute.py --check $(PAGES) $(MASTERS)
