# Groundskeeper: GNU make, not recursive but for the two commands that may
# have to install something first (demo, check).
#
#	make			build/kb-index, build/kb-query, build/libkb.*
#	make demo		install what is missing, build, run the main job
#	make check		install what is missing, build, run all tests
#	make SAN=1 ...		with address and undefined sanitizers
#	make fuzz		the fuzzing targets, into build/fuzz
#	make lint		warnings as errors, headers alone, cppcheck
#	make install		DESTDIR= PREFIX=/usr/local

VERSION	:= 0.1.0
PREFIX	?= /usr/local
CC	?= cc
AR	?= ar

ifeq ($(FUZZ),1)
B	:= build/fuzz
CC	:= clang
SANFLAGS := -fsanitize=fuzzer-no-link,address,undefined \
	   -fno-sanitize-recover=undefined -fno-omit-frame-pointer
# An edge of the source is one edge: no copies by the optimiser.
OPT	?= -O1 -g -fno-inline -fno-unroll-loops -fno-vectorize \
	   -fno-slp-vectorize
else ifeq ($(SAN),1)
B	:= build/san
SANFLAGS := -fsanitize=address,undefined -fno-sanitize-recover=undefined \
	   -fno-omit-frame-pointer
OPT	?= -O1 -g
else
B	:= build
SANFLAGS :=
OPT	?= -O2 -g
endif

PKGS	:= libxml-2.0 sqlite3 zlib libutf8proc nettle jansson uchardet libseccomp libarchive
PKG_CFLAGS = $(shell pkg-config --cflags $(PKGS) 2>/dev/null)
PKG_LIBS = -Wl,--as-needed $(shell pkg-config --libs $(PKGS) 2>/dev/null) \
	   -lstemmer -lm -lpthread

WARN	:= -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes \
	   -Wmissing-prototypes -Wpointer-arith -Wwrite-strings -Wvla \
	   -Wundef -Wno-unused-parameter
WERROR	?=

# make V=1 shows the commands.
ifeq ($(V),1)
Q	:=
else
Q	:= @
endif
CPPFLAGS_ALL = -D_GNU_SOURCE -DKB_VERSION_STRING='"$(VERSION)"' \
	   -Iinclude $(PKG_CFLAGS)
CFLAGS_ALL = -std=c11 $(OPT) $(WARN) $(WERROR) -fPIC -fvisibility=default \
	   -ffp-contract=off -fstack-protector-strong $(SANFLAGS) $(CFLAGS)

