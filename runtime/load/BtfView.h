#ifndef BPFCC_RUNTIME_LOAD_BTFVIEW_H
#define BPFCC_RUNTIME_LOAD_BTFVIEW_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <cstdint>
#include <string>
#include <vector>

namespace bpfcc {

/// The types of a .BTF section, for reading (Documentation/bpf/btf.rst).
struct BtfView {
  enum Kind : uint8_t {
    Void,
    Int,
    Ptr,
    Array,
    Struct,
    Union,
    Enum,
    Fwd,
    Typedef,
    Volatile,
    Const,
    Restrict,
    Func,
    FuncProto,
    Var,
    DataSec,
    Float,
    DeclTag,
    TypeTag,
    Enum64
  };
  struct Member {
    std::string Name;
    uint32_t Type = 0;   ///< of a DataSec: the Var
    uint64_t Offset = 0; ///< in bits; of a DataSec: in bytes
    uint32_t Size = 0;   ///< bit-field width, 0 for none; of a DataSec: bytes
    int64_t Value = 0;   ///< of an enumerator
  };
  struct Type {
    Kind K = Void;
    bool Flag = false;
    std::string Name;
    uint32_t Size = 0;     ///< bytes; of an array: the number of elements
    uint32_t Target = 0;   ///< the type that this one refers to
    uint32_t Encoding = 0; ///< of an int: 1 signed, 2 char, 4 bool
    std::vector<Member> Members;
  };
  std::vector<Type> Types; ///< by id; 0 is void

  struct Line {
    std::string Section;
    uint32_t Offset; ///< bytes
    std::string File;
    uint32_t Line;
  };
  std::vector<Line> Lines;

  const Type &type(uint32_t Id) const {
    return Types[Id < Types.size() ? Id : 0];
  }
  /// Follows typedefs and qualifiers from \p Id on.
  uint32_t strip(uint32_t Id) const;
  /// Bytes of a value of type \p Id; 0 if unknown.
  uint64_t sizeOf(uint32_t Id) const;
  /// The DataSec \p Name; null if there is none.
  const Type *dataSection(llvm::StringRef Name) const;
};

/// Reads the bytes of .BTF and .BTF.ext (empty for none), in the byte order
/// asked for. Error: BadObject.
llvm::Expected<BtfView> readBtf(llvm::ArrayRef<uint8_t> Btf,
                                llvm::ArrayRef<uint8_t> Ext, bool BigEndian);

} // namespace bpfcc

#endif
