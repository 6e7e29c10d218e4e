#include "Complete.h"

#include <algorithm>
#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <cstring>
#include <string>

using namespace bpfcc;

static const struct {
  const char *Context;
  bpf_prog_type Type;
  bpf_attach_type Attach;
} Contexts[] = {
    {"__sk_buff", BPF_PROG_TYPE_SCHED_CLS, {}},
    {"sk_buff", BPF_PROG_TYPE_SCHED_CLS, {}},
    {"xdp_md", BPF_PROG_TYPE_XDP, BPF_XDP},
    {"xdp_buff", BPF_PROG_TYPE_XDP, BPF_XDP},
    {"bpf_sock", BPF_PROG_TYPE_CGROUP_SOCK, BPF_CGROUP_INET4_POST_BIND},
    {"bpf_sock_addr", BPF_PROG_TYPE_CGROUP_SOCK_ADDR, BPF_CGROUP_INET4_CONNECT},
    {"bpf_sock_ops", BPF_PROG_TYPE_SOCK_OPS, BPF_CGROUP_SOCK_OPS},
    {"sk_msg_md", BPF_PROG_TYPE_SK_MSG, BPF_SK_MSG_VERDICT},
    {"bpf_cgroup_dev_ctx", BPF_PROG_TYPE_CGROUP_DEVICE, BPF_CGROUP_DEVICE},
    {"bpf_sysctl", BPF_PROG_TYPE_CGROUP_SYSCTL, BPF_CGROUP_SYSCTL},
    {"bpf_sockopt", BPF_PROG_TYPE_CGROUP_SOCKOPT, BPF_CGROUP_SETSOCKOPT},
    {"sk_reuseport_md", BPF_PROG_TYPE_SK_REUSEPORT,
     BPF_SK_REUSEPORT_SELECT_OR_MIGRATE},
    {"bpf_sk_lookup", BPF_PROG_TYPE_SK_LOOKUP, BPF_SK_LOOKUP},
    {"bpf_user_pt_regs_t", BPF_PROG_TYPE_KPROBE, {}},
    {"pt_regs", BPF_PROG_TYPE_KPROBE, {}},
    {"bpf_perf_event_data", BPF_PROG_TYPE_PERF_EVENT, {}},
    {"bpf_raw_tracepoint_args", BPF_PROG_TYPE_RAW_TRACEPOINT, {}},
};

static const btf_type *withoutModifiers(const btf *Types, uint32_t Id) {
  const btf_type *T = btf__type_by_id(Types, Id);
  while (T && btf_is_mod(T))
    T = btf__type_by_id(Types, T->type);
  return T;
}

/// The name of the type that the first parameter points to; "" for none.
static std::string contextName(const btf *Types, const char *Program) {
  int Id = Types ? btf__find_by_name_kind(Types, Program, BTF_KIND_FUNC) : -1;
  if (Id < 0)
    return "";
  const btf_type *Prototype =
      btf__type_by_id(Types, btf__type_by_id(Types, uint32_t(Id))->type);
  if (btf_vlen(Prototype) == 0)
    return "";
  const btf_type *T = withoutModifiers(Types, btf_params(Prototype)[0].type);
  if (!T || !btf_is_ptr(T))
    return "";
  T = btf__type_by_id(Types, T->type);
  while (T && btf_is_mod(T) && !btf_is_typedef(T))
    T = btf__type_by_id(Types, T->type);
  return T ? btf__name_by_offset(Types, T->name_off) : "";
}

void bpfcc::completeType(const bpf_object *O, bpf_program *P) {
  if (bpf_program__type(P) != BPF_PROG_TYPE_UNSPEC &&
      bpf_program__type(P) != BPF_PROG_TYPE_EXT)
    return;
  std::string Name = contextName(bpf_object__btf(O), bpf_program__name(P));
  for (const auto &C : Contexts)
    if (Name == C.Context) {
      bpf_program__set_type(P, C.Type);
      bpf_program__set_expected_attach_type(P, C.Attach);
    }
}

/// How many entries a map of \p Type that asks for \p Entries gets.
static uint32_t smallEntries(bpf_map_type Type, uint32_t Entries,
                             size_t ValueSize) {
  switch (Type) {
  case BPF_MAP_TYPE_SK_STORAGE:
  case BPF_MAP_TYPE_TASK_STORAGE:
  case BPF_MAP_TYPE_INODE_STORAGE:
  case BPF_MAP_TYPE_CGRP_STORAGE:
  case BPF_MAP_TYPE_CGROUP_STORAGE:
  case BPF_MAP_TYPE_PERCPU_CGROUP_STORAGE:
  case BPF_MAP_TYPE_STRUCT_OPS:
  case BPF_MAP_TYPE_ARENA:
    return Entries;
  case BPF_MAP_TYPE_RINGBUF:
  case BPF_MAP_TYPE_USER_RINGBUF:
    return Entries == 0 ? 1 << 16 : std::min(Entries, 1u << 16);
  case BPF_MAP_TYPE_ARRAY:
  case BPF_MAP_TYPE_PERCPU_ARRAY: { // the verifier compares constant keys
    constexpr uint32_t MostBytes = 8 << 20;
    if (Entries == 0)
      return 1;
    return uint64_t(Entries) * ValueSize <= MostBytes
               ? Entries
               : std::max(uint32_t(MostBytes / ValueSize), 1u);
  }
  default:
    return Entries == 0 ? 1 : std::min(Entries, 256u);
  }
}

static void setInnerMap(bpf_map *M) {
  bpf_map *Inner = bpf_map__inner_map(M);
  if (!Inner || bpf_map__max_entries(Inner) != 0)
    return;
  bpf_map_create_opts Options = {};
  Options.sz = sizeof(Options);
  Options.map_flags = bpf_map__map_flags(Inner);
  int Fd = bpf_map_create(
      bpf_map__type(Inner), "inner", bpf_map__key_size(Inner),
      bpf_map__value_size(Inner),
      bpf_map__type(Inner) == BPF_MAP_TYPE_RINGBUF ? 4096 : 1, &Options);
  if (Fd >= 0)
    bpf_map__set_inner_map_fd(M, Fd);
}

void bpfcc::completeMaps(bpf_object *O) {
  constexpr uint32_t MostFrames = 127;
  bpf_map *M;
  bpf_object__for_each_map(M, O) {
    bpf_map_type Type = bpf_map__type(M);
    bpf_map__set_pin_path(M, nullptr);
    bool OfDescriptors = Type == BPF_MAP_TYPE_PERF_EVENT_ARRAY ||
                         Type == BPF_MAP_TYPE_PROG_ARRAY ||
                         Type == BPF_MAP_TYPE_CGROUP_ARRAY;
    if (OfDescriptors && bpf_map__key_size(M) == 0) {
      bpf_map__set_key_size(M, 4);
      bpf_map__set_value_size(M, 4);
    }
    if (Type == BPF_MAP_TYPE_STACK_TRACE && bpf_map__value_size(M) == 0) {
      bpf_map__set_key_size(M, 4);
      bpf_map__set_value_size(M, MostFrames * 8);
    }
    setInnerMap(M);
    if (!bpf_map__is_internal(M))
      bpf_map__set_max_entries(M, smallEntries(Type, bpf_map__max_entries(M),
                                               bpf_map__value_size(M)));
  }
}
