// One licence for all: equal ones are one, others are an error.
// RUN: rm -rf %t && mkdir %t
// RUN: bpfcc -c %s -o %t/a.o -DTEXT='"GPL"' -DNAME=license
// RUN: bpfcc -c %s -o %t/b.o -DTEXT='"GPL"' -DNAME=_license
// RUN: bpfcc -c %s -o %t/c.o -DTEXT='"Dual BSD/GPL"' -DNAME=_license
// RUN: bpfcc %t/a.o %t/b.o -o %t/ok.o
// RUN: llvm-readelf -x license %t/ok.o | FileCheck %s
// RUN: not bpfcc %t/a.o %t/c.o -o %t/bad.o 2>&1 | FileCheck --check-prefix=DIFFER %s

// CHECK: 47504c00 GPL.
// DIFFER: c.o: error: section `license` says `Dual BSD/GPL`, in `{{.*}}a.o` it says `GPL` [BPF0711]
// DIFFER-NEXT: = help: an object has one licence

char NAME[] __attribute__((section("license"), used)) = TEXT;
