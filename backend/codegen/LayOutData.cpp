// Variables: their sections, symbols and bytes.
//
// needs: global variables and aliases
// gives: .data, .rodata, .bss, string sections and the sections that the user
//        named (.maps, license, ...), with R_BPF_64_ABS64 where an initialiser
//        holds an address
//
//   static const char *s = "abc";   ->   .rodata.str1.1: 61 62 63 00
//                                        .data: 8 bytes, relocated by
//                                               .rodata.str1.1 + 0

#include "backend/codegen/Layout.h"
#include "backend/prepare/DataSections.h"
#include "support/Diagnostic.h"

#include "llvm/Analysis/ConstantFolding.h"
#include "llvm/BinaryFormat/ELF.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/DebugInfoMetadata.h"
#include "llvm/IR/GlobalAlias.h"
#include "llvm/IR/Operator.h"
#include "llvm/Support/Endian.h"

namespace bpfcc {

using namespace llvm;

namespace {

SourceLoc whereIs(const GlobalVariable &G) {
  SmallVector<DIGlobalVariableExpression *, 1> Infos;
  G.getDebugInfo(Infos);
  if (Infos.empty())
    return {};
  const DIGlobalVariable *V = Infos[0]->getVariable();
  return {V->getFilename().str(), V->getLine(), 0};
}

uint8_t bindingOf(const GlobalValue &G) {
  if (G.hasLocalLinkage())
    return ELF::STB_LOCAL;
  return G.isWeakForLinker() ? ELF::STB_WEAK : ELF::STB_GLOBAL;
}

class DataLayouter {
public:
  DataLayouter(Layout &L, const Module &M) : L(L), DL(M.getDataLayout()) {}

  void place(const GlobalVariable &G) {
    uint64_t Size = DL.getTypeAllocSize(G.getValueType());
    DataSection Where = dataSection(G);
    uint32_t Index = L.section(
        Where.Name, Where.NoBits ? ELF::SHT_NOBITS : ELF::SHT_PROGBITS,
        Where.Flags, Where.EntrySize);
    uint64_t At = L.allocate(Index, Size, uint32_t(dataAlign(G).value()));
    Symbol S;
    S.Name = G.getName().str();
    S.Section = int32_t(Index);
    S.Value = At;
    S.Size = Size;
    S.Binding = bindingOf(G);
    S.Visibility = visibilityOf(G);
    S.Type = ELF::STT_OBJECT;
    if (G.hasPrivateLinkage())
      L.definePrivate(std::move(S));
    else
      L.define(std::move(S));
    Placed.push_back({&G, Index, At});
  }

  Error fillAll() {
    Error Errors = Error::success();
    for (const Place &P : Placed)
      if (L.O.Sections[P.Section].Type != ELF::SHT_NOBITS)
        if (Error E = fill(*P.Variable->getInitializer(), P, P.Offset))
          Errors = joinErrors(std::move(Errors), std::move(E));
    return Errors;
  }

private:
  struct Place {
    const GlobalVariable *Variable;
    uint32_t Section;
    uint64_t Offset;
  };

  uint8_t *bytesAt(const Place &P, uint64_t At) {
    return L.O.Sections[P.Section].Data.data() + At;
  }

  void putInt(const APInt &Value, const Place &P, uint64_t At, uint64_t Size) {
    for (uint64_t I = 0; I < Size; ++I) {
      uint64_t Byte = L.O.BigEndian ? Size - 1 - I : I;
      uint64_t Bit = Byte * 8;
      *bytesAt(P, At + I) =
          Bit >= Value.getBitWidth()
              ? 0
              : uint8_t(Value.extractBitsAsZExtValue(
                    unsigned(std::min<uint64_t>(8, Value.getBitWidth() - Bit)),
                    unsigned(Bit)));
    }
  }

  Error fill(const Constant &C, const Place &P, uint64_t At) {
    if (C.isNullValue() || llvm::isa<UndefValue>(C))
      return Error::success();
    Type *Ty = C.getType();
    if (auto *Int = dyn_cast<ConstantInt>(&C)) {
      putInt(Int->getValue(), P, At, DL.getTypeStoreSize(Ty));
      return Error::success();
    }
    if (auto *Float = dyn_cast<ConstantFP>(&C)) {
      putInt(Float->getValueAPF().bitcastToAPInt(), P, At,
             DL.getTypeStoreSize(Ty));
      return Error::success();
    }
    if (auto *Sequence = dyn_cast<ConstantDataSequential>(&C))
      return fillElements(*Sequence, P, At);
    if (llvm::isa<ConstantAggregate>(C)) {
      for (unsigned I = 0; I < C.getNumOperands(); ++I)
        if (Error E =
                fill(*C.getAggregateElement(I), P, At + elementOffset(Ty, I)))
          return E;
      return Error::success();
    }
    return fillAddress(C, P, At);
  }

