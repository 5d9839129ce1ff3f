# SPDX-License-Identifier: MIT
#
# Build every target, with a driver, into a folder: see `make fuzz`, `make
# replay`.  Set by the caller: top, CC, DRIVER (flags that bring a main
# function, or its source), VTERM_CFLAGS, VTERM_LIBS.

CFLAGS = -std=gnu11 -O1 -g -fwrapv -fno-omit-frame-pointer -w \
	-fsanitize=address,undefined -fno-sanitize-recover=undefined
CPPFLAGS = -D_GNU_SOURCE -I$(top)/include -I$(top)/src -I$(top)/tests/fuzz \
	-DPKGLIBEXECDIR='""' $(VTERM_CFLAGS)

TARGETS = region region_race children line_table utf8 output probe source proc
ROOMS = base region model report
SOURCES = $(wildcard $(ROOMS:%=$(top)/src/%/*.c)) \
	$(top)/src/launcher/probe_answer.c $(top)/src/launcher/probe_cache.c \
	$(top)/src/launcher/children.c $(top)/src/launcher/process.c \
	$(top)/src/ui/source_text.c $(wildcard $(top)/src/ui/output*.c)
OBJECTS = $(SOURCES:$(top)/src/%.c=objects/%.o) objects/region_input.o

all: $(TARGETS)

$(TARGETS): %: $(top)/tests/fuzz/%.c monitor.a $(filter %.c, $(DRIVER))
	$(CC) $(CPPFLAGS) $(CFLAGS) $(COVERAGE) -o $@ $< monitor.a $(DRIVER) \
		$(VTERM_LIBS) -lm -lpthread

monitor.a: $(OBJECTS)
	rm -f $@
	ar rc $@ $(OBJECTS)

objects/region_input.o: $(top)/tests/fuzz/region_input.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) $(COVERAGE) -MMD -c -o $@ $<

objects/%.o: $(top)/src/%.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) $(COVERAGE) -MMD -c -o $@ $<

-include $(OBJECTS:.o=.d)
