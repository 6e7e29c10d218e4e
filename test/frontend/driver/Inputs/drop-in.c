#ifdef NO_HEADERS
#define SEC(Name) __attribute__((section(Name), used))
struct __sk_buff {
  unsigned len;
};
#else
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>
#endif

char _license[] SEC("license") = "GPL";

SEC("socket") int prog(struct __sk_buff *ctx) { return ctx->len > 64; }
