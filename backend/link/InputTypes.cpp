#include "backend/link/InputTypes.h"

#include "backend/link/TypeGraph.h"

namespace bpfcc::link {

using namespace llvm;

/// The numbers of declarations in the order of their ids.
static void numberDeclarations(InputTypes &T, const BtfFile &F) {
  uint32_t Next = 0;
  for (uint32_t Id = 1; Id != F.Types.size(); ++Id)
    if (!isValueType(F.Types[Id]))
      T.Numbers[Id] = Next++ | InputTypes::IsDeclaration;
}

static void takeDeclarations(InputTypes &T, const BtfFile &F) {
  size_t Count = 0, Variables = 0;
  for (const BtfFile::Type &Type : ArrayRef(F.Types).drop_front())
    if (!isValueType(Type)) {
      ++Count;
      Variables += Type.Members.size();
    }
  T.Declarations.reserve(Count);
  T.Variables.reserve(Variables);
  for (const BtfFile::Type &Type : ArrayRef(F.Types).drop_front()) {
    if (isValueType(Type))
      continue;
    size_t Start = T.Variables.size();
    append_range(T.Variables, Type.Members);
    T.Declarations.push_back(Type);
    T.Declarations.back().Members = ArrayRef(T.Variables).slice(Start);
  }
}

Error changePool(InputTypes &T, TypePool &Pool, BtfFile &Scratch) {
  if (Error E = viewBtf(T.Btf, T.Ext, T.BigEndian, Scratch))
    return E;
  auto Numbers = Pool.add(Scratch);
  if (!Numbers)
    return Numbers.takeError();
  T.Numbers = std::move(*Numbers);
  numberDeclarations(T, Scratch);
  return Error::success();
}

Expected<InputTypes> readInputTypes(ArrayRef<uint8_t> Btf,
                                    ArrayRef<uint8_t> Ext, bool BigEndian,
                                    TypePool &Pool, BtfFile &Scratch) {
  InputTypes T;
  T.Btf = Btf;
  T.Ext = Ext;
  T.BigEndian = BigEndian;
  if (Error E = changePool(T, Pool, Scratch))
    return std::move(E);
  takeDeclarations(T, Scratch);
  T.Functions = Scratch.Functions;
  T.Lines = Scratch.Lines;
  T.CoreRelos = Scratch.CoreRelos;
  return T;
}

} // namespace bpfcc::link
