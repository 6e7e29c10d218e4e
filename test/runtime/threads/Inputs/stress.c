// What several threads run at once. A program counts what it finds wrong in
// `wrong`; the test knows what the other numbers must be in the end.
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

#define KEYS 64
#define VALUE(Key) ((__u64)(Key) * 0x9e3779b97f4a7c15 + 1)

struct pair {
  struct bpf_spin_lock Lock;
  __u32 Pad;
  __u64 A, B;
};
struct prefix {
  __u32 Length;
  __u8 Address[4];
};
struct record {
  __u64 Number, Check;
  __u32 Cpu;
};

#define MAP(Name, Type, Key, Value, Entries)                                   \
  struct {                                                                     \
    __uint(type, BPF_MAP_TYPE_##Type);                                         \
    __type(key, Key);                                                          \
    __type(value, Value);                                                      \
    __uint(max_entries, Entries);                                              \
  } Name SEC(".maps")

MAP(pairs, ARRAY, __u32, struct pair, 2);
MAP(hash_pairs, HASH, __u32, struct pair, 2);
MAP(large, ARRAY, __u32, __u64, 100000);
MAP(hash, HASH, __u32, __u64, KEYS);
MAP(lru, LRU_HASH, __u32, __u64, KEYS / 2);
MAP(cpu_array, PERCPU_ARRAY, __u32, __u64, 2);
MAP(cpu_hash, PERCPU_HASH, __u32, __u64, 2);
MAP(cpu_lru, LRU_PERCPU_HASH, __u32, __u64, KEYS);
MAP(tails, PROG_ARRAY, __u32, __u32, 2);

struct {
  __uint(type, BPF_MAP_TYPE_LPM_TRIE);
  __uint(map_flags, BPF_F_NO_PREALLOC);
  __type(key, struct prefix);
  __type(value, __u64);
  __uint(max_entries, KEYS);
} trie SEC(".maps");
struct {
  __uint(type, BPF_MAP_TYPE_QUEUE);
  __type(value, __u64);
  __uint(max_entries, KEYS);
} queue SEC(".maps");
struct {
  __uint(type, BPF_MAP_TYPE_STACK);
  __type(value, __u64);
  __uint(max_entries, KEYS);
} stack SEC(".maps");
struct {
  __uint(type, BPF_MAP_TYPE_BLOOM_FILTER);
  __type(value, __u64);
  __uint(max_entries, KEYS);
} bloom SEC(".maps");
struct {
  __uint(type, BPF_MAP_TYPE_RINGBUF);
  __uint(max_entries, 4096);
} ring SEC(".maps");

struct inner {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __type(key, __u32);
  __type(value, __u64);
  __uint(max_entries, 1);
} inner_a SEC(".maps"), inner_b SEC(".maps");
struct {
  __uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
  __uint(max_entries, 1);
  __type(key, __u32);
  __array(values, struct inner);
} outer SEC(".maps") = {.values = {&inner_a}};

__u64 wrong, runs, submitted, pushed, popped, tailed, replaced;

#define ADD(Where, N) __sync_fetch_and_add(&(Where), N)
#define EXPECT(What)                                                           \
  if (!(What))                                                                 \
  ADD(wrong, 1)

static __always_inline void locks(void *Map, __u32 Key) {
  struct pair *P = bpf_map_lookup_elem(Map, &Key);
  if (!P)
    return;
  bpf_spin_lock(&P->Lock);
  __u64 A = P->A++, B = P->B++;
  bpf_spin_unlock(&P->Lock);
  EXPECT(A == B);
}

static __always_inline void updates(void *Map, __u32 Random) {
  __u32 Key = Random % KEYS;
  __u64 New = VALUE(Key), *Value = bpf_map_lookup_elem(Map, &Key);
  switch (Random >> 8 & 3) {
  case 0:
    bpf_map_update_elem(Map, &Key, &New, BPF_ANY);
    break;
  case 1:
    bpf_map_delete_elem(Map, &Key);
    break;
  }
  if (Value) // still there, deleted or not; of another processor it may be 0
    EXPECT(*Value == New || (Map == &cpu_lru && !*Value));
}

static __always_inline void percpu(void *Map) {
  __u32 Key = 1;
  __u64 *Value = bpf_map_lookup_elem(Map, &Key);
  if (Value)
    ++*Value;
}

static __always_inline void prefixes(__u32 Random) {
  struct prefix Key = {8 + (Random & 7), {10, Random >> 8, 0, 1}};
  __u64 New = VALUE(1), *Value = bpf_map_lookup_elem(&trie, &Key);
  if (Random >> 16 & 1)
    bpf_map_update_elem(&trie, &Key, &New, BPF_ANY);
  else
    bpf_map_delete_elem(&trie, &Key);
  if (Value)
    EXPECT(*Value == New);
}

static __always_inline void queues(void *Map, __u32 Random) {
  __u64 Value = Random;
  if (Random & 1) {
    if (bpf_map_push_elem(Map, &Value, 0) == 0)
      ADD(pushed, Value);
  } else if (bpf_map_pop_elem(Map, &Value) == 0) {
    ADD(popped, Value);
  }
}

static __always_inline void records(__u32 Random, __u64 Number) {
  struct record *R = bpf_ringbuf_reserve(&ring, sizeof *R, 0);
  if (!R)
    return;
  R->Number = Number;
  R->Check = VALUE(Number);
  R->Cpu = bpf_get_smp_processor_id();
  if (Random & 7) {
    ADD(submitted, 1);
    bpf_ringbuf_submit(R, 0);
  } else {
    bpf_ringbuf_discard(R, 0);
  }
}

SEC("raw_tp/tail") int tail(void *Ctx) {
  ADD(tailed, 1);
  return 0;
}

SEC("raw_tp/stress") int stress(void *Ctx) {
  __u64 Number = ADD(runs, 1);
  __u32 Random = bpf_get_prandom_u32(), Zero = 0, Far = Random % 100000;
  locks(&pairs, 0);
  locks(&hash_pairs, 1);
  struct pair *P = bpf_map_lookup_elem(&pairs, &(__u32){1});
  if (P) {
    bpf_spin_lock(&P->Lock);
    __u64 A = P->A, B = P->B;
    bpf_spin_unlock(&P->Lock);
    EXPECT(A == B);
  }
  __u64 *Element = bpf_map_lookup_elem(&large, &Far);
  if (Element)
    ADD(*Element, 1);
  updates(&hash, Random);
  updates(&lru, Random);
  updates(&cpu_lru, Random);
  percpu(&cpu_array);
  percpu(&cpu_hash);
  prefixes(Random);
  queues(&queue, Random);
  queues(&stack, Random >> 1);
  __u64 Seen = VALUE(1);
  bpf_map_push_elem(&bloom, &Seen, 0);
  EXPECT(bpf_map_peek_elem(&bloom, &Seen) == 0);
  void *Inner = bpf_map_lookup_elem(&outer, &Zero);
  __u64 *Count = Inner ? bpf_map_lookup_elem(Inner, &Zero) : 0;
  if (Count)
    ADD(*Count, 1);
  EXPECT(Count);
  records(Random, Number);
  bpf_tail_call(Ctx, &tails, 1);
  return 0;
}

char _license[] SEC("license") = "GPL";