  Error fillElements(const ConstantDataSequential &S, const Place &P,
                     uint64_t At) {
    if (S.getElementByteSize() == 1) {
      StringRef Raw = S.getRawDataValues();
      std::copy(Raw.begin(), Raw.end(), bytesAt(P, At));
      return Error::success();
    }
    for (unsigned I = 0; I < S.getNumElements(); ++I)
      if (Error E = fill(*S.getElementAsConstant(I), P,
                         At + I * S.getElementByteSize()))
        return E;
    return Error::success();
  }

  uint64_t elementOffset(Type *Ty, unsigned I) const {
    if (auto *Struct = dyn_cast<StructType>(Ty))
      return DL.getStructLayout(Struct)->getElementOffset(I);
    return I * DL.getTypeAllocSize(Ty->getContainedType(0)).getFixedValue();
  }

  /// An address: symbol + distance, or a plain number.
  Error fillAddress(const Constant &C, const Place &P, uint64_t At) {
    const Constant *Value = ConstantFoldConstant(&C, DL);
    uint64_t Size = DL.getTypeStoreSize(C.getType());
    while (auto *E = dyn_cast<ConstantExpr>(Value)) {
      if (E->getOpcode() != Instruction::PtrToInt &&
          E->getOpcode() != Instruction::IntToPtr &&
          E->getOpcode() != Instruction::AddrSpaceCast)
        break;
      Value = E->getOperand(0);
    }
    if (auto *Int = dyn_cast<ConstantInt>(Value)) {
      putInt(Int->getValue().zextOrTrunc(unsigned(Size) * 8), P, At, Size);
      return Error::success();
    }
    if (Value->getType()->isPointerTy() && (Size == 8 || Size == 4)) {
      APInt Offset(DL.getIndexTypeSizeInBits(Value->getType()), 0);
      const llvm::Value *Base = Value->stripAndAccumulateConstantOffsets(
          DL, Offset, /*AllowNonInbounds=*/true);
      if (auto *G = dyn_cast<GlobalValue>(Base)) {
        Layout::Reference R = L.reference(G->getName(), G);
        L.O.Sections[P.Section].Relocs.push_back(
            {At, Size == 8 ? R_BPF_64_ABS64 : R_BPF_64_ABS32, R.Symbol});
        putInt(APInt(64, R.Addend + Offset.getZExtValue()), P, At, Size);
        return Error::success();
      }
    }
    return diagError(DiagCode::UnsupportedIr, whereIs(*P.Variable),
                     "the initialiser of `" + P.Variable->getName().str() +
                         "`, which no relocation can express,");
  }

private:
  Layout &L;
  const DataLayout &DL;
  std::vector<Place> Placed;
};

} // namespace

/// An alias is one more symbol at the place of what it stands for.
static Error placeAlias(Layout &L, const GlobalAlias &A) {
  const DataLayout &DL = A.getDataLayout();
  APInt Offset(DL.getIndexTypeSizeInBits(A.getType()), 0);
  auto *Base =
      dyn_cast<GlobalValue>(A.getAliasee()->stripAndAccumulateConstantOffsets(
          DL, Offset, /*AllowNonInbounds=*/true));
  const Symbol *Target = Base ? L.find(Base->getName()) : nullptr;
  if (!Target || Target->Section < 0)
    return diagError(DiagCode::UnsupportedIr, {},
                     "the alias `" + A.getName().str() + "`");
  Symbol S = *Target;
  S.Name = A.getName().str();
  S.Value += Offset.getZExtValue();
  S.Binding = bindingOf(A);
  S.Visibility = visibilityOf(A);
  L.define(std::move(S));
  return Error::success();
}

Error layOutData(Layout &L, const Module &M) {
  DataLayouter D(L, M);
  for (const GlobalVariable &G : M.globals())
    if (isPlaced(G))
      D.place(G);
  for (const GlobalAlias &A : M.aliases())
    if (Error E = placeAlias(L, A))
      return E;
  return D.fillAll();
}

} // namespace bpfcc
