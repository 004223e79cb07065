# One flat Makefile.  `make help` lists what it can do.
# SANITIZE=address,undefined builds apart; V=1 shows all; B=DIR builds there.

comma  := ,
SUFFIX := $(if $(SANITIZE),-$(subst $(comma),-,$(SANITIZE)))
B      ?= build$(SUFFIX)
Q      := $(if $(V),,@)
PREFIX ?= /usr/local
VERSION := 0.1.0

LIBS  := lib hsm keytool rollover signer
PROGS := keytool rollover signer

CC       ?= cc
CPPFLAGS += -I. -I/usr/include/p11-kit-1 -D_GNU_SOURCE -DRZ_VERSION='"$(VERSION)"'
CPPFLAGS += -DOPENSSL_API_COMPAT=30000
CFLAGS   ?= -O2 -g
CFLAGS   += -std=c11 -pthread -Wall -Wextra -Wshadow -Wstrict-prototypes
CFLAGS   += -Wmissing-prototypes -Wformat=2 -Wvla -Wwrite-strings
CFLAGS   += $(if $(WERROR),-Werror) $(if $(SANITIZE),-fsanitize=$(SANITIZE) -fno-omit-frame-pointer)
LDFLAGS  += $(if $(SANITIZE),-fsanitize=$(SANITIZE)) -pthread
LDLIBS   := -lcyaml -lyaml -lsqlite3 -ljansson -lexpat -lldns -lzscanner -lp11-kit -lcrypto -lbsd -ldl

