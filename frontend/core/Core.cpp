// CO-RE: accesses whose numbers the loader corrects for the running kernel.
//
// needs: the module as Clang emits it, with debug information
// gives: markers, one for each (kind, type, access string)
//
//   %p = call ptr @llvm.preserve.struct.access.index(ptr %task, i32 7, i32 9)
//          !llvm.preserve.access.index !task_struct
//   ->
//   %o = call i64 @"bpfcc.core.0.2460.0:9#3"()
//   %p = getelementptr i8, ptr %task, i64 %o
//
// A chain of accesses (a->b.c[3]) becomes one relocation, of its last link. An
// access string begins with an array index before the root type, then has one
// number for each member or element (kernel: tools/lib/bpf/relo_core.c).
// LLVM sees a marker as a number that it does not know: it may share, move or
// drop it, and an address with it is an ordinary address.

#include "frontend/core/Core.h"

#include "frontend/core/FieldInfo.h"
#include "support/Diagnostic.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/BinaryFormat/Dwarf.h"
#include "llvm/IR/ConstantRange.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/IntrinsicsBPF.h"

#include <map>
#include <set>

namespace bpfcc {

using namespace llvm;

namespace {

/// One preserve-access call.
struct Access {
  CallInst *Call;
  enum Kind { Array, Union, Struct } K;
  uint64_t Index; ///< of the member or element, as debug information counts
  const DIType *Type;
  Align RecordAlign;
};

std::optional<Access> asAccess(Value *V) {
  auto *Call = dyn_cast<IntrinsicInst>(V);
  if (!Call)
    return std::nullopt;
  auto *Type = dyn_cast_or_null<DIType>(
      Call->getMetadata(LLVMContext::MD_preserve_access_index));
  auto Number = [&](unsigned I) {
    return cast<ConstantInt>(Call->getArgOperand(I))->getZExtValue();
  };
  Access A{Call, Access::Union, 0, Type, Align(8)};
  switch (Call->getIntrinsicID()) {
  case Intrinsic::preserve_array_access_index:
    A.K = Access::Array;
    A.Index = Number(2);
    break;
  case Intrinsic::preserve_union_access_index:
    A.Index = Number(1);
    break;
  case Intrinsic::preserve_struct_access_index:
    A.K = Access::Struct;
    A.Index = Number(2);
    break;
  default:
    return std::nullopt;
  }
  if (A.K != Access::Union)
    A.RecordAlign =
        Call->getDataLayout().getABITypeAlign(Call->getParamElementType(0));
  return A;
}

/// True if \p Child steps into what \p Parent reached: no cast in between.
bool continues(const Access &Parent, const Access &Child) {
  const DIType *From = stripQualifiers(Parent.Type);
  const DIType *To = stripQualifiers(Child.Type);
  if (!From || !To || isa<DIDerivedType>(To))
    return false;
  if (auto *Pointer = dyn_cast<DIDerivedType>(From))
    return Pointer->getTag() == dwarf::DW_TAG_pointer_type &&
           stripQualifiers(Pointer->getBaseType()) == To;
  auto *Outer = dyn_cast<DICompositeType>(From);
  auto *Inner = dyn_cast<DICompositeType>(To);
  if (!Outer || !Inner)
    return false;
  if (Outer->getTag() == dwarf::DW_TAG_array_type) {
    if (Inner->getTag() == dwarf::DW_TAG_array_type)
      return Outer->getBaseType() == Inner->getBaseType();
    return stripQualifiers(Outer->getBaseType()) == Inner;
  }
  if (Parent.Index >= Outer->getElements().size())
    return false;
  auto *Member = dyn_cast<DIType>(Outer->getElements()[unsigned(Parent.Index)]);
  return stripQualifiers(Member) == Inner;
}

/// The pointer below address steps of zero bytes.
Value *stripZeroSteps(Value *V) {
  while (auto *Gep = dyn_cast<GetElementPtrInst>(V)) {
    if (!Gep->hasAllZeroIndices())
      break;
    V = Gep->getPointerOperand();
  }
  return V;
}

/// From the root to the access \p Last.
SmallVector<Access, 8> chainTo(const Access &Last) {
  SmallVector<Access, 8> Chain{Last};
  while (auto Parent =
             asAccess(stripZeroSteps(Chain.back().Call->getArgOperand(0)))) {
    if (!continues(*Parent, Chain.back()))
      break;
    Chain.push_back(*Parent);
  }
  std::reverse(Chain.begin(), Chain.end());
  return Chain;
}

/// What one relocation says.
struct Relocation {
  CoreKind Kind;
  const DIType *Root = nullptr; ///< null: nothing to relocate
  std::string Path;
  uint64_t Value = 0;
};

class CoreLowering {
public:
  explicit CoreLowering(Module &M)
      : M(M), BigEndian(M.getDataLayout().isBigEndian()) {}

