// Helpers on text, memory, maps, callbacks and events.
#include "random.h"

/// Text that is often a number.
static __always_inline void someNumber(char *To, __u32 Size) {
  static const char Letters[] = "0123456789abcdefABCDEFxX-+ \t8gz";
  for (__u32 I = 0; I < Size; I++) {
    __u32 Mask = below(4) ? 7 : 31;
    To[I] = Letters[random() & Mask];
  }
  if (below(2) == 0)
    To[0] = ' ';
  if (below(3) == 0)
    To[1] = '-';
  if (below(3) == 0)
    To[2] = '0', To[3] = 'x';
}

static __always_inline __u32 someBase(void) {
  __u32 B = below(8);
  return B == 0 ? 0 : B < 3 ? 8 : B < 5 ? 10 : B < 7 ? 16 : random();
}

SEC("tc") int strtoul(struct __sk_buff *Skb) {
  char Text[32];
  unsigned long Value = 0;
  someNumber(Text, 32);
  long R = bpf_strtoul(Text, 1 + below(32), someBase(), &Value);
  return digest(R, (void *)&Value, 8);
}

SEC("tc") int strtol(struct __sk_buff *Skb) {
  char Text[32];
  long Value = 0;
  someNumber(Text, 32);
  long R = bpf_strtol(Text, 1 + below(32), someBase(), &Value);
  return digest(R, (void *)&Value, 8);
}

SEC("tc") int csum_diff(struct __sk_buff *Skb) {
  __u8 From[32], To[32];
  fill(From, 32);
  fill(To, 32);
  __u32 FromSize = random() & 31, ToSize = random() & 31;
  return bpf_csum_diff((__be32 *)From, FromSize, (__be32 *)To, ToSize,
                       random() * 2);
}

SEC("tc") int probe_read(struct __sk_buff *Skb) {
  __u8 To[32];
  fill(Out, 64);
  fill(To, 32);
  const void *From = below(4) ? Out + below(32) : (const void *)(long)below(64);
  int R;
  switch (below(4)) {
  case 0:
    R = bpf_probe_read_kernel(To, random() & 31, From);
    break;
  case 1:
    R = bpf_probe_read_kernel_str(To, random() & 31, From);
    break;
  case 2:
    R = bpf_probe_read_user(To, random() & 31, (const void *)(long)below(64));
    break;
  default:
    R = bpf_probe_read_user_str(To, random() & 31,
                                (const void *)(long)below(64));
  }
  return digest(R, To, 32);
}

SEC("tc") int strncmp(struct __sk_buff *Skb) {
  char Text[8];
  for (int I = 0; I < 8; I++)
    Text[I] = below(3) ? "abcdefgh"[I] : below(4) ? 0 : random();
  return bpf_strncmp(Text, 1 + below(8), "abcdefg");
}

static const __u8 Address[16] = {0x20, 1, 0xd, 0xb8, 0, 0, 0, 0,
                                 0,    0, 0,   0,    0, 0, 0, 1};

/// A number to the compiler: no loader fills in the address in a constant.
static __always_inline long addressOf(const void *Data) {
  asm volatile("" : "+r"(Data));
  return (long)Data;
}

#define PRINT(Name, Format, ...)                                               \
  SEC("tc") int Name(struct __sk_buff *Skb) {                                  \
    static const char Text[] = Format;                                         \
    __u64 Args[] = {__VA_ARGS__};                                              \
    __builtin_memset(Out, 0x5a, sizeof(Out));                                  \
    int R = bpf_snprintf((char *)Out, (random() & 62) + 1, Text, Args,         \
                         sizeof(Args));                                        \
    return digest(R, Out, 64);                                                 \
  }
#define WORD ((__u64)random() << 32 | random() * 2ull)
PRINT(print_numbers, "%d|%u|%x|%i", WORD, WORD, WORD, WORD)
PRINT(print_long, "%ld|%llu|%lx", WORD, WORD, WORD)
PRINT(print_width, "%08x|%10d|%4u", WORD, WORD >> 20, below(9))
PRINT(print_character, "%c|%%|%c", 'a' + below(26), ' ' + below(90))
PRINT(print_ip4, "%pI4", addressOf(Address))
PRINT(print_padded_ip4, "%pi4", addressOf(Address))
PRINT(print_ip6, "%pI6", addressOf(Address))
PRINT(print_plain_ip6, "%pi6", addressOf(Address))
static const char Word[] = "a word";
PRINT(print_left, "%-12s|%d", addressOf(Word), WORD)

