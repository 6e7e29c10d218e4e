OUTPUT := .output
CLANG ?= clang
ARCH := x86
INCLUDES := -I$(OUTPUT)
CLANG_BPF_SYS_INCLUDES ?= $(shell $(CLANG) -v -E - </dev/null 2>&1 \
	| sed -n '/<...> search starts here:/,/End of search list./{ s| \(/.*\)|-idirafter \1|p }')

$(OUTPUT)/prog.bpf.o: prog.bpf.c | $(OUTPUT)
	$(CLANG) -g -O2 -target bpf -D__TARGET_ARCH_$(ARCH) \
		$(INCLUDES) $(CLANG_BPF_SYS_INCLUDES) \
		-c $(filter %.c,$^) -o $(patsubst %.bpf.o,%.tmp.bpf.o,$@)
	cp $(patsubst %.bpf.o,%.tmp.bpf.o,$@) $@

$(OUTPUT):
	mkdir -p $@