  Error run() {
    for (Function &F : M) {
      SmallVector<IntrinsicInst *, 32> Calls;
      for (Instruction &I : instructions(F))
        if (auto *Call = dyn_cast<IntrinsicInst>(&I))
          Calls.push_back(Call);
      for (IntrinsicInst *Call : Calls)
        if (Error E = lower(*Call))
          addOnce(*Call, std::move(E));
      dropChains(Calls);
    }
    return std::move(Errors);
  }

private:
  static SourceLoc whereIs(const Instruction &I) {
    const DebugLoc &L = I.getDebugLoc();
    return L ? SourceLoc{L->getFilename().str(), L.getLine(), L.getCol()}
             : SourceLoc{};
  }

  static Error at(const Instruction &I, Error E) {
    return handleErrors(std::move(E),
                        [&](const DiagnosticError &Inner) -> Error {
                          Diagnostic D = Inner.diagnostic();
                          D.Loc = whereIs(I);
                          return make_error<DiagnosticError>(std::move(D));
                        });
  }

  /// Several calls are made for one access: its line has one error.
  void addOnce(const Instruction &Call, Error E) {
    if (!Reported.insert({Call.getFunction(), whereIs(Call).Line}).second)
      return consumeError(std::move(E));
    Errors = joinErrors(std::move(Errors), std::move(E));
  }

  Error lower(IntrinsicInst &Call) {
    switch (Call.getIntrinsicID()) {
    case Intrinsic::bpf_preserve_field_info:
      return lowerFieldInfo(Call);
    case Intrinsic::bpf_btf_type_id:
    case Intrinsic::bpf_preserve_type_info:
      return lowerType(Call);
    case Intrinsic::bpf_preserve_enum_value:
      return lowerEnumValue(Call);
    default:
      return Error::success();
    }
  }

  Error lowerFieldInfo(IntrinsicInst &Call) {
    auto Kind =
        CoreKind(cast<ConstantInt>(Call.getArgOperand(1))->getZExtValue());
    auto Last = asAccess(stripZeroSteps(Call.getArgOperand(0)));
    if (!Last)
      return diagError(DiagCode::CoreAccess, whereIs(Call),
                       "this is no access of a field");
    auto R = relocation(Kind, *Last);
    if (!R)
      return at(Call, R.takeError());
    if (!R->Root)
      return diagError(DiagCode::CoreAccess, whereIs(Call),
                       "this field belongs to no named structure or union");
    replace(Call, *R);
    return Error::success();
  }

  Error lowerType(IntrinsicInst &Call) {
    uint64_t Flag = cast<ConstantInt>(Call.getArgOperand(1))->getZExtValue();
    auto *Type =
        cast<DIType>(Call.getMetadata(LLVMContext::MD_preserve_access_index));
    Relocation R;
    R.Root = Type;
    R.Path = "0";
    if (Call.getIntrinsicID() == Intrinsic::bpf_btf_type_id) {
      R.Kind = Flag == 0 ? CoreKind::TypeIdLocal : CoreKind::TypeIdTarget;
      if (Flag != 0) {
        R.Root = stripQualifiers(Type, /*Typedefs=*/false);
        if (!R.Root || R.Root->getName().empty())
          return diagError(DiagCode::CoreAccess, whereIs(Call),
                           "a type without a name has no counterpart in "
                           "another kernel");
      }
    } else {
      constexpr CoreKind Kinds[] = {CoreKind::TypeExists, CoreKind::TypeSize,
                                    CoreKind::TypeMatches};
      if (Flag >= std::size(Kinds))
        return diagError(DiagCode::CoreAccess, whereIs(Call),
                         "an unknown question about a type");
      R.Kind = Kinds[Flag];
      const DIType *Plain = stripQualifiers(Type);
      R.Value = R.Kind == CoreKind::TypeSize
                    ? (Plain ? Plain->getSizeInBits() / 8 : 0)
                    : 1;
    }
    replace(Call, R);
    return Error::success();
  }

