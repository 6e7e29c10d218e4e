// Counts packets by protocol.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

#include "counts.h"
#include "parse.h"

struct counts counts;

SEC("xdp") int count(struct xdp_md *ctx) {
  int protocol = protocol_of(ctx);
  if (protocol >= 0 && protocol < MAX_PROTOCOLS)
    __sync_fetch_and_add(&counts.packets[protocol], 1);
  return XDP_PASS;
}

char _license[] SEC("license") = "GPL";
