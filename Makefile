# `make help` lists what there is.
.PHONY: help run test test-isal test-asan test-tsan test-browser test-spark build programs install uninstall dist docs guides faults flood samples lint truth bench bench-nights bench-stages count fuzz soak benchmarks

# ISA-L inflates faster than zlib and is used where libisal-dev is installed; zstd is read where
# libzstd-dev is.
comma := ,
empty :=
TRAIT_NAMES := $(strip \
  $(shell pkg-config --exists libisal 2>/dev/null && echo ISAL) \
  $(shell pkg-config --exists libzstd 2>/dev/null && echo ZSTD))
TRAITS := $(if $(TRAIT_NAMES),--traits $(subst $(empty) $(empty),$(comma),$(TRAIT_NAMES)))

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/'

run: ## install what is missing, build, and scan the samples
	@echo "Builds Postern, which takes about ten minutes on two cores the first time and seconds later,"
	@echo "then scans the synthetic exports in samples/exports."
	@dev/need zlib:libz-dev
	@dev/need --optional libisal:libisal-dev
	@$(MAKE) --no-print-directory build
	@echo 'postern scan samples/exports --now 2026-09-01'
	@.build/release/postern scan samples/exports --now 2026-09-01
	@echo
	@echo "That was a made-up org; samples/README.md says what it shows. With your own exports:"
	@echo "  docs/exporting.md                    how to get them"
	@echo "  .build/release/postern scan exports/ what they say"
	@echo "  make install                         the program, its manual and completions"

# Where the optimised program is built; a run that has built it elsewhere names that folder.
SCRATCH ?= .build

build: ## build the optimised program at .build/release/postern
	@dev/build "$(TRAITS) --scratch-path $(SCRATCH)" postern

programs: build ## build the other programs beside it: the generator of exports and that of man pages
	@dev/build "$(TRAITS) --scratch-path $(SCRATCH)" postern-synth generate-manual

PREFIX ?= /usr/local
# What writes man pages, where it is built already.
MANUAL_TOOL ?= $(wildcard $(SCRATCH)/release/generate-manual)
export MANUAL_TOOL
install: build ## install program, completions and man pages below PREFIX (default /usr/local)
	PREFIX="$(PREFIX)" dev/stage $(SCRATCH)/release/postern "$(DESTDIR)$(PREFIX)"

uninstall: ## remove what install put below PREFIX
	dev/stage - "$(DESTDIR)$(PREFIX)" remove

dist: ## make an archive and a Debian package for machines without Swift, in .build/dist
	@dev/need zlib:libz-dev
	dev/make-dist $(PROGRAM)

docs: ## build the documentation of the library, in .build/docs
	dev/make-docs

# Tests that run the programs run the optimised ones, those that are installed: with ISA-L where it is
# there. What tests run in their own process inflates with zlib. Programs and tests are built at the
# same time, each in a folder of its own, since the optimiser leaves one of two cores idle.
test: ## install what the tests need and run them
	@dev/need zlib:libz-dev
	@dev/build-tests .build-tests & tests=$$!; \
	  $(MAKE) --no-print-directory programs || { kill $$tests; exit 1; }; wait $$tests
	POSTERN_PROGRAMS=$(CURDIR)/.build/release \
	  swift test --skip-build --scratch-path .build-tests --disable-xctest $(TESTS)

test-isal: ## run the tests with ISA-L in the place of zlib; TESTS="--filter NAME" for some of them
	@dev/need zlib:libz-dev libisal:libisal-dev
	swift build --traits ISAL --product postern
	swift build --traits ISAL --product postern-synth
	swift build --traits ISAL --product generate-manual
	swift test --traits ISAL --disable-xctest $(TESTS)

# A sanitizer's build has a folder of its own; its tests run its own programs. CommandLineTests and
# others that run them see what the programs report, since a report changes their exit code. Optimised,
# the whole suite takes minutes; the build takes longer then, so CONFIGURATION=debug suits a part of it.
# Threads that nobody joined are not reported: a second signal ends the program at once.
CONFIGURATION ?= release
SANITIZED_BUILD = -c $(CONFIGURATION) -Xswiftc -enable-testing --sanitize=$(1) --scratch-path .build-$(1)
SANITIZED = swift build $(SANITIZED_BUILD) --build-tests && \
  SWIFT_BACKTRACE=enable=no POSTERN_SANITIZER=$(1) $(2) swift test $(SANITIZED_BUILD) --skip-build --disable-xctest $(TESTS)

