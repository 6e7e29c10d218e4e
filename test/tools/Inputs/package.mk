include $(shell bpfcc --print-make-rules)
all: y.bpf.o
y.bpf.c: x.c
	cp $< $@
