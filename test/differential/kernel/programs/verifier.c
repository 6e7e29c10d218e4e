// What the verifier wants to see, whatever the optimiser finds out.
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

char text[16];

// An empty array has an address within the frame.
SEC("tc") int empty_array(struct __sk_buff *Skb) {
  static const char Format[] = "nothing";
  unsigned long long Arguments[0];
  return bpf_snprintf(text, sizeof(text), Format, Arguments, 0);
}

// A global function is checked by its parameters' types, used or not.
__attribute__((noinline)) int ignores(struct __sk_buff *Skb, int Factor) {
  volatile int Two = 2;
  return Factor * Two;
}
SEC("tc") int calls_global(struct __sk_buff *Skb) {
  return ignores(Skb, Skb->len);
}

// After the last instruction there is no line.
SEC("tc") __attribute__((naked)) int only_assembly(struct __sk_buff *Skb) {
  asm volatile("r0 = 7; exit;" ::: "r0");
}

char _license[] SEC("license") = "GPL";
