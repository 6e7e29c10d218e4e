// The maps that cases of test_verifier name, and no more: those that are
// defined by -DUSE_name.
typedef unsigned int u32;
typedef unsigned long long u64;

#define __uint(name, val) int (*name)[val]
#define __type(name, val) typeof(val) *name
#define __array(name, val) typeof(val) *name[]
#define MAP __attribute__((section(".maps"), used))
#define SIZES(type_, key_, value_, entries)                                    \
  __uint(type, type_);                                                         \
  __uint(key_size, key_);                                                      \
  __uint(value_size, value_);                                                  \
  __uint(max_entries, entries)
#define TYPES(type_, key_, value_, entries)                                    \
  __uint(type, type_);                                                         \
  __type(key, key_);                                                           \
  __type(value, value_);                                                       \
  __uint(max_entries, entries)
#define TAG(name) __attribute__((btf_type_tag(name)))

struct bpf_spin_lock {
  u32 val;
};
struct bpf_timer {
  u64 opaque[2];
};
struct locked {
  int count;
  struct bpf_spin_lock lock;
};
struct timed {
  struct bpf_timer timer;
};
struct storage_key {
  u64 cgroup_inode_id;
  u32 attach_type;
};

char _license[] __attribute__((section("license"), used)) = "GPL";
__attribute__((section(".bss.value"), used)) char value48[48];

#ifdef USE_map_hash_8b
struct {
  SIZES(1, 8, 8, 1);
} map_hash_8b MAP;
#endif
#ifdef USE_map_hash_16b
struct {
  SIZES(1, 8, 16, 1);
} map_hash_16b MAP;
#endif
#ifdef USE_map_hash_48b
struct {
  SIZES(1, 8, 48, 1);
} map_hash_48b MAP;
#endif
#ifdef USE_map_array_48b
struct {
  SIZES(2, 4, 48, 1);
} map_array_48b MAP;
#endif
#ifdef USE_map_array_ro
struct {
  SIZES(2, 4, 48, 1);
  __uint(map_flags, 1 << 7);
} map_array_ro MAP;
#endif
#ifdef USE_map_array_wo
struct {
  SIZES(2, 4, 48, 1);
  __uint(map_flags, 1 << 8);
} map_array_wo MAP;
#endif
#ifdef USE_map_array_small
struct {
  SIZES(2, 4, 1, 1);
} map_array_small MAP;
#endif
#ifdef USE_map_sockmap
struct {
  SIZES(15, 4, 4, 1);
} map_sockmap MAP;
#endif
#ifdef USE_map_sockhash
struct {
  SIZES(18, 4, 4, 1);
} map_sockhash MAP;
#endif
#ifdef USE_map_xskmap
struct {
  SIZES(17, 4, 4, 1);
} map_xskmap MAP;
#endif
#ifdef USE_map_stacktrace
struct {
  SIZES(7, 4, 8, 1);
} map_stacktrace MAP;
#endif
#ifdef USE_map_event_output
struct {
  SIZES(4, 4, 4, 1);
} map_event_output MAP;
#endif
#ifdef USE_map_reuseport_array
struct {
  SIZES(20, 4, 8, 1);
} map_reuseport_array MAP;
#endif
#ifdef USE_map_ringbuf
struct {
  __uint(type, 27);
  __uint(max_entries, 4096);
} map_ringbuf MAP;
#endif
#ifdef USE_prog1
struct {
  SIZES(3, 4, 4, 4);
} prog1 MAP;
#endif
#ifdef USE_prog2
struct {
  SIZES(3, 4, 4, 8);
} prog2 MAP;
#endif
#ifdef USE_map_in_map
struct inner {
  SIZES(2, 4, 4, 1);
} inner MAP;
struct {
  __uint(type, 12);
  __uint(key_size, 4);
  __uint(max_entries, 1);
  __array(values, struct inner);
} map_in_map MAP = {.values = {&inner}};
#endif
#ifdef USE_cgroup_storage
struct {
  TYPES(19, struct storage_key, char[64], 0);
} cgroup_storage MAP;
#endif
#ifdef USE_percpu_cgroup_storage
struct {
  TYPES(21, struct storage_key, char[64], 0);
} percpu_cgroup_storage MAP;
#endif
#ifdef USE_map_spin_lock
struct {
  TYPES(2, int, struct locked, 1);
} map_spin_lock MAP;
#endif
#ifdef USE_map_timer
struct {
  TYPES(2, int, struct timed, 1);
} map_timer MAP;
#endif
#ifdef USE_sk_storage_map
struct {
  TYPES(24, int, struct locked, 0);
  __uint(map_flags, 1);
} sk_storage_map MAP;
#endif
#ifdef USE_map_kptr
struct pointers {
  struct prog_test_ref_kfunc TAG("kptr_untrusted") * unowned;
  struct prog_test_ref_kfunc TAG("kptr") * owned;
  struct prog_test_member TAG("kptr") * member;
};
struct {
  TYPES(2, int, struct pointers, 1);
} map_kptr MAP;
#endif
