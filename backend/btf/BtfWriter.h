#ifndef BPFCC_BACKEND_BTF_BTFWRITER_H
#define BPFCC_BACKEND_BTF_BTFWRITER_H

#include "backend/btf/Btf.h"

#include "llvm/ADT/StringMap.h"
#include "llvm/Support/raw_ostream.h"

#include <cstdint>
#include <string>
#include <vector>

namespace bpfcc::btf {

/// The most members, enumerators or variables that one type can have.
constexpr uint32_t MaxLength = 0xffff;

/// One type record: struct btf_type and the words that follow it.
struct Type {
  uint32_t Name = 0; ///< offset in the strings
  Kind K = KindInt;
  bool Flag = false;   ///< kind_flag
  uint32_t Length = 0; ///< vlen; for functions the linkage
  uint32_t SizeOrType = 0;
  std::vector<uint32_t> Words;
};

/// Types (ids count from 1; 0 is void) and strings, growing.
class Writer {
public:
  uint32_t string(llvm::StringRef S);
  uint32_t add(Type T) {
    Types.push_back(std::move(T));
    return uint32_t(Types.size());
  }
  Type &type(uint32_t Id) { return Types[Id - 1]; }
  size_t numTypes() const { return Types.size(); }

  /// The section `.BTF`.
  std::vector<uint8_t> encode(bool BigEndian) const;

private:
  std::vector<Type> Types;
  std::string Strings = std::string(1, '\0');
  llvm::StringMap<uint32_t> Offsets;
};

} // namespace bpfcc::btf

#endif
