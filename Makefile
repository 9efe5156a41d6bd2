# The three commands to know. All set-up is theirs: only git, make and Python 3.11 (with venv) have to be there.
PYTHON ?= python3

.PHONY: demo dev test lock

demo: ## the whole product on embedded servers, with demo data and simulated customers
	@$(PYTHON) deploy/bootstrap.py demo

dev: ## the same, reloading when a file changes
	@$(PYTHON) deploy/bootstrap.py dev

test: ## every check that runs in continuous integration
	@$(PYTHON) deploy/bootstrap.py check

lock: ## write the hashed lock files anew from pyproject.toml
	@$(PYTHON) deploy/bootstrap.py
	@for set in "" local dev; do \
	  case "$$set" in "") out=requirements.txt; extra="" ;; local) out=requirements-local.txt; extra="--extra local" ;; \
	  dev) out=requirements-dev.txt; extra="--extra local --extra dev" ;; esac; \
	  .venv/bin/python -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	    $$extra pyproject.toml --output-file $$out || exit 1; \
	done