# Objects of a directory's library: all but its program.
objs = $(patsubst %.c,$(B)/%.o,$(filter-out %/main.c $(1)/cmd_%.c,$(wildcard $(1)/*.c)))
# A program of the tests for each source that matches.
built = $(patsubst %.c,$(B)/%,$(wildcard $(1)))
archives := $(foreach d,signer rollover keytool hsm lib,$(B)/$(d).a)
programs := $(addprefix $(B)/rz-,$(PROGS))
unit     := $(call built,tests/unit/test_*.c)
support  := $(patsubst %.c,$(B)/%.o,$(wildcard tests/support/*.c))
shims    := $(addsuffix .so,$(call built,tests/fault/*_shim.c))
tools    := $(call built,tests/tools/*.c tests/bench/*.c)
scenario := $(B)/tests/scenario/replay
replays  := $(call built,tests/fuzz/fuzz_*.c)
MAN      := $(wildcard man/*.[578])

all: $(programs)
	@:

.SECONDARY:
.DELETE_ON_ERROR:

$(B)/%.o: %.c
	@mkdir -p $(@D)
	$(if $(Q),@echo "  CC    $<")
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

define archive
$(B)/$(1).a: $(call objs,$(1))
	@mkdir -p $$(@D)
	$(Q)rm -f $$@; ar crs $$@ $$^
endef
$(foreach d,$(LIBS),$(eval $(call archive,$(d))))

define program
$(B)/rz-$(1): $(patsubst %.c,$(B)/%.o,$(wildcard $(1)/main.c $(1)/cmd_*.c)) $(archives)
	$(if $(Q),@echo "  LINK  $$@")
	$(Q)$(CC) $(LDFLAGS) -o $$@ $$^ $(LDLIBS)
endef
$(foreach p,$(PROGS),$(eval $(call program,$(p))))

link = $(Q)$(CC) $(LDFLAGS) -o $@ $^ $(1) $(LDLIBS)

$(B)/tests/unit/%: $(B)/tests/unit/%.o $(support) $(archives)
	$(if $(Q),@echo "  LINK  $@")
	$(call link,-lcmocka)

# A test that brings an HSM of its own: the real one stays out of its way.
$(patsubst %.c,$(B)/%,$(shell grep -l "fake_hsm.h\|key_fixture.h" tests/unit/*.c 2>/dev/null)): \
    LDFLAGS += -Wl,--allow-multiple-definition

# What replays the corpus of a fuzz harness.
$(B)/tests/fuzz/fuzz_%: $(B)/tests/fuzz/fuzz_%.o $(B)/tests/fuzz/main.o $(archives)
	$(if $(Q),@echo "  LINK  $@")
	$(call link)

$(scenario): $(patsubst %.c,$(B)/%.o,$(wildcard tests/scenario/*.c)) $(support) $(archives)
	$(if $(Q),@echo "  LINK  $@")
	$(call link,-lcmocka)

$(tools): $(B)/%: $(B)/%.o $(archives)
	$(if $(Q),@echo "  LINK  $@")
	$(call link)

# Preloaded into other programs, or loaded as a PKCS#11 module: never
# sanitized, needs nothing of ours.
$(B)/tests/fault/%.so: tests/fault/%.c
	@mkdir -p $(@D)
	$(if $(Q),@echo "  SHIM  $@")
	$(Q)$(CC) $(CPPFLAGS) -O2 -g -std=c11 -Wall -Wextra -Wshadow $(if $(WERROR),-Werror) \
	    -MMD -MP -MF $(@:.so=.d) -fPIC -shared -o $@ $< -ldl

# --- tests ---------------------------------------------------------------

# As many jobs as processors, unless make was told a number.
jobs = $(if $(findstring -j,$(MAKEFLAGS)),,-j$(shell nproc))
sub  = $(Q)+$(MAKE) --no-print-directory $(jobs)

test-programs: $(programs) $(unit) $(scenario) $(shims) $(tools)
	@:
run-programs: $(programs) $(B)/tests/tools/zonegen
	@:
sanitized: $(unit) $(scenario) $(replays) $(shims)
	@:

deps:
	$(Q)sh tests/deps.sh

lint:
	$(Q)sh tests/lint/lint.sh

check: deps
	$(sub) B=$(B) WERROR=1 test-programs
	$(sub) B=$(B)-address-undefined WERROR=1 SANITIZE=address,undefined sanitized
	$(Q)sh tests/check.sh $(B) $(B)-address-undefined

check-long: export RZ_LONG := 1
check-long: check

run: deps
	$(sub) B=$(B) run-programs
	$(Q)ZONE="$(ZONE)" sh tests/run/run.sh $(B)

bench: deps
	$(sub) B=$(B) test-programs
	$(Q)sh tests/bench/bench.sh $(B)

# Search on from the corpus, with clang: make fuzz F=zone SECONDS=3600
F       ?= $(patsubst tests/fuzz/fuzz_%.c,%,$(wildcard tests/fuzz/fuzz_*.c))
SECONDS ?= 60
fuzz:
	$(sub) CC=clang B=build-fuzz SANITIZE=fuzzer-no-link,address,undefined \
	    LDFLAGS=-fsanitize=fuzzer,address,undefined $(F:%=build-fuzz/fuzz_%)
	$(Q)set -e; for f in $(F); do \
	    mkdir -p build-fuzz/corpus/$$f; \
	    build-fuzz/fuzz_$$f -max_total_time=$(SECONDS) -print_final_stats=1 \
	        -artifact_prefix=build-fuzz/ build-fuzz/corpus/$$f \
	        tests/fuzz/corpus/$$f 2>build-fuzz/$$f.log || { \
	            tail -n 60 build-fuzz/$$f.log; exit 1; }; \
	    echo "fuzz_$$f: $$(sed -n 's/.*executed_units: *//p' build-fuzz/$$f.log) inputs, none breaks it"; \
	done

$(B)/fuzz_%: $(B)/tests/fuzz/fuzz_%.o $(archives)
	$(call link)

# --- installing ----------------------------------------------------------

bindir := $(DESTDIR)$(PREFIX)/bin
mandir := $(DESTDIR)$(PREFIX)/share/man

install: all
	install -d $(bindir)
	install -m 755 $(programs) $(bindir)
	$(foreach m,$(MAN),install -D -m 644 $(m) $(mandir)/man$(subst .,,$(suffix $(m)))/$(notdir $(m));)

uninstall:
	rm -f $(foreach p,$(PROGS),$(bindir)/rz-$(p))
	rm -f $(foreach m,$(MAN),$(mandir)/man$(subst .,,$(suffix $(m)))/$(notdir $(m)))

clean:
	rm -rf build build-*

help:
	@echo 'make              build the programs into $(B)/'
	@echo 'make run          sign a root zone end to end and prove it (ZONE=FILE: that one)'
	@echo 'make check        build and pass every test; check-long: the slow ones too'
	@echo 'make lint         the rules of the tree'
	@echo 'make bench        speed and memory beside other signers (BENCH_RUNS=11)'
	@echo 'make fuzz         fuzz every parser with clang (F=zone: one; SECONDS=60 each)'
	@echo 'make deps         install the Debian packages that are missing'
	@echo 'make install      DESTDIR=, PREFIX=$(PREFIX); uninstall takes it back'
	@echo 'make clean        remove build/ and build-*/'

-include $(shell find $(B) -name '*.d' 2>/dev/null)

.PHONY: all test-programs run-programs sanitized deps lint check check-long run bench fuzz \
    install uninstall clean help