LIB_SRC	:= $(sort $(wildcard lib/*.c))
IDX_SRC	:= $(sort $(wildcard indexer/*.c))
QRY_SRC	:= $(sort $(wildcard query/*.c))
CLI_SRC	:= $(sort $(wildcard lib/cli/*.c))
PROFILES := $(sort $(wildcard indexer/profiles/*.conf))
UNIT_SRC := $(sort $(wildcard tests/unit/test_*.c))

LIB_OBJ	:= $(LIB_SRC:%.c=$(B)/obj/%.o)
IDX_OBJ	:= $(IDX_SRC:%.c=$(B)/obj/%.o) $(B)/obj/gen/builtin.o
QRY_OBJ	:= $(QRY_SRC:%.c=$(B)/obj/%.o)
CLI_OBJ	:= $(CLI_SRC:%.c=$(B)/obj/%.o)
IDX_MAIN := $(B)/obj/indexer/main.o
IDX_REST := $(filter-out $(IDX_MAIN),$(IDX_OBJ))
UNITS	:= $(UNIT_SRC:tests/unit/%.c=$(B)/tests/%)
TOOLS	:= $(patsubst tests/tools/%.c,$(B)/tools/%,\
	   $(sort $(wildcard tests/tools/*.c)))
BENCHES	:= $(patsubst bench/%.c,$(B)/bench/%,$(sort $(wildcard bench/*.c)))
FUZZERS	:= $(patsubst tests/fuzz/%.c,$(B)/%,\
	   $(sort $(wildcard tests/fuzz/fuzz_*.c)))

all: $(B)/kb-index $(B)/kb-query $(B)/libkb.a $(B)/libkb.so

# ---- building ----

$(B)/obj/lib/%.o: lib/%.c
	@mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS_ALL) -Ilib $(CFLAGS_ALL) -MMD -MP -c -o $@ $<

$(B)/obj/indexer/%.o: indexer/%.c
	@mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS_ALL) -Ilib -Ilib/cli -Iindexer $(CFLAGS_ALL) \
	    -MMD -MP -c -o $@ $<

$(B)/obj/query/%.o: query/%.c
	@mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS_ALL) -Ilib -Ilib/cli -Iquery $(CFLAGS_ALL) \
	    -MMD -MP -c -o $@ $<

$(B)/obj/lib/cli/%.o: lib/cli/%.c
	@mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS_ALL) -Ilib $(CFLAGS_ALL) -MMD -MP -c -o $@ $<

# The built-in configuration, as one C string.
$(B)/gen/builtin.c: $(PROFILES) .ci/embed
	@mkdir -p $(@D)
	$(Q).ci/embed kb_builtin_conf $(PROFILES) > $@.tmp && mv $@.tmp $@

$(B)/obj/gen/builtin.o: $(B)/gen/builtin.c
	@mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS_ALL) -std=c11 $(OPT) -fPIC $(SANFLAGS) -c -o $@ $<

$(B)/libkb.a: $(LIB_OBJ)
	$(Q)rm -f $@
	$(Q)$(AR) rcs $@ $^

$(B)/libkb.so: $(LIB_OBJ) lib/libkb.map
	$(Q)$(CC) $(SANFLAGS) -shared -Wl,-soname,libkb.so.0 -Wl,--as-needed \
	    -Wl,--version-script=lib/libkb.map -o $@ $(LIB_OBJ) $(PKG_LIBS) \
	    $(LDFLAGS)

$(B)/kb-index: $(IDX_OBJ) $(CLI_OBJ) $(B)/libkb.a
	$(Q)$(CC) $(SANFLAGS) -o $@ $^ $(PKG_LIBS) $(LDFLAGS)

$(B)/kb-query: $(QRY_OBJ) $(CLI_OBJ) $(B)/libkb.a
	$(Q)$(CC) $(SANFLAGS) -o $@ $^ $(PKG_LIBS) $(LDFLAGS)

# Each unit test is a program of its own, with all but the main functions.
$(B)/tests/%: tests/unit/%.c tests/unit/test.h $(IDX_REST) \
    $(CLI_OBJ) $(B)/libkb.a
	@mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS_ALL) -Ilib -Ilib/cli -Iindexer -Itests/unit \
	    $(CFLAGS_ALL) -Wno-missing-prototypes -MMD -MP -o $@ $< \
	    $(IDX_REST) $(CLI_OBJ) $(B)/libkb.a $(PKG_LIBS) $(LDFLAGS)

# Programs that tests of whole programs need, made in the same way.
$(B)/tools/%: tests/tools/%.c $(IDX_REST) $(CLI_OBJ) $(B)/libkb.a
	@mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS_ALL) -Ilib -Ilib/cli -Iindexer $(CFLAGS_ALL) \
	    -MMD -MP -o $@ $< $(IDX_REST) $(CLI_OBJ) $(B)/libkb.a \
	    $(PKG_LIBS) $(LDFLAGS)

# So is each fuzzing target (tests/fuzz/README.md); needs FUZZ=1.
$(B)/fuzz_%: tests/fuzz/fuzz_%.c $(IDX_REST) $(CLI_OBJ) $(B)/libkb.a
	@mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS_ALL) -Ilib -Ilib/cli -Iindexer -Itests/unit \
	    $(CFLAGS_ALL) -Wno-string-concatenation -fsanitize=fuzzer \
	    -MMD -MP -o $@ $< $(IDX_REST) $(CLI_OBJ) $(B)/libkb.a \
	    $(PKG_LIBS) $(LDFLAGS)

# And each program that measures.
$(B)/bench/%: bench/%.c $(IDX_REST) $(CLI_OBJ) $(B)/libkb.a
	@mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS_ALL) -Ilib -Ilib/cli -Iindexer $(CFLAGS_ALL) \
	    -MMD -MP -o $@ $< $(IDX_REST) $(CLI_OBJ) $(B)/libkb.a \
	    $(PKG_LIBS) $(LDFLAGS)

-include $(CLI_OBJ:.o=.d) $(LIB_OBJ:.o=.d) $(IDX_OBJ:.o=.d) $(QRY_OBJ:.o=.d) $(UNITS:=.d) $(TOOLS:=.d) \
    $(FUZZERS:=.d) $(BENCHES:=.d)

# ---- the two commands ----

demo:
	@.ci/install-deps build
	@$(MAKE) --no-print-directory -s all
	@corpora/demo.sh $(B) $(CORPUS)

check:
	@.ci/install-deps build test
	@$(MAKE) --no-print-directory -s all units
	@tests/run.sh $(B)

units: $(UNITS) $(TOOLS)

bench-tools: $(BENCHES)

fuzz:
	@.ci/install-deps build fuzz
	@$(MAKE) --no-print-directory FUZZ=1 fuzzers

fuzzers: $(FUZZERS)

# ---- the rest ----

lint:
	@.ci/install-deps build lint
	@.ci/lint

install: all
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/include/kb \
	    $(DESTDIR)$(PREFIX)/lib/pkgconfig $(DESTDIR)$(PREFIX)/share/man/man1
	install -m 755 $(B)/kb-index $(B)/kb-query $(DESTDIR)$(PREFIX)/bin
	install -m 644 include/kb/*.h $(DESTDIR)$(PREFIX)/include/kb
	install -m 644 $(B)/libkb.a $(DESTDIR)$(PREFIX)/lib
	install -m 755 $(B)/libkb.so $(DESTDIR)$(PREFIX)/lib/libkb.so.$(VERSION)
	ln -sf libkb.so.$(VERSION) $(DESTDIR)$(PREFIX)/lib/libkb.so.0
	ln -sf libkb.so.0 $(DESTDIR)$(PREFIX)/lib/libkb.so
	sed -e 's|@PREFIX@|$(PREFIX)|' -e 's|@VERSION@|$(VERSION)|' \
	    lib/kb.pc.in >$(DESTDIR)$(PREFIX)/lib/pkgconfig/kb.pc
	install -m 644 man/*.1 $(DESTDIR)$(PREFIX)/share/man/man1

clean:
	rm -rf build

.PHONY: all demo check units bench-tools fuzz fuzzers lint install clean
