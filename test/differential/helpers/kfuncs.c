// Kernel functions: iterators over numbers, dynptrs of packets.
#include "random.h"

struct bpf_iter_num;
int bpf_iter_num_new(struct bpf_iter_num *It, int Start, int End) __ksym __weak;
int *bpf_iter_num_next(struct bpf_iter_num *It) __ksym __weak;
void bpf_iter_num_destroy(struct bpf_iter_num *It) __ksym __weak;
int bpf_dynptr_from_skb(struct __sk_buff *Skb, __u64 Flags,
                        struct bpf_dynptr *Pointer) __ksym __weak;
int bpf_dynptr_from_xdp(struct xdp_md *Ctx, __u64 Flags,
                        struct bpf_dynptr *Pointer) __ksym __weak;
void *bpf_dynptr_slice(const struct bpf_dynptr *Pointer, __u32 Offset,
                       void *Buffer, __u32 Size) __ksym __weak;
void *bpf_dynptr_slice_rdwr(const struct bpf_dynptr *Pointer, __u32 Offset,
                            void *Buffer, __u32 Size) __ksym __weak;
int bpf_dynptr_adjust(const struct bpf_dynptr *Pointer, __u32 Start,
                      __u32 End) __ksym __weak;
_Bool bpf_dynptr_is_null(const struct bpf_dynptr *Pointer) __ksym __weak;
_Bool bpf_dynptr_is_rdonly(const struct bpf_dynptr *Pointer) __ksym __weak;
__u32 bpf_dynptr_size(const struct bpf_dynptr *Pointer) __ksym __weak;
int bpf_dynptr_clone(const struct bpf_dynptr *Pointer,
                     struct bpf_dynptr *Clone) __ksym __weak;
void bpf_rcu_read_lock(void) __ksym __weak;
void bpf_rcu_read_unlock(void) __ksym __weak;

struct bpf_iter_num {
  __u64 Opaque;
} __attribute__((aligned(8)));

SEC("tc") int numbers(struct __sk_buff *Skb) {
  struct bpf_iter_num It;
  __u32 Sum = 0;
  int Start = below(8) ? someDelta(40) : -2147483648;
  int *Number;
  int R = bpf_iter_num_new(
      &It, Start, below(16) ? Start + someDelta(60) : (int)random() * 2);
  for (int I = 0; (Number = bpf_iter_num_next(&It)); I++) {
    Sum = Sum * 31 + *Number;
    if (I > 30)
      break;
  }
  bpf_iter_num_destroy(&It);
  return R * 31 + Sum;
}

static __always_inline __u32 changed(struct bpf_dynptr *Pointer) {
  __u8 Bytes[16], Space[8] = {};
  fill(Bytes, 16);
  __u32 Sum = bpf_dynptr_is_null(Pointer) + 2 * bpf_dynptr_is_rdonly(Pointer);
  Sum = Sum * 31 + bpf_dynptr_size(Pointer);
  Sum = Sum * 31 + bpf_dynptr_write(Pointer, below(70), Bytes,
                                    1 + (random() & 15), below(8) == 0);
  Sum = Sum * 31 + bpf_dynptr_adjust(Pointer, below(20), below(90));
  Sum = Sum * 31 + bpf_dynptr_size(Pointer);
  Sum = Sum * 31 + bpf_dynptr_read(Bytes, 1 + (random() & 15), Pointer,
                                   below(70), below(8) == 0);
  __u64 *Data = bpf_dynptr_slice(Pointer, below(70), Space, 8);
  Sum = Sum * 31 + (Data ? *Data : 77);
  Data = bpf_dynptr_slice_rdwr(Pointer, below(70), Space, 8);
  if (Data)
    *Data += random();
  Sum = Sum * 31 + !!bpf_dynptr_data(Pointer, below(70), 8);
  return digest(Sum, Bytes, 16);
}

SEC("tc") int skb_dynptr(struct __sk_buff *Skb) {
  struct bpf_dynptr Pointer, Clone;
  int R = bpf_dynptr_from_skb(Skb, below(16) == 0, &Pointer);
  R = R * 31 + bpf_dynptr_clone(&Pointer, &Clone);
  return R * 31 + changed(&Pointer) + changed(&Clone);
}

SEC("socket") int filter_dynptr(struct __sk_buff *Skb) {
  struct bpf_dynptr Pointer;
  int R = bpf_dynptr_from_skb(Skb, below(16) == 0, &Pointer);
  __u32 Sum = bpf_dynptr_is_rdonly(&Pointer);
  __u64 Space = 0, Word = random();
  Sum =
      Sum * 31 + bpf_dynptr_write(&Pointer, below(70), &Word, 8, below(8) == 0);
  __u64 *Data = bpf_dynptr_slice(&Pointer, below(70), &Space, 8);
  return R * 31 + Sum * 31 + (Data ? *Data : 7);
}

SEC("xdp") int xdp_dynptr(struct xdp_md *Ctx) {
  struct bpf_dynptr Pointer;
  int R = bpf_dynptr_from_xdp(Ctx, below(16) == 0, &Pointer);
  return R * 31 + changed(&Pointer);
}

SEC("tc") int known(struct __sk_buff *Skb) {
  bpf_rcu_read_lock();
  int R = bpf_iter_num_new != 0;
  bpf_rcu_read_unlock();
  return R;
}

char _license[] SEC("license") = "GPL";
