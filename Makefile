# `make help` lists what there is.
.PHONY: help run test build samples lint

# ISA-L inflates faster than zlib and is used where libisal-dev is installed.
TRAITS := $(shell pkg-config --exists libisal 2>/dev/null && echo --traits ISAL)

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/'

run: ## install what is missing, build, and scan the samples
	@dev/need zlib:libz-dev
	@dev/need --optional libisal:libisal-dev
	@$(MAKE) --no-print-directory build
	.build/release/postern scan samples/exports --now 2026-09-01

build: ## build the optimised program at .build/release/postern
	swift build -c release --product postern $(TRAITS)

test: ## install what the tests need and run them
	@dev/need zlib:libz-dev
	swift build --product postern
	swift build --product postern-synth
	swift test --disable-xctest

samples: ## make samples/ again from its seed
	dev/make-samples

lint: ## check the format of all sources
	swift format lint --strict -r -p Sources Tests Package.swift
