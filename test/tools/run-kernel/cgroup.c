// A program of a cgroup sees what its processes do, and nothing when it is gone.
// REQUIRES: cgroup2
// RUN: bpfcc -c %s -o %t.o
// RUN: mkdir -p %{cgroup2}/bpfcc-test
// RUN: bpfcc run --kernel %t.o --cgroup %{cgroup2}/bpfcc-test --duration 60 > %t.out & \
// RUN:   until grep -q attached %t.out; do sleep 0.05; done; \
// RUN:   sh -c 'echo $$ > %{cgroup2}/bpfcc-test/cgroup.procs; for n in 1 2 3; do \
// RUN:     %python -c "import socket; socket.socket()"; done'; kill -INT $!; wait
// RUN: FileCheck %s < %t.out
// RUN: not bpfcc run --kernel %t.o --cgroup %t.none 2>&1 | FileCheck --check-prefix=NONE %s
// RUN: bpftool cgroup show %{cgroup2}/bpfcc-test | not grep count
// RUN: rmdir %{cgroup2}/bpfcc-test
// CHECK: count (cgroup/sock_create): attached
// CHECK: Opened
// CHECK: 3
// NONE: error: cannot open {{.*}}.none
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

unsigned long Opened;

SEC("cgroup/sock_create") int count(struct bpf_sock *Ctx) {
  __sync_fetch_and_add(&Opened, 1);
  return 1;
}

char License[] SEC("license") = "GPL";
