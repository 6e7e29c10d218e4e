#include "World.h"

#include <algorithm>
#include <bpf/btf.h>
#include <linux/bpf.h>

namespace bpfcc {

std::string hex(const uint8_t *Bytes, size_t Size) {
  static const char Digits[] = "0123456789abcdef";
  std::string S;
  for (size_t I = 0; I < Size; ++I)
    S += Digits[Bytes[I] >> 4], S += Digits[Bytes[I] & 15];
  return S;
}

bool isPerCpu(uint32_t Type) {
  return Type == BPF_MAP_TYPE_PERCPU_ARRAY ||
         Type == BPF_MAP_TYPE_PERCPU_HASH ||
         Type == BPF_MAP_TYPE_LRU_PERCPU_HASH;
}

bool isPlain(uint32_t Type) {
  return isPerCpu(Type) || Type == BPF_MAP_TYPE_ARRAY ||
         Type == BPF_MAP_TYPE_HASH || Type == BPF_MAP_TYPE_LRU_HASH ||
         Type == BPF_MAP_TYPE_LPM_TRIE;
}

/// BPF_MAP_TYPE_CGRP_STORAGE, newer than the header of Debian 12.
constexpr uint32_t CgrpStorage = 32;

bool hasNoSize(uint32_t Type) {
  return Type == BPF_MAP_TYPE_PERF_EVENT_ARRAY ||
         Type == BPF_MAP_TYPE_SK_STORAGE ||
         Type == BPF_MAP_TYPE_INODE_STORAGE ||
         Type == BPF_MAP_TYPE_TASK_STORAGE || Type == CgrpStorage ||
         Type == BPF_MAP_TYPE_CGROUP_STORAGE ||
         Type == BPF_MAP_TYPE_PERCPU_CGROUP_STORAGE ||
         Type == BPF_MAP_TYPE_STRUCT_OPS;
}

static bool isZero(const uint8_t *Bytes, size_t Size) {
  return std::all_of(Bytes, Bytes + Size, [](uint8_t B) { return B == 0; });
}

std::optional<std::string> entryText(uint32_t MapType,
                                     const std::vector<uint8_t> &Key,
                                     const uint8_t *Value, size_t ValueSize,
                                     size_t Cpus) {
  bool PerCpu = isPerCpu(MapType);
  size_t Step = PerCpu ? (ValueSize + 7) / 8 * 8 : ValueSize;
  if ((MapType == BPF_MAP_TYPE_ARRAY || MapType == BPF_MAP_TYPE_PERCPU_ARRAY) &&
      isZero(Value, PerCpu ? Step * Cpus : Step))
    return std::nullopt;
  std::string Text = hex(Key.data(), Key.size()) + "=" + hex(Value, ValueSize);
  for (size_t Cpu = 1; PerCpu && Cpu < Cpus; ++Cpu)
    if (!isZero(Value + Cpu * Step, ValueSize))
      Text += " cpu" + std::to_string(Cpu) + "=" +
              hex(Value + Cpu * Step, ValueSize);
  return Text;
}

void addVariables(const btf *Types, const std::string &Section,
                  const std::vector<uint8_t> &Bytes, Contents &To) {
  // What holds constants was checked by what the program did with them.
  if (Section.find(".rodata") == 0 || Section.find(".kconfig") == 0)
    return;
  if (!Types)
    return;
  int Id = btf__find_by_name_kind(Types, Section.c_str(), BTF_KIND_DATASEC);
  const btf_type *Data =
      Id > 0 ? btf__type_by_id(Types, uint32_t(Id)) : nullptr;
  for (unsigned I = 0; Data && I < btf_vlen(Data); ++I) {
    const btf_var_secinfo &Place = btf_var_secinfos(Data)[I];
    const btf_type *Var = btf__type_by_id(Types, Place.type);
    if (Place.offset + Place.size > Bytes.size())
      continue;
    bool Static = btf_var(Var)->linkage == BTF_VAR_STATIC;
    To[std::string(Static ? "static " : "variable ") +
       btf__name_by_offset(Types, Var->name_off)]
        .push_back(hex(&Bytes[Place.offset], Place.size));
  }
}

} // namespace bpfcc
