# Everything that is done with this project; each target makes its own set-up, and is quick the second time.
.DEFAULT_GOAL := help
.PHONY: help demo test lint bench bench-reading clean

help: ## show this list
	@sed -n 's/^\([a-z-]*\): ## /  make \1\t/p' Makefile

demo: ## play a whole campaign in under 90 seconds, over real IMAP and SMTP on this machine alone
	@setup/venv.sh .venv demo,ocr
	@.venv/bin/intake demo

test: ## run all tests (ARGS="-k word" for some of them)
	@setup/venv.sh .venv test,demo,ocr
	@setup/servers.sh
	@.venv/bin/pytest -n auto --dist worksteal $(ARGS)

lint: ## check style, types and the direction of imports
	@setup/venv.sh .venv test,demo,ocr,lint
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .
	@.venv/bin/mypy
	@.venv/bin/lint-imports

bench: ## measure on this machine, and write bench/results.md
	@setup/venv.sh .venv test,demo,ocr
	@setup/servers.sh
	@.venv/bin/python bench/run.py

bench-reading: ## measure how well and how fast forms are read (FOLDER=forms with truth.jsonl), and write bench/reading.md
	@setup/venv.sh .venv test,demo,ocr
	@.venv/bin/python bench/reading.py $(FOLDER)

clean: ## remove what make has made; never a register, mails or a configuration
	rm -rf .venv .venv-other .cache .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache build dist demo-output
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
