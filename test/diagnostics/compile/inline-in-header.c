// What a header defines inline and nobody calls is no mistake.
// RUN: bpfcc -Werror=verify -I %S/Inputs -c %s -o %t.o 2>&1 | count 0
#include "prints.h"
__attribute__((section("socket"))) int prog(void *ctx) { return 0; }
