#ifndef BPFCC_BACKEND_BTF_BTF_H
#define BPFCC_BACKEND_BTF_BTF_H

#include <cstdint>

namespace bpfcc::btf {

/// BTF_KIND_*: KindVoid, KindInt, ...
enum Kind : uint32_t {
#define BTF_KIND(Name, Number, Text) Kind##Name = Number,
#include "backend/btf/kinds.def"
};

/// Of variables and functions.
enum Linkage : uint32_t { Static = 0, Global = 1, Extern = 2 };

/// Of KindInt.
enum IntEncoding : uint32_t { IntSigned = 1, IntChar = 2, IntBool = 4 };

/// enum bpf_core_relo_kind.
enum class CoreRelo : uint32_t {
#define CORE_RELO(Name, Number, Text) Name = Number,
#include "backend/btf/core_relos.def"
};

constexpr uint16_t Magic = 0xeb9f; ///< of .BTF and .BTF.ext

} // namespace bpfcc::btf

#endif
