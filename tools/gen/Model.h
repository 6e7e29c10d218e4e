#ifndef BPFCC_TOOLS_GEN_MODEL_H
#define BPFCC_TOOLS_GEN_MODEL_H

#include "backend/btf/BtfFile.h"
#include "backend/object/Object.h"

#include "llvm/Support/Error.h"

#include <map>

namespace bpfcc::gen {

/// A variable of a data section that user space sees.
struct Variable {
  std::string Name;
  uint32_t Type = 0; ///< not the Var, but its type
  uint64_t Offset = 0;
  uint64_t Size = 0;
};

struct Map {
  std::string Name;  ///< as bpf_object__find_map_by_name() takes it
  std::string Ident; ///< its name in C
  /// The section whose variables are its value; empty for declared maps.
  std::string Section;
  /// What user space maps the value into, as \p Variables; empty if it does
  /// not.
  std::string Mapped;
  std::vector<Variable> Variables;
  /// What a declaration says by __uint() and __ulong(): `type`, `max_entries`.
  std::map<std::string, uint64_t> Numbers;
  uint32_t KeyType = 0, ValueType = 0; ///< 0: not declared
  /// The type of a structure of operations; 0 for other maps.
  uint32_t StructOps = 0;
};

struct Program {
  std::string Name;
  std::string Section;
};

/// What libbpf makes of an object, in its order and by its names.
struct Model {
  std::string Name; ///< an identifier
  std::string Bytes;
  Object Obj;
  BtfFile Btf;
  std::vector<Map> Maps;
  std::vector<Program> Programs;

  /// The bytes of section .BTF; empty if there is none.
  llvm::ArrayRef<uint8_t> btfBytes() const {
    const Section *S = Obj.findSection(".BTF");
    return S ? llvm::ArrayRef(S->Data) : llvm::ArrayRef<uint8_t>();
  }
};

/// \p Text with what C does not take in a name replaced by underscores.
std::string identifier(llvm::StringRef Text);

/// Reads the object in \p File. Its name in what is generated is \p Name, or
/// else that of the file without `.o`. Errors: CannotOpen, BadObject.
llvm::Expected<Model> readModel(llvm::StringRef File, llvm::StringRef Name);

} // namespace bpfcc::gen

#endif