  /// The second operand is a string "ENUMERATOR:VALUE".
  Error lowerEnumValue(IntrinsicInst &Call) {
    auto *Type =
        cast<DIType>(Call.getMetadata(LLVMContext::MD_preserve_access_index));
    uint64_t Flag = cast<ConstantInt>(Call.getArgOperand(2))->getZExtValue();
    auto *Text =
        dyn_cast<GlobalVariable>(Call.getArgOperand(1)->stripPointerCasts());
    auto *Data = Text && Text->hasInitializer()
                     ? dyn_cast<ConstantDataArray>(Text->getInitializer())
                     : nullptr;
    auto *Enum = dyn_cast_or_null<DICompositeType>(stripQualifiers(Type));
    if (!Data || !Enum)
      return diagError(DiagCode::CoreAccess, whereIs(Call),
                       "this is no value of an enumeration");
    auto [Name, Value] = Data->getAsCString().split(':');
    uint64_t Index = 0;
    for (const DINode *Element : Enum->getElements()) {
      if (auto *E = dyn_cast<DIEnumerator>(Element); E && E->getName() == Name)
        break;
      ++Index;
    }
    Relocation R;
    R.Kind = Flag == 0 ? CoreKind::EnumValueExists : CoreKind::EnumValue;
    R.Root = stripQualifiers(Type, /*Typedefs=*/false);
    R.Path = std::to_string(Index);
    R.Value = 1;
    if (R.Kind == CoreKind::EnumValue) {
      int64_t Signed = 0;
      if (!to_integer(Value, R.Value) && to_integer(Value, Signed))
        R.Value = uint64_t(Signed);
    }
    replace(Call, R);
    return Error::success();
  }

  Expected<Relocation> relocation(CoreKind Kind, const Access &Last) {
    SmallVector<Access, 8> Chain = chainTo(Last);
    Relocation R;
    R.Kind = Kind;
    size_t At = 0;
    uint64_t First = 0;
    const DIType *Root = rootOf(Chain, At, First);
    if (!Root || Root->getName().empty())
      return R;
    const DIType *Plain = stripQualifiers(Root);
    uint64_t Value = First * (Plain->getSizeInBits() / 8);
    R.Path = std::to_string(First);
    if (At == Chain.size() && Kind != CoreKind::FieldByteOffset)
      return R;
    for (; At < Chain.size(); ++At) {
      const Access &A = Chain[At];
      auto *Ty = dyn_cast<DICompositeType>(stripQualifiers(A.Type));
      if (!Ty)
        return R;
      bool IsLast = At + 1 == Chain.size();
      auto Info = fieldInfo(IsLast ? Kind : CoreKind::FieldByteOffset, *Ty,
                            A.Index, Value, A.RecordAlign, BigEndian);
      if (!Info)
        return Info.takeError();
      Value = *Info;
      R.Path += ":" + std::to_string(A.Index);
    }
    R.Root = Root;
    R.Value = Value;
    return R;
  }

  /// The named type in which the chain starts. Steps over elements before it
  /// (`p[3].x`) are summed up in \p First; \p At is the first access inside.
  static const DIType *rootOf(ArrayRef<Access> Chain, size_t &At,
                              uint64_t &First) {
    for (; At < Chain.size(); ++At) {
      const Access &A = Chain[At];
      const DIType *Named = stripQualifiers(A.Type, /*Typedefs=*/false);
      const DIType *Ty = stripQualifiers(A.Type);
      if (!Ty)
        return nullptr;
      if (A.K != Access::Array)
        return Named;
      const DIType *Element = nullptr;
      bool Innermost = false;
      if (auto *Array = dyn_cast<DICompositeType>(Ty)) {
        if (Array->getTag() != dwarf::DW_TAG_array_type)
          return nullptr;
        First += A.Index * arrayElements(*Array, 1);
        Element = stripQualifiers(Array->getBaseType());
        Innermost = Array->getElements().size() == 1;
      } else if (auto *Pointer = dyn_cast<DIDerivedType>(Ty)) {
        Element = stripQualifiers(Pointer->getBaseType());
        auto *Composite = dyn_cast_or_null<DICompositeType>(Element);
        bool IsArray =
            Composite && Composite->getTag() == dwarf::DW_TAG_array_type;
        First += A.Index * (IsArray ? arrayElements(*Composite, 0) : 1);
        Innermost = !IsArray;
      }
      if (!Innermost)
        continue;
      auto *Record = dyn_cast_or_null<DICompositeType>(Element);
      bool IsRecord =
          Record && (Record->getTag() == dwarf::DW_TAG_structure_type ||
                     Record->getTag() == dwarf::DW_TAG_union_type);
      ++At;
      return IsRecord ? Record : nullptr;
    }
    return nullptr;
  }

