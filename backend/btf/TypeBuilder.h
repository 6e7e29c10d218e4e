#ifndef BPFCC_BACKEND_BTF_TYPEBUILDER_H
#define BPFCC_BACKEND_BTF_TYPEBUILDER_H

#include "backend/btf/BtfWriter.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/IR/DebugInfoMetadata.h"

namespace bpfcc::btf {

/// Turns debug information's types into BTF's. Each type is made once.
class TypeBuilder {
public:
  explicit TypeBuilder(Writer &W) : W(W) {}

  /// The id of \p Ty, made with everything that it needs; 0 for void and for
  /// what BTF cannot say. Structures behind pointers inside of structures are
  /// left out until something else needs them.
  uint32_t typeId(const llvm::DIType *Ty) { return visit(Ty, Reach::Full); }

  /// Makes the type of a map definition, whose members say by pointers what
  /// the map holds: those are followed.
  void visitMapDefinition(const llvm::DIType *Ty);

  /// The function \p P with its prototype and tags; with the names of its
  /// arguments, unless it stands elsewhere.
  uint32_t function(const llvm::DISubprogram &P, Linkage L);

  /// Tags of a declaration. \p Component is the number of a member or
  /// argument, -1 for the whole.
  void declTags(llvm::DINodeArray Annotations, uint32_t Id, int32_t Component);

  /// Gives the pointers that were left open what they point to: the structure
  /// if it was made, else a forward declaration. Called last.
  void closePointers();

private:
  /// How far to follow a type: everything; the type of a member, where a
  /// pointer stops; behind such a pointer.
  enum class Reach { Full, Member, BehindPointer };

  uint32_t visit(const llvm::DIType *Ty, Reach R);
  void completeSeen(const llvm::DIType *Ty, Reach R);
  uint32_t basic(const llvm::DIBasicType &Ty);
  uint32_t derived(const llvm::DIDerivedType &Ty, Reach R);
  uint32_t composite(const llvm::DICompositeType &Ty);
  uint32_t record(const llvm::DICompositeType &Ty);
  uint32_t array(const llvm::DICompositeType &Ty);
  uint32_t enumeration(const llvm::DICompositeType &Ty);
  /// \p Shared: pointers to functions may refer to it too.
  uint32_t prototype(const llvm::DISubroutineType &Ty,
                     llvm::ArrayRef<llvm::StringRef> Names, bool Shared);
  uint32_t typeTags(const llvm::DIDerivedType &Ty, uint32_t Base);

  Writer &W;
  llvm::DenseMap<const llvm::DIType *, uint32_t> Ids;
  struct OpenPointer {
    uint32_t Type;
    const llvm::DICompositeType *To;
  };
  std::vector<OpenPointer> Open;
  std::vector<std::pair<const llvm::DICompositeType *, uint32_t>> Records;
  uint32_t IndexType = 0;
};

} // namespace bpfcc::btf

#endif
