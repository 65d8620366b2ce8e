# `make help` lists what there is.
.PHONY: help test

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/'

test: ## install what the tests need and run them
	@dev/need zlib:libz-dev
	swift test --disable-xctest
