// All that a skeleton shows: maps, programs, and data of every section.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include "values.h"

struct {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __uint(max_entries, 1);
  __type(key, __u32);
  __type(value, __u64);
} sums SEC(".maps");

const volatile struct settings settings = {3, "abc"};
const volatile __u8 odd = 1;
const volatile __u64 wide = 2;
int counter;
struct {
  int x;
  long y;
} unnamed = {1, 2};
static volatile int own;
int numbers[4] = {1, 2, 3, 4};
void (*callback)(int);
#ifndef OLD_LOADER // without what Debian's cilium/ebpf does not know
#define NOT_LOADED SEC("?xdp")
#define OWN_SECTION SEC(".data.own.section")
extern int LINUX_KERNEL_VERSION __kconfig;
extern _Bool CONFIG_NOT_THERE __kconfig __weak;
#else
#define NOT_LOADED SEC("xdp")
#define OWN_SECTION
#define LINUX_KERNEL_VERSION 1
#define CONFIG_NOT_THERE 0
#endif
char letters[3] OWN_SECTION = "ab";

SEC("xdp") int first(struct xdp_md *ctx) {
  __u32 zero = 0;
  __u64 *sum = bpf_map_lookup_elem(&sums, &zero);
  if (sum)
    *sum += settings.number + odd + wide;
  counter++;
  own++;
  unnamed.x++;
  numbers[2] += LINUX_KERNEL_VERSION != 0 && !CONFIG_NOT_THERE;
  letters[0]++;
  return XDP_PASS;
}

NOT_LOADED int second(struct xdp_md *ctx) { return XDP_DROP; }

char _license[] SEC("license") = "GPL";
