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

// A number added to the address of a caller's variable, which stays in use.
struct pair {
  unsigned Left[4], Right[4];
};
static __attribute__((noinline)) int store_at(struct pair *P, unsigned Place,
                                              unsigned Value) {
  volatile unsigned *At = &P->Left[Place & 3];
  *At = Value;
  return P->Left[0] + P->Right[1];
}
static __attribute__((noinline)) int between(struct __sk_buff *Skb,
                                             unsigned Place) {
  struct pair P = {{1, 2, 3, 4}, {5, 6, 7, 8}};
  int Sum = store_at(&P, Place, Skb->len);
  for (int I = 0; I < 4; I++)
    Sum = Sum * 3 + P.Left[I] + P.Right[I];
  return Sum;
}
SEC("tc") int callers_frame(struct __sk_buff *Skb) {
  volatile unsigned Own[8] = {0, 1, 2, 3, 4, 5, 6, 7};
  int Sum = between(Skb, Skb->len);
  for (int I = 0; I < 8; I++)
    Sum += Own[I];
  return Sum;
}

// Nothing is added to a packet pointer in 32 bits.
SEC("xdp") int length(struct xdp_md *Ctx) {
  void *End = (void *)(long)Ctx->data_end, *Data = (void *)(long)Ctx->data;
  __u32 Length = End - Data;
  Length -= 14;
  return Length > 60 ? XDP_DROP : XDP_PASS;
}

char _license[] SEC("license") = "GPL";
