#ifndef BPFCC_TOOLS_GEN_BINDINGS_H
#define BPFCC_TOOLS_GEN_BINDINGS_H

#include "tools/gen/Model.h"

#include "llvm/ADT/StringSet.h"

namespace bpfcc::gen {

/// How a language writes types with the layout that they have in BPF.
class Language {
public:
  virtual ~Language() = default;
  /// Of 1, 2, 4 or 8 bytes.
  virtual std::string integer(unsigned Bytes, bool Signed) const = 0;
  /// Of 4 or 8 bytes.
  virtual std::string floating(unsigned Bytes) const = 0;
  virtual std::string array(llvm::StringRef Element, uint64_t N) const = 0;
  virtual std::string field(llvm::StringRef Name,
                            llvm::StringRef Type) const = 0;
  virtual std::string padding(llvm::StringRef Name, uint64_t Bytes) const = 0;
  virtual std::string record(llvm::StringRef Name, llvm::StringRef Fields,
                             bool Packed) const = 0;
  /// \p Unique makes a name of the whole file one that is not taken.
  virtual std::string enumeration(
      llvm::StringRef Name, llvm::StringRef Integer,
      llvm::ArrayRef<BtfFile::Member> Values,
      llvm::function_ref<std::string(llvm::StringRef)> Unique) const = 0;
};

/// `task_state` -> `TaskState`
std::string camelCase(llvm::StringRef Name);

/// \p Name, or with a number behind it that makes it none of \p Taken, to which
/// it is added.
std::string uniqueName(llvm::StringRef Name, llvm::StringSet<> &Taken);

/// Writes the types that a program in user space shares with an object: keys
/// and values of maps, and the variables of each data section as one record.
class Bindings {
public:
  /// Names of types begin with \p Prefix, and are none of \p Taken.
  Bindings(const Model &M, const Language &L, llvm::StringRef Prefix,
           llvm::ArrayRef<std::string> Taken)
      : M(M), L(L), Prefix(Prefix) {
    this->Taken.insert_range(Taken);
  }

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
  std::string bytes(uint64_t N) const {
    return L.array(L.integer(1, false), N);
  }
  std::vector<Field> fieldsOf(const BtfFile::Type &T) const;
  void define(llvm::StringRef Name, llvm::ArrayRef<Field> Fields,
              uint64_t Size);
  std::string unique(llvm::StringRef Name) { return uniqueName(Name, Taken); }

  const Model &M;
  const Language &L;
  std::string Prefix;
  std::map<uint32_t, std::string> Known;
  llvm::StringSet<> Taken;
  std::string Text;
};

} // namespace bpfcc::gen

#endif
