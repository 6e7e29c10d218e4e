#ifndef BPFCC_BACKEND_LINK_TYPEGRAPH_H
#define BPFCC_BACKEND_LINK_TYPEGRAPH_H

#include "backend/btf/BtfFile.h"

#include "llvm/ADT/STLFunctionalExtras.h"

namespace bpfcc::link {

inline bool isRecord(btf::Kind K) {
  return K == btf::KindStruct || K == btf::KindUnion;
}

/// Whether \p T is the type of a value, not a function, variable, section or
/// tag.
bool isValueType(const BtfFile::Type &T);

/// `struct s;` or `enum e;`: the definition is elsewhere.
bool isForward(const BtfFile::Type &T);

/// Calls \p Visit with each type that \p T refers to, in one order for equal
/// types.
void forEachReference(const BtfFile::Type &T,
                      llvm::function_ref<void(uint32_t)> Visit);

/// A hash of all that \p T says but for the types that it refers to.
uint64_t labelHash(const BtfFile::Type &T, uint64_t Seed);

/// Whether \p A and \p B say the same but for the types that they refer to.
bool sameLabel(const BtfFile::Type &A, const BtfFile::Type &B);

inline uint64_t mixHash(uint64_t H, uint64_t Value) {
  unsigned __int128 Product =
      static_cast<unsigned __int128>(H ^ 0x9e3779b97f4a7c15u) *
      (Value ^ 0xe7037ed1a0b428dbu);
  return uint64_t(Product) ^ uint64_t(Product >> 64) ^ H;
}

} // namespace bpfcc::link

#endif