static long step(__u32 Index, void *Context) {
  __u32 *Sum = Context;
  *Sum = *Sum * 31 + Index;
  return Index > 40;
}

SEC("tc") int loop(struct __sk_buff *Skb) {
  __u32 Sum = 0;
  int R = bpf_loop(below(8) ? below(80) : random(), step, &Sum, below(8) == 0);
  return R + Sum;
}

struct {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __uint(max_entries, 10);
  __type(key, __u32);
  __type(value, __u64);
} Words SEC(".maps");

static long add(struct bpf_map *Map, __u32 *Key, __u64 *Value, void *Context) {
  __u32 *Sum = Context;
  *Sum = *Sum * 31 + *Key * 7 + *Value;
  *Value += 1;
  return *Key > 6 && *Value & 1;
}

SEC("tc") int for_each(struct __sk_buff *Skb) {
  __u32 Key = below(12), Sum = 0;
  __u64 Value = random();
  __u64 Flags = Key < 10 ? below(5) : below(3);
  int R = bpf_map_update_elem(&Words, &Key, &Value, Flags);
  R = R * 31 + bpf_for_each_map_elem(&Words, add, &Sum, below(8) == 0);
  return R * 31 + Sum;
}

struct locked {
  __u32 Count;
  struct bpf_spin_lock Lock;
};

struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 4);
  __type(key, __u32);
  __type(value, struct locked);
} Locked SEC(".maps");

SEC("tc") int update_locked(struct __sk_buff *Skb) {
  __u32 Key = below(6);
  struct locked Value = {.Count = random()};
  int R = bpf_map_update_elem(&Locked, &Key, &Value, below(7));
  struct locked *Found = bpf_map_lookup_elem(&Locked, &Key);
  return R * 31 + (Found ? Found->Count : 0);
}

SEC("tc") int dynptr(struct __sk_buff *Skb) {
  struct bpf_dynptr Pointer;
  __u8 Bytes[16];
  fill(Bytes, 16);
  int R = bpf_dynptr_from_mem(Out, 1 + below(64), below(8) == 0, &Pointer);
  R = R * 31 + bpf_dynptr_write(&Pointer, below(70), Bytes, 1 + below(16),
                                below(8) == 0);
  R = R * 31 +
      bpf_dynptr_read(Bytes, 1 + below(16), &Pointer, below(70), below(8) == 0);
  __u8 *Data = bpf_dynptr_data(&Pointer, below(70), 8);
  if (Data)
    R += Data[7];
  return digest(R, Bytes, 16);
}

struct {
  __uint(type, BPF_MAP_TYPE_RINGBUF);
  __uint(max_entries, 1 << 18);
} Ring SEC(".maps");

SEC("tc") int ringbuf(struct __sk_buff *Skb) {
  fill(Out, 64);
  int R = bpf_ringbuf_output(&Ring, Out, 1 + below(64), below(5));
  __u64 *Record = bpf_ringbuf_reserve(&Ring, 24, 0);
  if (!Record)
    return R;
  Record[0] = Record[1] = Record[2] = random();
  if (below(2))
    bpf_ringbuf_submit(Record, 0);
  else
    bpf_ringbuf_discard(Record, 0);
  return R * 31 + bpf_ringbuf_query(&Ring, BPF_RB_RING_SIZE);
}

struct {
  __uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
  __uint(key_size, 4);
  __uint(value_size, 4);
} Perf SEC(".maps");

SEC("tc") int perf_event(struct __sk_buff *Skb) {
  fill(Out, 64);
  __u64 Length = below(2) ? 0 : below(120);
  return bpf_perf_event_output(Skb, &Perf, BPF_F_CURRENT_CPU | Length << 32,
                               Out, 64);
}

char _license[] SEC("license") = "GPL";
