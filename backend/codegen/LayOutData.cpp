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

/// A string literal that no two places need to tell apart: its character's
/// width in bytes, or 0.
unsigned mergeableString(const Constant &C) {
  auto *Ty = dyn_cast<ArrayType>(C.getType());
  if (!Ty || !Ty->getElementType()->isIntegerTy())
    return 0;
  unsigned Width = Ty->getElementType()->getIntegerBitWidth() / 8;
  if (Width != 1 && Width != 2 && Width != 4)
    return 0;
  if (llvm::isa<ConstantAggregateZero>(C))
    return Ty->getNumElements() == 1 ? Width : 0;
  auto *Text = dyn_cast<ConstantDataSequential>(&C);
  if (!Text)
    return 0;
  for (unsigned I = 0, End = Text->getNumElements(); I < End; ++I)
    if ((Text->getElementAsInteger(I) == 0) != (I + 1 == End))
      return 0;
  return Width;
}

/// Where equal constants may become one: a section for each width, as Clang
/// names them. Empty: the constant stays as it is.
std::string mergeableSection(const GlobalVariable &G, Align Alignment,
                             uint64_t Size, uint32_t &EntrySize) {
  const Constant &C = *G.getInitializer();
  if (!G.hasGlobalUnnamedAddr() || C.needsRelocation())
    return {};
  EntrySize = mergeableString(C);
  if (EntrySize)
    return (".rodata.str" + Twine(EntrySize) + "." + Twine(Alignment.value()))
        .str();
  if (Size != 4 && Size != 8 && Size != 16 && Size != 32)
    return {};
  EntrySize = uint32_t(Size);
  return (".rodata.cst" + Twine(Size)).str();
}

class DataLayouter {
public:
  DataLayouter(Layout &L, const Module &M) : L(L), DL(M.getDataLayout()) {}

  void place(const GlobalVariable &G) {
    uint64_t Size = DL.getTypeAllocSize(G.getValueType());
    Align Alignment = G.getAlign().value_or(DL.getPreferredAlign(&G));
    uint32_t Index = sectionFor(G, Size, Alignment);
    uint64_t At = L.allocate(Index, Size, uint32_t(Alignment.value()));
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

  uint32_t sectionFor(const GlobalVariable &G, uint64_t Size, Align Alignment) {
    bool Zero = G.getInitializer()->isNullValue();
    bool Constant = G.isConstant();
    uint64_t Flags =
        ELF::SHF_ALLOC | (Constant ? 0u : unsigned(ELF::SHF_WRITE));
    if (G.hasSection()) {
      StringRef Name = G.getSection();
      bool Bss = Name == ".bss" || Name.starts_with(".bss.");
      return L.section(Name, Bss && Zero ? ELF::SHT_NOBITS : ELF::SHT_PROGBITS,
                       Flags);
    }
    if (unsigned Space = G.getAddressSpace()) // libbpf puts 1 into the arena
      return L.section(".addr_space." + std::to_string(Space),
                       ELF::SHT_PROGBITS, Flags | ELF::SHF_WRITE);
    uint32_t EntrySize = 0;
    if (std::string Name;
        Constant &&
        !(Name = mergeableSection(G, Alignment, Size, EntrySize)).empty()) {
      bool IsText = StringRef(Name).starts_with(".rodata.str");
      return L.section(Name, ELF::SHT_PROGBITS,
                       Flags | ELF::SHF_MERGE |
                           (IsText ? unsigned(ELF::SHF_STRINGS) : 0u),
                       EntrySize);
    }
    if (Constant)
      return L.section(".rodata", ELF::SHT_PROGBITS, Flags);
    return Zero ? L.section(".bss", ELF::SHT_NOBITS, Flags)
                : L.section(".data", ELF::SHT_PROGBITS, Flags);
  }

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
    if (G.hasInitializer() && !G.hasAvailableExternallyLinkage() &&
        !G.getName().starts_with("llvm."))
      D.place(G);
  for (const GlobalAlias &A : M.aliases())
    if (Error E = placeAlias(L, A))
      return E;
  return D.fillAll();
}

} // namespace bpfcc
