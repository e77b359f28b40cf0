# Everything here works on Debian 12 with the Swift toolchain and make; `setup` fetches the rest.

# Extra flags for `make run`, such as ARGS='--listen 127.0.0.1:9000'.
ARGS ?=
# Where `make run` keeps its data.
DATA ?= ./data

.DEFAULT_GOAL := help
.PHONY: help setup build run test bench format lint clean

help: ## show this help
	@echo 'make TARGET, where TARGET is one of:'
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/\1|\2/p' $(MAKEFILE_LIST) | while IFS='|' read -r name text; do \
		printf '  %-8s %s\n' "$$name" "$$text"; done

setup: ## install the Debian packages that building needs, if any is missing
	@scripts/setup build

build: setup ## build the release binary, .build/release/aigateway
	@scripts/build

run: build ## build and start the gateway on 127.0.0.1:8080, data in ./data (flags: ARGS='…', folder: DATA=…)
	@exec .build/release/aigateway serve --data $(DATA) $(ARGS)

test: ## run every test: lint, unit, Thread Sanitizer, fuzzers, release build, clients, chaos
	@scripts/setup test
	@scripts/test

bench: ## measure the release binary beside nginx; writes Benchmarks/RESULTS.md
	@scripts/setup bench
	@scripts/build
	@Benchmarks/run

format: ## format all Swift files in place
	@swift format --in-place --parallel --recursive Package.swift Sources Tests

lint: ## check format and style
	@scripts/lint

clean: ## remove everything that was built; ./data stays
	@rm -rf .build
