#ifndef BPFCC_BACKEND_BTF_BTFFILE_H
#define BPFCC_BACKEND_BTF_BTFFILE_H

#include "backend/btf/Btf.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <vector>

namespace bpfcc {

/// A read `.BTF` and `.BTF.ext` (Documentation/bpf/btf.rst). Everything that
/// readBtf() gives is checked: ids name types, the kinds that one kind must
/// refer to are there, and no type needs itself to be written or laid out.
struct BtfFile {
  struct Member {
    llvm::StringRef Name;
    int64_t Value = 0;   ///< of an enumerator
    uint64_t Offset = 0; ///< in bits; of a Datasec: in bytes
    uint32_t Type = 0;   ///< of a Datasec: the Var or Func
    uint32_t Size = 0;   ///< bit-field width, 0 for none; of a Datasec: bytes
  };
  struct Type {
    btf::Kind K = btf::KindVoid;
    /// Of an enum: signed; of a Fwd: a union; of a record: has bit-fields; of
    /// a tag: an attribute.
    bool Flag = false;
    llvm::StringRef Name;
    uint32_t Size = 0;      ///< bytes; of an array: the number of elements
    uint32_t Target = 0;    ///< the type that this one refers to
    uint32_t Index = 0;     ///< of an array: the type of its index
    uint32_t Encoding = 0;  ///< of an int: btf::IntEncoding
    uint32_t Bits = 0;      ///< of an int
    uint32_t Linkage = 0;   ///< of a Func, a Var
    int32_t Component = -1; ///< of a DeclTag: member or argument, -1 for none
    /// Members, enumerators, arguments, variables.
    llvm::ArrayRef<Member> Members;
  };
  std::vector<Type> Types = std::vector<Type>(1); ///< by id; 0 is void
  std::vector<Member> Members; ///< of all types: theirs are parts of it

  /// Places are a section of code and bytes from its start.
  struct FuncInfo {
    llvm::StringRef Section;
    uint32_t Offset;
    uint32_t Type; ///< a Func
  };
  struct Line {
    llvm::StringRef Section;
    uint32_t Offset;
    llvm::StringRef File;
    llvm::StringRef Text; ///< the line of source; may be empty
    uint32_t Line;
    uint32_t Column;
  };
  struct CoreRelo {
    llvm::StringRef Section;
    uint32_t Offset;
    uint32_t Type;          ///< the root type
    llvm::StringRef Access; ///< "0:1:2"
    uint32_t Kind;          ///< btf::CoreRelo, or a later one
  };
  std::vector<FuncInfo> Functions;
  std::vector<Line> Lines;
  std::vector<CoreRelo> CoreRelos;

  BtfFile() = default;
  BtfFile(BtfFile &&) = default;
  BtfFile &operator=(BtfFile &&) = default;

  const Type &type(uint32_t Id) const {
    return Types[Id < Types.size() ? Id : 0];
  }
  /// Follows typedefs, qualifiers, type tags and variables from \p Id on.
  uint32_t strip(uint32_t Id) const;
  /// Bytes of a value of type \p Id; 0 if it has none; UINT64_MAX if more than
  /// 64 bits can say.
  uint64_t sizeOf(uint32_t Id) const;
  /// The alignment of a value of type \p Id in BPF; 1 if it has none.
  uint64_t alignOf(uint32_t Id) const;
  /// The Datasec \p Name; null if there is none.
  const Type *dataSection(llvm::StringRef Name) const;

  std::vector<char> Strings; ///< what all names point into, if not into bytes
};

/// Reads the bytes of `.BTF` and `.BTF.ext` (empty for none) in the byte order
/// asked for; both may go away afterwards. No number in them is trusted.
/// Error: BadObject with the section, the type or record, and what is wrong.
llvm::Expected<BtfFile> readBtf(llvm::ArrayRef<uint8_t> Btf,
                                llvm::ArrayRef<uint8_t> Ext, bool BigEndian);

/// The same for many files one after the other: \p Out, whose memory is used
/// again, points into \p Btf, and whether types can be spelled and laid out is
/// left to checkNesting().
llvm::Error viewBtf(llvm::ArrayRef<uint8_t> Btf, llvm::ArrayRef<uint8_t> Ext,
                    bool BigEndian, BtfFile &Out);

} // namespace bpfcc

#endif
