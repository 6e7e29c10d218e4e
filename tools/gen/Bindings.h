#ifndef BPFCC_TOOLS_GEN_BINDINGS_H
#define BPFCC_TOOLS_GEN_BINDINGS_H

#include "tools/gen/Model.h"

#include "llvm/ADT/StringSet.h"

namespace bpfcc::gen {

/// How a language writes types with the layout that they have in BPF.
class Language {
public:
  virtual ~Language() = default;
  virtual std::string integer(unsigned Bytes, bool Signed) const = 0;
  virtual std::string floating(unsigned Bytes) const = 0;
  virtual std::string array(llvm::StringRef Element, uint64_t N) const = 0;
  virtual std::string field(llvm::StringRef Name,
                            llvm::StringRef Type) const = 0;
  virtual std::string padding(unsigned Number, uint64_t Bytes) const = 0;
  virtual std::string record(llvm::StringRef Name, llvm::StringRef Fields,
                             bool Packed) const = 0;
  virtual std::string
  enumeration(llvm::StringRef Name, llvm::StringRef Integer,
              llvm::ArrayRef<BtfFile::Member> Values) const = 0;
};

/// `task_state` -> `TaskState`
std::string camelCase(llvm::StringRef Name);

/// Writes the types that a program in user space shares with an object: keys
/// and values of maps, and the variables of each data section as one record.
class Bindings {
public:
  /// Names of types begin with \p Prefix.
  Bindings(const Model &M, const Language &L, llvm::StringRef Prefix)
      : M(M), L(L), Prefix(Prefix) {}

  /// All definitions.
  std::string all();

private:
  struct Field {
    std::string Name;
    uint32_t Type;
    uint64_t Offset, Size;
  };
  std::string type(uint32_t Id, llvm::StringRef Hint);
  std::string named(uint32_t Id, llvm::StringRef Hint);
  std::string enumeration(uint32_t Id, llvm::StringRef Name);
  std::vector<Field> fieldsOf(const BtfFile::Type &T) const;
  void define(llvm::StringRef Name, llvm::ArrayRef<Field> Fields,
              uint64_t Size);
  std::string unique(llvm::StringRef Name);

  const Model &M;
  const Language &L;
  std::string Prefix;
  std::map<uint32_t, std::string> Known;
  llvm::StringSet<> Taken;
  std::string Text;
};

} // namespace bpfcc::gen

#endif
