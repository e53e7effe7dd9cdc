# Thin names for commands that the README also spells out.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
RUNS ?= runs

.DEFAULT_GOAL := app
.PHONY: app test lint bench train-faces-on-gpu train-% metrics-%

app: $(VENV)/app.stamp  ## serve the app and open it in a browser
	$(BIN)/streamlit run app.py

test: $(VENV)/test.stamp  ## run every test, those in a real browser too
	$(BIN)/python -m pytest -n auto --maxprocesses 2 --dist loadfile

lint: $(VENV)/test.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

bench: $(VENV)/test.stamp
	$(BIN)/python -m benchmarks.training
	$(BIN)/python -m benchmarks.opening
	$(BIN)/python -m benchmarks.live
	$(BIN)/python -m benchmarks.train_page

train-%: $(VENV)/app.stamp  ## train one preset, such as train-digits-cgan
	$(BIN)/python -m playground.training --preset $* --run-dir $(RUNS)/$*

train-faces-on-gpu:  ## the faces at 128 pixels, one after the other: hours on a GPU, days without one
	$(MAKE) train-faces128-gan train-faces128-cgan train-faces128-vae

metrics-%: $(VENV)/app.stamp  ## measure one checkpoint and write it into its card
	$(BIN)/python -m playground.metrics $*

# A stamp is newer than the requirements that were installed: a second start installs nothing.
$(VENV)/app.stamp: requirements.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	touch $@

$(VENV)/test.stamp: requirements.txt requirements-dev.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	touch $@

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit("Latent Playground needs Python 3.11 or newer, this is " + sys.version.split()[0] + ": call make PYTHON=python3.12, say." if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)
