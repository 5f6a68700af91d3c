# Plain `make` says what there is. Every target is one line; what it does is in scripts/.
.DEFAULT_GOAL := help
.PHONY: help setup build release lint walls test test-faults test-threads fuzz bench demo clean

help: ## Say what there is
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

setup: ## Install the Debian packages that are missing
	@scripts/setup

build: ## Build everything, tests included
	@scripts/build

release: ## Build the program for use, with the Swift runtime in it; prints the folder it is in
	@scripts/setup run && scripts/release

lint: ## Check the form of sources and scripts
	@scripts/lint

walls: ## Check who imports whom
	@scripts/walls

test: ## Set up, lint, check the walls, build, and run every test
	@scripts/test

test-faults: ## Kill the hub, its peers and its machine on purpose, at length; RAPPORT_SEED=N repeats a run
	@scripts/test-faults

bench: ## Measure against raw limits of this machine; ROWS="webhooks policy" measures some
	@scripts/setup && scripts/bench $(ROWS)

test-threads: ## Run what works in parallel under the thread sanitizer, in a build of its own
	@scripts/test-threads

fuzz: ## Throw hostile bytes at every parser with libFuzzer; TARGET=mime SECONDS=600
	@scripts/fuzz $(TARGET) $(SECONDS)

demo: ## Show the main job over the real interfaces; ONCE=1 ends after the show
	@scripts/setup run && swift build --product rapport && ONCE=$(ONCE) scripts/demo

clean: ## Remove what was built
	@rm -rf .build .build-tsan .build-fuzz