test-asan: ## run the tests with the address sanitizer; TESTS="--filter NAME" for some of them
	@dev/need zlib:libz-dev
	$(call SANITIZED,address,ASAN_OPTIONS=malloc_context_size=8 LSAN_OPTIONS=suppressions=$(CURDIR)/dev/lsan-suppressions:print_suppressions=0)

test-tsan: ## run the tests with the thread sanitizer; TESTS="--filter NAME" for some of them
	@dev/need zlib:libz-dev
	$(call SANITIZED,thread,TSAN_OPTIONS=halt_on_error=1:report_thread_leaks=0)

test-browser: ## read the HTML report in headless Chromium, which is installed when missing
	@dev/need zlib:libz-dev bin/chromium:chromium bin/python3:python3
	swift build -c release --product postern $(TRAITS)
	POSTERN=$(CURDIR)/.build/release/postern python3 Tests/Browser/report_test.py

test-spark: ## scan on a Spark cluster with an executor killed; installs Java, PySpark and DuckDB when missing
	@dev/need zlib:libz-dev bin/java:openjdk-17-jre-headless bin/python3:python3
	$(if $(POSTERN_PROGRAMS),,swift build -c release --product postern $(TRAITS))
	$(if $(POSTERN_PROGRAMS),,swift build -c release --product postern-synth $(TRAITS))
	dev/test-spark

guides: ## write the outputs in README and guides anew
	RECORD_GUIDES=1 swift test --disable-xctest --filter 'GuideTests/commands|RulesPageTests/thePage' || true

faults: ## write the table of faults in docs/reliability.md anew
	RECORD_FAULTS=1 swift test --disable-xctest --filter 'FaultTests/theDocument' || true

flood: build ## scan two million accounts, and say what it took
	dev/flood

truth: ## how often the verdict on MFA is what really happened
	@swift build --product postern
	@swift build --product postern-synth
	@swift build --build-tests
	@swift test --skip-build --disable-xctest --filter VerdictTruthTests

samples: ## make samples/ again from its seed
	dev/make-samples

ROWS ?= 5000000
bench: ## compare with DuckDB, Polars, mawk and bare inflaters on ROWS rows (default 5,000,000)
	@dev/need zlib:libz-dev
	@dev/need --optional libisal:libisal-dev
	benchmarks/compare/bench --rows $(ROWS) $(BENCH)
	benchmarks/nights

bench-nights: programs ## measure a night on a state; NIGHTS="--accounts 50000 …" for another org
	benchmarks/nights $(NIGHTS)

bench-stages: ## measure inflate, cut, index, fold, look-up, judge and scan one by one
	swift build -c release --product postern-synth $(TRAITS)
	cd benchmarks && POSTERN_TRAITS=$(lastword $(TRAITS)) \
	  swift package --disable-sandbox benchmark --target Stages $(BENCH)

count: ## fail when the instructions of a login row or an account grew by more than 10 %
	dev/count

SECONDS ?= 60
fuzz: ## fuzz TARGET (dev/fuzz --list) for SECONDS, with libFuzzer and the address sanitizer
	dev/fuzz $(TARGET) $(SECONDS)

soak: ## 100 scans at once, then nightlies for SECONDS (default 3600); fails when memory grows
	@dev/need zlib:libz-dev bin/python3:python3
	swift build -c release --product postern $(TRAITS)
	swift build -c release --product postern-synth $(TRAITS)
	dev/soak $(if $(filter file,$(origin SECONDS)),3600,$(SECONDS))

# Where the tests were built, or all modules would be compiled again.
benchmarks: ## build the benchmarks of the stages
	cd benchmarks && swift build --scratch-path ../.build-tests

lint: ## check the format of all sources
	swift format lint --strict -r -p Sources Tests benchmarks/Benchmarks benchmarks/Package.swift Package.swift