  /// The call of the marker for \p R, before \p I.
  Value *marker(Instruction &I, const Relocation &R) {
    std::string Key =
        (Twine(unsigned(R.Kind)) + "." + Twine(int64_t(R.Value)) + "." + R.Path)
            .str();
    Function *&F = Markers[{Key, R.Root}];
    if (!F)
      F = &createCoreMarker(M, R.Kind, int64_t(R.Value), R.Path, *R.Root,
                            std::to_string(Markers.size()));
    IRBuilder<> Builder(&I);
    return Builder.CreateCall(F);
  }

  void replace(IntrinsicInst &Call, const Relocation &R) {
    IRBuilder<> Builder(&Call);
    Value *V = Builder.CreateTrunc(marker(Call, R), Call.getType());
    Call.replaceAllUsesWith(V);
    Call.eraseFromParent();
    Erased.insert(&Call);
  }

  /// Replaces the accesses among \p Calls: those that something other than
  /// the next link of a chain uses get a relocation.
  void dropChains(ArrayRef<IntrinsicInst *> Calls) {
    SmallVector<std::pair<CallInst *, Value *>, 32> Addresses;
    for (IntrinsicInst *Call : Calls) {
      if (Erased.contains(Call))
        continue;
      auto A = asAccess(Call);
      if (!A)
        continue;
      auto R = A->Type ? relocation(CoreKind::FieldByteOffset, *A)
                       : Expected<Relocation>(Relocation());
      if (!R) {
        addOnce(*Call, at(*Call, R.takeError()));
        continue;
      }
      Addresses.push_back({Call, address(*A, *R)});
    }
    for (auto [Call, Address] : Addresses) {
      Call->replaceAllUsesWith(Address);
      Call->eraseFromParent();
    }
    Erased.clear();
  }

  Value *address(const Access &A, const Relocation &R) {
    IRBuilder<> Builder(A.Call);
    Value *Base = A.Call->getArgOperand(0);
    if (R.Root) {
      Value *Start = chainTo(A).front().Call->getArgOperand(0);
      return Builder.CreatePtrAdd(Start, marker(*A.Call, R));
    }
    if (A.K == Access::Union)
      return Base;
    Type *Element = A.Call->getParamElementType(0);
    SmallVector<Value *, 4> Indices;
    if (A.K == Access::Array) {
      uint64_t Dimension =
          cast<ConstantInt>(A.Call->getArgOperand(1))->getZExtValue();
      Indices.assign(Dimension, Builder.getInt32(0));
      Indices.push_back(A.Call->getArgOperand(2));
    } else {
      Indices = {Builder.getInt32(0), A.Call->getArgOperand(1)};
    }
    return Builder.CreateInBoundsGEP(Element, Base, Indices);
  }

  Module &M;
  bool BigEndian;
  std::set<std::pair<const Function *, unsigned>> Reported;
  Error Errors = Error::success();
  std::map<std::pair<std::string, const DIType *>, Function *> Markers;
  SmallPtrSet<const Instruction *, 8> Erased;
};

} // namespace

Function &createCoreMarker(Module &M, CoreKind Kind, int64_t Value,
                           StringRef Access, const DIType &Root,
                           StringRef Suffix) {
  auto *Type = FunctionType::get(Type::getInt64Ty(M.getContext()), false);
  auto *F = Function::Create(Type, GlobalValue::ExternalLinkage,
                             CoreMarkerPrefix + Twine(unsigned(Kind)) + "." +
                                 Twine(Value) + "." + Access + "#" + Suffix,
                             M);
  F->setDoesNotAccessMemory();
  F->setDoesNotThrow();
  F->addFnAttr(Attribute::WillReturn);
  F->addFnAttr(Attribute::Speculatable);
  F->addFnAttr(Attribute::NoCallback);
  if (Kind != CoreKind::EnumValue)
    F->addRangeRetAttr(ConstantRange(APInt(64, 0), APInt(64, 1u << 31)));
  F->setMetadata(CoreTypeMetadata, const_cast<DIType *>(&Root));
  return *F;
}

Error lowerCoreAccesses(Module &M) { return CoreLowering(M).run(); }

} // namespace bpfcc
