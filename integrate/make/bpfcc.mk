# Rules for BPF objects, for GNU make:
#
#   include $(shell bpfcc --print-make-rules)
#
# By pattern:  x.bpf.o of x.bpf.c; x.skel.h, x.subskel.h, x.lskel.h and x.bpf.json of
# x.bpf.o. By name, of several sources and archives, below $(BPFCC_OUT):
#
#   $(eval $(call bpfcc_object,NAME,a.bpf.c b.bpf.c,libx.bpf.a))
#
# makes $(BPFCC_OUT)/NAME.bpf.o. Headers that change make what includes them anew.
# `make compile_commands.json` writes a compile database of what was compiled.

bpfcc_goal := $(.DEFAULT_GOAL)

BPFCC ?= bpfcc
BPFCC_ARCH ?= $(shell uname -m)
BPFCC_FLAGS ?= -O2 -g
BPFCC_OUT ?= .bpf

# Editors and clangd read headers from here; bpfcc has its own.
BPFCC_HEADERS ?= $(BPFCC_OUT)/headers

bpfcc_compile = $(BPFCC) --arch=$(BPFCC_ARCH) $(BPFCC_FLAGS) \
	-MMD -MP -MF $(basename $@).d -MT $@ -MJ $(basename $@).json-part -c $< -o $@

%.bpf.o: %.bpf.c
	$(bpfcc_compile)

%.skel.h: %.bpf.o
	$(BPFCC) gen skeleton $< -o $@
%.subskel.h: %.bpf.o
	$(BPFCC) gen subskeleton $< -o $@
%.lskel.h: %.bpf.o
	$(BPFCC) gen skeleton --light $< -o $@
%.bpf.json: %.bpf.o
	$(BPFCC) gen json $< -o $@

# bpfcc_part(NAME, SOURCE): the object of one source of NAME.
define bpfcc_part
$$(BPFCC_OUT)/$(1).parts/$(2:.c=.o): $(2)
	@mkdir -p $$(@D)
	$$(bpfcc_compile)
-include $$(BPFCC_OUT)/$(1).parts/$(2:.c=.d)
endef

# bpfcc_object(NAME, SOURCES, ARCHIVES AND OBJECTS)
define bpfcc_object
$(foreach source,$(2),$(eval $(call bpfcc_part,$(1),$(source))))
$$(BPFCC_OUT)/$(1).bpf.o: $(patsubst %.c,$$(BPFCC_OUT)/$(1).parts/%.o,$(2)) $(3)
	$$(BPFCC) $$^ -o $$@
endef

-include $(wildcard *.bpf.d)

# The headers in the box are added for who reads the database.
compile_commands.json: $(BPFCC_HEADERS)/.stamp FORCE
	@arch=$$($(BPFCC) --arch=$(BPFCC_ARCH) -dM -E -x c /dev/null | sed -n 's/#define __TARGET_ARCH_\([a-z0-9]*\) .*/\1/p'); \
	after=; for folder in include asm/$$arch vmlinux/$$arch; do \
	  after="$$after, \"-idirafter\", \"$(abspath $(BPFCC_HEADERS))/$$folder\""; done; \
	{ echo '['; find . -name '*.json-part' | sort | xargs -r cat | \
	  sed "s|\(\"-o\", \"[^\"]*\"\)|\1$$after|" | sed '$$ s/,$$//'; echo ']'; } > $@

$(BPFCC_HEADERS)/.stamp:
	$(BPFCC) gen headers $(BPFCC_HEADERS)
	@touch $@

FORCE:
.PHONY: FORCE

# The first target of who includes this stays the first.
.DEFAULT_GOAL := $(bpfcc_goal)
